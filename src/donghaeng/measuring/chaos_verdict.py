"""Whether what citizens were told, what the city holds and what is recorded here agree. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Wish:
    """One citizen's request: it is known again by a telephone number that no other has."""

    phone: str
    agreed: bool = False
    """The citizen has sent the yes."""
    answered: bool = False
    """An answer to the yes has come: from then on the request must not be lost."""
    failed: bool = False
    """The citizen was told that it was not done."""
    receipts: set[str] = field(default_factory=set)
    """Every receipt number that the citizen was told."""
    wants_back: bool = False
    """The citizen has sent the yes that takes it back."""
    told_back: bool = False
    """The citizen was told that it is taken back."""


@dataclass(frozen=True, slots=True)
class Held:
    """A request that the city holds."""

    phone: str
    receipt: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, in words; nothing of it may be left over."""

    lost: tuple[str, ...]
    """A citizen had an answer to the yes, or was told a receipt, and the city holds nothing of it."""
    doubled: tuple[str, ...]
    """The city holds a request more than once."""
    untrue: tuple[str, ...]
    """Anything else on which the three do not agree."""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.untrue)


def judge(
    wishes: Sequence[Wish], held: Sequence[Held], recorded: Collection[str], *, waiting: int = 0
) -> Verdict:
    """Compare the three.

    Args:
        wishes: what citizens asked for and were told.
        held: what the city holds, taken back or not.
        recorded: receipts among the requests recorded here.
        waiting: writes that the outbox still holds.
    """
    counts = Counter(one.phone for one in held)
    by_phone = {one.phone: one for one in held}
    lost = [
        f"{wish.phone}: told {sorted(wish.receipts) or 'that it goes out'}, the city holds nothing"
        for wish in wishes
        if (wish.receipts or (wish.answered and not wish.failed)) and not counts[wish.phone]
    ]
    doubled = [f"{phone}: held {count} times" for phone, count in counts.items() if count > 1]
    untrue = [why for wish in wishes for why in _untrue(wish, by_phone.get(wish.phone))]
    asked = {wish.phone for wish in wishes if wish.agreed}
    untrue += [f"{one.phone}: nobody agreed to {one.receipt}" for one in held if one.phone not in asked]
    untrue += [f"{one.receipt}: not recorded here" for one in held if one.receipt not in recorded]
    real = {one.receipt for one in held}
    untrue += [f"{one}: recorded here, unknown to the city" for one in sorted(set(recorded) - real)]
    if waiting:
        untrue.append(f"{waiting} writes still wait")
    return Verdict(tuple(lost), tuple(doubled), tuple(untrue))


def _untrue(wish: Wish, held: Held | None) -> Iterator[str]:
    """What one citizen was told that is not so."""
    if held is None:
        return
    if wish.failed:
        yield f"{wish.phone}: told that it failed, the city holds {held.receipt}"
    wrong = wish.receipts - {held.receipt}
    if wrong:
        yield f"{wish.phone}: told {sorted(wrong)}, the city holds {held.receipt}"
    if wish.told_back and not held.cancelled:
        yield f"{wish.phone}: told that it is taken back, and it is not"
    if held.cancelled and not wish.wants_back:
        yield f"{wish.phone}: taken back unasked"
