"""Which provider sends text messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from donghaeng.app.texting import load_messages
from donghaeng.errors import EngineMissing, SettingsError
from donghaeng.people.message_fake import FakeMessages
from donghaeng.people.message_file import FileMessages
from donghaeng.people.message_http import HttpMessages
from donghaeng.settings import load_settings
from donghaeng.trust.sealing import Sealer

SEALER = Sealer([b"k" * 32])


def loaded(folder: Path, **settings: object) -> object:
    return load_messages(load_settings(data=folder, **settings), SEALER)


def test_the_sandbox_keeps_them_in_a_file_and_a_live_city_sends_none(tmp_path: Path) -> None:
    assert isinstance(loaded(tmp_path), FileMessages)
    assert loaded(tmp_path, city="live") is None


def test_a_named_provider_gets_what_it_wants(tmp_path: Path) -> None:
    assert isinstance(loaded(tmp_path, city="live", message_provider="file"), FileMessages)
    assert isinstance(loaded(tmp_path, message_provider="fake"), FakeMessages)
    http = loaded(tmp_path, message_provider="http", message_url="https://bridge.example/send")
    assert isinstance(http, HttpMessages)
    assert http.name == "http bridge.example"


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="fake, file, http"):
        loaded(tmp_path, message_provider="pigeon")
    with pytest.raises(SettingsError, match="MESSAGE_URL"):
        loaded(tmp_path, message_provider="http")
