from __future__ import annotations

import struct
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from donghaeng.phone.keys import DIGITS, KeyPresses


@dataclass
class Packet:
    payload: bytes
    timestamp: int


def press(digit: str, at: int, frames: int) -> list[Packet]:
    lengths = [160 * (index + 1) for index in range(frames)]
    told = [(length, 0) for length in lengths] + [(lengths[-1], 0x80)] * 3
    event = DIGITS.index(digit)
    return [Packet(struct.pack("!BBH", event, end, length), at % 2**32) for length, end in told]


def counted(packets: list[Packet]) -> str:
    keys: list[str] = []
    presses = KeyPresses(keys.append)
    for packet in packets:
        presses.handle_packet(packet)
    return "".join(keys)


@given(
    typed=st.lists(st.tuples(st.sampled_from(DIGITS), st.integers(1, 20)), max_size=8),
    begin=st.integers(0, 2**32 - 1),
    data=st.data(),
)
def test_each_press_counts_once_whatever_is_lost_or_comes_late(
    typed: list[tuple[str, int]], begin: int, data: st.DataObject
) -> None:
    at, arriving, late = begin, [], []
    for digit, frames in typed:
        packets = press(digit, at, frames)
        kept = data.draw(st.lists(st.sampled_from(packets), min_size=1, max_size=12))
        arriving += [kept[0], *late]
        split = data.draw(st.integers(1, len(kept)))
        arriving += kept[1:split]
        late = kept[split:]
        at += 160 * (frames + 3)
    assert counted(arriving + late) == "".join(digit for digit, _ in typed)


def test_a_key_held_for_long_is_one_press() -> None:
    event = DIGITS.index("5")
    held = [Packet(struct.pack("!BBH", event, 0, 0xFFFF), 1000)]
    held += [Packet(struct.pack("!BBH", event, 0x80, 4000), 1000 + 0xFFFF)]
    assert counted(held) == "5"


def test_a_telephone_that_counts_its_clock_on_presses_once() -> None:
    event = DIGITS.index("#")
    packets = [Packet(struct.pack("!BBH", event, 0, 160 * (at + 1)), 160 * at) for at in range(10)]
    assert counted(packets) == "#"


@given(payload=st.binary(max_size=8), at=st.integers(0, 2**32 - 1))
def test_nothing_that_arrives_breaks_it(payload: bytes, at: int) -> None:
    expected = DIGITS[payload[0]] if len(payload) >= 4 and payload[0] < len(DIGITS) else ""
    assert counted([Packet(payload, at)]) == expected
