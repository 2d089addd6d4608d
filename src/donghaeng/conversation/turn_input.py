"""What a turn may hold, and the words that keys of a telephone stand for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from donghaeng.conversation.door import Said
from donghaeng.errors import InputError
from donghaeng.understanding.acts import Act, SlotFill

MAX_TEXT = 2_000
"""Characters of one turn; nobody says more in one breath, and nothing is cut silently."""
_KEYS = {"0": "상담사", "*": "다시 말해 주세요", "#": "네"}
"""What the telephone's keys say (ETSI ETR 096: 0 for a person)."""

KEY_PRESSED = "[숫자 단추]"
"""What is kept of a digit that was keyed in: one by one they would spell a resident number past each mask."""
_ZERO = "0"


def kept_words(said: Said, text: str) -> str:
    """What stands in the records for a turn's words."""
    return KEY_PRESSED if said.dtmf is not None and said.dtmf not in _KEYS else text


def kept_acts(said: Said, acts: Sequence[Act]) -> Sequence[Act]:
    """The acts of a turn, without the beginning of a number of keyed digits that can be no telephone number:
    what begins otherwise is not put together over turns."""
    if said.dtmf is None:
        return acts
    return [
        replace(act, slots={name: fill for name, fill in act.slots.items() if not _begins_otherwise(fill)})
        for act in acts
    ]


def _begins_otherwise(fill: SlotFill) -> bool:
    return fill.problem == "incomplete" and fill.words[:1].isdecimal() and fill.words[:1] != _ZERO


def check_values(acts: Sequence[Act]) -> None:
    """Refuse what no recogniser takes out of a turn's words.

    Raises:
        InputError: a slot's value is longer than a turn may be.
    """
    for act in acts:
        for name, given in act.slots.items():
            length = len(json.dumps(given.value, ensure_ascii=False, default=str))
            if length > MAX_TEXT:
                raise InputError(
                    f"a value of {length} characters for {name} is too long",
                    remedy=f"at most {MAX_TEXT} are taken",
                )


def text_of(said: Said) -> str:
    """The words of a turn; none for silence.

    Raises:
        InputError: they are more than anybody says in one breath.
    """
    if said.no_input:
        return ""
    if said.dtmf is not None:
        return _KEYS.get(said.dtmf, said.dtmf)
    text = said.text or ""
    if len(text) > MAX_TEXT:
        raise InputError(
            f"a turn of {len(text)} characters is too long", remedy=f"at most {MAX_TEXT} are taken"
        )
    return text
