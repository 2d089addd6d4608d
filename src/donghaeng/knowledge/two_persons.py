"""The two-person rule for documents: what citizens are told was seen by two persons. Pure; the database holds
to it as well.

A command of the server is the operator's, who answers for the whole installation: it is not held to the rule,
and the history says that it was the operator.
"""

from __future__ import annotations

from donghaeng.store.document_tables import OPERATOR
from donghaeng.store.knowledge import VersionRow


def may_publish(version: VersionRow, staff: str) -> bool:
    """Whether an account may let a version be served: another one than added it, until two have seen it."""
    return staff == OPERATOR or version.added_by != staff or version.published_by is not None


def may_mark(version: VersionRow, staff: str) -> bool:
    """Whether an account may mark passages as read in their source: who added a version only before somebody
    else has looked at it, as a later mark would let words be spoken that nobody else has seen."""
    return staff == OPERATOR or version.added_by != staff or version.state == "draft"
