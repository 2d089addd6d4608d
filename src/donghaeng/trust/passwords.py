"""Passwords of staff: which are taken, and the slow hash that the database keeps of one (argon2id)."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn

from donghaeng.errors import InputError
from donghaeng.trust.tokens import in_letters

LEAST: Final = 10
"""Characters that a password has at least."""
MOST: Final = 200
"""Characters that are hashed at most: nobody keeps the machine busy with a megabyte."""


_MADE_BYTES: Final = 10

LEAST_GUESSES: Final = 1e9
"""Guesses that somebody who knows how people choose passwords needs at least (zxcvbn, USENIX Security 2016);
it knows the 30,000 most used ones."""
JUDGED: Final = 72
"""Characters that are judged: the time grows with the square of them."""
OF_THE_PLACE: Final = (
    *("donghaeng", "동행", "seoul", "서울", "dasan", "다산", "콜센터", "상담", "sangdam", "120"),
    *("admin", "counsellor", "supervisor", "reviewer", "official"),
)
"""Words that everybody here thinks of first; they make no password harder to guess."""


class Passwords:
    """Hashes and checks. Each call takes some tenth of a second and 64 MB, so call it off the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """What is kept of ``password``: algorithm, costs, salt and hash in one text."""
        return self._hasher.hash(_normal(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether ``kept`` is of ``password``. Without ``kept`` (no such account) the answer is no, after
        the same work, so that the time taken tells nobody which accounts there are."""
        if len(password) > MOST:
            return False
        # Made for the first question of all, whoever asks it, so that it tells nothing.
        nobodys = self._nobodys
        try:
            return self._hasher.verify(kept or nobodys, _normal(password)) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False

    def outdated(self, kept: str) -> bool:
        """Whether ``kept`` was made with other costs than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str, name: str) -> None:
    """Take a new password or refuse it.

    Args:
        password: as it was typed.
        name: the account that it is for.

    Raises:
        InputError: too short, too long, it holds the account's name, or it is guessed soon.
    """
    normal = _normal(password)
    if not LEAST <= len(normal) <= MOST:
        raise InputError(f"a password has {LEAST} to {MOST} characters", remedy="a sentence is a good one")
    if name.casefold() in normal.casefold():
        raise InputError("a password does not hold the account's name")
    guesses = zxcvbn(normal[:JUDGED], user_inputs=[name, *OF_THE_PLACE])["guesses"]
    if float(guesses) < LEAST_GUESSES:
        raise InputError("a password is not guessed soon", remedy="a sentence of your own is a good one")


def made_password(entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A random password for somebody to begin with: 80 bits, in letters that can be read out."""
    letters = in_letters(entropy(_MADE_BYTES))
    return "-".join(letters[start : start + 5] for start in range(0, len(letters), 5))


def _normal(password: str) -> str:
    """One form of what keyboards write in several: Hangul may come whole or in its letters."""
    return unicodedata.normalize("NFKC", password)
