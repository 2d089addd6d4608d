"""Addresses in the official form: road name or lot number, building, block and unit normalised.

``서울특별시 마포구 월드컵로 112, 501호`` / ``서울특별시 마포구 성산동 123-4, 501호``. What can be read in two
ways comes back as candidates; what lacks its number as ``incomplete``; never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.endings import AFTER_I
from donghaeng.korean.numerals import parse_digits
from donghaeng.korean.phones import Phone, find_phones
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.address_heads import Head, find_district, find_heads
from donghaeng.understanding.slots.address_numbers import LARGEST, MOST_READINGS, NUMERAL, Run, number
from donghaeng.understanding.slots.address_parts import Address, Detail, from_written, in_order
from donghaeng.understanding.slots.address_words import Tail, details_alone, read_tail
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.repairs import Repair, repair_in

HIGHEST_FLOOR: Final = 130
DEEPEST_FLOOR: Final = 15
LARGEST_SUB: Final = 999
LAST_DAY: Final = 31
SMALLEST_BARE_UNIT: Final = 101
"""A number after the building's from which a flat may be meant though 호 was not said."""

_CITY = re.compile(r"서울\s?(?:특별\s?)?시|서울(?=\s)|[,.]")
_COPULA = re.compile(rf"이{AFTER_I}[\s.?!]*$")
"""이 on a road's or dong's name at the end is no lot number 2: "성산동이요"."""
_UNIT_SAID = re.compile(rf"{NUMERAL}\s?(?:호(?!선)|층|동)")
"""Of two readings of which one goes on with a detail, that one is meant where a detail was said."""
_KINDS: Final = ("block", "floor", "unit")


def address(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """An address; where one is known already, a new unit or number alone repairs it."""
    del spec
    text = _plain(utterance)
    known = from_written(scene.value) if isinstance(scene.value, str) else None
    repair = repair_in(text)
    if repair is not None:
        return _corrected(repair, known, utterance, scene)
    repaired = _repaired(known, text, "", scene) if known is not None else []
    return _fill(repaired, utterance) if repaired else _first_said(text, utterance, scene)


def _corrected(repair: Repair, known: Address | None, utterance: str, scene: Scene) -> SlotFill | None:
    """What is meant after "아니": a part of the address said before it or known, or another address."""
    before = _first_said(repair.denied, repair.denied, scene) if repair.denied else None
    if before is not None and isinstance(before.value, str):
        known = from_written(before.value)
    repaired = _repaired(known, repair.meant, repair.denied, scene) if known is not None else []
    if repaired:
        return _fill(repaired, utterance)
    fill = _first_said(repair.meant, utterance, scene)
    return fill if fill is not None and fill.problem is None else before or fill


def _first_said(text: str, utterance: str, scene: Scene) -> SlotFill | None:
    district = find_district(text, scene)
    for head in find_heads(text, district, scene):
        tail = read_tail(text[head.end :])
        if _COPULA.match(text, head.end):
            continue
        if tail.runs and not _counts_something(tail):
            start = district.start if head.district and district is not None else head.start
            written = utterance if len(utterance) == len(text) else text
            words = written[start : head.end + tail.end].strip()
            return _at(head, tail, words, scene)
    if scene.asked and (district is not None or _is_begun(text, scene)):
        return SlotFill(None, problem="incomplete", words=utterance)
    return None


def _at(head: Head, tail: Tail, words: str, scene: Scene) -> SlotFill:
    """The address of a road or dong with what follows it."""
    numbers = _with_numbers(Address(street=head.street), tail, head)
    whole = [replace(one, district=gu) for one in numbers for gu in _districts(head, scene)]
    if not whole or not all(one.is_whole for one in whole):
        return SlotFill(None, problem="incomplete", words=words)
    if not all(_is_possible(one) for one in whole):
        return SlotFill(None, problem="impossible", words=words)
    return _fill(whole, words)


def _is_begun(text: str, scene: Scene) -> bool:
    """Whether the words are a part of an address: a road, a flat, or nothing but a number."""
    if any(True for _ in details_alone(text)) or any(True for _ in find_heads(text, None, scene, bare=True)):
        return True
    tail = read_tail(text)
    return (
        bool(tail.runs) and tail.end == len(text) and tail.runs[0].after in ("end", "copula", "lot", "dash")
    )


def _fill(readings: Sequence[Address], words: str) -> SlotFill:
    said = tuple(dict.fromkeys(str(one) for one in readings))
    if _UNIT_SAID.search(words) is not None:
        said = tuple(one for one in said if not any(other.startswith(f"{one}, ") for other in said))
    values = said[:MOST_READINGS]
    if len(values) == 1:
        return SlotFill(values[0], words=words)
    return SlotFill(None, candidates=values, score=0.6, words=words)


def _plain(utterance: str) -> str:
    """The utterance without the city and with spaces for telephone numbers; positions stay."""
    text = _CITY.sub(lambda found: " " * len(found.group()), utterance)
    for phone in find_phones(text):
        if isinstance(phone.value, Phone):
            text = text[: phone.start] + " " * (phone.end - phone.start) + text[phone.end :]
    return text


def _repaired(known: Address, meant: str, denied: str, scene: Scene) -> list[Address]:
    """Readings of the known address with the parts that were said anew; none where it is another address."""
    district = find_district(meant, scene)
    for head in find_heads(meant, district, scene):
        tail = read_tail(meant[head.end :])
        if not tail.runs:
            continue
        if head.street != known.street:
            return []
        base = Address(district.name if district is not None else known.district, known.street)
        found = _with_numbers(base, tail, head)
        return [one if one.details else replace(one, details=known.details) for one in found]
    details = _details(list(details_alone(meant)))
    if details is not None and details:
        return [known.with_details(details)]
    if district is not None and district.name != known.district and denied:
        return [replace(known, district=district.name)]
    return _other_number(known, meant, denied)


def _other_number(known: Address, meant: str, denied: str) -> list[Address]:
    """The known address with another number: "사십육 번지요", "사십오가 아니라 사십육"."""
    at = re.search(r"[0-9공영빵일이삼사오육륙칠팔구십백천]", meant)
    tail = read_tail(meant[at.start() :]) if at is not None else Tail(())
    if not tail.runs or tail.runs[0].after == "foreign":
        return []
    if tail.runs[0].after == "lot" or any(run.after == "lot" for run in tail.runs[1:2]):
        found = _with_numbers(Address(known.district, known.street), tail, None)
        return [replace(one, details=one.details or known.details) for one in found]
    taken_back = {values[0] for run in read_tail(denied).runs for values in run.one()} if denied else set()
    if not taken_back:
        return []
    values = [values[0] for values in tail.runs[0].one()]
    unit = known.detail("unit")
    if unit and any(unit == f"{number}호" for number in taken_back):
        return [known.with_details((Detail("unit", f"{value}호"),)) for value in values]
    if any(known.number == str(number) for number in taken_back):
        return [replace(known, number=str(value)) for value in values]
    return []


def _counts_something(tail: Tail) -> bool:
    """Whether the number counts minutes, people …: "택시로 십오 분" is no address."""
    first = tail.runs[0]
    return first.after == "foreign" and not first.numbers(2) and bool(_foreign(first))


def _foreign(run: Run) -> list[tuple[int, ...]]:
    return run.numbers(1) or [()]


def _with_numbers(base: Address, tail: Tail, head: Head | None) -> list[Address]:
    """The address with every good reading of the numbers after it; none where they do not fit."""
    found = []
    for main, sub, runs, bare in _splits(tail.runs):
        details = _details(runs)
        if details is None:
            continue
        parts = [*details, *bare]
        if tail.building:
            parts.append(Detail("building", tail.building))
        if tail.block:
            parts.append(Detail("block", tail.block))
        if tail.roof:
            parts.append(Detail("floor", "옥탑"))
        if tail.below and not any(part.text.startswith("지하") for part in parts) and not tail.runs[0].below:
            parts.append(Detail("floor", "지하"))
        number = f"{main}-{sub}" if sub else str(main)
        if head is not None and head.on_hill:
            number = f"산 {number}"
        elif tail.runs[0].below:
            number = f"지하{number}"
        found.append(replace(base, number=number, details=in_order(tuple(parts))))
    return list(dict.fromkeys(found))


_Split = tuple[int, int | None, Sequence[Run], tuple[Detail, ...]]


def _splits(runs: Sequence[Run]) -> Iterator[_Split]:
    """Building number, number after 다시, runs of details, details said without their word."""
    first, rest = runs[0], runs[1:]
    if first.after == "weak" and not rest:
        first = replace(first, after="end")
    if first.after == "dash" or (first.after == "weak" and rest[0].after not in _KINDS):
        yield from _with_sub(first, rest)
    elif first.after in _KINDS:
        for main, last in _two(first):
            yield main, None, [replace(first, chunks=(str(last),), below=False), *rest], ()
    elif first.after in ("lot", "weak"):
        for (main,) in first.one():
            yield main, None, rest, ()
    else:
        yield from _ending(first, None, rest)


def _with_sub(first: Run, rest: Sequence[Run]) -> Iterator[_Split]:
    if not rest:
        return
    for (main,) in first.numbers(1):
        second = rest[0]
        if second.after in _KINDS:
            for sub, last in second.at_spaces(2) or _two(second):
                yield main, sub, [replace(second, chunks=(str(last),)), *rest[1:]], ()
        else:
            yield from _ending(second, main, rest[1:])


def _two(run: Run) -> list[tuple[int, ...]]:
    """Two numbers; none where the words may as well be one ("백 십이 호"): then it is not known which is
    missing."""
    highest = HIGHEST_FLOOR if run.after == "floor" else LARGEST
    as_one = any(value <= highest for (value,) in run.numbers(1))
    return [] if as_one and not any(chunk.isdigit() for chunk in run.chunks) else run.numbers(2)


def _ending(run: Run, before: int | None, rest: Sequence[Run]) -> Iterator[_Split]:
    """The number that ends the address, alone or with another number that is none of it (a date's) or is a
    flat without its 호. ``before`` is the building number where this one follows 다시."""
    alone = run.one()
    for (value,) in alone:
        yield (value, None, rest, ()) if before is None else (before, value, rest, ())
    if alone:
        return
    run = _without_day(run)
    for value, other in run.at_spaces(2) if len(run.chunks) > 1 else []:
        main = value if before is None else before
        sub = None if before is None else value
        if run.after == "foreign":
            yield main, sub, (), ()
        elif other >= SMALLEST_BARE_UNIT:
            yield main, sub, rest, (Detail("unit", f"{other}호"),)
            yield main, sub, rest, ()


def _without_day(run: Run) -> Run:
    """The run with its last word marked as none of the address where it is a day (이십오일) or 이 (this)."""
    *before, last = run.chunks
    if not before:
        return run
    if last == "이":
        return replace(run, after="foreign")
    day = number(last[:-1]) if last.endswith("일") else None
    if day is not None and day <= LAST_DAY:
        return replace(run, chunks=(*before, last[:-1]), after="foreign")
    return run


def _details(runs: Sequence[Run]) -> tuple[Detail, ...] | None:
    """Block, floor and unit of the runs; ``None`` where one cannot be read in exactly one way."""
    found: list[Detail] = []
    for run in runs:
        if run.after in ("foreign", "end", "copula", "lot", "dash", "weak"):
            if run.after in ("lot", "dash", "weak"):
                return None
            continue
        values = [str(one[0]) for one in run.numbers(1)]
        if run.letter and not values:
            values = [parse_digits("".join(run.chunks)) or ""]
        if len(values) != 1 or not values[0]:
            return None
        found.append(_detail(run, values[0]))
    return in_order(tuple(found))


def _detail(run: Run, value: str) -> Detail:
    below = "지하 " if run.below else ""
    word = {"block": "동", "floor": "층", "unit": "호"}[run.after]
    return Detail(run.after, f"{below}{run.letter if run.after == 'unit' else ''}{value}{word}")


def _is_possible(one: Address) -> bool:
    floor = one.detail("floor")
    digits = re.search(r"\d+", floor)
    if digits is not None and int(digits.group()) > (DEEPEST_FLOOR if "지하" in floor else HIGHEST_FLOOR):
        return False
    sub = one.number.partition("-")[2]
    return not sub or int(sub) <= LARGEST_SUB


def _districts(head: Head, scene: Scene) -> Sequence[str]:
    """The gu said, else the gu where the road or dong is known to be, else the citizen's own: a road without
    its gu is near home."""
    if head.district:
        return [head.district]
    if head.is_lot and not head.known_in:
        return [""]
    if scene.home_district is not None and (not head.known_in or scene.home_district in head.known_in):
        return [scene.home_district]
    return sorted(head.known_in)[:MOST_READINGS] or [""]
