"""A scripted stand-in for the conversation runtime: enough behaviour to tell the web channel's faults."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Call, Card, Citation, Handover, Reply, Show
from donghaeng.errors import ConversationEnded, InputError, UnknownCode, UnknownConversation
from donghaeng.speech.engines import Hints

GREETING = "안녕하세요. 인공지능 상담원이에요. 무엇이 궁금하세요?"
TEXT_LIMIT = 2_000
"""Characters above which this runtime refuses, like the real one."""


CODE = "012345"
"""The code by which the newest conversation goes on."""


@dataclass(slots=True)
class Talk:
    """One conversation of the fake."""

    id: str
    token: str
    opening: Opening
    turns: list[dict[str, Any]] = field(default_factory=list)
    by_key: dict[str, Reply] = field(default_factory=dict)
    last: Reply | None = None
    ended: bool = False
    remembered: bool = False


class FakeConversations:
    """Implements :class:`donghaeng.conversation.door.Conversations` with replies by key word."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.persons: set[str] = set()
        """Keys of those who consented to be remembered."""

    async def open(self, opening: Opening) -> Reply:
        talk = Talk(id="c_" + secrets.token_hex(8), token=secrets.token_urlsafe(24), opening=opening)
        self.talks[talk.id] = talk
        talk.remembered = opening.person in self.persons
        return self._answered(talk, Said(), {"say": GREETING, "show": Show(text=GREETING)})

    async def turn(
        self, conversation: str, token: str, said: Said, *, idempotency_key: str | None = None
    ) -> Reply:
        talk = self._talk(conversation, token)
        if idempotency_key is not None and idempotency_key in talk.by_key:
            return talk.by_key[idempotency_key]
        if talk.ended:
            raise ConversationEnded("the conversation has been closed", remedy="open a new one")
        if said.text is not None and len(said.text) > TEXT_LIMIT:
            raise InputError(f"a turn has at most {TEXT_LIMIT} characters", remedy="say it in parts")
        reply = self._answered(talk, said, scripted(said))
        if idempotency_key is not None:
            talk.by_key[idempotency_key] = reply
        return reply

    async def resume(self, token: str) -> Reply:
        for talk in self.talks.values():
            if talk.token == token and talk.last is not None:
                return talk.last
        raise UnknownConversation("no such conversation")

    async def continue_by_code(self, code: str) -> Reply:
        if code != CODE or not self.talks:
            raise UnknownCode("no such code")
        last = list(self.talks.values())[-1].last
        assert last is not None
        return last

    async def hints(self, conversation: str, token: str) -> Hints:
        self._talk(conversation, token)
        return Hints()

    async def transcript(self, conversation: str, token: str) -> dict[str, Any]:
        talk = self._talk(conversation, token)
        return {"conversation": talk.id, "turns": talk.turns, "events": []}

    async def city_writes(self, conversation: str, token: str) -> list[dict[str, Any]]:
        self._talk(conversation, token)
        return []

    async def end(self, conversation: str, token: str) -> Reply:
        talk = self._talk(conversation, token)
        talk.ended = True
        text = "네, 안녕히 계세요."
        return self._answered(
            talk, Said(), {"say": text, "show": Show(text=text), "expects": "none", "ended": True}
        )

    def _remember(self, talk: Talk, heard: str) -> None:
        person = talk.opening.person
        if person is not None and "기억해 줘" in heard:
            self.persons.add(person)
            talk.remembered = True
        elif "기억한 거 지워" in heard:
            self.persons.discard(person or "")
            talk.remembered = False

    def _talk(self, conversation: str, token: str) -> Talk:
        talk = self.talks.get(conversation)
        if talk is None or not secrets.compare_digest(talk.token.encode(), token.encode()):
            raise UnknownConversation("no such conversation", remedy="open a new one")
        return talk

    def _answered(self, talk: Talk, said: Said, parts: dict[str, Any]) -> Reply:
        heard = said.text if said.text is not None else said.dtmf
        self._remember(talk, heard or "")
        parts = {**parts, "remembered": talk.remembered}
        reply = Reply(conversation=talk.id, token=talk.token, turn=len(talk.turns), heard=heard, **parts)
        talk.turns.append({"turn": reply.turn, "heard": heard, "say": reply.say, "show": reply.show.text})
        talk.last = reply
        talk.ended = reply.ended or talk.ended
        return reply


def scripted(said: Said) -> dict[str, Any]:
    """The parts of a reply, by the first key word that occurs."""
    if said.no_input:
        return _words("듣고 있어요. 천천히 말씀하세요.")
    text = said.text or ""
    if said.dtmf == "0" or "상담사" in text:
        return {
            **_words("상담사에게 이어 드릴게요. 잠시만 기다려 주세요."),
            "service": "counsellor",
            "calls": [Call(service="counsellor", effect="handover", outcome="ok")],
            "handover": Handover(state="callback" if "나중에 전화" in text else "queued", position=2),
        }
    for word, answer in ANSWERS.items():
        if word in text:
            return answer
    return {
        **_words("제가 잘 못 들었어요. 다시 한번 말씀해 주시겠어요?"),
        "expects": "open",
    }


def _words(say: str, written: str | None = None, card: Card | None = None) -> dict[str, Any]:
    return {"say": say, "show": Show(text=written or say, card=card)}


ANSWERS: dict[str, dict[str, Any]] = {
    "버스": {
        **_words(
            "네, 합정역 정류장에 육사일일 번 버스가 삼 분 뒤에 와요.",
            "네, 합정역 정류장에 6411번 버스가 3분 뒤에 와요.",
            Card(
                kind="list",
                title="합정역 정류장 (14011)",
                rows=[
                    {"title": "6411번", "value": "3분 뒤", "detail": "두 정류장 전"},
                    {"title": "6411번 다음 차", "value": "14분 뒤", "detail": "일곱 정류장 전"},
                ],
                source="서울시 버스정보시스템",
                as_of="오전 10시 00분",
            ),
        ),
        "service": "bus_arrival",
        "slots": {"route": "6411", "stop": {"ars_id": "14011", "name": "합정역"}},
        "calls": [Call(service="bus_arrival", effect="read", outcome="ok")],
    },
    "약국": {
        **_words(
            "지금 문 연 약국이 세 곳 있어요. 제일 가까운 곳은 걸어서 사 분 거리예요.",
            "지금 문 연 약국이 3곳 있어요. 제일 가까운 곳은 걸어서 4분 거리예요.",
            Card(
                kind="map",
                title="가까운 약국",
                rows=[
                    {
                        "title": "우리약국",
                        "detail": "마포구 양화로 45",
                        "value": "250 m",
                        "phone": "02-300-0001",
                    },
                    {
                        "title": "합정온누리약국",
                        "detail": "마포구 월드컵로 12",
                        "value": "480 m",
                        "phone": "02-300-0002",
                    },
                    {
                        "title": "참사랑약국",
                        "detail": "마포구 독막로 7",
                        "value": "900 m",
                        "phone": "02-300-0003",
                    },
                ],
                source="국립중앙의료원",
                as_of="오전 10시 00분",
            ),
        ),
        "service": "pharmacy",
        "calls": [Call(service="pharmacy", effect="read", outcome="ok")],
    },
    "정부이십사": {
        **_words(
            "정부이십사는 서류를 떼는 곳이에요. 화면에 나온 큰 단추를 누르시면 열려요.",
            "정부24는 서류를 떼는 곳이에요. 화면에 나온 큰 단추를 누르시면 열려요.",
            Card(
                kind="answer",
                rows=[
                    {
                        "title": "정부24",
                        "detail": "서류를 떼는 곳이에요.",
                        "value": "www.gov.kr",
                        "url": "https://www.gov.kr",
                    },
                    {"title": "암호 없는 곳", "url": "http://www.gov.kr"},
                    {"title": "글", "url": "javascript:document.title='열림'"},
                    {"title": "아닌 것", "url": "정부24"},
                ],
            ),
        ),
        "service": "open_app",
        "calls": [Call(service="open_app", effect="guide", outcome="ok")],
    },
    "소파": {
        **_words(
            "소파 한 개를 십이월 일 일 화요일에 가져갈까요? 수수료는 만 원이에요.",
            "소파 1개를 12월 1일 화요일에 가져갈까요? 수수료는 10,000원이에요.",
        ),
        "service": "bulky_waste",
        "asks": None,
        "expects": "confirm",
    },
    "네": {
        **_words(
            "신청했어요. 접수번호는 마 이삼 사오육칠이에요.",
            "신청했어요. 접수번호는 마23-4567이에요.",
            Card(
                kind="receipt",
                title="대형 폐기물 신청",
                rows=[
                    {"title": "접수번호", "value": "마23-4567"},
                    {"title": "물건", "value": "소파 1개"},
                    {"title": "가져가는 날", "value": "12월 1일 화요일"},
                    {"title": "수수료", "value": "10,000원"},
                ],
            ),
        ),
        "service": "bulky_waste",
        "calls": [Call(service="bulky_waste", effect="write", outcome="ok", receipt="마23-4567")],
    },
    "정류장": {
        **_words(
            "합정역 정류장이 두 곳이에요. 어느 쪽으로 가세요?",
            None,
            Card(
                kind="question",
                title="어느 쪽으로 가세요?",
                rows=[
                    {"title": "홍대입구역 쪽", "detail": "합정역 1번 출구 앞", "say": "홍대입구역 쪽이요"},
                    {"title": "당산역 쪽", "detail": "합정역 8번 출구 앞", "say": "당산역 쪽이요"},
                ],
            ),
        ),
        "service": "bus_arrival",
        "asks": "stop",
        "expects": "choice",
    },
    "여권": {
        **_words(
            "여권을 새로 만드는 데는 보통 나흘이 걸려요.",
            "여권을 새로 만드는 데는 보통 4일이 걸려요.",
            Card(
                kind="answer",
                title="여권 발급 기간",
                rows=[{"detail": "업무일로 4일, 성수기에는 더 걸려요."}],
            ),
        ),
        "service": "ask",
        "citations": [Citation(id="p1", title="여권 발급 안내", source="서울시 민원 편람")],
    },
    "기억해 줘": _words("네, 기억했어요."),
    "기억한 거 지워": _words("네, 기억해 둔 것을 모두 지웠어요."),
    "끝": {**_words("네, 안녕히 계세요."), "expects": "none", "ended": True},
}
