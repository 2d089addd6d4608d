"""Between events and what is stored and shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.dialogue.harness import BULKY, STATES, Talk, at_confirm, comes_to

from donghaeng.conversation.records import state_of, to_reply, to_stored, transcript_of
from donghaeng.dialogue.effects import CallOutcome, OutcomeKind
from donghaeng.dialogue.events import EVENTS, from_record
from donghaeng.understanding.acts import ActKind

AT = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("state", STATES)
def test_what_is_stored_folds_into_the_same_state(state: str) -> None:
    talk = STATES[state]()
    rows = to_stored(talk.events, 1, AT)
    assert state_of(rows) == talk.state
    assert transcript_of("c_1", rows)["conversation"] == "c_1"


def test_the_public_half_holds_nothing_personal() -> None:
    talk = at_confirm()
    talk.says(ActKind.CONFIRM)
    public = json.dumps([row.public for row in to_stored(talk.events, 1, AT)], ensure_ascii=False)
    for secret in ("010-1234-5678", "양화로", "소파"):
        assert secret not in public


def test_an_event_of_another_version_is_named() -> None:
    with pytest.raises(KeyError):
        from_record("NeverHeardOf", {}, {})
    assert len(EVENTS) > 15


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [(OutcomeKind.REFUSED, "failed"), (OutcomeKind.FAILED, "failed"), (OutcomeKind.UNANSWERED, "failed")],
)
def test_outcomes_are_told_in_the_contracts_words(kind: OutcomeKind, outcome: str) -> None:
    talk = at_confirm(comes_to(kind, "full"))
    draft = talk.says(ActKind.CONFIRM)
    outcomes = [CallOutcome(one, kind) for one in talk.writes]
    reply = to_reply(draft, talk.state, outcomes, conversation="c", token="t", heard="네")
    assert [(call.effect, call.outcome, call.receipt) for call in reply.calls] == [("write", outcome, None)]


def test_look_ups_are_no_calls() -> None:
    talk = Talk()
    talk.asks("bulky_waste", **BULKY)
    outcomes = [CallOutcome(one, OutcomeKind.OK) for one in talk.effects]
    reply = to_reply(talk.draft, talk.state, outcomes, conversation="c", token="t", heard=None)
    assert outcomes
    assert reply.calls == []
