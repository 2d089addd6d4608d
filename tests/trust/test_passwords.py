"""Passwords of staff."""

from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher

from donghaeng.errors import InputError
from donghaeng.trust.passwords import MOST, Passwords, check_password

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
GOOD = "비 오는 날의 우산 하나"


def test_only_the_password_itself_matches() -> None:
    passwords = Passwords(CHEAP)
    kept = passwords.hash(GOOD)
    assert GOOD not in kept
    assert passwords.hash(GOOD) != kept
    assert passwords.matches(GOOD, kept)
    assert not passwords.matches(GOOD + "!", kept)
    assert not passwords.matches("", kept)
    assert not passwords.matches(GOOD, "no hash")
    assert not passwords.matches("x" * (MOST + 1), passwords.hash("x" * (MOST + 1)))


def test_hangul_typed_in_letters_is_the_same_password() -> None:
    passwords = Passwords(CHEAP)
    assert passwords.matches(unicodedata.normalize("NFD", GOOD), passwords.hash(GOOD))


def test_an_account_that_is_not_there_costs_the_same_work() -> None:
    worked: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, *arguments):
            worked.append(arguments[0])
            return super().verify(*arguments)

    passwords = Passwords(Counting(time_cost=1, memory_cost=8, parallelism=1))
    kept = passwords.hash(GOOD)
    assert passwords.matches(GOOD, kept)
    assert not passwords.matches(GOOD, None)
    assert not passwords.matches("nobody has this password", None)
    first, *others = worked
    assert {each.rpartition("$")[0].rpartition("$")[0] for each in others} == {
        first.rpartition("$")[0].rpartition("$")[0]
    }
    assert len(worked) == 3


def test_hashes_of_other_costs_are_outdated() -> None:
    kept = Passwords(CHEAP).hash(GOOD)
    assert not Passwords(CHEAP).outdated(kept)
    assert Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)).outdated(kept)


def test_the_served_hash_is_argon2id_with_the_costs_of_rfc_9106() -> None:
    assert Passwords().hash(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "10 to 200"),
        ("x" * 201, "10 to 200"),
        ("ababababababab", "guessed soon"),
        ("I am kim.sangdam!", "account's name"),
        ("I am KIM.Sangdam!", "account's name"),
        ("password123", "guessed soon"),
        ("1234567890", "guessed soon"),
        ("qwertyuiop", "guessed soon"),
        ("1q2w3e4r5t", "guessed soon"),
        ("donghaeng120", "guessed soon"),
        ("seoul120120!", "guessed soon"),
        ("동행동행동행동행동행", "guessed soon"),
    ],
)
def test_bad_passwords_are_refused_with_a_reason(password: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        check_password(password, "kim.sangdam")
    check_password(GOOD, "kim.sangdam")
