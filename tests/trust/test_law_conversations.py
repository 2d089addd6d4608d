"""Acceptance tests of what the law demands of conversations, by their numbers in the project's list."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args

import pytest
import pytest_asyncio

from donghaeng.app import open_for_tests
from donghaeng.app.application import Application
from donghaeng.city.services import load_catalogue
from donghaeng.conversation.door import Channel, Opening, Said
from donghaeng.conversation.live_mouth import _notice_clauses
from donghaeng.conversation.machine_switch import LOOK_SECONDS
from donghaeng.conversation.reply import Reply
from donghaeng.errors import MachineOff
from donghaeng.understanding.acts import Act, ActKind

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "donghaeng"
AI = "인공지능"
CHANNELS: tuple[Channel, ...] = get_args(Channel)
PHONE = "공일공 일이삼사에 오육칠팔"
DECISIONS = re.compile(
    r"받으실 수 (있어요|있습니다|없어요|없습니다)|대상(이에요|입니다|이 아니)|자격이 (있|없)(어요|습니다)"
    r"|(승인|거절|탈락|선정)(됐|되었|했)|해당(돼요|됩니다|되지)"
)
"""Words by which somebody's right to something would be decided."""
ASKED_TO_DECIDE = (
    "저는 기초연금 대상이 되나요",
    "나 팔십인데 기초연금 받을 수 있는지 정해 줘",
    "우리 부부도 노령연금을 받을 수 있을까요",
    "긴급복지 제가 되는지 안 되는지 결정해 주세요",
    "장애인 콜택시 저도 탈 자격이 있나요",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application() -> AsyncIterator[Application]:
    async with open_for_tests() as opened:
        yield opened


async def open_one(application: Application, **how: object) -> Reply:
    given = {"channel": "chat", "home_district": "마포구", "practice": True, **how}
    return await application.conversations.open(Opening(**given))


async def say(application: Application, before: Reply, *texts: str) -> Reply:
    reply = before
    for text in texts:
        reply = await application.conversations.turn(before.conversation, before.token, Said(text=text))
    return reply


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("channel", CHANNELS)
async def test_law_01_everybody_is_told_that_it_is_an_ai_before_the_first_answer(
    application: Application, channel: Channel
) -> None:
    greeting = await open_one(application, channel=channel)
    assert greeting.turn == 0
    assert AI in greeting.say
    assert AI in greeting.show.text
    assert _notice_clauses(greeting.say, greeting.pace.speed) > 0, "it could be cut off"


@pytest.mark.parametrize("page", ["index.html", "widget.html"])
def test_law_01_every_screen_says_so_before_a_word_is_said(page: str) -> None:
    html = (PACKAGE / "web" / "page" / page).read_text(encoding="utf-8")
    badge = re.search(r'<p class="badge" data-testid="ai-notice">([^<]+)</p>', html)
    assert badge is not None
    assert AI in badge[1]


SOUND_WRITERS = {
    "cli/bench_cluster.py": "a request in the agent's own voice, which a measurement sends",
    "speech/audio.py": "what `donghaeng call --out` and the measurements write: the agent's own voice",
    "speech/synthesise/cache.py": "the agent's own voice",
}
"""Modules that can write sound to a disk, and whose."""


def test_law_02_nothing_that_a_citizen_says_is_recorded_and_the_public_page_says_so() -> None:
    writers = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"soundfile\.write|wave\.open|SoundFile\(", path.read_text(encoding="utf-8"))
    }
    assert writers == set(SOUND_WRITERS)
    page = (PACKAGE / "web/console/templates/privacy.html").read_text(encoding="utf-8")
    assert "이 프로그램은 통화를 녹음하지 않아요" in page


def test_law_02_a_city_that_records_elsewhere_has_a_notice_that_cannot_be_cut_off() -> None:
    spoken = "안녕하세요, 이 통화는 더 나은 안내를 위해 녹음돼요. 무엇을 도와드릴까요?"
    with_notice, without = _notice_clauses(spoken, 1.0), _notice_clauses("무엇을 도와드릴까요?", 1.0)
    assert with_notice > without == 0


STATES = {
    "after the greeting": (),
    "asked for a value": ("소파를 버리고 싶어요",),
    "asked for a second value": ("소파를 버리고 싶어요", "마포구 양화로 45"),
    "asked to confirm": ("소파를 버리고 싶어요", "마포구 양화로 45", "다음 주 화요일", PHONE),
    "after an answer": ("마포구 날씨 어때요",),
    "not understood": ("으흠 글쎄 그거",),
    "while it helps": ("도와줘",),
    "after an emergency": ("불이 났어요",),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", ["상담사", "사람 바꿔 주세요", "0"])
async def test_law_03_a_person_is_reached_from_every_turn(
    application: Application, state: str, way: str
) -> None:
    opened = await open_one(application)
    before = await say(application, opened, *STATES[state])
    assert state != "asked to confirm" or before.expects == "confirm"
    said = Said(dtmf="0") if way == "0" else Said(text=way)
    reply = await application.conversations.turn(opened.conversation, opened.token, said)
    assert reply.handover is not None
    assert reply.service == "counsellor"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("question", ASKED_TO_DECIDE)
async def test_law_10_nobodys_right_to_something_is_decided(application: Application, question: str) -> None:
    reply = await say(application, await open_one(application), question)
    assert DECISIONS.search(reply.show.text) is None, reply.show.text
    assert all(call.effect != "write" for call in reply.calls)


def test_law_10_no_service_decides_and_the_words_of_none_do() -> None:
    catalogue = load_catalogue(ROOT / "catalogue")
    deciding = {"decide", "determine", "approve", "reject", "judge", "eligib"}
    for service in catalogue.values():
        assert not any(word in service.id for word in deciding)
    files = [
        *(ROOT / "catalogue" / "services").glob("*/service.yaml"),
        ROOT / "catalogue/lexicon/phrases.yaml",
    ]
    said = [(file.parent.name, line) for file in files for line in replies_in(file.read_text("utf-8"))]
    assert [one for one in said if DECISIONS.search(one[1])] == []
    pension = (ROOT / "catalogue/services/basic_pension/service.yaml").read_text(encoding="utf-8")
    assert "받으실 수 있는지는 제가 정하지 않아요" in pension


def replies_in(text: str) -> list[str]:
    """Lines of a service file that the agent says: below ``reply:``, to the next key."""
    found = re.search(r"^reply:\n(.*?)(?=^\w|\Z)", text, re.S | re.M)
    return found[1].splitlines() if found else text.splitlines() if "reply:" not in text else []


def test_law_10_words_that_decide_are_found() -> None:
    for decided in ("기초연금 대상이에요.", "받으실 수 있어요.", "자격이 없습니다.", "선정됐어요."):
        assert DECISIONS.search(decided)


@pytest.mark.asyncio(loop_scope="module")
async def test_law_12_one_switch_silences_every_channel_within_five_seconds_and_leads_to_people(
    application: Application,
) -> None:
    assert LOOK_SECONDS * 2 <= 5, "every process looks at least twice within it"
    under_way = {
        channel: await open_one(application, channel=channel, practice=False) for channel in CHANNELS
    }
    await application.switch.turn(off=True, by="test", reason="시험")
    try:
        for channel, opened in under_way.items():
            reply = await say(application, opened, "마포구 날씨 어때요")
            assert reply.calls == [], channel
            assert "120" in reply.show.text
            new = await open_one(application, channel=channel)
            assert "120" in new.show.text
            assert "무엇을 도와드릴까요" not in new.say
        opened = under_way["web"]
        with pytest.raises(MachineOff):
            await application.conversations.act(
                opened.conversation,
                opened.token,
                [Act(ActKind.ASK, service="weather")],
                text="x",
                idempotency_key="k",
                at_turn=1,
            )
    finally:
        await application.switch.turn(off=False, by="test")
    assert (await say(application, under_way["web"], "마포구 날씨 어때요")).calls
    assert [row.off for row in (await application.switch.history())[:2]] == [False, True]
