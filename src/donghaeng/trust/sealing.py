"""Personal values sealed with AES-256-GCM before they reach the database.

A sealed blob is ``version (1 byte) | key id (4) | nonce (12) | ciphertext and tag``. The associated data is
the header and the *place* of the value (table and row), so that a blob copied into another row does not
open. The key id in the blob lets several keys be in force while values are sealed anew.

A nonce is random: NIST SP 800-38D 8.3 bounds one key to 2**32 values, far above what one key seals
between rotations.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from donghaeng.errors import SettingsError, StoreError

KEY_BYTES = 32
_VERSION = b"\x01"
_KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_TAG_BYTES = 16
_HEADER_BYTES = len(_VERSION) + _KEY_ID_BYTES + _NONCE_BYTES
_KEY_FILE_MODE = 0o600
KEY_ID = slice(len(_VERSION), len(_VERSION) + _KEY_ID_BYTES)
"""Where a sealed blob names the key that sealed it."""


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"donghaeng key id\x00" + key).digest()[:_KEY_ID_BYTES]


class Sealer:
    """Seals JSON values with the first of its keys and opens what any of them sealed.

    Args:
        keys: one or more keys of 32 bytes; the first is in force, the others are older.
        entropy: gives that many random bytes; a test may pass its own.

    Raises:
        SettingsError: no key, or a key of another length.
    """

    def __init__(self, keys: Sequence[bytes], *, entropy: Callable[[int], bytes] = os.urandom) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise SettingsError(f"a sealing key has {KEY_BYTES} bytes", remedy="see DONGHAENG_KEY")
        self._ciphers = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])
        self._keys = tuple(keys)
        self._fingerprint_key = hmac.digest(keys[0], b"donghaeng fingerprint", "sha256")
        self._entropy = entropy

    @property
    def key_id(self) -> str:
        """The id of the key in force, in hexadecimal; says nothing about the key."""
        return self._current.hex()

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of all keys, the one in force first."""
        return tuple(_key_id(key).hex() for key in self._keys)

    def seal(self, value: Any, place: str) -> bytes:
        """Seal a JSON value for ``place``, for example ``events/c_1/3``."""
        header = _VERSION + self._current + self._entropy(_NONCE_BYTES)
        plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        nonce = header[-_NONCE_BYTES:]
        return header + self._ciphers[self._current].encrypt(nonce, plain, header + place.encode())

    def open(self, blob: bytes, place: str) -> Any:
        """The JSON value that was sealed for ``place``.

        Raises:
            StoreError: sealed with a key that is not here, for another place, or damaged.
        """
        header = blob[:_HEADER_BYTES]
        if len(blob) < _HEADER_BYTES + _TAG_BYTES or blob[:1] != _VERSION:
            raise StoreError(f"{place}: not a sealed value")
        cipher = self._ciphers.get(header[1 : 1 + _KEY_ID_BYTES])
        if cipher is None:
            raise StoreError(
                f"{place}: sealed with another key ({header[1 : 1 + _KEY_ID_BYTES].hex()})",
                remedy="give the key that sealed it: DONGHAENG_KEY, or the key file of the data folder",
            )
        try:
            plain = cipher.decrypt(header[-_NONCE_BYTES:], blob[_HEADER_BYTES:], header + place.encode())
        except InvalidTag:
            raise StoreError(f"{place}: the sealed value is damaged or was moved") from None
        return json.loads(plain)

    def fingerprint(self, value: str, place: str) -> str:
        """By what a row about ``value`` is found again without holding it: HMAC-SHA256 in hexadecimal under
        the key in force. Unlike a bare hash it tells nothing to who has the database alone, however few
        values there are. Another key gives another fingerprint: keep by it only what may be forgotten.

        Args:
            value: what somebody else knows a person by.
            place: the table, and whose value it is; the same value elsewhere has another fingerprint.
        """
        return hmac.digest(self._fingerprint_key, f"{place}\x00{value}".encode(), "sha256").hex()

    def derived(self, purpose: bytes) -> tuple[bytes, ...]:
        """Keys for another purpose, one of each key in its order; they tell nothing of these."""
        return tuple(hmac.digest(key, purpose, "sha256") for key in self._keys)

    def is_current(self, blob: bytes) -> bool:
        """Whether the key in force sealed ``blob``; else it is due to be sealed anew."""
        return blob[KEY_ID] == self._current


def parse_keys(text: str, *, name: str = "DONGHAENG_KEY") -> list[bytes]:
    """Keys as written in a setting or a key file: 32 bytes each in base64 or hexadecimal, separated by commas
    or line ends, the one in force first. ``name`` is the setting's, for errors.

    Raises:
        SettingsError: a key does not decode to 32 bytes.
    """
    parts = text.replace("\n", ",").split(",")
    return [_parse_key(part.strip(), name) for part in parts if part.strip()]


def _parse_key(text: str, name: str) -> bytes:
    key = b""
    try:
        if len(text) == 2 * KEY_BYTES:
            key = bytes.fromhex(text)
        else:
            padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
            key = base64.b64decode(padded, altchars=b"-_" if set("-_") & set(text) else None, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(
            f"{name}: not {KEY_BYTES} bytes in base64 or hexadecimal",
            remedy="make one with: openssl rand -base64 32",
        )
    return key


def load_or_make_key(path: Path, *, name: str = "DONGHAENG_KEY") -> list[bytes]:
    """The keys in the file at ``path``; made with one random key when the file does not exist.

    The file appears whole or not at all, so two processes that start together agree on one key.

    Raises:
        StoreError: the file cannot be read or made, or others than its owner may read it.
        SettingsError: it does not hold keys.
    """
    try:
        if not path.exists():
            _make_key_file(path)
        if stat.S_IMODE(path.stat().st_mode) & 0o077 and os.name == "posix":
            raise StoreError(f"{path}: others may read the key", remedy=f"chmod 600 {path}")
        return parse_keys(path.read_text("ascii"), name=name)
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: not a key file") from None
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error


def new_key(entropy: Callable[[int], bytes] = os.urandom) -> bytes:
    """A random key."""
    return entropy(KEY_BYTES)


def write_key_file(path: Path, keys: Sequence[bytes]) -> None:
    """Replace a key file whole: after a crash it is the old or the new one.

    Raises:
        OSError: it cannot be written.
    """
    draft = _draft(path, keys)
    try:
        draft.replace(path)
        _sync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _make_key_file(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _draft(path, [new_key()])
    try:
        # A hard link fails where the name exists: the first process wins and the others read its key.
        os.link(draft, path)
        _sync_folder(path.parent)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)


def _draft(path: Path, keys: Sequence[bytes]) -> Path:
    """A file beside ``path`` that holds the keys and that its owner alone reads."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _KEY_FILE_MODE)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.writelines(base64.b64encode(key).decode() + "\n" for key in keys)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def make_sealer(key: str | None, data: Path) -> Sealer:
    """The sealer of an installation: from the setting ``key``, else from the file ``key`` in ``data``.

    Raises:
        SettingsError: a key is malformed.
        StoreError: the key file cannot be used.
    """
    return Sealer(parse_keys(key) if key else load_or_make_key(data / "key"))
