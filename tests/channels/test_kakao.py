"""The skill's address as KakaoTalk's platform calls it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.applications import Starlette
from tests.channels.messengers import packaged_words

from donghaeng.channels.desk import ChannelDesk
from donghaeng.channels.kakao.callback import is_callback
from donghaeng.channels.kakao.skill import BURST, MOST_BYTES, PATH, KakaoSkill
from donghaeng.channels.kakao.wire import SkillResponse
from donghaeng.channels.protocol import Answer, Desk, Incoming, Later

SECRET = "a-secret-of-sixteen-characters"
WORDS = packaged_words()
CALLBACK = "https://bot-api.kakao.com/v1/callback/once"


def payload(utterance: str, **request: Any) -> dict[str, Any]:
    """All that the platform documents, with values of our own."""
    return {
        "intent": {"id": "block-1", "name": "폴백 블록", "extra": {"reason": {"code": 1, "message": "OK"}}},
        "userRequest": {
            "timezone": "Asia/Seoul",
            "params": {"surface": "Kakaotalk.plusfriend"},
            "block": {"id": "block-1", "name": "폴백 블록"},
            "utterance": utterance,
            "lang": "ko",
            "user": {
                "id": "bot-user-key",
                "type": "botUserKey",
                "properties": {"plusfriendUserKey": "friend-key", "isFriend": True},
            },
            **request,
        },
        "bot": {"id": "bot-1", "name": "동행"},
        "action": {"id": "skill-1", "name": "동행", "params": {}, "detailParams": {}, "clientExtra": None},
        "contexts": [],
        "flow": {"trigger": {"type": "TEXT_INPUT"}, "lastBlock": {"id": "block-0", "name": "처음"}},
    }


class Platform:
    """What stands on the other side of callback addresses."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, dict[str, Any]]] = []
        self.answer = httpx.Response(200, json={"taskId": "t", "status": "SUCCESS", "timestamp": 1})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.posted.append((str(request.url), json.loads(request.content)))
        return self.answer


class Impatient:
    """A desk as seen by a platform that waits no moment."""

    def __init__(self, desk: ChannelDesk) -> None:
        self._desk = desk

    async def take(self, incoming: Incoming, *, seconds: float, later: Later | None = None) -> Answer:
        assert seconds == 4.0
        await self._desk.close()
        return await self._desk.take(incoming, seconds=0.0, later=later)


class Kakao:
    """The platform's client."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def post(self, body: Any, secret: str = SECRET) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {secret}".encode(), "Content-Type": b"application/json"}
        return await self._client.post(PATH, content=content, headers=headers)

    async def write(self, utterance: str, **request: Any) -> dict[str, Any]:
        answer = await self.post(payload(utterance, **request))
        assert answer.status_code == 200
        body = answer.json()
        SkillResponse.model_validate(body)
        return body


def bubbles(body: dict[str, Any]) -> list[str]:
    return [out["simpleText"]["text"] for out in body["template"]["outputs"] if "simpleText" in out]


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def time() -> list[float]:
    """Seconds, in a list of one."""
    return [0.0]


@pytest.fixture
async def skill(platform: Platform, time) -> AsyncIterator[KakaoSkill]:
    made = KakaoSkill(
        SecretStr(SECRET), WORDS, transport=httpx.MockTransport(platform), clock=lambda: time[0]
    )
    yield made
    await made.aclose()


async def over(skill: KakaoSkill, desk: Desk) -> AsyncIterator[Kakao]:
    transport = httpx.ASGITransport(Starlette(routes=list(skill.routes(desk))))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Kakao(client)


@pytest.fixture
async def kakao(skill: KakaoSkill, desk) -> AsyncIterator[Kakao]:
    async for made in over(skill, desk):
        yield made


@pytest.fixture
async def impatient(skill: KakaoSkill, desk) -> AsyncIterator[Kakao]:
    async for made in over(skill, Impatient(desk)):
        yield made


async def test_a_message_is_greeted_and_answered_in_writing(kakao: Kakao) -> None:
    greeting, answer = bubbles(await kakao.write("육사일일 번 버스"))
    assert "인공지능" in greeting
    assert answer.startswith("네, 합정역 정류장에 6411번 버스가 3분 뒤에 와요.")


async def test_a_confirmation_is_tapped(kakao: Kakao, runtime) -> None:
    asked = await kakao.write("소파 버려 줘")
    affirm, deny, person = asked["template"]["quickReplies"]
    assert (affirm["label"], deny["label"], person["label"]) == ("네", "아니요", "상담사")
    [receipt] = bubbles(await kakao.write(affirm["messageText"]))
    assert "접수번호: 마23-4567" in receipt
    assert runtime.heard == ["소파 버려 줘", "네"]


async def test_a_late_answer_without_a_callback_waits_for_a_touch(impatient, kakao, desk) -> None:
    late = await impatient.write("약국")
    assert bubbles(late) == [WORDS.waiting]
    show = late["template"]["quickReplies"][0]
    await desk.close()
    answer = bubbles(await kakao.write(show["messageText"]))
    assert "지금 문 연 약국이 3곳 있어요." in answer[1]


async def test_a_late_answer_goes_to_the_callback_address(impatient, kakao, desk, platform) -> None:
    late = await impatient.write("약국", callbackUrl=CALLBACK)
    assert late == {"version": "2.0", "useCallback": True, "data": {"text": WORDS.waiting_callback}}
    await desk.close()
    [(address, body)] = platform.posted
    assert address == CALLBACK
    assert "지금 문 연 약국이 3곳 있어요." in bubbles(body)[1]
    # It was told: the next message brings its own answer alone.
    assert len(bubbles(await kakao.write("버스"))) == 1


async def test_a_quick_answer_leaves_the_callback_alone(kakao: Kakao, platform: Platform) -> None:
    assert len(bubbles(await kakao.write("약국", callbackUrl=CALLBACK))) == 2
    assert platform.posted == []


async def test_a_request_that_comes_twice_is_one_turn(kakao: Kakao, runtime) -> None:
    once = await kakao.write("소파", callbackUrl=CALLBACK)
    again = await kakao.write("소파", callbackUrl=CALLBACK)
    assert bubbles(again) == bubbles(once)[1:]
    assert runtime.heard == ["소파"]


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"taskId": "t", "status": "FAIL", "message": "Invalid callback token."}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
        httpx.Response(500),
    ],
)
async def test_an_answer_that_the_callback_refused_comes_later(
    impatient, kakao, desk, platform, answer
) -> None:
    platform.answer = answer
    await impatient.write("소파", callbackUrl=CALLBACK)
    await desk.close()
    assert len(platform.posted) == 1
    assert "소파 1개를" in bubbles(await kakao.write(WORDS.show))[1]


async def test_a_callback_address_that_is_too_old_is_left_alone(
    impatient, kakao, desk, platform, runtime, time
) -> None:
    runtime.gate.clear()
    await impatient.write("약국", callbackUrl=CALLBACK)
    time[0] = 53.0
    runtime.gate.set()
    await desk.close()
    assert platform.posted == []
    assert len(bubbles(await kakao.write(WORDS.show))) == 2


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        (CALLBACK, True),
        ("https://kakao.com/x", True),
        ("http://bot-api.kakao.com/x", False),
        ("https://bot-api.kakao.com:8443/x", False),
        ("https://user@bot-api.kakao.com/x", False),
        ("https://kakao.com.example/x", False),
        ("https://notkakao.com/x", False),
        ("https://127.0.0.1/x", False),
        ("https://[::1", False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_platforms_own_addresses_are_called(address: str | None, ours: bool) -> None:
    assert is_callback(address) is ours


async def test_a_foreign_callback_address_is_as_good_as_none(impatient, desk, platform) -> None:
    late = await impatient.write("약국", callbackUrl="https://inside.example/admin")
    assert bubbles(late) == [WORDS.waiting]
    await desk.close()
    assert platform.posted == []


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "비밀"])
async def test_who_does_not_know_the_secret_is_refused(kakao: Kakao, runtime, secret: str) -> None:
    answer = await kakao.post(payload("버스"), secret)
    assert answer.status_code == 401
    assert runtime.talks == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"userRequest": null}',
        b'{"userRequest": {"utterance": "x"}}',
        b'{"userRequest": {"utterance": "x", "user": {"id": ""}}}',
        b'{"userRequest": {"utterance": 3, "user": {"id": "u"}}}',
        b'{"userRequest": {"utterance": "' + b"x" * MOST_BYTES + b'", "user": {"id": "u"}}}',
        b"[" * 10_000,
    ],
    ids=range(11),
)
async def test_what_cannot_be_read_is_answered_with_an_apology(kakao: Kakao, body: bytes) -> None:
    answer = await kakao.post(body)
    assert answer.status_code == 200
    assert bubbles(answer.json()) == [WORDS.unreadable]


async def test_words_that_are_too_many_are_told_so(kakao: Kakao) -> None:
    assert bubbles(await kakao.write("가" * 3000)) == [WORDS.too_long]


async def test_a_fault_of_ours_is_an_apology_without_a_trace_of_the_words(kakao, runtime, capsys) -> None:
    runtime.failure = RuntimeError("bot-user-key")
    assert bubbles(await kakao.write("비밀 이야기")) == [WORDS.sorry]

    class Broken:
        async def take(self, *given: object, **more: object) -> Answer:
            raise RuntimeError("비밀 이야기")

    async for broken in over(KakaoSkill(SecretStr(SECRET), WORDS), Broken()):
        assert bubbles(await broken.write("비밀 이야기")) == [WORDS.sorry]
    logged = "".join(capsys.readouterr())
    assert "비밀" not in logged
    assert "bot-user-key" not in logged


async def test_who_writes_too_fast_is_slowed_and_nobody_else(kakao: Kakao, time, runtime) -> None:
    for _ in range(int(BURST)):
        await kakao.write("버스")
    assert bubbles(await kakao.write("버스")) == [WORDS.too_many]
    other = {"id": "another", "type": "botUserKey"}
    assert len(bubbles(await kakao.write("버스", user=other))) == 2
    time[0] = 4.0
    assert len(bubbles(await kakao.write("버스"))) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "utterance": st.text(max_size=50) | JSON,
        "user": st.fixed_dictionaries({"id": st.text(max_size=80)}) | JSON,
        "callbackUrl": st.sampled_from([CALLBACK, "https://inside.example/"]) | JSON,
        "params": JSON,
    },
)


class Echo:
    """A desk that answers nothing of interest."""

    async def take(self, incoming: Incoming, *, seconds: float, later: Later | None = None) -> Answer:
        assert isinstance(incoming.text, str)
        assert incoming.message in (CALLBACK, None)
        return Answer(notice="busy")


@given(st.one_of(JSON, st.fixed_dictionaries({"userRequest": REQUESTS | JSON})), st.binary(max_size=40))
def test_whatever_comes_the_answer_is_one_that_the_platform_shows(body: Any, noise: bytes) -> None:
    import asyncio

    async def run() -> None:
        async for kakao in over(KakaoSkill(SecretStr(SECRET), WORDS, limited=False), Echo()):
            for content in (json.dumps(body).encode(), noise):
                answer = await kakao.post(content)
                assert answer.status_code == 200
                SkillResponse.model_validate(answer.json())

    asyncio.run(run())
