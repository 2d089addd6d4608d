"""Which events make which review items."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.review.items import Found, Happened, Kind, find_items, veiled
from donghaeng.trust.masking import MASK

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ASK = {"kind": "ask", "service": "pharmacy", "score": 0.9}


def heard(turn: int, text: str, *acts: Mapping[str, Any]) -> Happened:
    return Happened(turn, NOW + timedelta(minutes=turn), "UtteranceHeard", {"text": text, "acts": acts})


def event(turn: int, name: str, /, **fields: Any) -> Happened:
    return Happened(turn, NOW + timedelta(minutes=turn), name, fields)


def kinds(*happened: Happened) -> list[tuple[int, Kind]]:
    return [(one.turn, one.kind) for one in find_items(happened)]


def only(*happened: Happened) -> Found:
    (found,) = find_items(happened)
    return found


def test_what_goes_well_makes_nothing() -> None:
    assert (
        kinds(
            event(0, "ConversationOpened"),
            heard(1, "약국 어디 열었어요", ASK),
            event(1, "FrameOpened", service="pharmacy"),
            event(1, "CallRequested", call="1", service="pharmacy"),
            event(1, "CallFinished", call="1", outcome="ok"),
            event(1, "FrameClosed", outcome="completed"),
            heard(2, "고마워요", {"kind": "thanks", "score": 1.0}),
        )
        == []
    )


@pytest.mark.parametrize(
    ("happened", "kind", "detail"),
    [
        ([event(1, "Missed")], Kind.NO_MATCH, ""),
        ([event(1, "Asked", kind="slot", slot="date", attempt=1)], Kind.NO_MATCH, "slot:date"),
        ([event(1, "ServicesGuessed", labels={"a": "가", "b": "나"})], Kind.LOW_SCORE, "guess:a,b"),
        (
            [
                event(1, "CallRequested", call="1", service="ask"),
                event(1, "CallFinished", call="1", outcome="empty"),
            ],
            Kind.NO_ANSWER,
            "",
        ),
        ([event(1, "suggestion", detail="rejected:d_1-1-2")], Kind.REJECTED, "d_1-1-2"),
        ([event(1, "HandoverChanged", state="queued")], Kind.HANDOVER, "queued"),
    ],
)
def test_each_failure_makes_its_item(happened: list[Happened], kind: Kind, detail: str) -> None:
    found = only(heard(1, "밥솥 버려 주는 데가 어디래요", ASK), *happened)
    assert (found.turn, found.kind, found.detail) == (1, kind, detail)
    assert found.text == "밥솥 버려 주는 데가 어디래요"


def test_a_first_question_a_known_answer_and_a_used_suggestion_make_none() -> None:
    assert (
        kinds(
            heard(1, "밥솥을 버리고 싶어요", ASK),
            event(1, "Asked", kind="slot", slot="date", attempt=0),
            event(1, "CallRequested", call="1", service="weather"),
            event(1, "CallFinished", call="1", outcome="empty"),
            event(1, "suggestion", detail="used:d_1-1-2"),
        )
        == []
    )


def test_a_wish_of_little_certainty_is_looked_at() -> None:
    found = only(heard(1, "거시기 좀 봐 줘요", {**ASK, "score": 0.31}))
    assert (found.kind, found.detail) == (Kind.LOW_SCORE, "score:0.31")
    assert kinds(heard(1, "거시기 좀 봐 줘요", {**ASK, "score": 0.5})) == []


@pytest.mark.parametrize("kind", ["unclear", "out_of_scope"])
def test_words_that_no_service_took_are_looked_at_once(kind: str) -> None:
    found = only(heard(1, "엿장수 좀 불러 주쇼", {"kind": kind, "score": 0.8}), event(1, "Missed"))
    assert (found.kind, found.detail) == (Kind.NO_MATCH, kind)


def test_a_hand_over_is_told_by_the_words_before_the_wish_and_counted_once() -> None:
    person = {"kind": "ask", "service": "counsellor", "score": 1.0}
    found = find_items(
        [
            heard(1, "틀니 지원이 되나 궁금해요", ASK),
            heard(2, "상담사 바꿔 줘요", person),
            event(2, "HandoverChanged", state="queued", position=2),
            event(2, "HandoverChanged", state="queued", position=1),
            event(3, "HandoverChanged", state="joined"),
        ]
    )
    assert [(one.turn, one.kind, one.text) for one in found] == [
        (2, Kind.HANDOVER, "틀니 지원이 되나 궁금해요")
    ]


def test_a_hand_over_is_not_told_by_an_answer_that_is_hidden() -> None:
    person = {"kind": "ask", "service": "counsellor", "score": 1.0}
    happened = [
        heard(1, "돌절구를 버리고 싶어요", ASK),
        event(1, "FrameOpened", service="bulky_waste"),
        event(1, "Asked", kind="slot", slot="address", attempt=0),
        heard(2, "거기가 그러니까 어디냐면"),
        heard(3, "상담사 바꿔 줘요", person),
        event(3, "HandoverChanged", state="queued"),
    ]
    found = find_items(happened, is_personal=lambda service, slot: slot == "address")
    assert [one.text for one in found] == ["돌절구를 버리고 싶어요"]


def test_who_comes_back_is_noticed() -> None:
    words = heard(1, "틀니 지원이 되나 궁금해요", ASK)
    assert kinds(words, heard(4, "틀니 지원이 되나, 궁금해요!", ASK)) == [(4, Kind.REPEAT)]
    assert kinds(words, heard(4, "아니 틀니 지원이 되나 궁금해요", ASK)) == [(4, Kind.REPEAT)]
    assert kinds(heard(1, "네 맞아요"), heard(2, "네 맞아요")) == [], "said often and means no failure"
    failed = [
        heard(1, "버스 언제 오나요", ASK),
        event(1, "FrameOpened", service="bus_arrival"),
        event(1, "FrameClosed", outcome="failed"),
        heard(2, "아까 그 버스 봐 줘요", ASK),
        event(2, "FrameOpened", service="bus_arrival"),
    ]
    assert kinds(*failed) == [(2, Kind.REPEAT)]
    twice = [
        heard(1, "연금을 알고 싶어요", ASK),
        event(1, "HandoverChanged", state="queued"),
        event(1, "HandoverChanged", state="closed"),
        heard(2, "연금이 아직 안 되었네요", ASK),
        event(2, "HandoverChanged", state="callback"),
    ]
    assert kinds(*twice) == [(1, Kind.HANDOVER), (2, Kind.HANDOVER), (2, Kind.REPEAT)]


def test_an_answer_to_a_personal_question_is_not_shown() -> None:
    asked = [
        event(1, "FrameOpened", service="bulky_waste"),
        event(1, "Asked", kind="slot", slot="person_name", attempt=0),
        heard(2, "김복순이라니까요"),
        event(2, "Asked", kind="slot", slot="person_name", attempt=1),
        heard(3, "몇 번을 말해요 김복순"),
        event(3, "Missed"),
    ]
    found = find_items(asked, is_personal=lambda service, slot: slot == "person_name")
    assert [one.text for one in found] == [f"[person_name] {MASK}"] * 2
    assert "김복순" in find_items(asked)[0].text, "the test sees what would be shown"


@pytest.mark.parametrize(
    "number",
    ["010-1234-5678", "010 1234 5678", "공일공 일이삼사에 오육칠팔", "900101-1234567", "4708152345678"],
)
def test_long_numbers_are_veiled(number: str) -> None:
    shown = veiled(f"제 번호는 {number} 이에요")
    assert MASK in shown
    assert not any(part in shown for part in ("1234", "일이삼사", "5678", "234567"))


@pytest.mark.parametrize("words", ["641번 버스 두 대요", "12월 3일 오후 2시", "이 일은 삼 일 걸려요"])
def test_short_numbers_stay(words: str) -> None:
    assert veiled(words) == words


@given(
    st.lists(
        st.sampled_from(
            [
                heard(1, "밥솥을 버리고 싶어요", ASK),
                heard(2, "밥솥을 버리고 싶어요", {**ASK, "score": 0.1}),
                event(2, "Missed"),
                event(3, "HandoverChanged", state="queued"),
                event(3, "HandoverChanged", state="closed"),
                event(3, "FrameOpened", service="a"),
                event(3, "FrameClosed", outcome="failed"),
            ]
        ),
        max_size=12,
    )
)
def test_the_same_conversation_gives_the_same_items_each_once(happened: list[Happened]) -> None:
    found = find_items(happened)
    assert found == find_items(happened)
    assert len({(one.turn, one.kind) for one in found}) == len(found)
