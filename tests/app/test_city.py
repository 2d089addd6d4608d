"""The city that the settings name: calls are counted over processes; without a gateway people take writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from tests.conversation.sandboxed import runtime_on
from tests.conversation.scripted import KEY, PLACES
from tests.dialogue.harness import BULKY, ask, catalogue, fills, value_of

from donghaeng.app.cities import open_city
from donghaeng.city.connect import ConnectedCity, connect, daily_limits
from donghaeng.city.operations import Effect
from donghaeng.cli.doctor_records import city as examined
from donghaeng.conversation.door import Opening
from donghaeng.conversation.reply import Reply
from donghaeng.conversation.runtime import ConversationRuntime
from donghaeng.errors import ProviderUnconnected, QuotaUsedUp, SettingsError
from donghaeng.sandbox.inside import own_city
from donghaeng.settings import Settings, load_settings
from donghaeng.store import Store, outbox, requests
from donghaeng.trust.sealing import Sealer
from donghaeng.understanding.acts import Act, ActKind

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
SEALER = Sealer([KEY])
MOST_TURNS = 10
WRITES = tuple(
    name
    for name, service in catalogue().items()
    if service.is_served and service.effect is Effect.WRITE and name != "my_requests"
)


def live(folder: Path, **keys: object) -> Settings:
    return load_settings(city="live", data=folder, **keys)


def nothing_answers(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"{request.url.host} was asked")


def unconnected(folder: Path) -> ConnectedCity:
    return connect(live(folder), PLACES, transport=httpx.MockTransport(nothing_answers))


async def does(runtime: ConversationRuntime, opened: Reply, turn: int, act: Act) -> Reply:
    reply, _ = await runtime.act(
        opened.conversation, opened.token, (act,), text="말", idempotency_key=str(turn), at_turn=turn - 1
    )
    return reply


@pytest.mark.parametrize("service", WRITES)
async def test_without_a_gateway_people_take_a_write_with_what_was_prepared(
    tmp_path: Path, service: str
) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'd.db'}", SEALER, synchronous="NORMAL") as store:
        city = unconnected(tmp_path)
        runtime = runtime_on(store, own_city(PLACES), lambda: NOW, city=city)
        opened = await runtime.open(Opening(home_district="마포구"))
        said = {name: value_of(service, name) for name in catalogue()[service].slots}
        reply = await does(runtime, opened, 1, ask(service, **said))
        for turn in range(2, MOST_TURNS):
            if reply.handover is not None:
                break
            if reply.asks is not None:
                act = Act(ActKind.FILL, slots=fills({reply.asks: value_of(service, reply.asks)}))
            else:
                act = Act(ActKind.CONFIRM)
            reply = await does(runtime, opened, turn, act)
        assert reply.handover is not None, reply.show.text
        assert catalogue()[service].owner.handover_number in reply.show.text
        assert reply.service == service
        assert all(call.receipt is None and call.outcome == "failed" for call in reply.calls)
        assert store.look(outbox.pending) == []
        assert store.look(lambda tx: requests.of_conversation(tx, opened.conversation)) == []
        assert await runtime.send_waiting() == 0
        await city.aclose()


async def test_what_is_not_connected_is_said_with_the_setting(tmp_path: Path) -> None:
    city = unconnected(tmp_path)
    with pytest.raises(ProviderUnconnected, match="DONGHAENG_GATEWAY_URL"):
        await city.call("gateway.bulky_waste", dict(BULKY) | {"count": 1}, now=NOW, idempotency_key="k" * 8)
    with pytest.raises(ProviderUnconnected, match="DONGHAENG_SEOUL_SUBWAY_KEY"):
        await city.call("subway.arrivals", {"station": "강남"}, now=NOW)
    await city.aclose()


async def test_calls_are_counted_over_processes_by_the_key_and_the_korean_day(tmp_path: Path) -> None:
    settings = live(tmp_path, seoul_subway_key="one", daily_limits={"subway": 3})
    late = datetime.fromisoformat("2026-11-23T23:59:59+09:00")

    async def take(settings: Settings, now: datetime = late) -> None:
        with Store.open(f"sqlite:///{tmp_path / 'd.db'}", SEALER) as store:
            city = open_city(settings, PLACES, SEALER, store)
            await city._outside.transport._quota.take("subway", now)
            await city.aclose()

    for _ in range(3):
        await take(settings)
    with pytest.raises(QuotaUsedUp, match="DONGHAENG_DAILY_LIMITS"):
        await take(settings)
    await take(settings, late + timedelta(seconds=1))
    await take(live(tmp_path, seoul_subway_key="another", daily_limits={"subway": 3}))


def test_limits_are_those_of_development_keys_unless_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert daily_limits(load_settings())["subway"] == 1_000
    monkeypatch.setenv("DONGHAENG_DAILY_LIMITS", '{"subway": 100000}')
    assert daily_limits(load_settings())["subway"] == 100_000
    assert daily_limits(load_settings())["kma"] == 10_000
    for wrong in ('{"subway": -1}', '{"subway": "many"}', "[1]"):
        monkeypatch.setenv("DONGHAENG_DAILY_LIMITS", wrong)
        with pytest.raises(SettingsError, match="DONGHAENG_DAILY_LIMITS"):
            load_settings()


def test_the_doctor_says_who_is_not_connected_and_what_is_spent(tmp_path: Path) -> None:
    found = examined(live(tmp_path, seoul_subway_key="one"))
    assert found.state == "absent"
    assert "subway 0/1000" in found.detail
    assert "gateway" in found.detail.partition("not connected")[2]
    assert "subway" not in found.detail.partition("not connected")[2]
    assert "DONGHAENG_GATEWAY_URL" in (found.remedy or "")
    assert "one" not in found.detail.split()
    assert examined(load_settings(data=tmp_path)).state == "ok"
