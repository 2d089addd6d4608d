"""From what was heard to acts: which of the recogniser's hearings is believed, and how far."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from donghaeng.conversation.door import Said
from donghaeng.dialogue.state import Question, QuestionKind
from donghaeng.trust.masking import mask
from donghaeng.understanding.acts import Act, ActKind, Context, Understanding

LED_NOWHERE: Final = frozenset({ActKind.UNSURE, ActKind.UNCLEAR, ActKind.OUT_OF_SCOPE, ActKind.SILENCE})
"""Acts after which what else the recogniser may have heard is tried."""


async def acts_of(
    text: str, said: Said, context: Context, understanding: Understanding, question: Question | None
) -> Sequence[Act]:
    """What the citizen did, most important first.

    Other hearings are tried where the first leads nowhere; none of them ever agrees to a write that waits,
    for the citizen's yes has to be heard, not guessed.

    Args:
        text: the first hearing, masked.
        said: brings the other hearings.
        context: the dialogue's, for the understanding.
        question: what was asked last.
    """
    if said.no_input:
        return (Act(ActKind.SILENCE),)
    acts = await asyncio.to_thread(understanding.understand, text, context)
    for other in said.alternatives:
        if acts[0].kind not in LED_NOWHERE:
            break
        read = await asyncio.to_thread(understanding.understand, mask(other).text, context)
        if not _agrees_to_a_write(read, question):
            acts = max(acts, read, key=leads)
    return acts


def _agrees_to_a_write(acts: Sequence[Act], question: Question | None) -> bool:
    waits = question is not None and question.kind is QuestionKind.CONFIRM
    return waits and any(act.kind is ActKind.CONFIRM for act in acts)


def leads(acts: Sequence[Act]) -> int:
    """How far acts lead: somewhere, to the question which service is meant, nowhere."""
    kind = acts[0].kind
    return 2 if kind not in LED_NOWHERE else int(kind is ActKind.UNSURE)
