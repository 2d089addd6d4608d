"""Codes of an authenticator: time-based one-time passwords (RFC 6238), and recovery codes beside them.

A code is six digits of HMAC-SHA-1 over the number of the half-minute, which is what authenticators know. It
opens in its own half-minute alone. The hash is no weakness here: what is broken of SHA-1 are collisions, and
HMAC does not rest on there being none (RFC 6194).
"""

from __future__ import annotations

import base64
import hmac
import os
import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

import pyotp

from donghaeng.trust.tokens import in_letters

STEP_SECONDS: Final = 30
SECRET_BYTES: Final = 20
"""160 random bits, as RFC 4226 recommends."""
ISSUER: Final = "Donghaeng"
"""What the authenticator shows above the account's name."""
RECOVERY_CODES: Final = 8
RECOVERY_BYTES: Final = 15
"""120 random bits: so many that a fast hash of them is enough, and nobody guesses one."""
_GROUP: Final = 5
_DIGITS: Final = re.compile(r"[0-9]{6}")


def new_secret(entropy: Callable[[int], bytes] = os.urandom) -> str:
    """A secret as it is kept: in letters, for digits in a row could look like a number that is masked."""
    return in_letters(entropy(SECRET_BYTES))


def step_of(at: datetime) -> int:
    """The number of the half-minute."""
    return int(at.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """The code of a half-minute."""
    return pyotp.TOTP(shown(secret), interval=STEP_SECONDS).generate_otp(step)


def is_code(secret: str, typed: str, step: int) -> bool:
    """Whether ``typed`` is the code of this half-minute; spaces within do no harm."""
    digits = re.sub(r"\s", "", typed)
    return _DIGITS.fullmatch(digits) is not None and hmac.compare_digest(code_at(secret, step), digits)


def shown(secret: str) -> str:
    """The secret as authenticators take it: base32."""
    letters = str.maketrans("bcdfghjklmnpqrst", "0123456789abcdef")
    return base64.b32encode(bytes.fromhex(secret.translate(letters))).decode("ascii")


def address_of(secret: str, name: str) -> str:
    """The address that a QR code holds (`otpauth://totp/…`)."""
    return pyotp.TOTP(shown(secret), interval=STEP_SECONDS).provisioning_uri(name=name, issuer_name=ISSUER)


def new_recovery_codes(entropy: Callable[[int], bytes] = os.urandom) -> list[str]:
    """Codes for who has lost the authenticator, in groups of letters."""
    return [_in_groups(in_letters(entropy(RECOVERY_BYTES))) for _ in range(RECOVERY_CODES)]


def plain_recovery_code(typed: str) -> str:
    """One form of what somebody types, whatever they put between the groups."""
    return _in_groups(re.sub(r"[^a-z]", "", typed.lower()[:100]))


def _in_groups(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))
