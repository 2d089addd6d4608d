"""Hears answers and trainees, and reads lessons and citizens aloud; no sound is kept."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from donghaeng.korean.reading import read_aloud
from donghaeng.learning.spoken_answers import heard_answer
from donghaeng.web import problems
from donghaeng.web.bodies import read_body
from donghaeng.web.console.rendering import HEADERS
from donghaeng.web.console.service_trials import LONGEST_SPOKEN, MOST_SOUND_BYTES, SOUND_SECONDS, voice_of
from donghaeng.web.console.session import read_fields
from donghaeng.web.office.learning.common import ROOT, Here, Learner
from donghaeng.web.problems import ProblemError

MOST_PHRASES: Final = 20

router = APIRouter(include_in_schema=False)


@router.post(f"{ROOT}/hear")
async def hear(request: Request, staff: Learner, here: Here) -> Response:
    """The words of a WAV file; in answer to the question of ``X-Question``, the fields that they fill."""
    del staff
    voice = voice_of(request)
    asked = request.headers.get("x-question", "")
    question = next((one for one in here.desk.learning.questions.questions if one.id == asked), None)
    phrases = [] if question is None else list(question.choices.values())[:MOST_PHRASES]
    sound = await read_body(request, MOST_SOUND_BYTES, SOUND_SECONDS)
    text = await voice.hear(sound, {"phrases": phrases})
    fields = {} if question is None else heard_answer(question, text)
    return JSONResponse({"text": text, "fields": fields}, headers=HEADERS)


@router.post(f"{ROOT}/speak")
async def speak(request: Request, staff: Learner) -> Response:
    """Written words as sound; no content where nothing is to be said."""
    del staff
    voice = voice_of(request)
    say = (await read_fields(request)).get("say", "")
    if len(say) > LONGEST_SPOKEN:
        raise ProblemError(problems.INVALID, "too long to be spoken")
    sound = await voice.speak(read_aloud(say)) if say.strip() else None
    if sound is None:
        return Response(status_code=204, headers=HEADERS)
    return Response(sound, media_type="audio/wav", headers=HEADERS)
