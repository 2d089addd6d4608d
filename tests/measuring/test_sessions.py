"""Silent callers and short calls, measured on a stand-in for the conversations."""

from __future__ import annotations

import tracemalloc

from tests.measuring.talking import TalkingConversations
from tests.spoken import PHRASES

from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.measuring import sessions
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.load import Ears, Speech, SpeechPool
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import RATE, FakeSynthesiser


def _speech() -> Speech:
    voice = PhraseCache(None, FakeSynthesiser())
    return Speech(Ears(FakeRecogniser([]), EnergyActivity()), voice, RATE, SpeechPool(1))


async def test_short_calls_leave_nothing_behind() -> None:
    speech = _speech()
    conversations = TalkingConversations()
    # What a call leaves is in what was asked for: pages of the process follow their own mind over 30 calls.
    tracemalloc.start()
    try:
        found = await sessions.calls(
            conversations,
            speech,
            count=30,
            options=LiveOptions(PHRASES),
            warm=20,
            memory_used=lambda: tracemalloc.get_traced_memory()[0],
        )
    finally:
        tracemalloc.stop()
        speech.pool.close()
    assert len(conversations.openings) == len(conversations.said) == 50
    assert (found["tasks_left"], found["threads_left"], found["sockets_left"]) == (0, 0, 0)
    assert found["sessions_left"] == 0
    assert found["memory_kb_per_call"] <= 20


async def test_silent_callers_cost_a_little_and_say_nothing() -> None:
    speech = _speech()
    conversations = TalkingConversations()
    try:
        found = await sessions.listening(
            conversations, speech, sessions=4, seconds=0.3, options=LiveOptions(PHRASES), settle=0.1
        )
    finally:
        speech.pool.close()
    assert len(conversations.openings) == 4
    assert not conversations.said
    assert 0 <= found["cpu_share_per_session"] < 0.5
    assert found["sessions_a_core"] is None or found["sessions_a_core"] > 2
