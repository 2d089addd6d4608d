"""What a turn may hold, and the words that keys of a telephone stand for."""

from __future__ import annotations

import json
from collections.abc import Sequence

from donghaeng.conversation.door import Said
from donghaeng.errors import InputError
from donghaeng.understanding.acts import Act

MAX_TEXT = 2_000
"""Characters of one turn; nobody says more in one breath, and nothing is cut silently."""
_KEYS = {"0": "상담사", "*": "다시 말해 주세요", "#": "네"}
"""What the telephone's keys say (ETSI ETR 096: 0 for a person)."""


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
