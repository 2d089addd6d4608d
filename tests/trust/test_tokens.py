"""Conversation tokens."""

from __future__ import annotations

from donghaeng.trust.tokens import make_id, make_token, token_hash, token_matches


def test_tokens_differ_and_match_their_hash_alone() -> None:
    one, other = make_token(), make_token()
    assert one != other
    assert token_matches(one, token_hash(one))
    assert not token_matches(other, token_hash(one))
    assert one not in token_hash(one)


def test_random_bytes_are_injected() -> None:
    assert make_token(lambda n: b"\x00" * n) == "A" * 43
    assert make_id("c", lambda n: b"\xab" * n) == "c_" + "ab" * 12
