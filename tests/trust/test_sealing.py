"""Sealed values open for their place and key alone; a key file is made once."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import SettingsError, StoreError
from donghaeng.trust.sealing import Sealer, load_or_make_key, make_sealer, parse_keys

KEY, OTHER = b"k" * 32, b"o" * 32
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON, st.text())
def test_round_trip(value: object, place: str) -> None:
    sealer = Sealer([KEY])
    assert sealer.open(sealer.seal(value, place), place) == value


def test_the_plain_text_is_not_in_the_blob() -> None:
    assert "김복순".encode() not in Sealer([KEY]).seal({"name": "김복순"}, "p")


def test_another_place_does_not_open() -> None:
    sealer = Sealer([KEY])
    with pytest.raises(StoreError, match="damaged or was moved"):
        sealer.open(sealer.seal(1, "events/c_1/1"), "events/c_1/2")


@given(st.integers(min_value=0), st.integers(1, 255))
def test_any_changed_byte_is_noticed(at: int, change: int) -> None:
    sealer = Sealer([KEY])
    blob = bytearray(sealer.seal({"a": "b"}, "p"))
    blob[at % len(blob)] ^= change
    with pytest.raises(StoreError):
        sealer.open(bytes(blob), "p")


def test_a_truncated_blob_is_refused() -> None:
    with pytest.raises(StoreError, match="not a sealed value"):
        Sealer([KEY]).open(b"\x01abc", "p")


def test_a_wrong_key_says_so() -> None:
    with pytest.raises(StoreError, match="sealed with another key"):
        Sealer([OTHER]).open(Sealer([KEY]).seal(1, "p"), "p")


def test_an_older_key_still_opens() -> None:
    old, both = Sealer([KEY]), Sealer([OTHER, KEY])
    blob = old.seal("x", "p")
    assert both.open(blob, "p") == "x"
    assert not both.is_current(blob)
    assert both.is_current(both.seal("x", "p"))


def test_equal_values_look_different() -> None:
    sealer = Sealer([KEY])
    assert sealer.seal(1, "p") != sealer.seal(1, "p")


def test_keys_are_read_in_base64_and_hexadecimal() -> None:
    key = bytes(range(220, 252))
    for text in (
        key.hex(),
        base64.b64encode(key).decode(),
        base64.urlsafe_b64encode(key).decode().rstrip("="),
    ):
        assert parse_keys(text) == [key]
    assert parse_keys(f"{key.hex()}, {KEY.hex()}") == [key, KEY]


@pytest.mark.parametrize("text", ["short", "!" * 44, "가" * 64, "ab" * 31])
def test_a_malformed_key_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="DONGHAENG_KEY"):
        parse_keys(text)


def test_no_key_is_refused() -> None:
    with pytest.raises(SettingsError):
        Sealer([])


def test_a_key_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "key"
    first = load_or_make_key(path)
    assert load_or_make_key(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_makers_at_the_same_time_agree(tmp_path: Path) -> None:
    path = tmp_path / "key"
    with ThreadPoolExecutor(8) as pool:
        keys = {tuple(found) for found in pool.map(load_or_make_key, [path] * 32)}
    assert len(keys) == 1


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    load_or_make_key(path)
    path.chmod(0o644)
    with pytest.raises(StoreError, match="others may read"):
        load_or_make_key(path)


def test_a_key_file_with_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    for content in (b"\xff\xfe", b"", b"hello"):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(SettingsError):
            make_sealer(None, tmp_path)


def test_the_setting_wins_over_the_file(tmp_path: Path) -> None:
    assert make_sealer(KEY.hex(), tmp_path).key_id == Sealer([KEY]).key_id
    assert not (tmp_path / "key").exists()
