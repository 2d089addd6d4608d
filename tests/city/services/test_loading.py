"""Reading and checking service files: each mistake is said with file, line and remedy, whatever is wrong."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from donghaeng.city.operations import Effect, Field, Operation
from donghaeng.city.services.checking import check_catalogue
from donghaeng.city.services.definition import SlotSpec, service_schema
from donghaeng.city.services.loading import load_catalogue, read_catalogue
from donghaeng.city.services.positions import MAX_FILE_BYTES, read_yaml
from donghaeng.errors import CatalogueError
from donghaeng.understanding.overlap import find_overlaps

CHECKOUT = Path(__file__).resolve().parents[3]

SERVICE = """\
id: bench
name: 긴 의자
domain: environment
effect: write
carried_out: gateway
owner: {department: 공원과, handover_number: "120"}
sources: [city gateway]
examples:
  - 공원 의자가 부서졌어요
  - 긴 의자를 고쳐 주세요
  - 벤치가 망가졌는데요
  - 의자 다리가 부러졌어요
  - 앉는 데가 다 썩었어요
  - 공원에 앉을 데가 깨졌어요
  - 나무 의자 좀 고쳐 주이소
  - 벤치 수리 신고요
slots:
  where:
    type: place
    name: 곳
    prompts:
      first: 어디에 있어요?
      again: 동네나 역 이름을 말씀해 주세요.
  kind:
    type: choice
    name: 종류
    required: false
    values:
      wood: {name: 나무, says: [목재]}
      stone: {name: 돌}
lookups:
  fee:
    operation: gateway.fee
    arguments: {kind: kind}
call:
  operation: gateway.bench
  arguments: {lat: where.lat, kind: kind}
confirm: "{{ where.name }} 의자를 신고할까요? {{ fee.won }}원"
reply:
  ok: 신고했어요. {{ receipt }}
  refused:
    full: 오늘은 다 찼어요.
  again:
    full: where
card:
  kind: receipt
  row:
    title: "{{ where.name }} {{ row.receipt }}"
"""

TEXT = Field("text", "words")
OPERATIONS = {
    "gateway.bench": Operation(
        "gateway.bench",
        Effect.WRITE,
        {"lat": Field("number", "degrees"), "kind": Field("text", "wood or stone", optional=True)},
        {"receipt": TEXT},
    ),
    "gateway.fee": Operation("gateway.fee", Effect.READ, {"kind": TEXT}, {"won": TEXT}),
    "gateway.list": Operation("gateway.list", Effect.READ, {}, {}),
}


def make(folder: Path, text: str | bytes = SERVICE, name: str = "bench", *, tests: bool = True) -> Path:
    file = folder / "services" / name / "service.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    if tests:
        (file.parent / "tests.yaml").write_text("- scenario: 하나\n", encoding="utf-8")
    return file


def findings(folder: Path) -> list[CatalogueError]:
    catalogue, errors = read_catalogue(folder)
    return [*errors, *check_catalogue(catalogue, OPERATIONS)]


def test_a_right_file_has_no_findings(tmp_path: Path) -> None:
    make(tmp_path)
    assert findings(tmp_path) == []
    assert load_catalogue(tmp_path)["bench"].required_slots({}) == ("where",)


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


def put(old: str, new: str) -> Callable[[], str]:
    assert SERVICE.count(old) >= 1, old
    return lambda: SERVICE.replace(old, new, 1)


# what is changed, the words at whose line the finding must point, words of the message, words of the remedy
MISTAKES = [
    (put("name: 긴 의자", "nmae: 긴 의자"), "nmae", "nmae", "remove it"),
    (put("name: 긴 의자\n", ""), "id:", "name", "add it"),
    (put("effect: write", "effect: wirte"), "effect", "effect", ""),
    (put("domain: environment", "domain: space"), "domain", "domain", "values named"),
    (put("reply:\n  ok: 신고했어요. {{ receipt }}\n", "replies:\n"), "replies", "replies", "remove it"),
    (put("effect: write", "effect: [write]"), "effect", "effect", ""),
    (put("type: place", "type: spot"), "type: spot", "type", "values named"),
    (put('handover_number: "120"', "handover_number: abc"), "owner", "handover_number", ""),
    (put("  - 벤치 수리 신고요\n", ""), "examples", "examples", "add more"),
    (put("      again: 동네나 역 이름을 말씀해 주세요.\n", ""), "prompts", "again", "add it"),
    (
        put(
            "    prompts:\n      first: 어디에 있어요?\n      again: 동네나 역 이름을 말씀해 주세요.\n",
            "",
        ),
        "where:",
        "needs `prompts`",
        "",
    ),
    (put("type: choice", "type: text"), "kind:\n", "`values` belongs to slots of type choice", ""),
    (
        put("name: 곳", "name: 곳\n    counters: {개: 1}"),
        "where:",
        "`counters` belongs to slots of type count",
        "",
    ),
    (put("confirm: ", "confirms: "), "confirms", "confirms", "remove it"),
    (put("name: 곳", "name: 곳\n    name: 곳"), "    name: 곳\n    name: 곳", "twice", "remove one"),
    (put("id: bench", "id: bank"), "id: bank", "folder", "id: bench"),
    (put("gateway.bench", "gateway.bank"), "operation: gateway.bank", "unknown operation", "gateway.bench"),
    (put("gateway.bench", "gateway.list"), "operation: gateway.list", "read", "another operation"),
    (put("lat: where.lat", "lon: where.lat"), "arguments: {lon", "unknown parameter 'lon'", "lat"),
    (
        put("lat: where.lat, ", ""),
        "arguments: {kind: kind}\nconfirm",
        "needs the parameter 'lat'",
        "add `lat",
    ),
    (put("lat: where.lat", "lat: there.lat"), "arguments: {lat", "unknown variable 'there'", "where"),
    (put("lat: where.lat", "lat: where.("), "arguments: {lat", "does not parse", "docs"),
    (put("{{ where.name }} 의자를", "{{ place }} 의자를"), "confirm", "unknown variable 'place'", "where"),
    (put("{{ where.name }} 의자를", "{{ where.name 의자를"), "confirm", "does not parse", "docs"),
    (put("신고했어요. {{ receipt }}", "네, {{ reciept }}"), "  ok:", "unknown variable 'reciept'", "receipt"),
    (
        put("오늘은 다 찼어요.", "네, {{ receipt }}"),
        "    full: 네",
        "unknown variable 'receipt'",
        "where",
    ),
    (put("full: where", "full: when"), "full: when", "unknown slot 'when'", "where"),
    (put("{{ row.receipt }}", "{{ row.number }}"), '    title: "', "unknown row field 'number'", "receipt"),
    (put("first: 어디에 있어요?", "first: 어디에 {{ row }}?"), "first", "unknown variable 'row'", "where"),
    (
        put("again: 동네나", "again: '{{ x }} 동네'  # 동네나"),
        "again",
        "unknown variable 'x'",
        "where",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[f"{one[2]} at {one[1].strip()[:20]}" for one in MISTAKES])
def test_a_mistake_is_said_at_its_line_with_a_remedy(
    tmp_path: Path, mistake: tuple[Callable[[], str], str, str, str]
) -> None:
    change, place, message, remedy = mistake
    text = change()
    file = make(tmp_path, text)
    found = findings(tmp_path)
    matching = [one for one in found if message in one.message]
    assert matching, [str(one) for one in found]
    line = line_of(text, place) + (1 if message == "twice" else 0)
    assert (matching[0].file, matching[0].line) == (str(file), line), str(matching[0])
    assert remedy in (matching[0].remedy or "")
    assert str(matching[0]).startswith(f"{file}:{line}: ")


def test_a_place_that_the_parser_does_not_know_is_told_by_what_stands_around_it(tmp_path: Path) -> None:
    file = tmp_path / "tests.yaml"
    file.write_text("\nturns: [{9, expect: {a: b}}]\n", encoding="utf-8")
    document = read_yaml(file)
    assert document.data == {"turns": [{"9": None, "expect": {"a": "b"}}]}
    assert document.line(["turns", 0, "expect", "a"]) == 2
    file.write_text("\n !turns: [{9b, expEct: {skr: iddress}}]\n", encoding="utf-8")
    assert read_yaml(file).line([0, "9b"]) == 2


@pytest.mark.parametrize(
    ("raw", "line", "why"),
    [
        (SERVICE.encode().replace("긴 의자\n".encode(), b"\xb1\xe4\n", 1), 2, "not UTF-8"),
        (SERVICE.encode("utf-16"), 1, "not UTF-8"),
        (SERVICE.replace("slots:\n  where:", "slots:\n\twhere:").encode(), 18, "is not YAML"),
        (b"a: [1, 2\nb: 3\n", 2, "is not YAML"),
        (b"a: &x [*x]\n", 1, ""),
        (b"- a\n- b\n", 1, "not a mapping"),
        (b"", 1, "not a mapping"),
        (b"just words", 1, "not a mapping"),
        (b"a: !!python/object:os.system x\n", 1, ""),
        (b"#" * (MAX_FILE_BYTES + 1), 1, "over"),
        (b"a: 1\n---\nb: 2\n", 2, "is not YAML"),
    ],
)
def test_what_is_no_yaml_file_of_a_service(tmp_path: Path, raw: bytes, line: int, why: str) -> None:
    file = make(tmp_path, raw)
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert why in caught.value.message
    assert caught.value.file == str(file)
    if why:
        assert abs(caught.value.line - line) <= 1


def test_a_catalogue_without_services_and_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="holds no services"):
        load_catalogue(tmp_path)
    with pytest.raises(CatalogueError, match="cannot be read"):
        read_yaml(tmp_path)


def test_a_service_without_conversation_tests_is_found(tmp_path: Path) -> None:
    make(tmp_path, tests=False)
    assert ["no conversation tests" in str(one) for one in findings(tmp_path)] == [True]


def test_one_wrong_service_does_not_hide_the_others(tmp_path: Path) -> None:
    make(tmp_path)
    make(tmp_path, "id: other\n", "other")
    catalogue, errors = read_catalogue(tmp_path)
    assert list(catalogue) == ["bench"]
    assert len(errors) > 3
    assert all(one.file.endswith("other/service.yaml") for one in errors)


def test_examples_that_contradict_another_service_are_found(tmp_path: Path) -> None:
    make(tmp_path)
    make(tmp_path, SERVICE.replace("id: bench", "id: other"), "other")
    found = list(find_overlaps(load_catalogue(tmp_path)))
    assert len(found) == 8
    assert found[0].line == line_of(SERVICE, "  - 공원 의자가")
    assert "bench" in found[0].message


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    make(tmp_path)
    first = load_catalogue(tmp_path).version
    assert load_catalogue(tmp_path).version == first
    make(tmp_path, SERVICE + "# noted\n")
    assert load_catalogue(tmp_path).version != first


def test_the_published_schema_is_the_models_own() -> None:
    published = json.loads((CHECKOUT / "docs" / "service.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(service_schema()))


PLAIN = YAML(typ="safe", pure=True).load(SERVICE)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["{{", "{{ x }}", "{% for %}", "row.x", "wood", "2026-11-23", "\x00", "ㅋ" * 500]),
    st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3),
)


def _mutate(data: st.DataObject, node: Any) -> Any:
    """The same tree with something in it changed, dropped or added."""
    if isinstance(node, dict) and node and data.draw(st.integers(0, 3)):
        key = data.draw(st.sampled_from(sorted(node, key=str)))
        action = data.draw(st.sampled_from(["into", "into", "drop", "odd", "add", "rename"]))
        node = dict(node)
        if action == "into":
            node[key] = _mutate(data, node[key])
        elif action == "drop":
            del node[key]
        elif action == "odd":
            node[key] = data.draw(ODD)
        elif action == "add":
            node[data.draw(st.one_of(st.text(max_size=5), st.integers(), st.none()))] = data.draw(ODD)
        else:
            node[data.draw(st.text(max_size=5))] = node.pop(key)
        return node
    if isinstance(node, list) and node and data.draw(st.booleans()):
        node = list(node)
        node[data.draw(st.integers(0, len(node) - 1))] = data.draw(ODD)
        return node
    return data.draw(ODD)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_mutation_is_read_or_refused_never_crashed_on(tmp_path: Path, data: st.DataObject) -> None:
    tree = copy.deepcopy(PLAIN)
    for _ in range(data.draw(st.integers(1, 3))):
        tree = _mutate(data, tree)
    file = make(tmp_path)
    with file.open("w", encoding="utf-8") as stream:
        YAML(typ="safe", pure=True).dump(tree, stream)
    for one in findings(tmp_path):
        assert one.line >= 1
        assert str(one)
    shutil.rmtree(tmp_path / "services")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SERVICE)), st.integers(0, 12), st.text(max_size=6))
def test_any_edit_of_the_text_is_read_or_refused(tmp_path: Path, at: int, cut: int, new: str) -> None:
    make(tmp_path, (SERVICE[:at] + new + SERVICE[at + cut :]).encode("utf-8", "surrogatepass"))
    assert all(isinstance(one, CatalogueError) for one in findings(tmp_path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path: Path, raw: bytes) -> None:
    make(tmp_path, raw)
    assert findings(tmp_path)


def test_counters_are_words_that_korean_counts_with() -> None:
    with pytest.raises(ValueError, match="살림: no word"):
        SlotSpec(type="count", name="나이", required=False, counters={"살": 1, "살림": 1})
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        SlotSpec(type="count", name="나이", required=False, counters={"살": 0})
