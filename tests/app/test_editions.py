"""A catalogue that is edited while people talk: they finish on the one that they began with."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.dialogue.harness import CATALOGUE

from donghaeng.app.application import Application, open_application
from donghaeng.app.editions import MOST_LOADED
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.settings import load_settings

KEPT = ("counsellor", "emergency", "meter_freeze", "weather")
OLD, NEW = "어느 주소인가요?", "계량기가 있는 주소를 말씀해 주시겠어요?"
WISH = "수도 계량기가 얼었어요"
IMPORTED = """
kind: openapi
effect: write
source: https://water.example/openapi.json
address: https://water.example
method: POST
path: /freezes
idempotency: header Idempotency-Key
receipt: number
parameters:
  symptom: {type: choice frozen|burst|leak, says: what is wrong, sent_as: symptom}
  address: {type: address, says: where, sent_as: address}
  phone: {type: phone, says: whom to call, sent_as: phone}
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all tests here keep what is learnt: by content, so each catalogue is learnt once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def small(tmp_path: Path, cache: Path) -> dict[str, Any]:
    folder = tmp_path / "catalogue"
    shutil.copytree(CATALOGUE, folder)
    for service in (folder / "services").iterdir():
        if service.name not in KEPT:
            shutil.rmtree(service)
    shorten(folder / "lexicon" / "out_of_scope.yaml")
    edit(folder, first_prompt(folder), OLD)
    return {
        "data": tmp_path / "data",
        "catalogue": folder,
        "embedder": "fake",
        "cache": cache,
    }


def shorten(file: Path) -> None:
    """Keep little of what is learnt from, so that it is learnt quickly."""
    file.write_text(
        "".join(file.read_text(encoding="utf-8").splitlines(keepends=True)[:30]), encoding="utf-8"
    )


def service_file(folder: Path) -> Path:
    return folder / "services" / "meter_freeze" / "service.yaml"


def first_prompt(folder: Path) -> str:
    text = service_file(folder).read_text(encoding="utf-8")
    address = text[text.index("  address:") :]
    return address.split("first:", 1)[1].splitlines()[0].strip()


def edit(folder: Path, old: str, new: str) -> None:
    file = service_file(folder)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@asynccontextmanager
async def running(small: dict[str, Any]) -> AsyncIterator[Application]:
    async with open_application(load_settings(**small)) as application:
        yield application


async def says(application: Application, reply: Reply, words: str) -> Reply:
    return await application.conversations.turn(reply.conversation, reply.token, Said(text=words))


async def begun(application: Application) -> Reply:
    return await application.conversations.open(Opening())


async def test_who_talks_finishes_on_the_edition_before(small: dict[str, Any]) -> None:
    async with running(small) as application:
        before = await begun(application)
        edit(small["catalogue"], OLD, NEW)
        assert await application.editions.refresh()
        after = await begun(application)
        assert OLD in (await says(application, before, WISH)).show.text
        assert NEW in (await says(application, after, WISH)).show.text


async def test_the_edition_before_outlives_the_process(small: dict[str, Any]) -> None:
    async with running(small) as application:
        before = await begun(application)
    edit(small["catalogue"], OLD, NEW)
    async with running(small) as application:
        assert OLD in (await says(application, before, WISH)).show.text
        assert NEW in (await says(application, await begun(application), WISH)).show.text


async def test_a_wrong_edit_is_refused_and_the_edition_before_serves_on(small: dict[str, Any]) -> None:
    async with running(small) as application:
        served = application.catalogue.version
        edit(small["catalogue"], "operation: gateway.meter_freeze", "operation: gateway.no_such_thing")
        assert not await application.editions.refresh()
        assert application.catalogue.version == served
        assert not await application.editions.refresh()
        edit(small["catalogue"], "operation: gateway.no_such_thing", "operation: gateway.meter_freeze")
        edit(small["catalogue"], OLD, NEW)
        assert await application.editions.refresh()


async def test_a_service_of_another_system_is_edited_as_any(small: dict[str, Any]) -> None:
    folder = small["catalogue"]
    service_file(folder).with_name("operation.yaml").write_text(IMPORTED, encoding="utf-8")
    edit(folder, "operation: gateway.meter_freeze", "operation: imported.meter_freeze")
    edit(folder, "carried_out: gateway", "carried_out: live")
    async with running(small) as application:
        edit(folder, OLD, NEW)
        assert await application.editions.refresh()
        assert NEW in (await says(application, await begun(application), WISH)).show.text


async def test_nothing_is_loaded_while_nothing_is_edited(small: dict[str, Any]) -> None:
    async with running(small) as application:
        assert not await application.editions.refresh()


async def test_a_version_of_which_nothing_is_kept_goes_on_with_what_there_is(small: dict[str, Any]) -> None:
    async with running(small) as application:
        assert await application.editions.of("no such version") is application.editions.current


async def test_editions_of_long_ago_leave_memory_and_come_back(small: dict[str, Any]) -> None:
    async with running(small) as application:
        first = application.catalogue.version
        for number in range(MOST_LOADED):
            edit(small["catalogue"], OLD if number == 0 else f"{NEW}{number - 1}", f"{NEW}{number}")
            assert await application.editions.refresh()
        assert (await application.editions.of(first)).version == first
