"""Messages as KakaoTalk's bubbles, within its limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from donghaeng.channels.kakao.wire import (
    MOST_BUTTONS,
    MOST_OUTPUTS,
    MOST_QUICK_REPLIES,
    MOST_TEXT,
    SHOWN_TEXT,
    Button,
    Output,
    QuickReply,
    SimpleText,
    SkillResponse,
    Template,
    TextCard,
)
from donghaeng.channels.words import LABEL, Words
from donghaeng.channels.writing import Choice, Message, Reach

ELLIPSIS: Final = "…"
_BREAKS: Final = ("\n\n", "\n", ". ", " ")
"""Where a long text is parted, best first."""


def response(messages: Sequence[Message], words: Words, *, first: Sequence[str] = ()) -> SkillResponse:
    """The bubbles of ``messages``; buttons are those of the last one, and always one for a person.

    Args:
        messages: at least one.
        words: labels.
        first: labels of buttons that stand before all others and say themselves.
    """
    reaches = messages[-1].reaches[:MOST_BUTTONS]
    outputs = [
        Output(simple_text=SimpleText(text=text))
        for text in texts([message.text for message in messages], MOST_OUTPUTS - bool(reaches), words.cut)
    ]
    if reaches:
        buttons = [_button(reach, words) for reach in reaches]
        outputs.append(Output(text_card=TextCard(title=words.reach, buttons=buttons)))
    choices = [*(Choice(label, label) for label in first), *messages[-1].choices]
    return SkillResponse(template=Template(outputs=outputs, quick_replies=_quick(choices, words.counsellor)))


def texts(parts: Sequence[str], room: int, cut: str) -> list[str]:
    """``parts`` as at most ``room`` bubbles: short enough to be shown whole where that fits, else as long as
    may be; what fits nowhere is left out, and ``cut`` says so."""
    for size in (SHOWN_TEXT, MOST_TEXT):
        pieces = [piece for part in parts for piece in _pieces(part, size)]
        if len(pieces) <= room:
            return pieces
    pieces = list(_pieces("\n\n".join(parts), MOST_TEXT))
    if len(pieces) <= room:
        return pieces
    last = next(_pieces(pieces[room - 1], MOST_TEXT - len(cut) - 1))
    return [*pieces[: room - 1], f"{last}\n{cut}"]


def _pieces(text: str, size: int) -> Iterator[str]:
    """``text`` in pieces of at most ``size`` characters, parted where it breaks anyway."""
    rest = text.strip()
    while len(rest) > size:
        at = next((found for mark in _BREAKS if (found := rest.rfind(mark, size // 3, size)) > 0), None)
        end = size if at is None else at + 1
        yield rest[:end].strip()
        rest = rest[end:].strip()
    if rest:
        yield rest


def _button(reach: Reach, words: Words) -> Button:
    if reach.number is not None:
        calls = words.call.format(title=reach.title)
        label = _label([calls, words.phone.format(number=reach.number), reach.number])
        return Button(label=label, action="phone", phone_number=reach.number)
    label = _label([words.open.format(title=reach.title), reach.title])
    return Button(label=label, action="webLink", web_link_url=reach.url)


def _label(wordings: Sequence[str]) -> str:
    """The first wording that fits on a button, else the last one, cut."""
    whole = next((one.strip() for one in wordings if 0 < len(one.strip()) <= LABEL), None)
    return whole or wordings[-1].strip()[: LABEL - 1] + ELLIPSIS


def _quick(choices: Sequence[Choice], person: str) -> list[QuickReply]:
    """Buttons of ``choices`` with labels that differ, and the one for a person last."""
    found: dict[str, QuickReply] = {}
    for number, choice in enumerate(choices, 1):
        label = _label([choice.label])
        if label in found:
            label = _label([f"{number}. {choice.label}"])
        if choice.says.strip():
            found.setdefault(label, QuickReply(label=label, message_text=choice.says))
    found.pop(person, None)
    kept = list(found.values())[: MOST_QUICK_REPLIES - 1]
    return [*kept, QuickReply(label=person, message_text=person)]
