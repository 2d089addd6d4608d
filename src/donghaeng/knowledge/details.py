"""What is said of a document: who answers for it, where it can be read, on which days it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from donghaeng.errors import DocumentRefused
from donghaeng.store.knowledge import VersionRow
from donghaeng.trust.masking import mask

DEPARTMENT_CHARS: Final = 200
OWNER_CHARS: Final = 100
_URL: Final = re.compile(r"^https?://\S{1,290}$")


@dataclass(frozen=True, slots=True)
class Details:
    """What somebody who adds a document says of it."""

    department: str
    """Who answers for what it says."""
    owner: str = ""
    """Who looks at it again: an office, a role or an account."""
    source: str | None = None
    """Where it can be read, http or https."""
    review_by: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    """The last day on which it holds."""
    verified: bool = False
    """All of it was read in its source, so that it may be spoken."""

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            DocumentRefused: the first thing that is wrong.
        """
        if not 0 < len(self.department.strip()) <= DEPARTMENT_CHARS:
            raise DocumentRefused(
                "department",
                "no department answers for the document",
                remedy="name one: --department 복지정책과",
            )
        if len(self.owner) > OWNER_CHARS:
            message = f"the owner has more than {OWNER_CHARS} characters"
            raise DocumentRefused("owner", message, remedy="name an office")
        if self.source is not None and not _URL.match(self.source):
            message = f"{self.source!r} is no source address"
            raise DocumentRefused("source", message, remedy="give https://… or leave it out")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            message = "valid-until is before valid-from"
            raise DocumentRefused("valid", message, remedy="give the days in their order")


def told_anew(row: VersionRow, details: Details) -> VersionRow:
    """A version with what is said of it. What is left out stays, and so does a later day of review: whoever
    adds a folder again every night takes nothing back that its owners have set since."""
    days = [day for day in (row.review_by, details.review_by) if day is not None]
    return replace(
        row,
        department=mask(details.department.strip()).text,
        owner=mask(details.owner.strip()).text or row.owner,
        source=row.source if details.source is None else mask(details.source).text,
        review_by=max(days, default=None),
        valid_from=details.valid_from or row.valid_from,
        valid_until=details.valid_until or row.valid_until,
    )
