"""Who wants to come to an event of the alliance says so: by the service for reservations, with a receipt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from donghaeng.app.alliance import CityWithAlliance, fitting_events
from donghaeng.app.application import Application, open_application
from donghaeng.conversation.door import Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.scenario_runner import InProcessAgent, play
from donghaeng.conversation.scenarios import read_scenarios
from donghaeng.errors import GatewayRefused, ProviderTimeout
from donghaeng.people.calling import SEOUL
from donghaeng.settings import load_settings
from donghaeng.store import Store, alliance, alliance_bookings
from donghaeng.store.alliance import Event, Member

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEN = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)
TODAY = TEN.date()
EVENTS = (
    Event("리빙랩", "겨울 모임", date(2026, 12, 20), "서울시청", 3),
    Event("데이터", "데이터 포럼", date(2026, 12, 11), "상암", 40),
    Event("데이터", "지난 포럼", date(2026, 3, 11), "상암", 40),
)
ANSWERS = {
    "facility": "얼라이언스 겨울 모임",
    "date": "십이월 이십일",
    "time": "오후 두 시",
    "people": "두 명",
    "person_name": "김복순",
    "phone": "공일공 일이삼사 오육칠팔",
}


def found(said: str) -> list[str]:
    return [one.name for one in fitting_events(said, EVENTS, TODAY)]


def test_words_mean_an_event_by_its_whole_name_or_where_the_alliance_is_named() -> None:
    assert (
        found("겨울 모임")
        == found("리빙랩 겨울모임")
        == found("스마트도시 얼라이언스 겨울 모임")
        == ["겨울 모임"]
    )
    assert found("얼라이언스 포럼 신청") == ["데이터 포럼"]
    assert found("얼라이언스 행사") == ["데이터 포럼", "겨울 모임"]
    assert found("포럼") == found("모임") == found("테니스장") == found("지난 포럼") == []
    assert found("얼라이언스 테니스 대회") == found("") == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Application]:
    folder = tmp_path_factory.mktemp("alliance")
    settings = load_settings(data=folder, city="sandbox", database=None, allow_test_clock=True)
    async with open_application(settings, clock=lambda: TEN, speech=False, watch=False) as opened:
        opened.store.run(lambda tx: alliance.put_events(tx, EVENTS, "행사.csv", TEN))
        yield opened


async def test_the_conversations_of_the_events_go_as_written(application: Application) -> None:
    agent = InProcessAgent(application.conversations)
    failed = []
    for scenario in read_scenarios([Path(__file__).with_name("alliance_voice.yaml")]):
        verdict = await play(scenario, agent)
        if not verdict.passed:
            failed.append((scenario.scenario, verdict.failed_step, verdict.why))
    assert failed == []
    assert voices(application.store) == {}, "what a test reserves takes nobody's seat"


def voices(store: Store) -> dict[str, int]:
    named = {
        one.id: one.name for one in store.look(lambda tx: alliance.all_events(tx, TODAY, date(2027, 1, 1)))
    }
    return {
        named[event]: heads
        for event, heads in store.look(lambda tx: alliance_bookings.by_voice(tx, TEN)).items()
    }


async def reserved(application: Application) -> Reply:
    """A citizen's request up to the city's answer."""
    conversations = application.conversations
    reply = await conversations.open(Opening(channel="phone"))
    words = "공공 시설 예약 좀 해 주이소"
    for _ in range(9):
        reply = await conversations.turn(reply.conversation, reply.token, Said(text=words))
        if reply.calls:
            return reply
        words = "네" if reply.expects == "confirm" else ANSWERS[reply.asks or ""]
    raise AssertionError(reply)


async def test_a_request_takes_seats_gives_a_receipt_and_gives_them_back_when_it_is_cancelled(
    application: Application,
) -> None:
    reply = await reserved(application)
    (call,) = reply.calls
    assert (call.outcome, bool(call.receipt)) == ("ok", True)
    assert voices(application.store) == {"겨울 모임": 2}
    # Two of three seats are gone, for bodies at the desk too.
    full = await reserved(application)
    assert [one.outcome for one in full.calls] == ["failed"]
    assert full.asks == "people"
    (event,) = application.store.look(lambda tx: alliance.find_events(tx, [EVENTS[0].key])).values()
    body = Member("강남구청", "자치구", date(2025, 1, 1))
    application.store.run(lambda tx: alliance.put_members(tx, [body], "회원.csv", TEN))
    (member,) = application.store.look(lambda tx: alliance.find_members(tx, ["강남구청"])).values()
    with pytest.raises(Exception, match="자리가 모자라요"):
        application.store.run(
            lambda tx: alliance.sign_up(tx, event.id, member.id, 2, by="t", at=TEN, on=TODAY)
        )
    turn = application.conversations.turn
    for words in (f"접수번호 {call.receipt} 신청을 취소해 주세요", "네"):
        reply = await turn(reply.conversation, reply.token, Said(text=words))
    assert [(one.service, one.outcome) for one in reply.calls] == [("my_requests", "ok")]
    assert voices(application.store) == {}
    assert application.store.run(
        lambda tx: alliance.sign_up(tx, event.id, member.id, 2, by="t", at=TEN, on=TODAY)
    )


class Silent:
    """A gateway that answers at the second asking."""

    operations: dict = {}

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refuses = False

    async def call(self, operation, arguments, *, now, idempotency_key=None):
        from donghaeng.city.operations import Answer

        self.asked.append(idempotency_key)
        if self.refuses:
            raise GatewayRefused("gateway", "closed", "no")
        if len(self.asked) == 1:
            raise ProviderTimeout("gateway", "no answer")
        return Answer(rows=({},), receipt="SEL-1")


async def test_the_same_request_sent_again_holds_its_seats_once(application: Application) -> None:
    inner = Silent()
    city = CityWithAlliance(inner, application.store, keeps=True, clock=lambda: TEN)
    wish = {"facility": "데이터 포럼", "people": 30, "date": "2026-12-11"}

    async def book(key: str):
        return await city.call("gateway.reserve_facility", wish, now=TEN, idempotency_key=key)

    with pytest.raises(ProviderTimeout):
        await book("one")
    assert voices(application.store)["데이터 포럼"] == 30, "held, for the city may have accepted it"
    with pytest.raises(GatewayRefused, match="seats"):
        await book("other")
    assert (await book("one")).receipt == "SEL-1"
    assert voices(application.store)["데이터 포럼"] == 30
    await city.call("gateway.cancel", {"receipt": "SEL-1"}, now=TEN, idempotency_key="c")
    assert "데이터 포럼" not in voices(application.store)
    inner.refuses = True
    with pytest.raises(GatewayRefused):
        await book("third")
    assert "데이터 포럼" not in voices(application.store)
