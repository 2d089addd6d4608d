"""Drafts that officials keep: each step is a version, two who write at once lose nothing, nothing is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

from donghaeng.errors import InputError, RecordChanged, UnknownRecord
from donghaeng.office.drafts import content as contents
from donghaeng.office.drafts.content import Content, as_json, from_json
from donghaeng.office.drafts.editing import LONGEST, MOST_LINES, Rows, draft_of, lines_of
from donghaeng.office.drafts.files import write
from donghaeng.office.drafts.loading import find_template
from donghaeng.office.drafts.merging import Choice, Merged, merged, settled
from donghaeng.office.drafts.model import About, Extract
from donghaeng.office.drafts.template import Template
from donghaeng.store import Store, Transaction, office_drafts
from donghaeng.store.office_drafts import DraftRow, Step, VersionRow
from donghaeng.trust.tokens import make_id

TRIES: Final = 5
"""How often something that goes over any version is tried while others write."""


@dataclass(frozen=True, slots=True)
class View:
    """A draft at its newest version."""

    row: DraftRow
    newest: VersionRow
    template: Template
    content: Content = field(repr=False)
    colleagues: tuple[str, ...] = ()
    """Accounts that it is shared with."""
    may_undo: bool = False
    may_redo: bool = False

    @property
    def version(self) -> int:
        """The number that a change has to name."""
        return self.newest.version

    @property
    def title(self) -> str:
        """What it is called."""
        return self.content.title(self.template)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two texts over one."""

    newest: View
    parts: Merged
    mine: str
    base: int


class DraftDesk:
    """Every official's drafts.

    Args:
        store: where they are kept.
        templates: gives the templates, by id.
        clock: the city's time.
    """

    def __init__(
        self, store: Store, templates: Callable[[], Mapping[str, Template]], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._templates = templates
        self._clock = clock

    def templates(self) -> Mapping[str, Template]:
        """The kinds of drafts."""
        return self._templates()

    async def rows(self, who: str, *, deleted: bool = False) -> list[View]:
        """The drafts of somebody and those shared with them, or those that they put away."""

        def look(tx: Transaction) -> list[View]:
            found = office_drafts.listed(tx, who, deleted=deleted)
            return [self._view(tx, row, last) for row, last in found]

        return await self._store.read(look)

    async def begin(self, who: str, kind: str) -> str:
        """A new draft; its id.

        Raises:
            InputError: there is no such kind.
        """
        find_template(self._templates(), kind)
        row = DraftRow(make_id("dr"), kind, who, self._clock())
        first = VersionRow(row.id, 1, who, row.changed_at, "begun", as_json(Content()))
        await self._store.transact(lambda tx: office_drafts.begin(tx, row, first))
        return row.id

    async def open(self, who: str, draft_id: str, number: int | None = None) -> View:
        """A draft, at its newest version or another.

        Raises:
            UnknownRecord: they have none of this id, or it has no such version.
        """
        return await self._store.read(lambda tx: self._open(tx, who, draft_id, number))

    async def history(self, who: str, draft_id: str) -> list[VersionRow]:
        """The versions, the newest first.

        Raises:
            UnknownRecord: as :meth:`open`.
        """

        def look(tx: Transaction) -> list[VersionRow]:
            self._open(tx, who, draft_id)
            return office_drafts.history(tx, draft_id)

        return await self._store.read(look)

    async def save_facts(self, who: str, draft_id: str, typed: Mapping[str, str], *, version: int) -> View:
        """Keep facts as they were typed, whether they fit or not.

        Raises:
            RecordChanged: somebody saved in between.
            UnknownRecord: as :meth:`open`.
            InputError: a field is too long.
        """

        def change(view: View) -> Content:
            names = {one.name for one in view.template.fields}
            kept = {
                name: words.strip("\n") for name, words in typed.items() if name in names and words.strip()
            }
            if any(len(words) > contents.LONGEST_TYPED for words in kept.values()):
                raise InputError(f"a field is longer than {contents.LONGEST_TYPED} characters")
            return replace(view.content, typed=kept)

        return await self._step(who, draft_id, version, "saved", change)

    async def compose(
        self, who: str, draft_id: str, *, version: int, afresh: bool = False
    ) -> tuple[View, int]:
        """Make the text of the facts; the official's own changes stay. With how many places keep them
        although the facts say something else there.

        Raises:
            DraftIncomplete: facts are missing.
            RecordChanged, UnknownRecord: as :meth:`save_facts`.
        """
        kept = 0

        def change(view: View) -> Content:
            nonlocal kept
            made, kept = contents.composed(view.template, view.content, self.about(view), afresh=afresh)
            return made

        view = await self._step(who, draft_id, version, "composed", change)
        return view, kept

    async def save_text(
        self,
        who: str,
        draft_id: str,
        text: str,
        *,
        version: int,
        step: Step = "saved",
        others: Iterable[Rows] = (),
    ) -> View:
        """Keep an edited text.

        Raises:
            RecordChanged, UnknownRecord: as :meth:`save_facts`.
            InputError: the text is too long.
        """
        if len(text) > LONGEST or text.count("\n") > MOST_LINES:
            raise InputError(f"the text is longer than {LONGEST} characters or {MOST_LINES} lines")

        def change(view: View) -> Content:
            made = view.content.edited(text, *others)
            return replace(made, method="reworded") if step == "reworded" else made

        return await self._step(who, draft_id, version, step, change)

    async def meet(self, who: str, draft_id: str, text: str, *, base: int) -> Meeting:
        """What somebody's text and the newest version make together.

        Args:
            who: account.
            draft_id: of the draft.
            text: theirs, not kept yet.
            base: the version that they began with.

        Raises:
            UnknownRecord: as :meth:`open`.
        """

        def look(tx: Transaction) -> Meeting:
            newest, before = self._open(tx, who, draft_id), self._open(tx, who, draft_id, base)
            parts = merged(before.content.lines, lines_of(text), newest.content.lines)
            return Meeting(newest, parts, text, base)

        return await self._store.read(look)

    async def settle(
        self,
        who: str,
        draft_id: str,
        text: str,
        *,
        base: int,
        theirs: int,
        choose: Callable[[int], Choice],
    ) -> View:
        """Keep what two texts make together, as somebody chose.

        Args:
            who: account.
            draft_id: of the draft.
            text: their own.
            base: the version that they began with.
            theirs: the version that they were shown beside their own.
            choose: by the number of a clash.

        Raises:
            RecordChanged: a third version has come in between.
            UnknownRecord: as :meth:`open`.
        """
        meeting = await self.meet(who, draft_id, text, base=base)
        if meeting.newest.version != theirs:
            raise RecordChanged(f"{draft_id}: version {theirs} is not the newest")
        before = await self.open(who, draft_id, base)
        mine = before.content.edited(text).rows
        lines = settled(meeting.parts, choose)
        return await self.save_text(
            who, draft_id, "\n".join(lines), version=theirs, step="merged", others=(mine,)
        )

    async def add_passage(self, who: str, draft_id: str, passage: Extract) -> View:
        """Add a passage word for word, whatever others write meanwhile.

        Raises:
            UnknownRecord: as :meth:`open`.
            InputError: it is empty, has no source, or there are too many.
        """
        cut = Extract(*(" ".join(part.split()) for part in (passage.text, passage.source, passage.place)))
        if not cut.text or not cut.source:
            raise InputError("a passage has a text and a source", remedy="fill both in")
        if len(cut.text) > contents.LONGEST_TYPED or len(cut.source) + len(cut.place) > 500:
            raise InputError("the passage is too long", remedy="choose a shorter one")

        def change(view: View) -> Content:
            there = view.content.passages
            if len(there) >= contents.MOST_PASSAGES:
                raise InputError(f"more than {contents.MOST_PASSAGES} passages", remedy="take one out")
            return replace(view.content, passages=there if cut in there else (*there, cut))

        return await self._anyhow(who, draft_id, change)

    async def drop_passage(self, who: str, draft_id: str, passage: Extract) -> View:
        """Take a passage out.

        Raises:
            UnknownRecord: as :meth:`open`.
        """

        def change(view: View) -> Content:
            left = tuple(one for one in view.content.passages if one != passage)
            return replace(view.content, passages=left)

        return await self._anyhow(who, draft_id, change)

    async def go(self, who: str, draft_id: str, way: Literal["back", "on"], *, version: int) -> View:
        """Undo the newest step, or do it again: a new version that says what an older one said.

        Raises:
            RecordChanged: somebody saved in between.
            UnknownRecord: as :meth:`open`, or there is nothing to undo or do again.
        """

        def change(tx: Transaction) -> View:
            view = self._open(tx, who, draft_id)
            if view.version != version:
                raise RecordChanged(f"{draft_id}: version {version} is not the newest")
            to = self._back(tx, view) if way == "back" else self._on(tx, view)
            old = office_drafts.version(tx, draft_id, to) if to else None
            if old is None:
                raise UnknownRecord(f"{draft_id}: nothing to undo or do again")
            step: Step = "undone" if way == "back" else "redone"
            row = replace(old, version=version + 1, by=who, at=self._clock(), step=step, same_as=old.same_as)
            office_drafts.add(tx, who, row)
            return self._open(tx, who, draft_id)

        return await self._store.transact(change)

    async def bring_back(self, who: str, draft_id: str, old: int, *, version: int) -> View:
        """Make an older version the newest again; the step can be undone.

        Raises:
            RecordChanged, UnknownRecord: as :meth:`save_facts`.
        """
        wanted = await self.open(who, draft_id, old)
        return await self._step(who, draft_id, version, "saved", lambda view: wanted.content)

    async def share(self, owner: str, draft_id: str, staff_id: str, *, end: bool = False) -> None:
        """Let a colleague in, or no more.

        Raises:
            UnknownRecord: ``owner`` owns no such draft.
        """
        if staff_id == owner:
            raise InputError("it is their own already")
        act = office_drafts.unshare if end else office_drafts.share
        if not await self._store.transact(lambda tx: act(tx, owner, draft_id, staff_id)):
            raise UnknownRecord(f"no draft {draft_id}")

    async def delete(self, owner: str, draft_id: str, *, undo: bool = False) -> None:
        """Put a draft away, or bring it back while its period runs.

        Raises:
            UnknownRecord: ``owner`` owns no such draft.
        """
        at = None if undo else self._clock()
        if not await self._store.transact(lambda tx: office_drafts.set_deleted(tx, owner, draft_id, at)):
            raise UnknownRecord(f"no draft {draft_id}")

    async def file(self, who: str, draft_id: str, suffix: str) -> tuple[str, bytes]:
        """The newest version as a file: its name and its bytes.

        Raises:
            UnknownRecord: as :meth:`open`.
            InputError: no such format, or there is no text yet.
        """
        view = await self.open(who, draft_id)
        if not view.content.rows:
            raise InputError("there is no text yet", remedy="compose it first")
        kind, about = view.template.id, self.about(view)
        made = draft_of(view.content.rows, kind, view.title, about)
        name = "".join(char for char in view.title if char.isalnum() or char in " -_").strip()[:60] or kind
        return f"{name}{suffix}", await asyncio.to_thread(write, made, f"draft{suffix}")

    def about(self, view: View) -> About:
        """What its file tells about itself."""
        typed = view.content.typed
        organisation = typed.get("organisation") or typed.get("department") or ""
        return About(organisation.strip(), self._clock(), view.content.method)

    def _open(self, tx: Transaction, who: str, draft_id: str, number: int | None = None) -> View:
        row = office_drafts.get(tx, who, draft_id)
        if row is None:
            raise UnknownRecord(f"no draft {draft_id}")
        wanted = (
            office_drafts.newest(tx, draft_id)
            if number is None
            else office_drafts.version(tx, draft_id, number)
        )
        if wanted is None:
            raise UnknownRecord(f"{draft_id}: no version {number}")
        return self._view(tx, row, wanted)

    def _view(self, tx: Transaction, row: DraftRow, version: VersionRow) -> View:
        view = View(
            row,
            version,
            find_template(self._templates(), row.kind),
            from_json(version.content),
            tuple(office_drafts.shared_with(tx, row.id)),
        )
        back, on = self._back(tx, view), self._on(tx, view)
        return replace(view, may_undo=bool(back), may_redo=bool(on))

    @staticmethod
    def _back(tx: Transaction, view: View) -> int | None:
        own = office_drafts.version(tx, view.row.id, view.newest.same_as)
        return None if own is None else own.over

    @staticmethod
    def _on(tx: Transaction, view: View) -> int | None:
        return office_drafts.last_over(tx, view.row.id, view.newest.same_as)

    async def _step(
        self, who: str, draft_id: str, version: int, step: Step, change: Callable[[View], Content]
    ) -> View:
        def work(tx: Transaction) -> View:
            view = self._open(tx, who, draft_id)
            if view.version != version:
                raise RecordChanged(f"{draft_id}: version {version} is not the newest")
            made = change(view)
            if made == view.content:
                return view
            row = VersionRow(
                draft_id, version + 1, who, self._clock(), step, as_json(made), over=view.newest.same_as
            )
            office_drafts.add(tx, who, row)
            return self._open(tx, who, draft_id)

        return await self._store.transact(work)

    async def _anyhow(self, who: str, draft_id: str, change: Callable[[View], Content]) -> View:
        """A step that goes over any version."""
        for left in reversed(range(TRIES)):
            view = await self.open(who, draft_id)
            try:
                return await self._step(who, draft_id, view.version, "saved", change)
            except RecordChanged:
                if not left:
                    raise
        raise AssertionError
