"""`donghaeng call` and `donghaeng talk`: the agent by voice from the terminal."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import click

from donghaeng.app import open_application
from donghaeng.conversation.door import Opening
from donghaeng.conversation.live_desk import LiveDesk
from donghaeng.conversation.live_mouth import LiveOptions
from donghaeng.conversation.spoken_turn import SpokenTurn, call_once
from donghaeng.conversation.talk import talk as talk_to
from donghaeng.settings import load_settings
from donghaeng.speech.audio import read_audio, write_wav
from donghaeng.speech.devices import MachineSound


@click.command()
@click.argument("sound", type=click.Path(path_type=Path), metavar="IN.wav")
@click.option("--out", type=click.Path(path_type=Path), help="Write the spoken answer to this WAV file.")
@click.option("--home", "home_district", help="The citizen's district, for example 마포구.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def call(sound: Path, out: Path | None, home_district: str | None, as_json: bool) -> None:
    """Speak one recorded utterance to the agent; print what it heard, understood and said.

    WAV, FLAC or OGG of any sample rate, mono or stereo, at most a minute.

    \b
    Examples:
      donghaeng call question.wav --out answer.wav
      donghaeng call question.flac --home 마포구 --json
    """
    audio = read_audio(sound)

    async def take() -> SpokenTurn:
        async with open_application(load_settings(), speech=True) as application:
            speech = application.speech_or_fail()
            opening = Opening(home_district=home_district)
            return await call_once(application.conversations, speech, audio, opening, speak=out is not None)

    turn = asyncio.run(take())
    if out is not None and turn.answer is not None:
        write_wav(turn.answer, out)
    _print(turn, out, as_json)


def _print(turn: SpokenTurn, out: Path | None, as_json: bool) -> None:
    reply = turn.reply
    if as_json:
        shown = {
            "heard": turn.heard.text,
            "confidence": round(turn.heard.confidence, 3),
            "reply": reply.model_dump(mode="json", exclude={"token"}),
            "timings": turn.timings,
        }
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"heard:      {turn.heard.text or '(nothing)'}")
    click.echo(f"understood: {reply.service or '(no service)'} {json.dumps(reply.slots, ensure_ascii=False)}")
    for one in reply.calls:
        click.echo(f"called:     {one.service} ({one.effect}): {one.outcome}")
    click.echo(f"said:       {reply.say}")
    if out is not None:
        click.echo(f"written to: {out}")
    click.echo("seconds:    " + ", ".join(f"{name} {value:.2f}" for name, value in turn.timings.items()))


@click.command()
def talk() -> None:
    """Talk to the agent with this machine's microphone and loudspeaker until goodbye or Ctrl+C.

    \b
    Needs PortAudio and the extra `talk`:
      apt-get install libportaudio2
      .venv/bin/pip install sounddevice
    """

    async def run() -> str:
        async with open_application(load_settings(), speech=True) as application:
            speech = application.speech_or_fail()
            desk = LiveDesk(application.conversations, speech, LiveOptions(application.phrases))
            try:
                with MachineSound(speech.rate) as sound:
                    return await talk_to(desk, sound, _show)
            finally:
                await desk.close()

    asyncio.run(run())


def _show(message: dict[str, Any]) -> None:
    if message["type"] == "heard" and message.get("final"):
        click.echo(f"> {message['text']}")
    elif message["type"] == "reply":
        click.echo(message["show"]["text"])
