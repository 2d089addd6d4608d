"""One recorded utterance as one turn: for `donghaeng call`, `POST …/turns` with sound, and measuring."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.conversation.reply import Reply
from donghaeng.speech.audio import read_audio
from donghaeng.speech.engines import Audio, Recognition
from donghaeng.speech.load import Speech
from donghaeng.trust.tracing import Key, Step, step


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """What was heard, decided and said."""

    heard: Recognition
    reply: Reply
    answer: Audio | None = None
    """The spoken reply; ``None`` where it was not asked for or has no words."""
    timings: dict[str, float] = field(default_factory=dict)
    """Seconds of wall time: ``hear_s``, ``turn_s``, ``first_audio_s`` and ``speak_s`` (both from the start of
    speaking), ``total_s``; and ``hear_cpu_s``."""


async def take_spoken_turn(
    conversations: Conversations,
    speech: Speech,
    conversation: str,
    token: str,
    sound: bytes,
    *,
    idempotency_key: str | None = None,
) -> Reply:
    """Take one turn whose words are in a sound file. A file without speech is a turn without input.

    Raises:
        AudioError: the sound cannot be read or is too long.
        EngineError: the recogniser failed.
        ConversationError: as :meth:`~donghaeng.conversation.door.Conversations.turn`.
    """
    audio = await speech.pool.hear(read_audio, sound)
    heard = await _hear(conversations, speech, conversation, token, audio)
    return await conversations.turn(conversation, token, _said(heard), idempotency_key=idempotency_key)


async def call_once(
    conversations: Conversations, speech: Speech, audio: Audio, opening: Opening, *, speak: bool = True
) -> SpokenTurn:
    """Open a conversation, say one utterance to it and speak its answer (`donghaeng call`).

    Raises:
        EngineError: the recogniser or synthesiser failed.
        InputError: the opening is not allowed.
    """
    greeting = await conversations.open(opening)
    began = time.perf_counter()
    heard = await _hear(conversations, speech, greeting.conversation, greeting.token, audio)
    hearing_done = time.perf_counter()
    reply = await conversations.turn(greeting.conversation, greeting.token, _said(heard))
    turn_done = time.perf_counter()
    answer, first_audio = await _speak(speech, reply) if speak else (None, None)
    end = time.perf_counter()
    timings = {
        "hear_s": hearing_done - began,
        "hear_cpu_s": heard.cpu_seconds,
        "turn_s": turn_done - hearing_done,
        "speak_s": end - turn_done,
        "total_s": end - began,
    }
    if first_audio is not None:
        timings["first_audio_s"] = first_audio - turn_done
    return SpokenTurn(heard, reply, answer, {name: round(value, 4) for name, value in timings.items()})


async def _hear(
    conversations: Conversations, speech: Speech, conversation: str, token: str, audio: Audio
) -> Recognition:
    hints = await conversations.hints(conversation, token)
    with step(Step.RECOGNISE, {Key.IN_ADVANCE: False, Key.AUDIO_SECONDS: round(audio.seconds, 2)}) as watch:
        heard = await speech.pool.hear(speech.ears.recogniser.recognise, audio, hints)
        watch.set(Key.CONFIDENCE, round(heard.confidence, 3))
        return heard


async def _speak(speech: Speech, reply: Reply) -> tuple[Audio | None, float | None]:
    """The whole answer, and when its first clause was ready."""
    pieces = []
    first: float | None = None
    clauses = speech.voice.speak(reply.say, reply.pace.speed, reply.pace.volume_db)
    while (sound := await speech.pool.speak(next, clauses, None)) is not None:
        first = first or time.perf_counter()
        pieces.append(sound.samples)
    return (Audio(np.concatenate(pieces), speech.rate) if pieces else None), first


def _said(heard: Recognition) -> Said:
    if not heard.text:
        return Said(no_input=True, spoken=True)
    return Said(text=heard.text, confidence=heard.confidence, spoken=True, alternatives=heard.alternatives)
