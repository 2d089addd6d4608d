"""Records to others and back: what was told comes back as it was, and bad files are told line by line."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from donghaeng.errors import RecordRefused
from donghaeng.tower.csv_files import as_given, neutral
from donghaeng.tower.register.atrs import from_atrs, to_atrs
from donghaeng.tower.register.checking import normal
from donghaeng.tower.register.dutch import from_dutch, to_dutch
from donghaeng.tower.register.feed import as_csv, as_json
from donghaeng.tower.register.importing import fields_of, read_records
from donghaeng.tower.register.loading import load_own, load_schema
from donghaeng.tower.register.publishing import Shown
from donghaeng.tower.register.schema import Spec
from donghaeng.tower.register.tables import from_csv, to_csv

SCHEMA = load_schema()
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "'=x", "''@x", "'ok", "＝1", '=HYPERLINK("http://x")')

FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029")
words = st.one_of(st.text(letters, max_size=12), st.sampled_from(FORMULAS))
lines = st.lists(words, max_size=3).map("\n".join)


def value_of(spec: Spec) -> st.SearchStrategy[Any]:
    simple = {
        "text": words,
        "long": lines,
        "url": st.sampled_from(["https://a.example/가?b=1,2", "http://x.example"]),
        "email": st.just("ai@seoul.go.kr"),
        "date": st.dates(min_value=date(1990, 1, 1)).map(date.isoformat),
        "flag": st.booleans(),
        "number": st.integers(spec.least or 0, spec.most or 0),
        "sha256": st.just("a1" * 32),
    }
    if spec.choices:
        one = st.sampled_from(list(spec.choices))
        return one if spec.type == "choice" else st.lists(one, max_size=3)
    if spec.fields:
        row = st.fixed_dictionaries({}, optional={part.name: value_of(part) for part in spec.fields})
        return st.lists(row, max_size=3) if spec.type == "rows" else row
    return simple[spec.type]


WANTED = {"name_ko": st.just("동행"), "name": st.just("Donghaeng")}
# A field of each kind, and all that the standard repeats: a record of everything takes long to make up.
USED = [
    "description",
    "contact_email",
    "website",
    "capability",
    "risk_level",
    "oversight_person",
    "suppliers",
    "scope",
    "benefit",
    "channels",
    "organisation",
    "team",
    "begin_date",
    "publication_category",
    "models",
    "source_data",
    "impact_assessments",
    "risks",
    "contains_pii",
]
OTHERS = {name: value_of(SCHEMA.by_name[name]) for name in USED}
records = st.fixed_dictionaries(WANTED, optional=OTHERS).map(lambda values: normal(SCHEMA, values))


def atrs_part(values: dict[str, Any]) -> dict[str, Any]:
    """What of a record the British standard can hold."""
    places = [path for name, path in SCHEMA.places("atrs").items() if name != "standard_version"]
    kept: dict[str, Any] = {}
    for path in places:
        if path[0] in values and len(path) == 1:
            kept[path[0]] = values[path[0]]
        elif path[0] in values:
            names = {two for one, two in (one for one in places if len(one) == 2) if one == path[0]}
            kept[path[0]] = [{k: v for k, v in row.items() if k in names} for row in values[path[0]]]
    return normal(SCHEMA, {**kept, "name_ko": values["name"], "standard_version": "1.1"})


@FEW
@given(records)
def test_british_json_comes_back_as_it_was(values: dict[str, Any]) -> None:
    document = to_atrs(SCHEMA, "donghaeng", values, "production")
    (read,) = read_records(SCHEMA, json.dumps(document).encode())
    assert (read.record, read.faults) == ("donghaeng", ())
    assert read.values == atrs_part(values)


@FEW
@given(st.lists(records, min_size=1, max_size=3))
def test_british_csv_comes_back_as_it_was(several: list[dict[str, Any]]) -> None:
    shown = [Shown(f"r{number}", 1, NOW, "pilot", values) for number, values in enumerate(several)]
    text = as_csv(SCHEMA, shown)
    read = read_records(SCHEMA, text.encode())
    assert [one.record for one in read] == [one.id for one in shown]
    assert [one.values for one in read] == [atrs_part(values) for values in several]
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠")]


@FEW
@given(records)
def test_our_own_json_comes_back_whole(values: dict[str, Any]) -> None:
    feed = as_json([Shown("donghaeng", 3, NOW, "operation", values)])
    (read,) = read_records(SCHEMA, json.dumps(feed, ensure_ascii=False).encode())
    assert (read.record, read.values, read.faults) == ("donghaeng", values, ())


@FEW
@given(records)
def test_dutch_json_keeps_what_is_the_same_there(values: dict[str, Any]) -> None:
    document = json.loads(json.dumps(to_dutch(SCHEMA, "donghaeng", values, "In gebruik")))
    assert fields_of(SCHEMA, document) == "dutch"
    record, found = from_dutch(SCHEMA, document)
    kept = normal(SCHEMA, found)
    assert record == "donghaeng"
    for name in ("description", "website", "organisation", "team", "begin_date", "publication_category"):
        assert kept.get(name) == values.get(name)
    assert {"status", "lang", "name"} <= set(document)


@given(words)
def test_a_harmless_cell_is_read_as_it_was(text: str) -> None:
    assert as_given(neutral(text)) == text
    assert neutral(text)[:1] not in tuple("=+-@")


def test_a_record_of_ours_in_the_standards_names() -> None:
    values = {
        "name_ko": "동행",
        "scope": "찾아 줘요.",
        "benefit": "쉬워요.",
        "publication_category": "impactful",
        "risks": [{"name": "틀린 답", "mitigation": "출처"}, {"name": "끊김"}],
        "suppliers": [{"external_supplier": "가"}, {"external_supplier": "나"}],
        "lawful_basis": [{"law": "개인정보 보호법", "article": "제15조"}],
    }
    british = to_atrs(SCHEMA, "donghaeng", values, "beta-pilot")
    assert british["name"] == "동행"
    assert british["risk_name"] == ["틀린 답", "끊김"]
    assert british["risk_mitigation"] == ["출처", ""]
    assert list(british)[:3] == ["id", "standard_version", "name"]
    dutch = to_dutch(SCHEMA, "donghaeng", values, "In gebruik")
    assert dutch["goal"] == "찾아 줘요.\n\n쉬워요."
    assert dutch["publication_category"] == "Impactvolle algoritmes"
    assert dutch["provider"] == "가, 나"
    assert dutch["lawful_basis"] == "법 개인정보 보호법, 조 제15조"


def test_the_phase_of_a_file_is_not_believed() -> None:
    _, values = from_atrs(SCHEMA, {"name": "X", "phase": "production"})
    assert values == {"name": "X", "name_ko": "X"}


def test_files_of_offices_are_read_in_their_letters() -> None:
    text = "id,name,organisation,risk_name*,risk_description[1]\r\nbus,버스 안내,서울특별시,틀린 답,늦음\r\n"
    for encoding in ("utf-8", "utf-8-sig", "cp949", "utf-16"):
        (read,) = read_records(SCHEMA, text.encode(encoding))
        assert (read.place, read.record, read.faults) == ("2번째 줄", "bus", ()), encoding
        assert read.values["name_ko"] == "버스 안내"
        assert read.values["risks"] == [{"name": "틀린 답", "description": "늦음"}]


def test_columns_of_a_group_may_be_of_different_number() -> None:
    text = "name,risk_name[1],risk_name[2],risk_mitigation[2]\nA,가,나,막음\nB,,,\n"
    one, two = read_records(SCHEMA, text.encode())
    assert one.values["risks"] == [{"name": "가"}, {"name": "나", "mitigation": "막음"}]
    assert "risks" not in two.values


def test_each_line_has_its_own_faults() -> None:
    text = (
        "id,name,website,impact_assessment_date\n"
        "bus,버스,https://a.example,\n"
        "air,공기,javascript:1,5월\n"
        "Bad Id,이름,,\n"
        '"one,\ntwo",이름,,\n'
        "none,,,\n"
        ",이름만,,2026-01-02\n"
    )
    read = read_records(SCHEMA, text.encode())
    assert [(one.place, one.record, len(one.faults)) for one in read[:3]] == [
        ("2번째 줄", "bus", 0),
        ("3번째 줄", "air", 2),
        ("4번째 줄", "Bad Id", 1),
    ]
    assert "더 알아볼 누리집" in read[1].faults[0]
    assert "영향평가 1번째 · 날" in read[1].faults[1]
    assert [one.place for one in read[3:]] == ["6번째 줄", "7번째 줄", "8번째 줄"]
    assert "이름: 비어" in read[4].faults[0]
    assert read[5].record.startswith("system-")
    assert read[5].record == read_records(SCHEMA, text.encode())[5].record


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "항목 이름이 없어요"),
        (b"\xff\xfe\xfa", "글자를 읽을 수 없어요"),
        (b"name,name\na,b\n", "같은 이름이 두 번"),
        (b"name,description\na\n", "2번째 줄: 칸이 2개여야 하는데 1개"),
        (b'name\n"a"b"\n', "따옴표가 맞지 않"),
        (b"name\n" + b"x" * 200_000 + b"\n", "칸이 너무 길어요"),
        (b"name\n" + b"x\n" * 5_001, "5,000줄까지"),
        (b"name\n", "기록이 하나도"),
        (b"{", "JSON으로 읽을 수 없어요"),
        (b'{"name": NaN}', "JSON으로 읽을 수 없어요"),
        (b"[" * 100_000, "JSON으로 읽을 수 없어요"),
        (b"[]", "기록이 하나도"),
        (b'{"records": 3}', "기록이 하나도"),
        (b"x" * 20_000_001, "너무 커요"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, said: str) -> None:
    with pytest.raises(RecordRefused, match=said):
        read_records(SCHEMA, data)


def test_documents_that_do_not_fit_are_told_one_by_one() -> None:
    given = [3, {"naem": "x"}, {"name": "x", "risk_name": ["a"], "risk_description": []}, {"name_ko": 3}]
    read = read_records(SCHEMA, json.dumps(given).encode())
    assert [one.place for one in read] == ["1번째 기록", "2번째 기록", "3번째 기록", "4번째 기록"]
    told = [one.faults[0] for one in read]
    assert told[0].startswith("기록이 아니에요")
    assert told[1].startswith("naem: ATRS v1.1에 없는 항목")
    assert "수가 서로 달라요(risk_name 1개, risk_description 0개)" in told[2]
    assert told[3] == "이름: 글로 적어 주세요."


def test_no_row_of_a_table_is_lost() -> None:
    documents = [{"name": "가"}, {"name": "나", "risk_name": ["1", "", "3"], "x": "-2"}]
    read = from_csv(to_csv(documents))
    assert [document for _, document in read] == documents
    assert [line for line, _ in read] == [2, 3]


def test_the_programs_own_statements_fit_the_schema() -> None:
    assert normal(SCHEMA, dict(load_own().statements))
