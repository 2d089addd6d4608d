"""What a live client may send (CONTRACT 4), as values; anything else is an InputError that says why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, cast, get_args

from donghaeng.conversation.door import Channel, Location, Opening
from donghaeng.errors import InputError

LOWEST_RATE: Final = 8_000
HIGHEST_RATE: Final = 96_000
"""Samples a second that a microphone may send."""
LONGEST_FRAME_SECONDS: Final = 0.2
FRAME_SLACK: Final = 2.5
"""Frames of up to this many times the longest are still taken: clients that were held up send two at once."""
MOST_JSON_BYTES: Final = 16_384
KEY_LIMIT: Final = 64
"""Characters of the key of typed words."""
TEXT_LIMIT: Final = 2_000
"""Characters of one typed turn."""
KEYS: Final = frozenset("0123456789*#")


@dataclass(frozen=True, slots=True)
class Start:
    """The first message."""

    sample_rate: int = 16_000
    channel: Channel = "web"
    resume: str | None = None
    """Token of the conversation to go on with."""
    last_seq: int | None = None
    """The last ``seq`` that the client saw."""
    sound_follows: bool = False
    """The client comes back with sound that it kept while the line was lost."""
    location: Location | None = None
    home_district: str | None = None
    practice: bool = False
    person: str | None = None
    """Key by which the person may be remembered; see :class:`~donghaeng.conversation.door.Opening`."""
    caller: str | None = None
    """The number that a telephone shows of itself; used only to offer a call-back there."""
    own_voice: bool = False
    """The client can speak Korean itself where the server leaves that to it."""

    def opening(self) -> Opening:
        """The conversation that it begins where it resumes none."""
        return Opening(
            channel=self.channel,
            location=self.location,
            home_district=self.home_district,
            practice=self.practice,
            person=self.person,
        )


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """Sound of the microphone: mono 16-bit little-endian PCM of 10 to 200 ms."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Text:
    """Typed words."""

    text: str
    key: str | None = None
    """The client's name for these words: the same again, after a lost line, is the same turn."""


@dataclass(frozen=True, slots=True)
class Dtmf:
    """A key of a telephone."""

    digit: str


@dataclass(frozen=True, slots=True)
class Commit:
    """Push-to-talk released."""


@dataclass(frozen=True, slots=True)
class Ping:
    """Asks whether the line still carries anything; answered with ``pong``."""


@dataclass(frozen=True, slots=True)
class Played:
    """The loudspeaker has come to the message with this ``seq`` (binary frames belong to the message before
    them)."""

    seq: int


ClientMessage = Start | AudioFrame | Text | Dtmf | Commit | Played | Ping

_BARE: Final[dict[str, ClientMessage]] = {"commit": Commit(), "ping": Ping()}
"""Messages that have nothing but their type."""


def parse_client_message(data: str | bytes) -> ClientMessage:
    """Read one WebSocket message: text is JSON with a ``type``, bytes are sound.

    Raises:
        InputError: no JSON object, unknown type, a field that is absent or of the wrong kind, too long.
    """
    if isinstance(data, bytes):
        return _frame(data)
    if len(data) > MOST_JSON_BYTES:
        raise InputError(f"a message of {len(data)} characters", remedy=f"send at most {MOST_JSON_BYTES}")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError("a text message is no JSON", remedy='send {"type": …}') from None
    if not isinstance(content, dict):
        raise InputError("a text message is no JSON object", remedy='send {"type": …}')
    match content.get("type"):
        case "start":
            return _start(content)
        case "text":
            return Text(_text(content), _optional(content, "key", KEY_LIMIT))
        case "dtmf":
            return Dtmf(_digit(content))
        case "commit" | "ping" as bare:
            return _BARE[bare]
        case "played":
            return Played(_whole(content, "seq", 0, 2**53))
        case unknown:
            raise InputError(
                f"unknown type {str(unknown)[:40]!r}", remedy="send start, text, dtmf, commit, played or ping"
            )


def _frame(data: bytes) -> AudioFrame:
    most = int(HIGHEST_RATE * LONGEST_FRAME_SECONDS * FRAME_SLACK) * 2
    if not data or len(data) % 2:
        raise InputError(f"a frame of {len(data)} bytes", remedy="send whole 16-bit samples")
    if len(data) > most:
        raise InputError(f"a frame of {len(data)} bytes", remedy="send 10 to 200 ms at a time")
    return AudioFrame(data)


def _start(content: dict[str, Any]) -> Start:
    channel = content.get("channel", "web")
    if channel not in get_args(Channel):
        raise InputError(f"unknown channel {str(channel)[:40]!r}", remedy="web, kiosk, phone or chat")
    resume = _optional(content, "resume", 500)
    district = _optional(content, "home_district", 20)
    person = _optional(content, "person", 128)
    return Start(
        sample_rate=_whole(content, "sample_rate", LOWEST_RATE, HIGHEST_RATE, 16_000),
        channel=cast(Channel, channel),
        resume=resume,
        last_seq=None if content.get("last_seq") is None else _whole(content, "last_seq", 0, 2**53),
        sound_follows=_yes_or_no(content, "sound_follows"),
        location=_location(content.get("location")),
        home_district=district,
        practice=_yes_or_no(content, "practice"),
        person=person,
        caller=_optional(content, "caller", 40),
        own_voice=_yes_or_no(content, "own_voice"),
    )


def _optional(content: dict[str, Any], name: str, limit: int) -> str | None:
    value = content.get(name)
    if value is not None and (not isinstance(value, str) or not 0 < len(value) <= limit):
        raise InputError(f"{name} is no text of at most {limit} characters")
    return value


def _yes_or_no(content: dict[str, Any], name: str) -> bool:
    value = content.get(name, False)
    if not isinstance(value, bool):
        raise InputError(f"{name} is neither true nor false")
    return value


def _whole(content: dict[str, Any], name: str, least: int, most: int, usual: int | None = None) -> int:
    value = content.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise InputError(f"{name} is no whole number from {least} to {most}")
    return value


def _location(value: object) -> Location | None:
    if value is None:
        return None
    if isinstance(value, dict):
        lat, lon = value.get("lat"), value.get("lon")
        numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (lat, lon))
        if numbers and -90 <= cast(float, lat) <= 90 and -180 <= cast(float, lon) <= 180:
            return Location(float(cast(float, lat)), float(cast(float, lon)))
    raise InputError("location is no place", remedy='send {"lat": 37.55, "lon": 126.91}')


def _text(content: dict[str, Any]) -> str:
    text = content.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InputError("text is absent or empty")
    if len(text) > TEXT_LIMIT:
        raise InputError(f"text of {len(text)} characters", remedy=f"send at most {TEXT_LIMIT}")
    return text.strip()


def _digit(content: dict[str, Any]) -> str:
    digit = content.get("digit")
    if not isinstance(digit, str) or digit not in KEYS:
        raise InputError("digit is no key", remedy="send one of 0-9, * and #")
    return digit
