"""Problem documents (RFC 9457): the one form in which HTTP says that something went wrong.

``title`` is Korean that a citizen can read, ``detail`` English for developers. Neither repeats what was
sent, so no personal data comes back in an error, a log or a proxy's memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from donghaeng.errors import (
    AudioError,
    ConversationBusy,
    ConversationEnded,
    DonghaengError,
    EngineBusy,
    EngineError,
    GuardianEnded,
    InputError,
    ProviderError,
    ScannerUnavailable,
    StoreError,
    UnknownCode,
    UnknownConversation,
    VirusFound,
)
from donghaeng.people.cases import HandoverTaken, NotTheOwner, UnknownHandover

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:donghaeng:problem:"
RETRY_SECONDS: Final = 5
"""Seconds that a client is asked to wait when the store or every place for speech is taken."""


class FieldProblem(BaseModel):
    """One wrong member of the request."""

    model_config = ConfigDict(extra="forbid")

    pointer: str = Field(description="JSON Pointer into the body, or `header:` / `path:` and a name")
    detail: str = Field(description="what is wrong, in English")


class Problem(BaseModel):
    """A problem document."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="`urn:donghaeng:problem:` and the kind; stable")
    title: str = Field(description="one Korean sentence for the citizen")
    status: int
    detail: str = Field(description="English, for developers")
    errors: list[FieldProblem] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: the end of its ``type``, its status and its Korean title."""

    name: str
    status: int
    title: str


MALFORMED: Final = Kind("malformed-json", 400, "보내신 내용을 읽을 수 없어요.")
UNAUTHORISED: Final = Kind("no-token", 401, "이 대화의 열쇠가 없어요. 처음부터 다시 시작해 주세요.")
NOT_ALLOWED: Final = Kind("not-allowed", 403, "이 일을 할 권한이 없어요.")
NOT_OWNER: Final = Kind("not-owner", 403, "이 상담은 이제 다른 분이 맡고 있어요.")
UNKNOWN_HANDOVER: Final = Kind("unknown-handover", 404, "그 상담을 찾을 수 없어요.")
HANDOVER_TAKEN: Final = Kind("handover-taken", 409, "다른 상담사가 먼저 맡았어요.")
CLOCK_FORBIDDEN: Final = Kind("test-clock-forbidden", 403, "여기서는 시각을 바꿀 수 없어요.")
NOT_FOUND: Final = Kind("not-found", 404, "찾으시는 것이 여기에 없어요.")
UNKNOWN_CONVERSATION: Final = Kind(
    "unknown-conversation", 404, "그 대화를 찾을 수 없어요. 처음부터 다시 말씀해 주세요."
)
UNKNOWN_CODE: Final = Kind(
    "unknown-code", 404, "번호가 맞지 않거나 시간이 지났어요. 전화로 번호를 다시 들어 주세요."
)
UNKNOWN_GUARDIAN_CODE: Final = Kind(
    "unknown-guardian-code", 404, "번호가 맞지 않거나 시간이 지났어요. 번호를 다시 받아 주세요."
)
NO_GUARDIAN_SESSION: Final = Kind("no-guardian-session", 401, "받으신 번호를 먼저 넣어 주세요.")
GUARDIAN_ENDED: Final = Kind(
    "guardian-ended", 410, "함께 보기가 끝났어요. 신청하신 분이 그만 보시게 했거나 기간이 지났어요."
)
TOO_MANY_CODES: Final = Kind("too-many-codes", 429, "번호가 여러 번 틀렸어요. 10분 뒤에 다시 해 주세요.")
WRONG_METHOD: Final = Kind("method-not-allowed", 405, "이렇게는 쓸 수 없는 주소예요.")
ENDED: Final = Kind("conversation-ended", 409, "대화가 끝났어요. 새로 시작해 주세요.")
BUSY: Final = Kind("conversation-busy", 409, "앞의 말씀을 아직 듣고 있어요. 잠시 후 다시 말씀해 주세요.")
CONFLICT: Final = Kind("conflict", 409, "지금은 할 수 없어요. 잠시 후 다시 해 주세요.")
TOO_SLOW: Final = Kind("too-slow", 408, "보내시는 데 시간이 너무 오래 걸렸어요. 다시 해 주세요.")
TOO_LARGE: Final = Kind("too-large", 413, "보내신 것이 너무 커요. 짧게 나누어 보내 주세요.")
WRONG_MEDIA: Final = Kind("unsupported-media-type", 415, "글이나 WAV 소리로 보내 주세요.")
INVALID: Final = Kind("invalid-input", 422, "보내신 내용이 맞지 않아요. 다시 한번 확인해 주세요.")
BAD_AUDIO: Final = Kind("bad-audio", 422, "소리를 들을 수 없어요. 다시 말씀해 주세요.")
TOO_MANY: Final = Kind("too-many-requests", 429, "요청이 너무 많아요. 잠시 후 다시 해 주세요.")
LONG_HEADERS: Final = Kind("headers-too-large", 431, "보내신 것이 너무 커요. 처음부터 다시 시작해 주세요.")
UNEXPECTED: Final = Kind("unexpected", 500, "문제가 생겼어요. 잠시 후 다시 해 주세요.")
VIRUS: Final = Kind("virus", 422, "파일에 바이러스가 있어서 받지 않았어요. 정보보안 담당자에게 알려 주세요.")
NO_SPEECH: Final = Kind("speech-unavailable", 501, "여기서는 소리를 들을 수 없어요. 글로 써 주세요.")
CITY_FAILED: Final = Kind("city-failed", 502, "시청 시스템이 대답하지 않아요. 잠시 후 다시 해 주세요.")
NO_PLACE: Final = Kind("no-place", 503, "지금 이용하시는 분이 많아요. 잠시 후 다시 말씀해 주세요.")
NOT_READY: Final = Kind("not-ready", 503, "아직 준비하고 있어요. 잠시 후 다시 해 주세요.")
NOT_SCANNED: Final = Kind(
    "not-scanned",
    503,
    "파일에 바이러스가 있는지 지금은 볼 수 없어요. 잠시 후 다시 올려 주세요.",
)
STORE_FAILED: Final = Kind("store-failed", 503, "기록을 남길 수 없어요. 잠시 후 다시 해 주세요.")

_OF_STATUS: Final[Mapping[int, Kind]] = {
    kind.status: kind
    for kind in (
        MALFORMED,
        UNAUTHORISED,
        NOT_FOUND,
        WRONG_METHOD,
        CONFLICT,
        TOO_LARGE,
        WRONG_MEDIA,
        INVALID,
        TOO_MANY,
        UNEXPECTED,
    )
}
_OF_ERROR: Final[Sequence[tuple[type[DonghaengError], Kind]]] = (
    (AudioError, BAD_AUDIO),
    (VirusFound, VIRUS),
    (InputError, INVALID),
    (UnknownConversation, UNKNOWN_CONVERSATION),
    (UnknownCode, UNKNOWN_CODE),
    (GuardianEnded, GUARDIAN_ENDED),
    (UnknownHandover, UNKNOWN_HANDOVER),
    (NotTheOwner, NOT_OWNER),
    (HandoverTaken, HANDOVER_TAKEN),
    (ConversationEnded, ENDED),
    (ConversationBusy, BUSY),
    (ProviderError, CITY_FAILED),
    (EngineBusy, NO_PLACE),
    (EngineError, UNEXPECTED),
    (StoreError, STORE_FAILED),
    (ScannerUnavailable, NOT_SCANNED),
)
_HIDDEN_DETAIL: Final = "the server failed; its log says more"
_JSON_REMEDY: Final = "send a JSON object as /openapi.json describes it"


class ProblemError(Exception):
    """Answers the request with a problem document."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    @property
    def problem(self) -> Problem:
        """The document."""
        return Problem(
            type=TYPE_PREFIX + self.kind.name,
            title=self.kind.title,
            status=self.kind.status,
            detail=str(self),
            errors=list(self.errors),
        )

    def response(self) -> JSONResponse:
        """As an HTTP response."""
        return JSONResponse(
            self.problem.model_dump(),
            status_code=self.kind.status,
            headers=self.headers,
            media_type=MEDIA_TYPE,
        )


def of_error(error: DonghaengError) -> ProblemError:
    """The problem of one of our errors. Faults of the server keep their inside to the log."""
    kind = next((kind for branch, kind in _OF_ERROR if isinstance(error, branch)), None)
    if kind is None:
        kind = _OF_STATUS.get(error.http_status, UNEXPECTED)
    headers = {"Retry-After": str(RETRY_SECONDS)} if kind.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    detail = str(error) if kind.status < HTTPStatus.INTERNAL_SERVER_ERROR else _HIDDEN_DETAIL
    return ProblemError(kind, detail, headers=headers)


def of_status(status: int, detail: str, headers: Mapping[str, str] | None = None) -> ProblemError:
    """The problem of a bare HTTP status, as the framework raises them."""
    kind = _OF_STATUS.get(status) or Kind(f"http-{status}", status, UNEXPECTED.title)
    return ProblemError(kind, detail, headers=headers)


def of_fields(errors: Sequence[Mapping[str, Any]], *, in_body: bool = True) -> ProblemError:
    """The problem of pydantic's ``errors``; the offending values are left out.

    Args:
        errors: dictionaries with ``loc``, ``msg`` and ``type``.
        in_body: whether ``loc`` leads through the body, else it begins with ``header`` or ``path``.
    """
    if any(error["type"] == "json_invalid" for error in errors):
        return ProblemError(MALFORMED, f"the body is not JSON; {_JSON_REMEDY}")
    problems = [
        FieldProblem(pointer=_pointer(error["loc"], in_body), detail=error["msg"]) for error in errors
    ]
    return ProblemError(INVALID, f"the request does not fit its schema; {_JSON_REMEDY}", errors=problems)


def _pointer(location: Sequence[str | int], in_body: bool) -> str:
    if not in_body:
        return ":".join(str(part) for part in location)
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "#" + "".join(f"/{part}" for part in escaped)


def documented(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route for these kinds, for `/openapi.json`."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    by_status: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        names = by_status.get(kind.status, {}).get("description")
        text = f"{names}, {kind.name}" if names else kind.name
        by_status[kind.status] = {"description": text, "content": content}
    return by_status
