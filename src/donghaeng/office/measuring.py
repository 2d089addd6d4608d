"""Asking officials how long a draft took, and having pairs of texts judged blindly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from donghaeng.errors import InputError, UnknownRecord
from donghaeng.office.measures import ANSWERS, CRITERIA, Compared, Judged, Saved, compared, saved
from donghaeng.store import Store, Transaction, office_drafts, office_measures
from donghaeng.store.office_measures import MinutesRow, PairRow, Question
from donghaeng.trust.tokens import make_id

ONE_IN: Final = 4
"""Drafts of which one is asked about."""
MOST_MINUTES: Final = 6_000
"""Ten days of work; more is a slip."""
LONGEST: Final = 30_000
"""Characters of a text that is judged."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair as its judge sees it."""

    id: str
    about: str
    texts: tuple[str, str]
    judged: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured."""

    saved: Saved
    compared: list[Compared]


class MeasuringDesk:
    """What officials are asked, and what came of it.

    Args:
        store: where answers are kept.
        clock: the city's time.
        chance: a number from 0 up to 1, anew each time.
        one_in: see :data:`ONE_IN`; 0 asks nobody.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        *,
        one_in: int = ONE_IN,
    ) -> None:
        self._store = store
        self._clock = clock
        self._chance = chance
        self._one_in = one_in

    async def asks(self, who: str, draft_id: str) -> bool:
        """Whether its writer is asked now: by chance, once a draft, only its owner, and nobody who does not
        want it. The draft counts as asked about whatever the chance says: a second export asks no second
        time."""
        wanted = bool(self._one_in) and self._chance() * self._one_in < 1

        def work(tx: Transaction) -> bool:
            row = office_drafts.get(tx, who, draft_id)
            if row is None or row.owner != who or not office_measures.may_ask(tx, who):
                return False
            return office_drafts.note_asked(tx, draft_id, self._clock()) and wanted

        return await self._store.transact(work)

    async def may_ask(self, who: str) -> bool:
        """Whether somebody lets themselves be asked."""
        return await self._store.read(lambda tx: office_measures.may_ask(tx, who))

    async def set_may_ask(self, who: str, *, may: bool) -> None:
        """Let oneself be asked, or no more."""
        await self._store.transact(lambda tx: office_measures.set_may_ask(tx, who, may=may))

    async def tell_minutes(self, who: str, draft_id: str, *, took: int, by_hand: int) -> None:
        """Keep how long a draft took; neither who told it nor which draft it was.

        Raises:
            InputError: the minutes are none.
            UnknownRecord: they were not asked about such a draft.
        """
        if not (0 < took <= MOST_MINUTES and 0 < by_hand <= MOST_MINUTES):
            raise InputError(f"minutes are from 1 to {MOST_MINUTES}")
        today = self._clock().date()

        def work(tx: Transaction) -> None:
            row = office_drafts.get(tx, who, draft_id)
            if row is None or row.owner != who or row.asked_at is None:
                raise UnknownRecord(f"nobody was asked about {draft_id}")
            office_measures.add_minutes(tx, MinutesRow(make_id("mi"), row.kind, today, took, by_hand))

        await self._store.transact(work)

    async def put_up(self, who: str, question: Question, about: str, first: str, second: str) -> str:
        """Put a pair up to be judged; its id.

        Args:
            who: account; does not judge it.
            question: what it compares.
            about: what both texts are for.
            first: with the assistant, or the newer.
            second: without, or the older.

        Raises:
            InputError: something is empty or too long, or both texts are the same.
        """
        texts = [one.replace("\r\n", "\n").strip() for one in (about, first, second)]
        if not all(texts) or any(len(one) > LONGEST for one in texts) or texts[1] == texts[2]:
            raise InputError(
                f"a pair is two different texts of at most {LONGEST} characters, and their purpose"
            )
        row = PairRow(make_id("pa"), question, who, self._clock(), *texts)
        await self._store.transact(lambda tx: office_measures.add_pair(tx, row))
        return row.id

    async def take_back(self, who: str, pair_id: str) -> None:
        """Take a pair back, with what was judged of it.

        Raises:
            UnknownRecord: it is not theirs.
        """
        if not await self._store.transact(lambda tx: office_measures.remove_pair(tx, pair_id, who)):
            raise UnknownRecord(f"no pair {pair_id}")

    async def to_judge(self, who: str) -> tuple[list[PairRow], list[PairRow]]:
        """Pairs of others that somebody has not judged, and their own."""

        def look(tx: Transaction) -> tuple[list[PairRow], list[PairRow]]:
            done = {
                row.pair_id for row in office_measures.all_judgements(tx) if row.judge == who and row.answers
            }
            pairs = office_measures.all_pairs(tx)
            others = [pair for pair in pairs if pair.by != who and pair.id not in done]
            return others, [pair for pair in pairs if pair.by == who]

        return await self._store.read(look)

    async def show(self, who: str, pair_id: str) -> Shown:
        """A pair in this judge's order: by chance at the first look, the same at each later one.

        Raises:
            UnknownRecord: there is none, or it is their own.
        """
        turned = self._chance() < 0.5

        def work(tx: Transaction) -> Shown:
            pair = office_measures.pair(tx, pair_id)
            if pair is None or pair.by == who:
                raise UnknownRecord(f"no pair {pair_id}")
            row = office_measures.look_at(tx, pair_id, who, turned=turned)
            texts = (pair.second, pair.first) if row.turned else (pair.first, pair.second)
            return Shown(pair.id, pair.about, texts, row.answers is not None)

        return await self._store.transact(work)

    async def judge(self, who: str, pair_id: str, answers: Mapping[str, str]) -> None:
        """Keep a judgement; each pair once.

        Raises:
            InputError: a criterion is left out, or an answer is none.
            UnknownRecord: they did not look at such a pair, or judged it already.
        """
        kept = {name: answers.get(name, "") for name in CRITERIA}
        if not set(kept.values()) <= set(ANSWERS):
            raise InputError("every criterion has an answer")

        def work(tx: Transaction) -> bool:
            pair = office_measures.pair(tx, pair_id)
            return pair is not None and pair.by != who and office_measures.judge(tx, pair_id, who, kept)

        if not await self._store.transact(work):
            raise UnknownRecord(f"no pair {pair_id} to judge")

    async def figures(self) -> Figures:
        """What was measured so far."""
        return await self._store.read(figures)


def figures(tx: Transaction) -> Figures:
    """What was measured so far."""
    questions = {pair.id: pair.question for pair in office_measures.all_pairs(tx)}
    judged = [
        Judged(questions[row.pair_id], row.turned, row.answers)
        for row in office_measures.all_judgements(tx)
        if row.answers is not None and row.pair_id in questions
    ]
    minutes = [row.by_hand - row.took for row in office_measures.all_minutes(tx)]
    return Figures(saved(minutes), compared(judged))
