"""An answer that comes in parts: what was said of it before belongs to it, in this process and the next."""

from __future__ import annotations

import json

import pytest
from tests.dialogue.harness import NOW, Talk
from tests.understanding.scene import cheap

from donghaeng.dialogue.context import context_of
from donghaeng.dialogue.events import AnswersBegun, from_record, to_record
from donghaeng.dialogue.evolve import fold


def answered(slot: str, *words: str) -> Talk:
    """A bulky-waste request that is asked for ``slot`` and hears ``words``, one turn each."""
    known = {"item": "소파", "address": "서울특별시 마포구 양화로 45", "date": "2026-12-01"}
    talk = Talk(home_district="은평구")
    talk.asks("bulky_waste", **{name: value for name, value in known.items() if name != slot})
    assert talk.draft.asks == slot
    for text in words:
        talk.does(*cheap().understand(text, context_of(talk.state, NOW)))
    return talk


@pytest.mark.parametrize(
    ("words", "address"),
    [
        (("마포구요", "월드컵로 백십이"), "마포구 월드컵로 112"),
        (("마포구 월드컵로요", "백십사 오백일 호"), "마포구 월드컵로 114, 501호"),
        (("마포구요", "은평구 통일로 백"), "은평구 통일로 100"),
        (("마포구 양화로요", "월드컵로 백십사"), "마포구 월드컵로 114"),
        (("마포구요", "응", "월드컵로 백십사"), "마포구 월드컵로 114"),
    ],
)
def test_an_address_may_be_said_in_parts(words: tuple[str, ...], address: str) -> None:
    talk = answered("address", *words)
    frame = talk.state.frame
    assert frame is not None
    assert frame.slots["address"] == f"서울특별시 {address}"
    assert frame.begun == {}


@pytest.mark.parametrize("words", [("공일공 일이삼사", "오육칠팔"), ("공일공", "일이삼사 오육칠팔이요")])
def test_a_phone_number_may_be_said_in_parts(words: tuple[str, ...]) -> None:
    talk = answered("phone", *words)
    assert talk.state.frame is not None
    assert talk.state.frame.slots["phone"] == "010-1234-5678"


def test_what_was_begun_is_stored_sealed_and_read_back() -> None:
    talk = answered("address", "마포구요")
    (begun,) = (event for event in talk.events if isinstance(event, AnswersBegun))
    kind, public, private = to_record(begun)
    assert (public, private) == ({}, {"words": {"address": "마포구요"}})
    assert from_record(kind, public, json.loads(json.dumps(private))) == begun
    assert fold(talk.events) == talk.state


def test_what_was_begun_goes_with_its_service() -> None:
    talk = answered("address", "마포구요")
    assert context_of(talk.state, NOW).begun == {"address": "마포구요"}
    talk.says("cancel")
    talk.asks("bulky_waste")
    assert context_of(talk.state, NOW).begun == {}
