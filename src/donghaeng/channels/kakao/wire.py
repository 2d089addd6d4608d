"""The skill format of KakaoTalk's chatbot platform, version 2.0, as far as it is spoken here.

Fields and limits as documented at kakaobusiness.gitbook.io/main/tool/chatbot/skill_guide (answer_json_format,
ai_chatbot_callback_guide), read in November 2026. Requests: what is unknown is left alone. Responses: the
limits are the models' own, so that nothing leaves that the platform would refuse.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from donghaeng.channels.words import LABEL

MOST_TEXT: Final = 1000
"""Characters of a plain bubble; beyond :data:`SHOWN_TEXT` it is folded behind a button."""
SHOWN_TEXT: Final = 500
MOST_OUTPUTS: Final = 3
MOST_QUICK_REPLIES: Final = 10
MOST_BUTTONS: Final = 3
"""Of a card, one below the other."""
MOST_CARD_TITLE: Final = 50
ANSWER_SECONDS: Final = 5.0
"""Within this the platform wants the response."""
CALLBACK_SECONDS: Final = 60.0
"""Within this a callback address takes one response."""


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class User(_Told):
    """Who wrote. The id differs from bot to bot and says nothing about the person."""

    id: str = Field(min_length=1, max_length=256)


class UserRequest(_Told):
    """What was written, and where an answer may go that takes longer than :data:`ANSWER_SECONDS`."""

    user: User
    utterance: str = ""
    callback_url: str | None = Field(default=None, max_length=2000)


class SkillPayload(_Told):
    """A request of the platform."""

    user_request: UserRequest


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


Label = Annotated[str, Field(min_length=1, max_length=LABEL)]


class Button(_Sent):
    """A button of a card: calls a number or opens an address."""

    label: Label
    action: Literal["phone", "webLink"]
    phone_number: str | None = None
    web_link_url: str | None = None


class QuickReply(_Sent):
    """A button below the bubbles that says something for the citizen."""

    label: Label
    action: Literal["message"] = "message"
    message_text: str = Field(min_length=1)


class SimpleText(_Sent):
    """A plain bubble."""

    text: str = Field(min_length=1, max_length=MOST_TEXT)


class TextCard(_Sent):
    """A bubble with buttons."""

    title: str = Field(min_length=1, max_length=MOST_CARD_TITLE)
    buttons: list[Button] = Field(min_length=1, max_length=MOST_BUTTONS)
    button_layout: Literal["vertical"] = "vertical"


class Output(_Sent):
    """One bubble: exactly one of its fields is set."""

    simple_text: SimpleText | None = None
    text_card: TextCard | None = None


class Template(_Sent):
    """The bubbles, and the buttons below the last one."""

    outputs: list[Output] = Field(min_length=1, max_length=MOST_OUTPUTS)
    quick_replies: list[QuickReply] = Field(default_factory=list, max_length=MOST_QUICK_REPLIES)


class SkillResponse(_Sent):
    """A response: a template, or the promise to post one to the callback address."""

    version: Literal["2.0"] = "2.0"
    template: Template | None = None
    use_callback: Literal[True] | None = None
    data: dict[str, str] | None = None
    """What a block may show while a callback is awaited."""

    def body(self) -> bytes:
        """As JSON."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()


class CallbackResult(_Told):
    """What the platform says to a posted response."""

    status: str
