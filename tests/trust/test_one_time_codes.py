"""Codes of authenticators and recovery codes."""

from __future__ import annotations

import base64
import os
from datetime import UTC, datetime

import pytest

from donghaeng.trust import one_time_codes
from donghaeng.trust.one_time_codes import (
    RECOVERY_CODES,
    address_of,
    code_at,
    is_code,
    new_recovery_codes,
    new_secret,
    plain_recovery_code,
    shown,
    step_of,
)

RFC_SECRET = b"12345678901234567890"
"""The seed of the examples in RFC 6238, appendix B."""


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    secret = new_secret(lambda size: RFC_SECRET[:size])
    step = step_of(datetime.fromtimestamp(second, UTC))
    assert code_at(secret, step) == code
    assert is_code(secret, f" {code[:3]} {code[3:]} ", step)
    assert not is_code(secret, code, step + 1)
    assert not is_code(secret, code[:5], step)
    assert not is_code(secret, "٠١٢٣٤٥", step), "digits of other scripts are none"


def test_secrets_and_codes_are_chance_of_the_system() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(base64.b32decode(shown(new_secret()))) == 20
    asked: list[int] = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return bytes(range(len(asked), len(asked) + size))

    codes = new_recovery_codes(entropy)
    assert asked == [15] * RECOVERY_CODES
    assert len(set(codes)) == RECOVERY_CODES
    assert one_time_codes.new_secret.__defaults__ == one_time_codes.new_recovery_codes.__defaults__
    assert one_time_codes.new_secret.__defaults__ == (os.urandom,)


def test_a_recovery_code_is_known_however_it_is_typed() -> None:
    code = new_recovery_codes()[0]
    for typed in (code, code.upper(), code.replace("-", " "), f"  {code.replace('-', '')}\n"):
        assert plain_recovery_code(typed) == code
    assert plain_recovery_code("x" * 100_000) != code


def test_the_address_names_account_and_issuer_and_is_plain_ascii() -> None:
    address = address_of(new_secret(lambda size: RFC_SECRET[:size]), "kim.sang-dam")
    assert address.startswith("otpauth://totp/Donghaeng:kim.sang-dam?")
    assert "issuer=Donghaeng" in address
    assert address.isascii()
