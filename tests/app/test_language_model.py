"""The application with and without a language model: one setting puts it in, and nothing needs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.dialogue.harness import CATALOGUE
from tests.language_models.server import model_server, says

from donghaeng.app.application import open_application
from donghaeng.conversation.door import Opening, Said
from donghaeng.errors import EngineMissing, SettingsError
from donghaeng.language_models.fake import NOTHING
from donghaeng.language_models.load import load_language_model
from donghaeng.settings import load_settings
from donghaeng.web.figures import Figures

KEPT = ("counsellor", "emergency", "weather")
NONSENSE = "그르매 도무지 뭐이라 캐싸서 아모것도"


@pytest.fixture
def small(tmp_path: Path) -> dict[str, Any]:
    """Settings of an application that is quickly trained."""
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    for service in (folder / "services").iterdir():
        if service.name not in KEPT:
            shutil.rmtree(service)
    return {"data": tmp_path / "data", "catalogue": folder, "embedder": "fake"}


async def test_it_is_off_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DONGHAENG_LANGUAGE_MODEL_URL", raising=False)
    assert load_language_model(load_settings()) is None


async def test_a_setting_puts_it_in_and_its_outcomes_are_counted(small: dict[str, Any]) -> None:
    figures = Figures()
    with model_server(says(NOTHING)) as server:
        settings = load_settings(
            **small,
            language_model_url=server.url,
            language_model_name="small",
            language_model_key="sk-1",
            language_model_deadline_s=10.0,
        )
        async with open_application(settings, observe_model=figures.model_answer) as application:
            reply = await application.conversations.open(Opening())
            await application.conversations.turn(reply.conversation, reply.token, Said(text=NONSENSE))
    assert server.asked[0]["model"] == "small"
    assert server.headers[0]["authorization"] == "Bearer sk-1"
    assert b'donghaeng_language_model_answers_total{outcome="same"} 1.0' in figures.text()


@pytest.mark.parametrize(
    ("rewords", "written", "heard", "outcome"),
    [
        (True, "120 다산콜센터는 밤에는 받지 않아요.", "밤에도 낮에도 24시간 전화를 받아요", "ungrounded"),
        (True, "서울시 일은 무엇이든 물어보시면 돼요.", "서울시 일은 무엇이든", "reworded"),
        (False, "서울시 일은 무엇이든 물어보시면 돼요.", "밤에도 낮에도 24시간 전화를 받아요", None),
    ],
)
async def test_answers_are_worded_anew_only_where_wished_and_grounded(
    small: dict[str, Any], rewords: bool, written: str, heard: str, outcome: str | None
) -> None:
    shutil.copytree(CATALOGUE / "services" / "ask", small["catalogue"] / "services" / "ask")
    figures = Figures()
    with model_server(says(json.dumps({"sentences": [written]}, ensure_ascii=False))) as server:
        settings = load_settings(
            **small,
            language_model_url=server.url,
            language_model_rewords=rewords,
            language_model_deadline_s=10.0,
        )
        async with open_application(settings, observe_rewording=figures.reworded) as application:
            opened = await application.conversations.open(Opening())
            said = Said(text="다산콜은 밤에도 전화를 받아요")
            reply = await application.conversations.turn(opened.conversation, opened.token, said)
    assert heard in reply.show.text
    assert [citation.id for citation in reply.citations] == ["call-120"]
    assert bool(server.asked) is rewords
    counted = f'donghaeng_rewordings_total{{outcome="{outcome}"}} 1.0'
    assert (counted in figures.text().decode()) is rewords


async def test_a_plug_in_is_chosen_by_its_name() -> None:
    model = load_language_model(load_settings(language_model="fake", language_model_url="http://localhost"))
    assert model is not None
    assert model.name == "fixed"


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"language_model": "oracle"}, EngineMissing), ({"language_model_url": "no address"}, SettingsError)],
)
def test_wrong_settings_are_told_at_start(setting: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error) as told:
        load_language_model(load_settings(**{"language_model_url": "http://127.0.0.1/v1", **setting}))
    assert told.value.remedy  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "setting",
    [{"language_model_deadline_s": 0}, {"language_model_deadline_s": 60}, {"language_model_at_once": 0}]
    + [{"language_model_format": "xml"}],
)
def test_impossible_settings(setting: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        load_settings(**setting)


def test_the_key_is_not_shown() -> None:
    settings = load_settings(language_model_key="sk-very-secret")
    assert "sk-very-secret" not in repr(settings) + str(settings)
