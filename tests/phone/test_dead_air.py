"""Lines without sound: told, ended, filled in."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.phone.calling import Exchange, tone
from tests.phone.telephones import KINDS, exchange_of

from donghaeng.phone.dead_air import BROKEN_SECONDS, LOST_SECONDS, TOLD_SECONDS, DeadAir, Verdict
from donghaeng.phone.line import FRAME_SECONDS, GIVEN_UP, NO_SOUND, PhoneDesk
from donghaeng.speech.engines import Samples


def verdicts(line: DeadAir, seconds: float) -> list[Verdict]:
    return [line.tick() for _ in range(round(seconds / FRAME_SECONDS))]


def test_a_line_that_never_brought_sound_is_told_and_then_ends() -> None:
    seen = verdicts(DeadAir(FRAME_SECONDS), 100)
    assert seen.index(Verdict.TELL) * FRAME_SECONDS == pytest.approx(TOLD_SECONDS, abs=0.05)
    assert seen.index(Verdict.END) * FRAME_SECONDS == pytest.approx(BROKEN_SECONDS, abs=0.05)
    assert Counter(seen)[Verdict.TELL] == Counter(seen)[Verdict.END] == 1
    assert Verdict.FILL not in seen


def test_a_line_whose_sound_has_stopped_is_filled_in_and_ends_late() -> None:
    line = DeadAir(FRAME_SECONDS)
    line.heard()
    seen = verdicts(line, 200)
    assert seen[:10] == [Verdict.WAIT] * 10
    assert Verdict.TELL not in seen
    assert seen.index(Verdict.END) * FRAME_SECONDS == pytest.approx(LOST_SECONDS, abs=0.05)


@given(st.lists(st.floats(0.02, 0.24)))
def test_nothing_is_done_about_sound_that_is_only_late(pauses: list[float]) -> None:
    line = DeadAir(FRAME_SECONDS)
    line.heard()
    for pause in pauses:
        assert set(verdicts(line, pause)) <= {Verdict.WAIT}
        line.heard()


class Mute:
    """A caller of whom nothing is ever heard, at the desk itself: no wire makes a difference."""

    def __init__(self) -> None:
        self.heard: list[Samples] = []
        self.gone = asyncio.Event()

    async def incoming(self):  # type: ignore[no-untyped-def]
        await self.gone.wait()
        yield None

    async def write(self, frame: Samples) -> None:
        self.heard.append(frame)


async def test_who_is_not_heard_is_told_so_and_the_call_ends_with_why() -> None:
    exchange, caller = Exchange(), Mute()
    desk: PhoneDesk = exchange.desk
    reason = await asyncio.wait_for(desk.serve(caller.incoming(), caller.write, rate=8_000), 30)
    spoken = exchange.live._speech.voice.spoken  # type: ignore[attr-defined]
    await exchange.live.close()
    assert reason == "lost"
    words = " ".join(spoken)
    assert words.index(NO_SOUND.split(".")[0]) < words.index(GIVEN_UP.split(".")[0])
    assert exchange.conversations.said == []
    assert len(caller.heard) * FRAME_SECONDS == pytest.approx(BROKEN_SECONDS + 6.0, abs=1.0)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_telephone_that_suppresses_silence_is_understood(kind: str) -> None:
    exchange = Exchange(heard=("문 연 약국 있어요",))
    async with exchange_of(kind, exchange) as dial:
        phone = await dial()
        await phone.listen(9.0)
        await phone.talk(tone(1.0))
        phone.heard.clear()
        await phone.only_listen(5.0)
        assert [said.text for said in exchange.conversations.said] == ["문 연 약국 있어요"]
        assert phone.loud_seconds() > 1.0
        await phone.hang_up()
        await asyncio.wait_for(exchange.quiet.wait(), 5)
        await exchange.live.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_line_that_sends_nothing_at_all_ends_by_itself(kind: str) -> None:
    exchange = Exchange()
    async with exchange_of(kind, exchange) as dial:
        phone = await dial()
        await phone.only_listen(BROKEN_SECONDS + 9.0)
        assert phone.over
        await asyncio.wait_for(exchange.quiet.wait(), 5)
        await exchange.live.close()
    assert exchange.live.sessions == 0
