"""A turn of a live line is one span: its words and every clause of the answer belong to it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from tests.spans import kept_spans

_SPEC = importlib.util.spec_from_file_location("live_caller", Path(__file__).with_name("live_caller.py"))
assert _SPEC
assert _SPEC.loader
live_caller = sys.modules.setdefault("live_caller", importlib.util.module_from_spec(_SPEC))
_SPEC.loader.exec_module(live_caller)
HEARD = "육사일일 번 버스 언제 와요"


async def test_its_words_and_its_sound_belong_to_a_spoken_turn() -> None:
    with kept_spans() as kept:
        caller = live_caller.Caller(heard=[HEARD])
        await caller.start()
        await caller.listen_to_the_end()
        kept.clear()
        await caller.speak(2.0)
        await caller.quiet(1.0)
        await caller.hang_up()
    spans = kept.get_finished_spans()
    (spoken,) = [span for span in spans if span.name == "donghaeng.spoken"]
    (words,) = [span for span in spans if span.name == "donghaeng.recognise"]
    clauses = [span for span in spans if span.name == "donghaeng.synthesise"]
    assert words.attributes is not None
    assert words.attributes["donghaeng.confidence"] == 0.9
    assert 1.5 < words.attributes["donghaeng.audio_seconds"] < 4
    assert len(clauses) > 1
    assert {span.parent.span_id for span in (words, *clauses) if span.parent} == {spoken.context.span_id}
    assert HEARD not in "".join(span.to_json() for span in spans)
