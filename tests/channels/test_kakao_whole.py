"""A write by KakaoTalk's format through the whole program: confirmed once, nothing forbidden kept."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from tests.channels.messengers import packaged_words

from donghaeng.app.application import Application, open_for_tests, seoul_now
from donghaeng.channels.desk import ChannelDesk
from donghaeng.channels.kakao.skill import PATH, KakaoSkill

SECRET = "a-secret-of-sixteen-characters"
RESIDENT_NUMBER = "470815-2345678"


@pytest.fixture
async def application() -> AsyncIterator[Application]:
    async with open_for_tests() as opened:
        yield opened


@pytest.mark.system
async def test_a_sofa_is_given_away_by_messenger(application: Application) -> None:
    words = packaged_words()
    desk = ChannelDesk(
        application.conversations,
        application.store,
        clock=seoul_now,
        stands_alone=lambda text: False,
        shows=words.show,
    )
    skill = KakaoSkill(SecretStr(SECRET), words)
    transport = httpx.ASGITransport(Starlette(routes=list(skill.routes(desk))))
    answers: list[str] = []
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

        async def write(utterance: str) -> dict:
            body = {"userRequest": {"user": {"id": "bot-user-key"}, "utterance": utterance}}
            headers = {"Authorization": f"Bearer {SECRET}"}
            answer = await client.post(PATH, json=body, headers=headers)
            answers.append(answer.text)
            return answer.json()["template"]

        await write(f"쇼파를 버려야 하는데 제 번호는 {RESIDENT_NUMBER}이에요")
        await write("마포구 양화로 45, 302호")
        await write("다음 주 화요일")
        asked = await write("010-1234-5678")
        assert [each["label"] for each in asked["quickReplies"]] == ["네", "아니요", "상담사"]
        assert "8,000원" in answers[-1]
        await write("네")
        assert "접수번호는 SEL-" in answers[-1]
        person = await write("상담사")
        assert "상담사를 기다리고 있어요. 순서는 1번째예요." in answers[-1]
        assert person["quickReplies"][-1]["label"] == "상담사"
    await desk.close()
    await skill.aclose()
    assert not any("2345678" in answer for answer in answers)
