"""`/console/knowledge/…/effect`: what publishing a version of a document would change."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import HTTPConnection
from starlette.responses import Response

from donghaeng.errors import DonghaengError
from donghaeng.review.document_effects import DocumentEffects
from donghaeng.web import problems
from donghaeng.web.console.knowledge import EDITING, VERSION, DocumentId, Number, refusal, told_in_korean
from donghaeng.web.console.rendering import part
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

EFFECT = f"{VERSION}/effect"
POLL_S = 2

router = APIRouter(include_in_schema=False, dependencies=EDITING)


def effects_of(connection: HTTPConnection) -> DocumentEffects:
    """What measures documents.

    Raises:
        ProblemError: there is nothing that does here.
    """
    effects = services_of(connection).document_effects
    if effects is None:
        raise ProblemError(problems.NOT_FOUND, "this server measures no documents")
    return effects


Measuring = Annotated[DocumentEffects, Depends(effects_of)]


@router.get(EFFECT)
async def show_effect(effects: Measuring, document: DocumentId, version: Number) -> Response:
    """What was measured, or how far that is."""
    return await _shown(effects, document, version)


@router.post(EFFECT)
async def measure(effects: Measuring, document: DocumentId, version: Number) -> Response:
    """Begin to measure."""
    with told_in_korean():
        try:
            await effects.begin(document, version)
        except DonghaengError as error:
            if error.http_status == problems.CONFLICT.status:
                raise refusal(409, str(error)) from error
            raise
    return await _shown(effects, document, version)


async def _shown(effects: DocumentEffects, document: str, version: int) -> Response:
    with told_in_korean():
        effect = await effects.look(document, version)
    return part("document_effect.html", effect=effect, document=document, version=version, poll=POLL_S)
