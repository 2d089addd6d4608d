"""`/v1/tower/feeds/…`: figures that other registered systems report."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from donghaeng.tower.figures.desk import FiguresDesk
from donghaeng.tower.figures.feeds import Receipt, System
from donghaeng.tower.figures.points import MOST_POINTS
from donghaeng.web import problems
from donghaeng.web.bearing import Token
from donghaeng.web.bodies import described, media_type, read_body
from donghaeng.web.problems import ProblemError, documented
from donghaeng.web.services import services_of

MOST_BYTES: Final = 1_000_000
BATCH: Final = r"^[A-Za-z0-9._:-]{1,128}$"
NAME: Final = r"^[a-z0-9][a-z0-9_-]{0,63}$"

router = APIRouter(prefix="/v1/tower/feeds", tags=["tower"])


class FeedBody(BaseModel):
    """A batch of counts."""

    model_config = ConfigDict(extra="forbid")

    batch: str = Field(pattern=BATCH, description="the sender's own name of it; the same name counts once")
    sent_at: AwareDatetime = Field(description="the sender's clock now: more than 5 minutes off is refused")
    points: list[Any] = Field(
        max_length=MOST_POINTS,
        description="each {metric, at, value}, with dimension and key where it is cut, or with count where "
        "it is a measured value; a wrong one is left out and named in the answer",
    )


class RefusedRow(BaseModel):
    """A row that was not counted."""

    row: int
    why: str


class FeedReceipt(BaseModel):
    """What came of a batch."""

    batch: str
    accepted: int
    refused: list[RefusedRow]
    replayed: bool = Field(description="it had come before, and was not counted again")
    skew_seconds: float = Field(description="how far the sender's clock is ahead of the tower's")


_BODY: Final[TypeAdapter[FeedBody]] = TypeAdapter(FeedBody)
_REFUSALS: Final = (
    problems.UNAUTHORISED,
    problems.NOT_FOUND,
    problems.TOO_SLOW,
    problems.TOO_LARGE,
    problems.WRONG_MEDIA,
    problems.INVALID,
    problems.TOO_MANY,
    problems.UNEXPECTED,
    problems.STORE_FAILED,
)
SystemName = Annotated[str, Path(pattern=NAME)]


@router.post(
    "/{system}",
    response_model=FeedReceipt,
    responses=documented(*_REFUSALS),
    openapi_extra=described("FeedBody"),
)
async def feed(request: Request, system: SystemName, token: Token) -> FeedReceipt:
    """Report counts, in the registered system's name with its own token.

    The same `batch` again is answered with its first receipt and counted once. Rows are judged one by one.
    """
    desk, sender = await _sender(request, system, token)
    body = await _json_bytes(request)
    try:
        told = _BODY.validate_json(body)
    except ValidationError as error:
        raise problems.of_fields(
            error.errors(include_url=False, include_context=False, include_input=False)
        ) from None
    receipt = await desk.accept(sender, told.batch, _utc(told.sent_at), told.points)
    return _shown(receipt)


@router.post(
    "/{system}/v1/metrics",
    responses={200: {"description": "ExportMetricsServiceResponse"}, **documented(*_REFUSALS)},
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "ExportMetricsServiceRequest of OTLP/HTTP as JSON: monotonic sums and histograms",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
async def otlp(request: Request, system: SystemName, token: Token) -> Response:
    """The same as OpenTelemetry metrics (OTLP/HTTP, JSON encoding).

    An exporter's endpoint is `/v1/tower/feeds/{system}`. The same bytes again are a retry and count once.
    """
    desk, sender = await _sender(request, system, token)
    body = await _json_bytes(request)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise ProblemError(problems.INVALID, "the body is not JSON") from None
    receipt = await desk.accept_otlp(sender, body, document)
    answer: dict[str, Any] = {}
    if receipt.refused:
        first = receipt.refused[0]
        told = f"data point {first.row}: {first.why}"
        answer = {"partialSuccess": {"rejectedDataPoints": str(len(receipt.refused)), "errorMessage": told}}
    return JSONResponse(answer)


async def _sender(request: Request, system: str, token: str) -> tuple[FiguresDesk, System]:
    desk = services_of(request).tower_figures
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server keeps no figures of other systems")
    found = await desk.bearer(system, token)
    if found is None:
        # Who asks learns nothing of which systems there are.
        raise ProblemError(problems.NOT_FOUND, "no system of this name has this token")
    return desk, found


async def _json_bytes(request: Request) -> bytes:
    if media_type(request) != "application/json":
        raise ProblemError(problems.WRONG_MEDIA, "send Content-Type: application/json")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise ProblemError(problems.WRONG_MEDIA, "send it uncompressed")
    return await read_body(request, MOST_BYTES)


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ProblemError(problems.INVALID, "sent_at: no moment of this calendar") from None


def _shown(receipt: Receipt) -> FeedReceipt:
    return FeedReceipt(
        batch=receipt.batch,
        accepted=receipt.accepted,
        refused=[RefusedRow(row=one.row, why=one.why) for one in receipt.refused],
        replayed=receipt.replayed,
        skew_seconds=receipt.skew_seconds,
    )
