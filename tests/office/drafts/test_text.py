"""A draft as text: it keeps its looks through any edit, and two people's edits come together by paragraph."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.office.drafts.conftest import ABOUT, CATALOGUE, FACTS, PASSAGES

from donghaeng.errors import InputError
from donghaeng.office.drafts.checking import changed, findings
from donghaeng.office.drafts.composing import gaps, preview
from donghaeng.office.drafts.content import Content, as_json, composed, from_json, merged_fields
from donghaeng.office.drafts.editing import Row, draft_of, lines_of, reshaped, rows_of, text_of
from donghaeng.office.drafts.fields import facts_of
from donghaeng.office.drafts.merging import Agreed, clashes, merged, settled
from donghaeng.office.drafts.model import Draft, Grid, Look
from donghaeng.office.drafts.template import Template
from donghaeng.office.lint.linter import Linter
from donghaeng.office.lint.loading import load_linter

KINDS = tuple(FACTS)
TEXTS = st.lists(st.sampled_from(["가", "나", "다", "라", ""]), max_size=8)


@pytest.fixture(scope="module")
def linter() -> Linter:
    return load_linter(CATALOGUE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_that_nobody_edits_stays_the_same(drafts: Mapping[str, Draft], kind: str) -> None:
    draft = drafts[kind]
    rows = rows_of(draft)
    again = reshaped(lines_of(text_of(rows).replace("\n", "\r\n")), rows)
    assert again == rows
    assert draft_of(again, draft.kind, draft.title, draft.about) == draft


@pytest.mark.parametrize("kind", KINDS)
def test_the_linter_finds_nothing_in_what_templates_say(
    drafts: Mapping[str, Draft], linter: Linter, kind: str
) -> None:
    assert findings(linter, rows_of(drafts[kind])) == []


def test_a_letter_without_its_end_is_told_at_its_place_in_the_whole_text(
    drafts: Mapping[str, Draft], linter: Linter
) -> None:
    rows = rows_of(drafts["letter"])
    text = text_of(rows).replace("  끝.", "")
    (found,) = findings(linter, reshaped(text.split("\n"), rows))
    assert (found.rule, text[found.start : found.end]) == ("end.missing", "2. 동의서 2부.")
    assert text.split("\n")[found.line - 1] == "2. 동의서 2부."
    assert changed(text, found.start, found.end, found.text, found.fixes[0]) == text_of(rows)
    with pytest.raises(InputError):
        changed(text, found.start + 1, found.end + 1, found.text, "다른 말")


def test_edited_and_new_lines_keep_looks_and_tables_keep_cells(drafts: Mapping[str, Draft]) -> None:
    rows = rows_of(drafts["press_release"])
    text = (
        text_of(rows)
        .replace("서울특별시 보도자료", "서울시 보도자료")
        .replace("| 담당자 |", "| 맡은 분 \\| 둘 |")
    )
    made = reshaped(lines_of(text), rows)
    draft = draft_of(made, "press_release", "제목", ABOUT)
    assert made[0] == Row("서울시 보도자료", Look.NAME)
    (grid,) = (block for block in draft.blocks if isinstance(block, Grid))
    assert grid.rows[1][0] == "맡은 분 | 둘"
    letter = rows_of(drafts["letter"])
    lines = [row.text for row in letter]
    place = next(number for number, row in enumerate(letter) if row.body)
    longer = reshaped([*lines[: place + 1], "새 문단입니다.", *lines[place + 1 :]], letter)
    assert longer[place + 1] == Row("새 문단입니다.", Look.LINE, letter[place].level, body=True)


@given(TEXTS, TEXTS, TEXTS)
def test_a_merge_keeps_every_change_and_invents_nothing(before, mine, theirs) -> None:
    parts = merged(before, mine, theirs)
    one, two = settled(parts, lambda number: "mine"), settled(parts, lambda number: "theirs")
    assert set(one) | set(two) <= {*before, *mine, *theirs}
    if not clashes(parts):
        assert one == two
    assert settled(merged(before, mine, before), lambda number: "theirs") == list(mine)
    assert settled(merged(before, before, theirs), lambda number: "mine") == list(theirs)
    assert settled(merged(before, mine, mine), lambda number: "mine") == list(mine)
    other_way = merged(before, theirs, mine)
    assert len(clashes(other_way)) == len(clashes(parts))


def test_paragraphs_that_only_one_changed_come_together_and_others_are_asked_about() -> None:
    assert merged(["가", "나", "다"], ["가!", "나", "다"], ["가", "나", "다!"]) == (
        Agreed(("가!", "나", "다!")),
    )
    (clash,) = clashes(merged(["가", "나"], ["가!", "나"], ["가?", "나"]))
    assert (clash.before, clash.mine, clash.theirs) == (("가",), ("가!",), ("가?",))
    assert clash.chosen("both") == ("가!", "가?")


def test_what_is_typed_becomes_facts_and_what_does_not_fit_is_told(templates: Mapping[str, Template]) -> None:
    plan = templates["plan"]
    typed = {
        "title": " 계획 ",
        "day": "2026. 11. 23.",
        "starts": "내일",
        "budget": "1,200,000원",
        "work": "뽑습니다.\r\n- 알립니다.\r\n---- 바로\n\n끝냅니다.",
    }
    facts = facts_of(plan, typed)
    assert facts == {
        "title": "계획",
        "day": "2026-11-23",
        "starts": "내일",
        "budget": 1_200_000,
        "work": [{"뽑습니다.": [{"알립니다.": ["바로"]}]}, "끝냅니다."],
    }
    missing = {fault.field for fault in gaps(plan, facts, [])}
    assert missing == {"department", "purpose", "starts", "ends", "audience", "schedule"}
    shown = [getattr(block, "text", "") for block in preview(plan, facts, [], ABOUT).blocks]
    assert "○ 기간: ［시작일］~［마치는 날］" in shown
    assert "○ ［일정］" in shown


def test_a_version_is_stored_and_read_and_new_facts_keep_own_words(templates: Mapping[str, Template]) -> None:
    letter = templates["letter"]
    typed = {name: value for name, value in FACTS["letter"].items() if isinstance(value, str)}
    first, _ = composed(
        letter,
        Content({**typed, "points": "자료를 보내 드립니다."}, tuple(PASSAGES)),
        ABOUT,
        afresh=False,
    )
    own = first.edited(text_of(first.rows).replace("자료를", "모든 자료를"))
    assert from_json(as_json(own)) == own
    changed_facts = {**own.typed, "to": "은평구청장", "points": "서류를 보내 드립니다."}
    again, kept = composed(letter, Content(changed_facts, (), own.rows, own.composed), ABOUT, afresh=False)
    assert "수신  은평구청장" in again.lines
    assert "모든 자료를 보내 드립니다.  끝." in again.lines
    assert kept == 1


def test_fields_that_only_one_filled_come_together() -> None:
    together, both = merged_fields(
        {"가": "1", "나": "1"}, {"가": "2", "나": "1", "다": "3"}, {"가": "4", "나": "5"}, ["가", "나", "다"]
    )
    assert (together, both) == ({"가": "2", "나": "5", "다": "3"}, {"가": "4"})
