"""The schema of a record: what fits, what is missing, what changed, and the same as a JSON Schema."""

from __future__ import annotations

import csv
from pathlib import Path

import jsonschema
import pytest

from donghaeng.errors import InputError, RecordRefused
from donghaeng.tower.register.checking import Missing, missing, normal, split
from donghaeng.tower.register.difference import Piece, difference
from donghaeng.tower.register.json_schema import json_schema
from donghaeng.tower.register.loading import load_schema
from donghaeng.tower.register.stages import DUTCH_STATUS, PHASES, STAGES

SCHEMA = load_schema()
LONG = {"nist_fn", "iso_42001", "seoul_principle", "kr_law"}


def faults(values: dict) -> str:
    with pytest.raises(RecordRefused) as refused:
        normal(SCHEMA, values)
    assert str(refused.value) == "; ".join(refused.value.faults)
    return "\n".join(refused.value.faults)


def test_every_field_says_what_it_is_with_an_example_that_fits() -> None:
    for spec in SCHEMA:
        assert spec.help.endswith("요."), spec.name
        assert spec.title, spec.name
        assert spec.type in {"group"} or spec.instructions.endswith("요."), spec.name
        for part in spec.fields:
            assert part.help, f"{spec.name}.{part.name}"
        # A choice's example is its Korean, as a form shows it.
        flat = {one.name: one for one in (spec.fields or (spec,))}
        example = {
            name: next((code for code, words in one.choices.items() if words == one.example), one.example)
            for name, one in flat.items()
        }
        example = {
            name: [value]
            if flat[name].type == "choices"
            else value in ("예",) or False
            if flat[name].type == "flag"
            else value
            for name, value in example.items()
        }
        values = {"group": {spec.name: example}, "rows": {spec.name: [example]}}.get(spec.type, example)
        assert normal(SCHEMA, values), spec.name


def test_every_attribute_of_the_british_standard_has_its_place(shared: Path) -> None:
    with (shared / "facts/schemas/uk-atrs-v1.1-attributes.csv").open(encoding="utf-8") as file:
        wanted = {row["attribute"].rstrip("*") for row in csv.DictReader(file)}
    # The phase follows from where the process stands; the version of the standard is later metadata.
    assert wanted - {"phase"} == set(SCHEMA.places("atrs")) - {"standard_version"}


def test_risks_and_controls_carry_the_tags_of_the_frameworks() -> None:
    for name in ("risks", "controls"):
        assert set(SCHEMA.by_name[name].by_name) >= LONG, name
    asked = [spec for spec in SCHEMA.by_section["questions"].fields if spec.type != "long"]
    assert all(any(spec.tags.model_dump().values()) for spec in asked)


def test_what_is_empty_is_absent_and_what_is_there_has_one_form() -> None:
    given = {
        "name_ko": "  동행 ",
        "name": "",
        "suppliers": [{"external_supplier": "가"}, {"role": " "}],
        "channels": ["web", "phone", "web"],
        "description": "하나\r\n둘",
        "models": [{"name": "W", "sha256": "AB" * 32}],
        "contains_pii": False,
    }
    assert normal(SCHEMA, given) == {
        "name_ko": "동행",
        "description": "하나\n둘",
        "suppliers": [{"external_supplier": "가"}],
        "channels": ["phone", "web"],
        "models": [{"name": "W", "sha256": "ab" * 32}],
        "contains_pii": False,
    }
    decomposed = "\u1103\u1169\u11bc\u1112\u1162\u11bc"
    assert normal(SCHEMA, {"name_ko": decomposed}) == {"name_ko": "동행"}
    assert normal(SCHEMA, {}) == {}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"nmae": "x"}, "nmae: 이 기록에 없는 칸이에요"),
        ({"models": [{"nmae": "x"}]}, "쓰는 모델 1번째 · nmae: 이 기록에 없는 칸"),
        ({"name_ko": "가" * 101}, "이름: 100자까지"),
        ({"name_ko": "가\n나"}, "이름: 한 줄로"),
        ({"name_ko": "가\x00나"}, "이름: 보이지 않는 글자"),
        ({"name_ko": "\ud800"}, "이름: 글로"),
        ({"website": "javascript:alert(1)"}, "더 알아볼 누리집: https://로"),
        ({"contact_email": "누구"}, "물어볼 이메일: 이메일 주소를"),
        ({"begin_date": "2026-02-30"}, "쓰기 시작한 날: 있는 날짜를 2026-11-23처럼"),
        ({"begin_date": 20261123}, "쓰기 시작한 날: 있는 날짜를"),
        (
            {"begin_date": "2026-11-23", "end_date": "2026-11-22"},
            "그만 쓴 날: 시작한 날(2026-11-23)보다 앞서요",
        ),
        ({"channels": ["telepathy"]}, "쓰는 길 1번째: 다음 가운데에서"),
        ({"publication_category": "?"}, "공개 구분: 다음 가운데 하나여야"),
        ({"contains_pii": "yes"}, "개인정보를 다루나요: 예(true)나"),
        ({"risk_level": 5}, "위험 등급: 1부터 4까지"),
        ({"models": [{}, {"name": "a", "sha256": "12"}]}, "쓰는 모델 1번째 · 확인값(SHA-256): 0-9와 a-f"),
        ({"models": "Whisper"}, "쓰는 모델: 하나씩 줄로"),
        ({"models": [{"name": "a"}] * 201}, "쓰는 모델: 200개까지"),
        ({"oversight_person": "김"}, "사람의 관리·감독: 칸마다"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(values: dict, said: str) -> None:
    assert said in faults(values)


def test_all_faults_are_told_at_once() -> None:
    assert len(faults({"x": 1, "risk_level": 0, "website": "ftp://a"}).splitlines()) == 3


def test_more_is_missing_the_further_a_system_is() -> None:
    values = normal(SCHEMA, {"name_ko": "동행", "organisation": "서울특별시"})
    counts = [len(missing(SCHEMA, values, stage)) for stage in ("draft", "prior_review", "test", "pilot")]
    assert counts[0] == 0
    assert counts == sorted(set(counts))
    assert Missing("description", "무엇을 하는 시스템인가요") in missing(SCHEMA, values, "prior_review")
    assert missing(SCHEMA, values, "operation") == missing(SCHEMA, values, "suspended")
    end = Missing("end_date", "그만 쓴 날")
    assert end in missing(SCHEMA, values, "retired")
    assert end not in missing(SCHEMA, values, "operation")


def test_parts_of_rows_and_groups_are_missing_too() -> None:
    values = normal(SCHEMA, {"models": [{"name": "W"}], "oversight_person": {"name": "팀장"}})
    found = missing(SCHEMA, values, "draft")
    assert Missing("models[0].sha256", "쓰는 모델 1번째 · 확인값(SHA-256)") in found
    assert Missing("oversight_person.contact", "사람의 관리·감독 · 연락처") in found


def test_every_channel_needs_its_notice_and_a_desk_of_staff_none() -> None:
    given = {
        "channels": ["phone", "web", "console"],
        "ai_notice": [{"channel": "web", "text": "인공지능이에요."}],
    }
    values = normal(SCHEMA, given)
    told = [one for one in missing(SCHEMA, values, "test") if one.field.startswith("ai_notice.")]
    assert told == [Missing("ai_notice.phone", "인공지능이라고 알리는 말 · 전화")]
    assert not [one for one in missing(SCHEMA, values, "draft") if one.field.startswith("ai_notice.")]


def test_names_of_persons_are_apart() -> None:
    values = {"name_ko": "동행", "oversight_person": {"name": "김"}, "high_impact_review": {"reviewer": "이"}}
    rest, personal = split(SCHEMA, values)
    assert set(rest) == {"name_ko"}
    assert set(personal) == {"oversight_person", "high_impact_review"}


def test_differences_are_told_in_korean() -> None:
    before = {
        "name_ko": "동행",
        "contains_pii": True,
        "channels": ["phone"],
        "models": [{"name": "A", "version": "1"}, {"name": "B"}],
        "oversight_person": {"name": "팀장"},
        "maintenance": "날마다 두 사람이 봐요.",
    }
    after = {
        "name_ko": "동행",
        "contains_pii": False,
        "channels": ["phone", "web"],
        "models": [{"name": "C"}, {"name": "A", "version": "2"}],
        "oversight_person": {"name": "팀장", "contact": "02-120"},
        "benefit": "쉬워요.",
        "maintenance": "날마다 세 사람이 봐요.",
    }
    told = [one.sentence for one in difference(SCHEMA, before, after)]
    assert told == [
        '사람의 관리·감독 · 연락처: 새로 적음 "02-120"',
        '좋은 점: 새로 적음 "쉬워요."',
        '쓰는 길: "전화" → "전화, 누리집"',
        '돌보는 방법: "날마다 두 사람이 봐요." → "날마다 세 사람이 봐요."',
        '쓰는 모델 · A · 판: "1" → "2"',
        '쓰는 모델 · B: 지움 "이름 B"',
        '쓰는 모델 · C: 새로 적음 "이름 C"',
        '개인정보를 다루나요: "예" → "아니요"',
    ]
    (changed,) = [one for one in difference(SCHEMA, before, after) if one.title == "돌보는 방법"]
    assert [piece for piece in changed.pieces if piece.sort != "same"] == [
        Piece("removed", "두"),
        Piece("added", "세"),
    ]
    assert difference(SCHEMA, after, after) == ()


def test_rows_of_one_name_are_counted_and_moved_rows_are_the_same() -> None:
    rows = [{"name": "A", "part": "1"}, {"name": "B"}, {"name": "A", "part": "2"}]
    assert difference(SCHEMA, {"models": rows}, {"models": [rows[1], rows[0], rows[2]]}) == ()
    (told,) = difference(SCHEMA, {"models": rows}, {"models": rows[:2]})
    assert told.title == "쓰는 모델 · A (2번째)"


def test_the_json_schema_holds_what_the_check_lets_through() -> None:
    document = json_schema(SCHEMA)
    jsonschema.Draft202012Validator.check_schema(document)
    values = {"id": "donghaeng", **normal(SCHEMA, {"name_ko": "동행", "channels": ["web"], "risk_level": 2})}
    jsonschema.validate(values, document)
    for wrong in ({"risk_level": 9}, {"x": 1}, {"channels": ["?"]}, {"name_ko": None}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**values, **wrong}, document)
    described = document["properties"]["oversight_person"]
    assert described["x-required-from"] == "pilot"
    assert described["x-tags"]["kr_law"] == ["인공지능기본법 시행령 제27조"]
    assert described["title"] == "사람의 관리·감독"


def test_a_folder_with_a_doubled_field_is_refused(tmp_path: Path) -> None:
    one = "id: a\ntitle: 가\nhelp: 나\nfields:\n  - {name: x, type: flag, title: 다, help: 라, example: 예}\n"
    (tmp_path / "1.yaml").write_text(one, "utf-8")
    (tmp_path / "2.yaml").write_text(one.replace("id: a", "id: b"), "utf-8")
    with pytest.raises(InputError, match="x; each field stands there once"):
        load_schema(tmp_path)
    for wrong in ("type: text", "type: choice", "type: rows", "type: what"):
        (tmp_path / "2.yaml").write_text(one.replace("type: flag", wrong), "utf-8")
        with pytest.raises(InputError, match=r"2\.yaml: fields"):
            load_schema.__wrapped__(tmp_path)


def test_every_stage_has_its_name_in_each_register() -> None:
    assert set(STAGES) == set(PHASES) == set(DUTCH_STATUS)
    assert set(PHASES.values()) == {"pre-deployment", "beta-pilot", "production", "retired"}
