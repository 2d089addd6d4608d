"""Conversation tokens."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from donghaeng.trust.masking import mask
from donghaeng.trust.tokens import make_id, make_token, token_hash, token_matches


def test_tokens_differ_and_match_their_hash_alone() -> None:
    one, other = make_token(), make_token()
    assert one != other
    assert token_matches(one, token_hash(one))
    assert not token_matches(other, token_hash(one))
    assert one not in token_hash(one)


def test_random_bytes_are_injected() -> None:
    assert make_token(lambda n: b"\x00" * n) == "b" * 64
    assert make_id("c", lambda n: b"\xab" * n) == "c_" + "np" * 12


@given(st.binary(min_size=32, max_size=32))
@example(bytes.fromhex("f3bea14031583246408cbea8") + bytes(20))
def test_no_token_or_id_is_taken_for_a_number_that_is_never_collected(random: bytes) -> None:
    token, row = make_token(lambda n: random[:n]), make_id("c", lambda n: random[:n])
    assert re.fullmatch("[b-t]{64}", token)
    assert re.fullmatch("c_[b-t]{24}", row)
    for text in (token, row, f"대화 {row}", f"비밀번호 화면 {row}"):
        assert mask(text).text == text
