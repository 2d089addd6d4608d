"""The whole program: a citizen asks for a person, a counsellor takes over and gives back."""

from __future__ import annotations

from donghaeng.app import open_for_tests
from donghaeng.conversation.door import Opening, Said


async def test_a_citizen_reaches_a_counsellor_and_returns_to_the_machine() -> None:
    async with open_for_tests() as application:
        talk, desk = application.conversations, application.desk
        opened = await talk.open(Opening(channel="web", home_district="마포구"))

        async def say(text: str):
            return await talk.turn(opened.conversation, opened.token, Said(text=text))

        await say("기초연금은 몇 살부터 받아요")
        await say("소파를 버려야 하는데요")
        reply = await say("상담사 바꿔 주세요")
        assert reply.handover is not None
        assert reply.handover.state == "queued"
        case = await desk.claim_next("kim")
        assert case is not None
        assert (case.service, case.slots["버릴 물건"]) == ("대형 폐기물", "소파")
        assert any(one.source is not None and "연금" in one.source.title for one in case.suggestions)
        assert (await say("마포구 양화로 45요")).say == ""
        assert (await say("우리 영감이 쓰러졌어요")).say == ""
        case = await desk.case(case.handover.id, "kim")
        assert case.emergency == "medical"
        await desk.say(case.handover.id, "kim", "119에 바로 전화하세요. 제가 기다릴게요.")
        await desk.hand_back(case.handover.id, "kim")
        answers = await talk.desk.answers(opened.conversation, opened.token, after=0, seconds=0)
        said = [one.reply for one in answers.told if one.reply.say]
        assert said[0].say.startswith("일일구에 바로")
        assert said[1].show.text.startswith("다시 인공지능 상담원이에요.")
        assert said[1].asks == "address"
        reply = await say("마포구 양화로 45요")
        assert reply.slots["address"] == "서울특별시 마포구 양화로 45"


async def test_an_objection_leads_to_a_person() -> None:
    async with open_for_tests() as application:
        talk = application.conversations
        opened = await talk.open(Opening(channel="web"))
        reply = await talk.turn(
            opened.conversation, opened.token, Said(text="이 결정은 도저히 받아들일 수 없어요")
        )
        assert reply.expects == "choice"
        assert "상담사" in reply.say
        await talk.turn(opened.conversation, opened.token, Said(text="네"))
        (waiting,) = await application.desk.queue()
        assert waiting.reason == "rule:objection"
