"""The off switch on live lines: the sound ends, whoever speaks or waits is told whom to call."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from tests.spoken import PHRASES

from donghaeng.conversation.admission import Admission
from donghaeng.conversation.live_mouth import LiveOptions

_SPEC = importlib.util.spec_from_file_location("live_caller", Path(__file__).with_name("live_caller.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
live_caller = sys.modules.setdefault("live_caller", importlib.util.module_from_spec(_SPEC))
if not hasattr(live_caller, "Caller"):
    _SPEC.loader.exec_module(live_caller)
Caller, RATE = live_caller.Caller, live_caller.RATE

OFF = PHRASES("machine_off")


def told(caller) -> str:
    return " ".join(caller.voice.spoken)


async def test_an_answer_is_cut_off_even_in_its_notice() -> None:
    caller = Caller()
    await caller.start()
    assert caller.of("audio_start"), "the greeting begins with a legal notice, which nobody interrupts"
    before = len(caller.voice.spoken)
    caller.desk.machine_switched(True)
    await caller.settle()
    assert [one["turn"] for one in caller.of("interrupted")] == [0]
    assert [(one["code"], one["title"]) for one in caller.of("error")] == [("machine_off", OFF)]
    said = " ".join(caller.voice.spoken[before:])
    assert "일일구" in said
    assert "인공지능" not in said
    await caller.hang_up()


async def test_switched_on_again_the_line_goes_on() -> None:
    caller = Caller(heard=["버스 언제 와요"])
    await caller.start()
    caller.desk.machine_switched(True)
    await caller.settle()
    caller.desk.machine_switched(False)
    await caller.listen_to_the_end()
    await caller.speak(0.6)
    await caller.quiet(2.5)
    assert [one["text"] for one in caller.of("heard")] == ["버스 언제 와요"]
    assert len(caller.of("error")) == 1
    await caller.hang_up()


async def test_whoever_comes_back_does_not_hear_the_last_answer_again() -> None:
    off = False
    caller = Caller(options=LiveOptions(PHRASES, is_off=lambda: off))
    await caller.start()
    await caller.hang_up()
    off = True
    before = len(caller.voice.spoken)
    caller.dial()
    await caller.send(type="start", sample_rate=RATE, resume="t_1")
    assert caller.of("error")[-1]["code"] == "machine_off"
    assert "인공지능" not in " ".join(caller.voice.spoken[before:])
    await caller.hang_up()


async def test_nobody_waits_for_a_place_to_be_told() -> None:
    admission = Admission(1, now=lambda: 0.0)
    admission.join()
    waiting, late = Caller(admission=admission), Caller(admission=admission)
    await waiting.start()
    assert not waiting.of("ready")
    waiting.desk.machine_switched(True)
    await waiting.settle()
    assert waiting.of("ready")
    await late.start()
    assert late.of("ready")
    waiting.desk.machine_switched(False)
    last = Caller(admission=admission)
    await last.start()
    assert not last.of("ready")
    for caller in (waiting, late, last):
        await caller.hang_up()
