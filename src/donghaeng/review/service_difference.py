"""What an owner's draft says otherwise than what answers now, line by line, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Sort = Literal["added", "removed", "changed", "moved"]
MOST: Final = 400
"""Lines of one difference; a screen shows no more."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it was."""

    path: tuple[str, ...]
    """Names of the fields, from the outermost."""
    sort: Sort
    before: str = ""
    after: str = ""


def difference(before: Any, after: Any) -> tuple[Difference, ...]:
    """Everything that differs between two plain values of the same shape, in the order of ``after``."""
    found = []
    for one in _differ((), before, after):
        found.append(one)
        if len(found) == MOST:
            break
    return tuple(found)


def _differ(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        if isinstance(before, Mapping) and list(before) != list(after):
            yield Difference(path, "moved", ", ".join(before), ", ".join(after))
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _mappings(path, before, after)
    elif _is_list(before) and _is_list(after):
        yield from _lists(path, before, after)
    elif before is None:
        yield Difference(path, "added", after=_told(after))
    elif after is None:
        yield Difference(path, "removed", before=_told(before))
    else:
        yield Difference(path, "changed", _told(before), _told(after))


def _mappings(
    path: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in [*after, *(one for one in before if one not in after)]:
        yield from _differ((*path, str(name)), before.get(name), after.get(name))
    both = [one for one in after if one in before]
    if both != [one for one in before if one in after]:
        yield Difference(path, "moved", ", ".join(before), ", ".join(after))


def _lists(path: tuple[str, ...], before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    if not all(isinstance(one, str) for one in [*before, *after]):
        for number in range(max(len(before), len(after))):
            old = before[number] if number < len(before) else None
            new = after[number] if number < len(after) else None
            yield from _differ((*path, str(number + 1)), old, new)
        return
    gone, come = _left(before, after), _left(after, before)
    for one in come:
        yield Difference(path, "added", after=one)
    for one in gone:
        yield Difference(path, "removed", before=one)
    if not gone and not come:
        yield Difference(path, "moved")


def _left(these: Sequence[str], those: Sequence[str]) -> list[str]:
    """What is in ``these`` more often than in ``those``."""
    rest = list(those)
    found = []
    for one in these:
        if one in rest:
            rest.remove(one)
        else:
            found.append(one)
    return found


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "예" if value else "아니요"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_told(one)}" for name, one in value.items())
    if _is_list(value):
        return " / ".join(_told(one) for one in value)
    return str(value)
