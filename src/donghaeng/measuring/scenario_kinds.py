"""The four kinds of conversation test that every service has, told by what happened in the run.

A name or a tag could claim anything; what was recorded cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from donghaeng.city.services import ServiceDefinition
from donghaeng.conversation.scenario_runner import Verdict
from donghaeng.measuring.scenario_coverage import reached


class Kind(StrEnum):
    """What a conversation test is about."""

    STRAIGHT = "straight"
    """The service is carried out, and nothing comes between."""
    CORRECTION = "correction"
    """The citizen takes a value back, or asks the same once more with another one."""
    FAILURE = "failure"
    """The city refuses, has nothing, fails or does not answer, or the citizen is not understood."""
    ASIDE = "aside"
    """The citizen gives it up, takes it back, or asks something else meanwhile."""


_SIGNS: Mapping[Kind, frozenset[str]] = {
    Kind.CORRECTION: frozenset({"correct", "replaced"}),
    Kind.FAILURE: frozenset({"again", "empty", "failed", "person_offered", "refused", "unanswered"}),
    Kind.ASIDE: frozenset({"cancel", "digression", "emergency", "start_over"}),
}

_RATHER = re.compile(r"아니|말고|틀렸|고쳐|고칠")


def kinds_of(service: str, catalogue: Mapping[str, ServiceDefinition], verdict: Verdict) -> frozenset[Kind]:
    """What one run shows of ``service``; nothing where the run failed or was about others alone."""
    found = reached(catalogue, verdict)
    if not verdict.passed or service not in found.services:
        return frozenset()
    kinds = {kind for kind, signs in _SIGNS.items() if signs & found.repairs}
    if _asks_with_another_value(service, verdict) or _takes_back(service, verdict):
        kinds.add(Kind.CORRECTION)
    done = any(prompt.startswith(f"{service}.") and prompt.endswith(".reply.ok") for prompt in found.prompts)
    if done and not kinds:
        kinds.add(Kind.STRAIGHT)
    return frozenset(kinds)


def _asks_with_another_value(service: str, verdict: Verdict) -> bool:
    """Whether replies about ``service`` show one slot with two values."""
    seen: dict[str, Any] = {}
    for reply in verdict.replies:
        if reply.get("service") != service:
            continue
        if any(name in seen and seen[name] != value for name, value in reply["slots"].items()):
            return True
        seen |= reply["slots"]
    return False


def _takes_back(service: str, verdict: Verdict) -> bool:
    """Whether the citizen says "no, rather …" in one breath, and is understood."""
    taken = [one for one in verdict.exchanges if one.reply.get("service") == service and one.reply["slots"]]
    return any(_RATHER.search(exchange.words) for exchange in taken)


def lacking(
    catalogue: Mapping[str, ServiceDefinition], runs: Iterable[tuple[str, Verdict]]
) -> dict[str, list[Kind]]:
    """By served service, the kinds that none of its tests shows.

    Args:
        runs: service and how one of its tests went.
    """
    shown: dict[str, set[Kind]] = {name: set() for name, one in catalogue.items() if one.is_served}
    for service, verdict in runs:
        if service in shown:
            shown[service] |= kinds_of(service, catalogue, verdict)
    gaps = {name: [kind for kind in Kind if kind not in kinds] for name, kinds in shown.items()}
    return {name: missing for name, missing in gaps.items() if missing}
