"""Request bodies: reading them within limits, and what they must hold."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    ValidationError,
)
from starlette.requests import Request

from donghaeng.conversation.door import PERSON_KEY, Channel, Location, Opening, Said, TestCity
from donghaeng.speech.audition import Id
from donghaeng.web import problems
from donghaeng.web.problems import ProblemError

TEXT_LIMIT: Final = 100_000
"""Characters of one typed turn that the door takes; the conversation itself answers kindly to long ones."""
JSON_LIMIT_BYTES: Final = 1_500_000
"""Room for :data:`TEXT_LIMIT` characters even where each is written as two escapes of six bytes."""
AUDIO_LIMIT_BYTES: Final = 25_000_000
"""A minute of the widest sound that is sensible (four channels of 48 kHz at 16 bits is 23 MB)."""

BODY_SECONDS: Final = 60.0
"""For a whole body: 25 MB over a line of 4 Mbit a second."""

JSON_TYPES: Final = frozenset({"application/json"})
AUDIO_TYPES: Final = frozenset({"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"})

District = Literal[
    "종로구", "중구", "용산구", "성동구", "광진구", "동대문구", "중랑구", "성북구", "강북구",
    "도봉구", "노원구", "은평구", "서대문구", "마포구", "양천구", "강서구", "구로구", "금천구",
    "영등포구", "동작구", "관악구", "서초구", "강남구", "송파구", "강동구",
]  # fmt: skip
"""The 25 districts of Seoul."""
Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class LocationBody(_Body):
    """Where the citizen is, in WGS 84 degrees."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)

    def location(self) -> Location:
        """As the conversation wants it."""
        return Location(lat=self.lat, lon=self.lon)


def _whole(value: Any) -> Any:
    """JSON knows one kind of number: 7.0 is the whole number 7."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class CityBody(_Body):
    """A sandbox city of the conversation's own (test clock only)."""

    seed: Annotated[int, BeforeValidator(_whole)] = Field(default=7, ge=0, le=2**31 - 1)
    faults: list[dict[str, Any]] = Field(default_factory=list, max_length=100)
    full: list[dict[str, Any]] = Field(default_factory=list, max_length=100)

    def city(self) -> TestCity:
        """As the conversation wants it."""
        return TestCity(seed=self.seed, faults=tuple(self.faults), full=tuple(self.full))


class OpeningBody(_Body):
    """What opens a conversation. Everything may be left out."""

    channel: Channel = "web"
    location: LocationBody | None = None
    home_district: District | None = Field(default=None, description="a district of Seoul")
    now: AwareDatetime | None = Field(default=None, description="fixed clock; test clock only")
    practice: bool = False
    city: CityBody | None = Field(default=None, description="test clock only")
    person: str | None = Field(
        default=None,
        pattern=PERSON_KEY,
        description="random key of this browser or telephone, by which the person may be remembered if they "
        "wish; only its hash is stored, and nothing before the person has consented",
    )

    def opening(self) -> Opening:
        """As the conversation wants it."""
        return Opening(
            channel=self.channel,
            location=self.location.location() if self.location else None,
            home_district=self.home_district,
            now=self.now,
            practice=self.practice,
            city=self.city.city() if self.city else None,
            person=self.person,
        )


class TextTurn(_Body):
    """Typed words. Blank text counts as silence."""

    text: str = Field(max_length=TEXT_LIMIT)

    def said(self) -> Said:
        """As the conversation wants it."""
        return Said(text=self.text) if self.text.strip() else Said(no_input=True)


class KeyTurn(_Body):
    """One key of a telephone."""

    dtmf: Key

    def said(self) -> Said:
        """As the conversation wants it."""
        return Said(dtmf=self.dtmf)


class _Rated(_Body):
    sentence: Id
    rater: str = Field(
        pattern=r"^[0-9a-f]{32}$", description="a number made up for one visit, so that raters can be counted"
    )


class ScoreBody(_Rated):
    """How a sample sounds by itself."""

    condition: Id
    score: Annotated[int, BeforeValidator(_whole)] = Field(ge=1, le=5)


class PreferenceBody(_Rated):
    """Which of two samples sounds better: the pair's first (a) or second (b)."""

    pair: Id
    preferred: Literal["a", "b", "same"]


def _turn_tag(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    return "dtmf" if "dtmf" in value else "text"


TurnBody = Annotated[
    Annotated[TextTurn, Tag("text")] | Annotated[KeyTurn, Tag("dtmf")], Discriminator(_turn_tag)
]


class CodeBody(_Body):
    """The code that was said on the telephone."""

    code: str = Field(
        min_length=6,
        max_length=40,
        description="six digits; blanks and hyphens may stand between them, and they may be Korean words",
    )


CODE: Final[TypeAdapter[CodeBody]] = TypeAdapter(CodeBody)
OPENING: Final[TypeAdapter[OpeningBody]] = TypeAdapter(OpeningBody)
SCORE: Final[TypeAdapter[ScoreBody]] = TypeAdapter(ScoreBody)
PREFERENCE: Final[TypeAdapter[PreferenceBody]] = TypeAdapter(PreferenceBody)
TURN: Final[TypeAdapter[TextTurn | KeyTurn]] = TypeAdapter(TurnBody)

Body = TypeVar("Body")


def media_type(request: Request) -> str:
    """The media type of the body, lower case and without parameters; empty when none is named."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def described(model: str) -> dict[str, Any]:
    """What the OpenAPI document says of a route that reads its JSON body itself."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def read_body(request: Request, limit: int, seconds: float | None = None) -> bytes:
    """The whole body.

    Args:
        request: whose body is read.
        limit: bytes at most.
        seconds: for all of it; :data:`BODY_SECONDS` when None.

    Raises:
        ProblemError: more than ``limit`` bytes are promised or come, or they take too long; reading stops
            there.
    """
    too_large = ProblemError(problems.TOO_LARGE, f"the body is longer than {limit} bytes")
    promised = request.headers.get("content-length", "")
    if promised.isdecimal() and int(promised) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS if seconds is None else seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise ProblemError(problems.TOO_SLOW, "the body did not come in time") from None
    return bytes(body)


async def read_json(request: Request, adapter: TypeAdapter[Body], *, tagged: bool = False) -> Body:
    """The JSON body as ``adapter`` describes it.

    Args:
        request: whose body is read.
        adapter: what it must hold.
        tagged: the adapter is a tagged union, whose errors begin with the tag.

    Raises:
        ProblemError: another media type, too long, not JSON, or not as described.
    """
    if media_type(request) not in JSON_TYPES:
        raise ProblemError(problems.WRONG_MEDIA, "send Content-Type: application/json")
    body = await read_body(request, JSON_LIMIT_BYTES)
    try:
        return adapter.validate_json(body)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        raise problems.of_fields([{**each, "loc": each["loc"][int(tagged) :]} for each in errors]) from None
