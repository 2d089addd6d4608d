"""The limits of voice design: each rule finds what breaks it, and our own catalogue breaks none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.dialogue.harness import CATALOGUE, catalogue

from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services.loading import SERVICE_FILE, read_catalogue
from donghaeng.city.services.positions import read_yaml
from donghaeng.city.services.samples import Samples, own_words, written_ways
from donghaeng.city.services.speaking import (
    PHRASES_FILE,
    SECONDS_AT_ONCE,
    Finding,
    Weight,
    check_speaking,
    seconds,
    sentences,
    syllables,
)

LONGEST_S = 16.0
"""No reply of ours takes longer: over the limit of twelve seconds is a warning, this would be a mistake."""

SERVICE: dict[str, Any] = {
    "id": "weather",
    "name": "날씨",
    "domain": "safety",
    "effect": "read",
    "carried_out": "live",
    "owner": {"department": "기후환경본부", "handover_number": "120"},
    "sources": ["KMA"],
    "examples": [f"날씨 {number}" for number in range(8)],
    "slots": {
        "district": {
            "type": "district",
            "name": "지역",
            "prompts": {"first": "어느 구예요?", "again": "구 이름을 말씀해 주세요."},
        },
        "kind": {
            "type": "choice",
            "name": "종류",
            "required": False,
            "values": {
                name: {"name": word} for name, word in zip("abcd", ("비", "눈", "바람", "안개"), strict=True)
            },
            "prompts": {"first": "무엇이 궁금하세요?", "again": "비나 눈처럼 말씀해 주세요."},
        },
    },
    "call": {"operation": "weather.day", "arguments": {"district": "district", "date": "today"}},
    "reply": {"ok": "{{ district }}은(는) 맑아요.", "empty": "소식이 없어요."},
}


def _findings(tmp_path: Path, phrases: str | None = None, **changes: str) -> list[Finding]:
    """Findings on a service in which the texts under dotted paths are others."""
    service = YAML(typ="safe").load(_dump(SERVICE))
    for path, text in changes.items():
        *above, last = path.split("__")
        node = service
        for key in above:
            node = node[key]
        node[last] = text
    file = tmp_path / "services" / "weather" / SERVICE_FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_dump(service), encoding="utf-8")
    sentences_file = tmp_path / PHRASES_FILE
    if phrases is not None:
        sentences_file.write_text(phrases, encoding="utf-8")
    read, errors = read_catalogue(tmp_path)
    assert not errors
    return check_speaking(read, OPERATIONS, read_yaml(sentences_file) if phrases is not None else None)


def _dump(value: Any) -> str:
    from io import StringIO

    stream = StringIO()
    YAML().dump(value, stream)
    return stream.getvalue()


def test_a_service_in_order_has_no_findings(tmp_path: Path) -> None:
    assert _findings(tmp_path, "attend: 네, 말씀하세요.") == []


FIRST = "slots__district__prompts__first"
OK = "reply__ok"


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        (FIRST, "지역을 말씀해 주십시오.", "is no 해요체"),
        (OK, "{{ district }}는 맑습니다.", "is no 해요체"),
        (OK, "{{ district }}는 맑음.", "no sentence ends so"),
        (OK, "{{ district }}은(는) 맑아요. 우산 없이", "no sentence ends so"),
        (FIRST, "어느 구예요? 언제예요?", "asks 2 questions"),
        (FIRST, "주민등록번호를 말씀해 주세요.", "never asked: '주민등록번호'"),
        (FIRST, "카드 번호가 어떻게 되세요?", "never asked: '카드 번호'"),
        ("slots__district__prompts__again", "비밀번호를 눌러 주세요.", "never asked: '비밀번호'"),
        (OK, "신청이 완료되셨어요.", "honours a thing: '완료되셨'"),
        (OK, "{{ 3 }}분이세요.", "honours a thing"),
        ("slots__district__prompts__again", "어느 구예요?", "repeats `first`"),
        ("slots__kind__prompts__again", "비, 눈, 바람, 안개 중에서 말씀해 주세요.", "offers 4 options"),
    ],
)
def test_what_cannot_be_meant_is_an_error(tmp_path: Path, path: str, text: str, what: str) -> None:
    found = _findings(tmp_path, **{path: text})
    errors = [one.error for one in found if one.weight is Weight.ERROR]
    assert len(errors) == 1, [str(one.error) for one in found]
    assert what in str(errors[0])
    assert errors[0].remedy
    line = (tmp_path / "services" / "weather" / SERVICE_FILE).read_text(encoding="utf-8").splitlines()
    assert text.split("{", maxsplit=1)[0].strip() in line[errors[0].line - 1]


@pytest.mark.parametrize(
    ("path", "text", "what"),
    [
        (FIRST, "안녕하세요. 날씨예요. 서울이에요. 어느 구예요?", "3 sentences before the question"),
        (FIRST, f"{'구름이 낀 날에는 ' * 6}우산을 챙기세요. 어느 구예요?", "syllables before the question"),
        (OK, f"{'비가 오고 바람이 불고 ' * 8}추워요.", "s to say"),
        (OK, "날씨를 알려 드릴게요. {{ district }}은(는) 맑아요.", "does not begin with the answer"),
    ],
)
def test_what_is_hard_to_follow_is_a_warning(tmp_path: Path, path: str, text: str, what: str) -> None:
    found = _findings(tmp_path, **{path: text})
    assert {one.weight for one in found} == {Weight.WARNING}
    assert any(what in str(one.error) for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "저희는 비밀번호를 묻지 않아요.",
        "{{ district }}은(는) {% if row.rain_now %}비가 와요.{% else %}맑아요.{% endif %}",
        "네. {{ district }}은(는) '맑음'이에요.",
        "{{ row.sky }}",
    ],
)
def test_what_is_in_order_is_not_found(tmp_path: Path, text: str) -> None:
    assert _findings(tmp_path, **{OK: text}) == []


def test_the_agents_own_sentences_are_held_to_the_same(tmp_path: Path) -> None:
    found = _findings(tmp_path, "attend: 말씀하십시오.\nyes_person: 네, 상담사 연결\nacknowledge: 네.")
    assert [str(one.error).partition(": ")[0] for one in found] == [f"{tmp_path / PHRASES_FILE}:1"]


def test_a_required_slot_whose_default_may_be_unknown_is_asked_for(tmp_path: Path) -> None:
    service = {**SERVICE, "slots": {"place": {"type": "place", "name": "곳", "default": "here"}}}
    service["reply"] = {"ok": "맑아요.", "empty": "소식이 없어요."}
    service["call"] = {
        "operation": "weather.day",
        "arguments": {"district": "home_district", "date": "today"},
    }
    file = tmp_path / "services" / "weather" / SERVICE_FILE
    file.parent.mkdir(parents=True)
    file.write_text(_dump(service), encoding="utf-8")
    found = check_speaking(read_catalogue(tmp_path)[0], OPERATIONS)
    assert ["nothing asks for it" in str(one.error) for one in found] == [True]


def test_every_way_through_a_template_is_seen() -> None:
    template = "{% if a %}하나{% elif b %}둘{% endif %}{% for row in rows[:2] %} 셋{% endfor %}."
    assert written_ways(template, Samples(rows=3)) == ["하나 셋 셋.", "둘 셋 셋.", "셋 셋."]
    assert own_words("{{ a }}개, {{ b | won }}이에요.") == ["개, 이에요."]
    many = "{% if a %}가{% else %}나{% endif %}" * 20
    assert len(written_ways(many, Samples())) <= 64


def test_speech_is_measured_as_it_is_spoken() -> None:
    assert sentences("네. 3시예요! '상담사'라고 하세요. 됐어요?") == [
        "네.",
        "3시예요!",
        "'상담사'라고 하세요.",
        "됐어요?",
    ]
    assert syllables("삼 분 뒤에 와요.") == 6
    assert seconds("가" * 41) == pytest.approx(10.0)
    assert seconds("가나다. 라마, 바.") == pytest.approx(6 / 4.1 + 0.6 + 0.3)


@pytest.fixture(scope="module")
def ours() -> list[Finding]:
    return check_speaking(catalogue(), OPERATIONS, read_yaml(CATALOGUE / "lexicon" / PHRASES_FILE))


def test_our_catalogue_breaks_no_promise(ours: list[Finding]) -> None:
    assert [str(one.error) for one in ours if one.weight is Weight.ERROR] == []


def test_our_prompts_keep_the_limits_and_no_reply_is_a_speech(ours: list[Finding]) -> None:
    told = [str(one.error) for one in ours if "s to say" not in str(one.error)]
    assert told == []
    for name, service in catalogue().items():
        for way in service.ways:
            texts = [way.reply.ok, way.reply.empty, way.reply.failed, *way.reply.refused.values()]
            operation = OPERATIONS.get(way.call.operation) if way.call is not None else None
            for text in filter(None, texts):
                ways = sorted(written_ways(text, Samples(service, operation)), key=len)
                assert seconds(ways[(len(ways) - 1) // 2]) <= LONGEST_S, (name, ways)
    assert SECONDS_AT_ONCE < LONGEST_S
