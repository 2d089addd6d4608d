"""`/v1/listen` and `/v1/notices`: fixed sentences as sound, and what testers think of them.

Nobody can ask for other sentences than those of two tables, each is made once, and few at a time are made at
all, so a stranger cannot keep the machine busy. What is rated holds nothing personal.
"""

from __future__ import annotations

import csv
import io
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel
from starlette.responses import Response

from donghaeng.conversation.admission import NoPlace
from donghaeng.speech.audition import ID_PATTERN
from donghaeng.speech.audition_figures import (
    Judgement,
    PreferenceFigures,
    ScoreFigures,
    preference_figures,
    score_figures,
)
from donghaeng.web import problems
from donghaeng.web.bodies import PREFERENCE, SCORE, described, read_json
from donghaeng.web.problems import RETRY_SECONDS, ProblemError, documented
from donghaeng.web.services import AuditionDoor, Services

WAV: Final = "audio/wav"
PREFERRED: Final = {"a": -1, "same": 0, "b": 1}

router = APIRouter(prefix="/v1", tags=["listening"])
Name = Annotated[str, Path(pattern=ID_PATTERN, max_length=40)]


async def _room(services: Services) -> AuditionDoor:
    if services.audition is None:
        raise ProblemError(problems.NO_SPEECH, "no voice is installed here")
    return services.audition


Room = Annotated[AuditionDoor, Depends(_room)]


class SentenceEntry(BaseModel):
    """A sentence that is heard."""

    id: str
    text: str


class PairEntry(BaseModel):
    """Two conditions heard side by side."""

    id: str
    a: str
    b: str


class Plan(BaseModel):
    """What is heard and rated."""

    round: str
    sentences: list[SentenceEntry]
    pairs: list[PairEntry]
    singles: list[str]


class Kept(BaseModel):
    """The rating was kept."""

    kept: Literal[True] = True


class Results(BaseModel):
    """The ratings of this round in figures."""

    round: str
    scores: list[ScoreFigures]
    preferences: list[PreferenceFigures]


def _sound(description: str) -> dict[int | str, dict[str, Any]]:
    content = {WAV: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"content": content, "description": description}}


_ROOM = (problems.NO_SPEECH, problems.TOO_MANY, problems.UNEXPECTED)
_BODY = (problems.MALFORMED, problems.TOO_LARGE, problems.WRONG_MEDIA, problems.INVALID)
_RATE = (*_BODY, *_ROOM, problems.NOT_FOUND, problems.CONFLICT, problems.STORE_FAILED)


@router.get(
    "/notices/{name}",
    response_class=Response,
    responses={
        **_sound("the sentence"),
        204: {"description": "no voice is installed"},
        **documented(
            problems.NOT_FOUND, problems.INVALID, problems.TOO_MANY, problems.NO_PLACE, problems.UNEXPECTED
        ),
    },
)
async def notice(services: Services, name: Name) -> Response:
    """One of the page's own sentences, in the agent's voice."""
    if services.audition is None:
        return Response(status_code=204)
    try:
        sound = await services.audition.notice(name)
    except KeyError:
        raise ProblemError(problems.NOT_FOUND, "the page has no such sentence") from None
    except NoPlace:
        raise _too_many() from None
    return Response(sound, media_type=WAV) if sound is not None else Response(status_code=204)


@router.get("/listen", responses=documented(*_ROOM))
async def plan(room: Room) -> Plan:
    """What is heard and rated. How each sample was made is told only with the results."""
    found = room.plan
    return Plan(
        round=found.round,
        sentences=[SentenceEntry(id=name, text=text) for name, text in found.sentences.items()],
        pairs=[PairEntry(id=name, a=a, b=b) for name, (a, b) in found.pairs.items()],
        singles=list(found.singles),
    )


@router.get(
    "/listen/samples/{sentence}/{condition}",
    response_class=Response,
    responses={
        **_sound("the sentence under the condition"),
        **documented(problems.NOT_FOUND, problems.INVALID, problems.NO_PLACE, *_ROOM),
    },
)
async def sample(room: Room, sentence: Name, condition: Name) -> Response:
    """One sample."""
    try:
        sound = await room.sample(sentence, condition)
    except KeyError:
        raise ProblemError(problems.NOT_FOUND, "the plan has no such sentence or condition") from None
    except NoPlace:
        raise _too_many() from None
    if sound is None:
        raise ProblemError(problems.NO_SPEECH, "this voice is not installed here")
    return Response(sound, media_type=WAV)


def _too_many() -> ProblemError:
    return ProblemError(
        problems.NO_PLACE,
        "too many sounds are being made",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


@router.post(
    "/listen/scores", status_code=201, responses=documented(*_RATE), openapi_extra=described("ScoreBody")
)
async def score(request: Request, room: Room) -> Kept:
    """Rate one sample by itself."""
    body = await read_json(request, SCORE)
    judgement = Judgement("score", body.condition, body.score)
    return await _keep(room, judgement, room.plan.conditions, body.sentence, body.rater)


@router.post(
    "/listen/preferences",
    status_code=201,
    responses=documented(*_RATE),
    openapi_extra=described("PreferenceBody"),
)
async def preference(request: Request, room: Room) -> Kept:
    """Choose between two samples."""
    body = await read_json(request, PREFERENCE)
    judgement = Judgement("preference", body.pair, PREFERRED[body.preferred])
    return await _keep(room, judgement, room.plan.pairs, body.sentence, body.rater)


async def _keep(room: AuditionDoor, judgement: Judgement, subjects: Any, sentence: str, rater: str) -> Kept:
    if judgement.subject not in subjects or sentence not in room.plan.sentences:
        raise ProblemError(problems.NOT_FOUND, "the plan has no such sample")
    if not await room.rate(judgement, sentence=sentence, rater=rater):
        raise ProblemError(problems.CONFLICT, "no more ratings are kept; begin a new round")
    return Kept()


@router.get("/listen/results", responses=documented(*_ROOM, problems.STORE_FAILED))
async def results(room: Room) -> Results:
    """The ratings of this round in figures."""
    found = await room.judgements()
    return Results(
        round=room.plan.round,
        scores=score_figures(room.plan, found),
        preferences=preference_figures(room.plan, found),
    )


@router.get(
    "/listen/results.csv",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "one rating a line"},
        **documented(*_ROOM, problems.STORE_FAILED),
    },
)
async def results_csv(room: Room) -> Response:
    """Every rating of this round."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(("round", "kind", "subject", "value"))
    for one in await room.judgements():
        writer.writerow((room.plan.round, one.kind, one.subject, one.value))
    headers = {"Content-Disposition": 'attachment; filename="ratings.csv"'}
    return Response(table.getvalue(), media_type="text/csv", headers=headers)
