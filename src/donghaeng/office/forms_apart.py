"""Strangers' forms are opened in a process of their own, with bounds on time and memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from donghaeng.knowledge.documents.apart import Apart
from donghaeng.knowledge.documents.limits import LIMITS, Limits
from donghaeng.office.forms import Blank, Filled


class FormReader(Apart[tuple[Blank, ...] | Filled]):
    """Reads and fills forms in another process, one after the other. Not thread-safe.

    ``with FormReader() as reader: filled = reader.fill("신청서.hwpx", data, {"성명": "홍길동"})``
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        super().__init__("donghaeng.office.forms:serve", limits)

    def blanks(self, name: str, data: bytes) -> tuple[Blank, ...]:
        """The labels of a form that want filling (:func:`donghaeng.office.forms.blanks_of`).

        Raises:
            DocumentRefused: as there; or it took too long or ended the process.
        """
        return cast(tuple[Blank, ...], self.ask(name, data, None))

    def fill(self, name: str, data: bytes, values: Mapping[str, str]) -> Filled:
        """Fill a form (:func:`donghaeng.office.forms.fill_form`).

        Raises:
            DocumentRefused: as there; or it took too long or ended the process.
        """
        return cast(Filled, self.ask(name, data, dict(values)))
