"""Facts become lines by the rules of form; what is missing is told, all of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError
from tests.office.drafts.conftest import ABOUT, CATALOGUE, FACTS, PASSAGES

from donghaeng.errors import DraftIncomplete
from donghaeng.office.drafts.composing import compose
from donghaeng.office.drafts.model import Draft, Grid
from donghaeng.office.drafts.template import Template
from donghaeng.office.lint.linter import Linter
from donghaeng.office.lint.loading import load_linter


@pytest.fixture(scope="module")
def linter() -> Linter:
    return load_linter(CATALOGUE)


def test_there_are_facts_for_every_template(templates: Mapping[str, Template]) -> None:
    assert set(templates) == set(FACTS)


def test_a_letter_is_numbered_has_its_attachments_and_its_end(drafts: Mapping[str, Draft]) -> None:
    assert drafts["letter"].letter.split("\n") == [
        "1. 관련: 디지털정책과-1123(2026. 11. 2.)",
        "2. 다음과 같이 협조해 주시기 바랍니다.",
        "가. 배치할 곳을 정합니다.",
        "나. 책상을 마련합니다.",
        "1) 한 곳에 하나",
        "2) 의자 둘",
        "붙임  1. 배치 계획 1부.",
        "2. 동의서 2부.  끝.",
    ]


def test_a_lone_point_has_no_sign(templates: Mapping[str, Template]) -> None:
    facts = {**FACTS["letter"], "points": ["자료를 보내 드립니다."], "attachments": None}
    assert compose(templates["letter"], facts, [], ABOUT).letter == "자료를 보내 드립니다.  끝."


def test_dates_times_and_amounts_are_written_by_the_rule(drafts: Mapping[str, Draft]) -> None:
    plan, press = drafts["plan"].lines, drafts["press_release"].lines
    assert "○ 기간: 2027. 1. 4.~2027. 12. 31." in plan
    assert "○ 예산: 금113,560,000원(금일억일천삼백오십육만원)" in plan
    assert "2026. 11. 24. 06:00" in press
    assert isinstance(drafts["press_release"].blocks[1], Grid)


def test_passages_stand_word_for_word_with_their_source(drafts: Mapping[str, Draft]) -> None:
    told = drafts["complaint_reply"].letter
    assert "○ 안내사는 평일 09:00부터 18:00까지 일합니다. (근거: 디지털 안내사 운영 지침, 3쪽)" in told
    assert "○ 교육은 무료입니다. (근거: 시민 디지털 교육 계획)" in told


@pytest.mark.parametrize("kind", FACTS)
def test_what_templates_say_themselves_passes_the_linter(
    drafts: Mapping[str, Draft], linter: Linter, kind: str
) -> None:
    draft = drafts[kind]
    assert [(one.rule, one.text) for one in linter.check("\n".join(draft.lines))] == []
    if draft.letter:
        assert linter.check(draft.letter, whole=True) == []


def test_all_that_is_missing_or_wrong_is_told_at_once(templates: Mapping[str, Template]) -> None:
    facts = {"title": "회신", "received": "어제", "result": [], "odd": 1, "gist": {"가": "나"}}
    with pytest.raises(DraftIncomplete) as caught:
        compose(templates["complaint_reply"], facts, [], ABOUT)
    told = caught.value.faults
    assert told[0] == "'odd'는 이 서식에 없는 항목이에요." or "odd" in told[0]
    assert "'접수일'은 2026-11-21 같은 날짜이어야 해요." in told
    assert "'민원 요지'는 글이어야 해요." in told
    assert any("처리 결과" in one and "비었어요" in one for one in told)
    assert any("근거" in one for one in told)
    assert len(told) == 11


@pytest.mark.parametrize("budget", [True, -1, 1.5, "많음", 10**16])
def test_an_amount_is_a_number_of_won(templates: Mapping[str, Template], budget: Any) -> None:
    with pytest.raises(DraftIncomplete):
        compose(templates["plan"], {**FACTS["plan"], "budget": budget}, PASSAGES, ABOUT)


def test_facts_are_text_and_never_a_pattern(templates: Mapping[str, Template]) -> None:
    facts = {**FACTS["letter"], "title": "{to} 은(는)\n둘째\x00 줄 {0.__class__}"}
    draft = compose(templates["letter"], facts, [], ABOUT)
    assert "제목  {to} 은(는) 둘째 줄 {0.__class__}" in draft.lines


def test_outlines_without_end_and_floods_are_refused(templates: Mapping[str, Template]) -> None:
    deep: Any = ["끝"]
    for _ in range(9):
        deep = [{"위": deep}]
    for points in (deep, ["하나"] * 501, ["가" * 4_001], [{"가": ["나"], "다": ["라"]}], "글"):
        with pytest.raises(DraftIncomplete):
            compose(templates["letter"], {**FACTS["letter"], "points": points}, [], ABOUT)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([{"text": "{b}"}], "no field b"),
        ([{"text": "{many}"}], "is more than one line"),
        ([{"points": "a"}], "is no field of points"),
        ([{"text": "가", "lines": "many"}], "is one of"),
        ([{"grid": [["가"], ["나", "다"]]}], "equally long"),
        ([{"text": "가", "body": True}, {"text": "나"}, {"text": "다", "body": True}], "one piece"),
        ([{"text": "가", "when": "b"}], "no field b"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused(parts: list[dict], told: str) -> None:
    fields = [{"name": "a", "label": "가"}, {"name": "many", "label": "나", "kind": "lines"}]
    with pytest.raises(ValidationError, match=told):
        Template.model_validate({"id": "x", "title": "가", "source": "나", "fields": fields, "parts": parts})
