"""Tokens that own a conversation, and keys of persons. The database holds only their hashes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Callable

TOKEN_BYTES = 32
_ID_BYTES = 12


def make_token(entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A new token: 256 random bits, safe in addresses and headers."""
    return base64.urlsafe_b64encode(entropy(TOKEN_BYTES)).decode().rstrip("=")


def make_id(prefix: str, entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A new row id such as ``c_9f2c…``: the prefix and 96 random bits in hexadecimal."""
    return f"{prefix}_{entropy(_ID_BYTES).hex()}"


def token_hash(token: str) -> str:
    """What the database keeps of a token: SHA-256 in hexadecimal. The token has 256 random bits, so it
    needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def person_hash(key: str) -> str:
    """What the database keeps of the key by which a citizen's own telephone or browser is known again. The
    key must be random: one made from a telephone number alone could be found by trying all numbers."""
    return hashlib.sha256(b"donghaeng person\x00" + key.encode()).hexdigest()


def token_matches(token: str, stored_hash: str) -> bool:
    """Whether ``stored_hash`` is of ``token``, in constant time."""
    return hmac.compare_digest(token_hash(token), stored_hash)
