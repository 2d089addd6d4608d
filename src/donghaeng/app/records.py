"""The database of an installation, opened with all its keys."""

from __future__ import annotations

from donghaeng.settings import Settings
from donghaeng.store import Store
from donghaeng.trust.sealing import make_sealer
from donghaeng.trust.vault_keys import VaultKeys, make_vault_keys


def vault_keys_of(settings: Settings) -> VaultKeys:
    """The vault's keys of an installation.

    Raises:
        SettingsError, StoreError: as :func:`~donghaeng.trust.vault_keys.make_vault_keys`.
    """
    given = settings.vault_keys.get_secret_value() if settings.vault_keys is not None else None
    return make_vault_keys(given, settings.vault_file, settings.data)


def open_store(settings: Settings) -> Store:
    """Open the database; close it, or use it in ``with``.

    Raises:
        SettingsError, StoreError: a key or the database is wrong.
    """
    sealer = make_sealer(settings.key.get_secret_value() if settings.key else None, settings.data)
    return Store.open(settings.database_url, sealer, vault=vault_keys_of(settings))
