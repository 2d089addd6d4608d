"""Tokens that own a conversation. The database holds only their hash."""

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


def token_matches(token: str, stored_hash: str) -> bool:
    """Whether ``stored_hash`` is of ``token``, in constant time."""
    return hmac.compare_digest(token_hash(token), stored_hash)
