"""A reply cites what it says, and nothing else."""

from __future__ import annotations

from typing import Any

from donghaeng.city.operations import Answer, Effect
from donghaeng.conversation.citing import citations_of, with_source
from donghaeng.conversation.reply import Card
from donghaeng.dialogue.effects import CallOutcome, CityCall, OutcomeKind, Purpose

ROW = {
    "id": "tax",
    "title": "재산세 내는 때",
    "spoken": "재산세는 7월에 내요.",
    "document": "지방세법",
    "section": "제115조",
    "source": "국가법령정보센터",
    "url": "https://www.law.go.kr",
}


def _outcome(*rows: dict[str, Any], purpose: Purpose = Purpose.CARRY_OUT) -> CallOutcome:
    call = CityCall("1", "local_tax", "knowledge.guide", Effect.READ, {}, purpose=purpose)
    return CallOutcome(call, OutcomeKind.OK, Answer(rows))


def test_what_is_said_is_cited_with_its_document_and_section() -> None:
    other = ROW | {"id": "other", "spoken": "다른 것도 있어요."}
    (cited,) = citations_of([_outcome(ROW, other)], "네, 재산세는  7월에 내요. 또 있어요.")
    assert cited.model_dump() == {
        "id": "tax",
        "title": "지방세법",
        "source": "국가법령정보센터",
        "section": "제115조",
        "url": "https://www.law.go.kr",
    }


def test_a_service_found_is_cited_by_its_name_and_rows_without_a_source_never() -> None:
    service = {"id": "WLF1", "name": "에너지바우처", "source": "복지로"}
    bus = {"id": "1", "name": "에너지바우처"}
    assert [one.title for one in citations_of([_outcome(service, bus)], "에너지바우처가 있어요.")] == [
        "에너지바우처"
    ]
    assert citations_of([_outcome(bus)], "에너지바우처가 있어요.") == []


def test_failures_and_look_ups_cite_nothing() -> None:
    failed = CallOutcome(_outcome().call, OutcomeKind.FAILED)
    assert citations_of([failed, _outcome(ROW, purpose=Purpose.LOOK_UP)], ROW["spoken"]) == []


def test_the_card_names_the_source_unless_it_has_its_own() -> None:
    citations = citations_of([_outcome(ROW)], ROW["spoken"])
    card = with_source(Card(kind="answer"), citations)
    assert card is not None
    assert card.source == "국가법령정보센터 · 지방세법 · 제115조"
    own = Card(kind="answer", source="다른 곳")
    assert with_source(own, citations) == own
    assert with_source(None, citations) is None
