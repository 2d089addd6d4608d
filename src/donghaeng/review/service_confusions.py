"""What a drafted service would be taken for, and what would be taken for it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from donghaeng.review.effects import Measured, Moved

MOST_SHOWN: Final = 15
"""Of each list."""
OF_OTHERS: Final = 20
"""Examples of each other service that are routed."""


@dataclass(frozen=True, slots=True)
class Confusions:
    """What stands between a service and the others."""

    cases: int
    """Utterances that were routed before and after."""
    right_before: int
    right_after: int
    to: tuple[Moved, ...]
    """Utterances that reach the service now and did not before, those taken from others first."""
    away: tuple[Moved, ...]
    """Utterances that reached it before and no longer do."""
    wrong: tuple[Moved, ...]
    """Of it or of others, and reach the wrong one of both, before and now alike."""
    pairs: tuple[tuple[str, int], ...]
    """Services that it is confused with in either direction, and how often."""
    alike: tuple[Mapping[str, Any], ...]
    """Examples that speak for the other side (:attr:`donghaeng.review.effects.Measured.confusions`)."""
    harmed: int
    """How many words for other services it takes from them."""
    counts: Mapping[str, int]
    """How many there are of each list, of which :data:`MOST_SHOWN` are named."""


def to_route(
    service: str, examples: Mapping[str, Sequence[str]], labels: Mapping[str, str]
) -> dict[str, str]:
    """Utterances to route and the service that each is for: the first words of conversation tests, every
    example of the service, some of each other one's.

    Args:
        service: that was drafted.
        examples: of every service, with the draft's own.
        labels: utterances of conversation tests and what is right for each.
    """
    found: dict[str, str] = {}
    for name, texts in examples.items():
        taken = texts if name == service else texts[:: max(1, len(texts) // OF_OTHERS)][:OF_OTHERS]
        found.update(dict.fromkeys(taken, name))
    return {**found, **labels}


def confusions(service: str, right: Mapping[str, str], before: Measured, after: Measured) -> Confusions:
    """What the draft of a service does to the understanding of words.

    Args:
        service: that was drafted.
        right: what was routed, and the service that each is for.
        before: without the draft.
        after: with it.
    """
    moved = [
        Moved(text, before.routing.get(text, "none"), after.routing[text], label)
        for text, label in right.items()
        if text in after.routing
    ]
    to = [one for one in moved if one.after == service != one.before]
    away = [one for one in moved if one.before == service != one.after]
    wrong = [one for one in moved if one.after != one.right and service in (one.after, one.right)]
    others = Counter(one.right if one.after == service else one.after for one in wrong)
    others.update(one["other"] if one["service"] == service else one["service"] for one in after.confusions)
    still = [one for one in wrong if one not in to and one not in away]
    lists = {"to": to, "away": away, "wrong": still, "alike": after.confusions}
    return Confusions(
        cases=len(right),
        right_before=sum(one.before == one.right for one in moved),
        right_after=sum(one.after == one.right for one in moved),
        to=tuple(sorted(to, key=lambda one: one.right != one.before)[:MOST_SHOWN]),
        away=tuple(away[:MOST_SHOWN]),
        wrong=tuple(still[:MOST_SHOWN]),
        pairs=tuple((str(name), count) for name, count in others.most_common(8)),
        alike=tuple(after.confusions[:MOST_SHOWN]),
        harmed=sum(one.right == one.before for one in to),
        counts={name: len(found) for name, found in lists.items()},
    )
