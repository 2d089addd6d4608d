"""`donghaeng eval routing`: which service a first utterance reaches, and with which slots (CONTRACT 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TextIO

from donghaeng.conversation.door import Conversations, Opening, Said
from donghaeng.measuring.cases import JsonObject, Progress, failed, no_progress, predict_each, read_cases
from donghaeng.measuring.expressions import moment
from donghaeng.measuring.figures import accuracy

NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class RoutingCase:
    """The first words of a citizen."""

    text: str
    now: datetime | None = None
    home_district: str | None = None
    service: str | None = None
    """What is right, where the file says it."""


def read(path: Path) -> list[RoutingCase]:
    """Read ``{"text", "now"?, "home_district"?}`` cases; a ``service`` among the keys is what is right.

    Raises:
        InputError: as :func:`~donghaeng.measuring.cases.read_cases`; ``now`` is no time.
    """
    found = []
    for number, row in read_cases(path, {"text": str}, {"now": str, "home_district": str, "service": str}):
        now = row.get("now")
        found.append(
            RoutingCase(
                row["text"],
                None if now is None else moment(f"{path}:{number}", now),
                row.get("home_district"),
                row.get("service"),
            )
        )
    return found


async def run(
    conversations: Conversations,
    services: Sequence[str],
    cases: Sequence[RoutingCase],
    stream: TextIO,
    progress: Progress = no_progress,
) -> JsonObject:
    """Take each case as the first turn of a fresh conversation, and summarise.

    ``services`` are those of the catalogue served. Where every case says what is right, the summary has
    ``accuracy``, and ``accuracy_served`` that counts a service which is not served as ``none``.
    """

    async def predict(case: RoutingCase) -> JsonObject:
        greeting = await conversations.open(Opening(now=case.now, home_district=case.home_district))
        reply = await conversations.turn(greeting.conversation, greeting.token, Said(text=case.text))
        if not reply.ended:
            await conversations.end(greeting.conversation, greeting.token)
        return {"service": reply.service or NONE, "slots": reply.slots}

    predictions = await predict_each(cases, predict, stream, progress)
    summary: JsonObject = {
        "kind": "routing",
        "cases": len(cases),
        "failed": failed(predictions),
        "services": len(services),
    }
    if all(case.service is not None for case in cases):
        gold = [str(case.service) for case in cases]
        said = [prediction.get("service") for prediction in predictions]
        served = {*services, "emergency"}
        summary["accuracy"] = round(accuracy(gold, said), 4)
        reachable = [one if one in served else NONE for one in gold]
        summary["accuracy_served"] = round(accuracy(reachable, said), 4)
    return summary
