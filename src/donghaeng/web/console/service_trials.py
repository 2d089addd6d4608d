"""Trial talks beside a service's form: typed, or spoken while a button is held; nothing of them is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Path
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.people.accounts import Staff
from donghaeng.review.service_change import ID
from donghaeng.review.service_desk import LONGEST_SAID
from donghaeng.review.service_view import Talk
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.bodies import read_body
from donghaeng.web.console.rendering import HEADERS, part, render
from donghaeng.web.console.session import read_fields, requires
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import TrialVoice, services_of

ONE: Final = "/console/services/{service}"
MOST_SOUND_BYTES: Final = 1_100_000
"""Of one utterance: 34 seconds."""
SOUND_SECONDS: Final = 30.0
LONGEST_SPOKEN: Final = 1_000
TALK_BYTES: Final = 400_000

router = APIRouter(include_in_schema=False)
Owner = Annotated[Staff, Depends(requires(Permission.SERVICES))]
ServiceId = Annotated[str, Path(pattern=ID)]


@router.post(f"{ONE}/talk")
async def talk(request: Request, staff: Owner, service: ServiceId) -> Response:
    """Say one thing more to the draft, or begin anew. The page itself keeps what was said before."""
    del staff
    services = services_of(request)
    if services.service_desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server has no desk for services")
    fields = await read_fields(request, limit=TALK_BYTES)
    words = " ".join(fields.get("words", "").split())
    try:
        said = [] if fields.get("again") == "1" else _said(fields.get("said", ""))
        if words and fields.get("again") != "1":
            said.append(words)
        told = await services.service_desk.talk(service, said)
    except DonghaengError as error:
        return part("alert.html", error.http_status, words=str(error))
    voice = services.trial_voice is not None
    return HTMLResponse(trial_part(service, voice=voice, said=said, talk=told), headers=HEADERS)


@router.post(f"{ONE}/hear")
async def hear(request: Request, staff: Owner, service: ServiceId) -> Response:
    """The words of what was spoken into the microphone: the body is a WAV file."""
    del staff, service
    voice = voice_of(request)
    sound = await read_body(request, MOST_SOUND_BYTES, SOUND_SECONDS)
    hints = _hints(unquote(request.headers.get("X-Hints", "")))
    text = await voice.hear(sound, hints)
    return JSONResponse({"text": text}, headers=HEADERS)


@router.post(f"{ONE}/speak")
async def speak(request: Request, staff: Owner, service: ServiceId) -> Response:
    """A reply as sound; no content where it says nothing."""
    del staff, service
    voice = voice_of(request)
    say = (await read_fields(request)).get("say", "")
    if len(say) > LONGEST_SPOKEN:
        raise ProblemError(problems.INVALID, "too long to be spoken")
    sound = await voice.speak(say) if say.strip() else None
    if sound is None:
        return Response(status_code=204, headers=HEADERS)
    return Response(sound, media_type="audio/wav", headers=HEADERS)


def voice_of(connection: HTTPConnection) -> TrialVoice:
    """What hears and speaks.

    Raises:
        ProblemError: nothing does here.
    """
    voice = services_of(connection).trial_voice
    if voice is None:
        raise ProblemError(problems.NOT_FOUND, "this server has no speech")
    return voice


def trial_part(service: str, *, voice: bool, said: Sequence[str] = (), talk: Talk | None = None) -> str:
    """The talk so far and the field for the next words.

    Args:
        service: whose draft it is.
        voice: whether it can be spoken.
        said: by whoever tries.
        talk: what came of it; None before the first words.
    """
    replies = () if talk is None else talk.replies
    lines: list[dict[str, str]] = []
    for number, reply in enumerate(replies):
        if number and number <= len(said):
            lines.append({"side": "citizen", "text": said[number - 1], "about": ""})
        lines.append({"side": "machine", "text": str(reply["show"]["text"]), "about": _about(reply)})
    last = replies[-1] if replies else {}
    return render(
        "service_trial.html",
        service=service,
        voice=voice,
        lines=lines,
        said=json.dumps(list(said), ensure_ascii=False),
        hints=json.dumps({} if talk is None else dict(talk.hints), ensure_ascii=False),
        ended=bool(last.get("ended")),
        say=str(last.get("say", "")),
    )


def _about(reply: Mapping[str, Any]) -> str:
    """What the machine took the words for: the service, what it fills, what it called."""
    told = [f"서비스: {reply['service']}"] if reply.get("service") else []
    told += [f"{name}={_short(value)}" for name, value in (reply.get("slots") or {}).items()]
    told += [f"연결: {one['service']} {one['outcome']}" for one in reply.get("calls", ())]
    return " · ".join(told)


def _short(value: Any) -> str:
    text = str(value.get("name", value)) if isinstance(value, Mapping) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _said(kept: str) -> list[str]:
    """What the page kept.

    Raises:
        InputError: it is no list of words.
    """
    try:
        found = json.loads(kept or "[]")
    except ValueError:
        raise InputError("대화를 다시 시작해 주세요") from None
    if not isinstance(found, list) or not all(
        isinstance(one, str) and len(one) <= LONGEST_SAID for one in found
    ):
        raise InputError("대화를 다시 시작해 주세요")
    return found


def _hints(kept: str) -> Mapping[str, Any]:
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    phrases = found.get("phrases")
    slot = found.get("slot_type")
    return {
        "expects": str(found.get("expects", "open"))[:20],
        "slot_type": slot if isinstance(slot, str) else None,
        "phrases": [str(one)[:80] for one in phrases[:20]] if isinstance(phrases, list) else [],
    }
