from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.dialogue.wording import speak
from donghaeng.trust.page_codes import code_hash, make_code, read_code, spoken_code

CODES = st.integers(0, 999_999).map(lambda number: f"{number:06}")


@given(st.binary(min_size=30, max_size=60))
def test_a_code_has_six_digits_whatever_the_entropy(random: bytes) -> None:
    left = deque(random[at : at + 3] for at in range(0, len(random) - 3, 3))
    left.append(b"\0\0\7")
    code = make_code(lambda count: left.popleft())
    assert len(code) == 6
    assert code.isdecimal()


def test_numbers_that_would_favour_some_codes_are_drawn_again() -> None:
    drawn = deque([b"\xff\xff\xff", b"\xf4\x24\x00", b"\x00\x30\x39"])
    assert make_code(lambda count: drawn.popleft()) == "012345"


@given(CODES)
def test_what_is_said_is_read_again(code: str) -> None:
    assert read_code(spoken_code(code)) == code
    assert read_code(speak(spoken_code(code)).replace(",", " ")) == code
    assert read_code(f" {code[:3]} {code[3:]}. ") == code


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "일이삼", "열둘 삼사 오육", "１２３４５６", "abcdef", "12345x"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_a_hash_tells_codes_apart_and_not_what_they_are() -> None:
    assert code_hash("012345") == code_hash("012345") != code_hash("012346")
    assert "012345" not in code_hash("012345")
