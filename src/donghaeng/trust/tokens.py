"""Tokens that own a conversation, ids of rows, and keys of persons. Of tokens and keys the database holds
only their hashes.

Tokens and ids are written in sixteen consonants, without digits and vowels: in hexadecimal one in some
thousands holds fourteen digits in a row that look like a payment card's, and would be masked
(:mod:`donghaeng.trust.masking`) wherever a reply or an event that names it is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable

TOKEN_BYTES = 32
_ID_BYTES = 12
_LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")


def make_token(entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A new token: 256 random bits in 64 letters, safe in addresses and headers."""
    return in_letters(entropy(TOKEN_BYTES))


def make_id(prefix: str, entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A new row id such as ``c_mtfg…``: the prefix and 96 random bits in 24 letters."""
    return f"{prefix}_{in_letters(entropy(_ID_BYTES))}"


def token_hash(token: str) -> str:
    """What the database keeps of a token: SHA-256 in hexadecimal. The token has 256 random bits, so it
    needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_hash(key: str) -> str:
    """What the database keeps of the key by which a citizen's own telephone or browser is known again. The
    key must be random: one made from a telephone number alone could be found by trying all numbers."""
    return hashlib.sha256(b"donghaeng person\x00" + key.encode()).hexdigest()


def number_hash(number: str) -> str:
    """By what calls to one number are found: scrypt, for all numbers could be tried on a fast hash."""
    return hashlib.scrypt(number.encode(), salt=b"donghaeng number", n=2**14, r=8, p=1, dklen=32).hex()


def token_matches(token: str, stored_hash: str) -> bool:
    """Whether ``stored_hash`` is of ``token``, in constant time."""
    return hmac.compare_digest(token_hash(token), stored_hash)


def in_letters(random: bytes) -> str:
    """Bytes in the sixteen consonants of tokens and ids."""
    return random.hex().translate(_LETTERS)
