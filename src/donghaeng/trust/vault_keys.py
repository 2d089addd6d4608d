"""The keys of the vault: AES-256-GCM under keys of its own, which lie outside the database.

They come from ``DONGHAENG_VAULT_KEYS``, else from the file ``DONGHAENG_VAULT_FILE``, else from the file
``vault.keys`` in the data folder, which the first start makes (mode 0600). The first key seals, every one
opens. A file is read again when it changes, so that a server goes on while its keys are rotated.

What is bound (the associated data) is the row's id, its purpose and whose it is: a value copied into another
row, or asked for under another purpose, does not open.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from donghaeng.errors import SettingsError, StoreError, VaultKeyMissing
from donghaeng.trust.sealing import KEY_BYTES, load_or_make_key, new_key, parse_keys, write_key_file

NONCE_BYTES: Final = 12
FILE_NAME: Final = "vault.keys"
FROM: Final = "DONGHAENG_VAULT_KEYS"


class KeySource(Protocol):
    """Gives the keys in force, the one that seals first."""

    def keys(self) -> Sequence[bytes]:
        """The keys now; asked for at every use, so it is quick.

        Raises:
            DonghaengError: they cannot be had.
        """
        ...


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Keys that stay what they are while the program runs."""

    held: tuple[bytes, ...] = field(repr=False)

    def keys(self) -> Sequence[bytes]:
        """The same ones always."""
        return self.held


class KeyFile:
    """Keys in a file of their own, read anew when the file is another one."""

    def __init__(self, path: Path, *, make: bool) -> None:
        """Keep the path.

        Args:
            path: the file.
            make: make it with one random key where it is absent.
        """
        self.path = path
        self._make = make
        self._seen: tuple[int, int, int] | None = None
        self._held: tuple[bytes, ...] = ()

    def keys(self) -> Sequence[bytes]:
        """The keys in the file.

        Raises:
            StoreError: it is absent, unreadable, or others than its owner may read it.
            SettingsError: it does not hold keys.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            if self._held:
                return self._held  # who serves goes on; the next start tells
            if not self._make:
                remedy = "bring the key file back from where it is kept safe; docs/operations.md, Keys"
                raise StoreError(f"{self.path}: the keys of the vault are gone", remedy=remedy) from None
            load_or_make_key(self.path)
            found = self.path.stat()
        except OSError as error:
            raise StoreError(f"{self.path}: {error.strerror}") from None
        seen = (found.st_mtime_ns, found.st_size, found.st_ino)
        if seen != self._seen:
            self._held = tuple(load_or_make_key(self.path, name=FROM))
            self._seen = seen
        return self._held

    def add_key(self, entropy: Callable[[int], bytes] = os.urandom) -> None:
        """Put a new key before the others; the file is replaced whole.

        Raises:
            StoreError: it cannot be written.
        """
        try:
            write_key_file(self.path, [new_key(entropy), *self.keys()])
        except OSError as error:
            raise StoreError(f"{self.path}: {error.strerror}") from None


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value as the database holds it."""

    key_id: str
    """Eight hexadecimal digits; says nothing about the key."""
    nonce: bytes
    ciphertext: bytes
    """With its tag of 16 bytes."""


class VaultKeys:
    """Seals and opens single values.

    Args:
        source: gives the keys.
        entropy: gives that many random bytes; a test may pass its own.
    """

    def __init__(self, source: KeySource, *, entropy: Callable[[int], bytes] = os.urandom) -> None:
        self.source = source
        self._entropy = entropy

    @property
    def current(self) -> str:
        """Id of the key that seals.

        Raises:
            DonghaengError: there is none.
        """
        return key_id(self._held()[0])

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all keys, the one that seals first.

        Raises:
            DonghaengError: there is none.
        """
        return tuple(key_id(key) for key in self._held())

    def seal(self, value: str, bound: str) -> Sealed:
        """Seal ``value`` for what ``bound`` names.

        Raises:
            DonghaengError: there is no key.
        """
        key = self._held()[0]
        nonce = self._entropy(NONCE_BYTES)
        return Sealed(key_id(key), nonce, AESGCM(key).encrypt(nonce, value.encode(), _bound(key, bound)))

    def open(self, sealed: Sealed, bound: str) -> str:
        """The value that was sealed for ``bound``.

        Raises:
            VaultKeyMissing: its key is not here.
            StoreError: it is damaged, or was sealed for something else.
        """
        key = next((one for one in self._held() if key_id(one) == sealed.key_id), None)
        if key is None:
            raise VaultKeyMissing(
                f"the vault's key {sealed.key_id} is not here",
                remedy=f"give it back, behind the others, in {FROM} or the vault's key file",
            )
        try:
            return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, _bound(key, bound)).decode()
        except (InvalidTag, ValueError):
            raise StoreError("a value of the vault is damaged or was moved") from None

    def _held(self) -> Sequence[bytes]:
        keys = self.source.keys()
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise SettingsError(f"a key of the vault has {KEY_BYTES} bytes", remedy=f"see {FROM}")
        return keys


def make_vault_keys(keys: str | None, file: Path | None, data: Path) -> VaultKeys:
    """The vault's keys of an installation, which are there and can be used; a file that is named is not made.

    Args:
        keys: the setting ``DONGHAENG_VAULT_KEYS``.
        file: the setting ``DONGHAENG_VAULT_FILE``.
        data: the data folder.

    Raises:
        SettingsError: a key is malformed.
        StoreError: the file is absent, or others may read it.
    """
    made = VaultKeys(_source(keys, file, data))
    made.ids  # noqa: B018  read now: an error belongs to the start, not to a citizen's turn
    return made


def _source(keys: str | None, file: Path | None, data: Path) -> KeySource:
    if keys:
        return FixedKeys(tuple(parse_keys(keys, name=FROM)))
    return KeyFile(file, make=False) if file is not None else KeyFile(data / FILE_NAME, make=True)


def key_id(key: bytes) -> str:
    """By what a row names its key."""
    return hashlib.sha256(b"donghaeng vault key id\x00" + key).hexdigest()[:8]


def _bound(key: bytes, bound: str) -> bytes:
    return f"{key_id(key)}/{bound}".encode()
