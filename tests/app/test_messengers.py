"""Messengers are connected where the settings have a secret of theirs, and nowhere else."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from tests.channels.messengers import packaged_words

from donghaeng.app import messengers
from donghaeng.channels.kakao.skill import KakaoSkill
from donghaeng.channels.protocol import TEXT_CHANNELS
from donghaeng.errors import EngineMissing, SettingsError
from donghaeng.settings import load_settings

KAKAO = EntryPoint("kakao", "donghaeng.channels.kakao.skill:KakaoSkill", TEXT_CHANNELS)
SECRET = "a-secret-of-sixteen-characters"


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messengers, "entry_points", lambda group: [KAKAO] if group == TEXT_CHANNELS else [])


def test_a_messenger_with_a_secret_is_loaded(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, channel_secrets={"kakao": SECRET})
    [channel] = messengers.load_messengers(settings, packaged_words())
    assert isinstance(channel, KakaoSkill)
    assert channel.name == "kakao"


def test_without_a_secret_none_is(tmp_path: Path) -> None:
    assert messengers.load_messengers(load_settings(data=tmp_path), packaged_words()) == []


def test_an_unknown_messenger_is_told_with_those_there_are(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, channel_secrets={"line": SECRET})
    with pytest.raises(EngineMissing, match="'line' is not installed; choose one of kakao"):
        messengers.load_messengers(settings, packaged_words())


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CHANNEL_SECRETS"):
        load_settings(data=tmp_path, channel_secrets={"kakao": "short"})


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, channel_secrets={"kakao": SECRET})
    assert SECRET not in str(settings.channel_secrets)
