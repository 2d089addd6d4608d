"""Editions of the catalogue: a conversation finishes on the one that it began with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from donghaeng.city.services import Catalogue
from donghaeng.dialogue.policy import Policy
from donghaeng.understanding.acts import Understanding
from donghaeng.understanding.proposing.proposals import Proposals


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the catalogue, and what understands and decides by it."""

    policy: Policy
    understanding: Understanding
    proposals: Proposals | None = None

    @property
    def catalogue(self) -> Catalogue:
        """Its services."""
        return self.policy.catalogue

    @property
    def version(self) -> str:
        """Hash of its files."""
        return self.policy.catalogue.version


class Editions(Protocol):
    """Gives each conversation its edition. The composition root implements it."""

    @property
    def current(self) -> Edition:
        """The edition on which new conversations begin."""
        ...

    async def of(self, version: str) -> Edition:
        """The edition of a version; the current one where nothing is kept of that version any more."""
        ...


@dataclass(frozen=True, slots=True)
class OneEdition:
    """Editions where the catalogue never changes."""

    current: Edition

    async def of(self, version: str) -> Edition:
        """The only one."""
        del version
        return self.current
