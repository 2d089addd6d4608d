"""What a reviewer may change, where it goes, and the one error that says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.dialogue.harness import CATALOGUE, catalogue
from tests.review.small import small_catalogue

from donghaeng.city.person_topics import load_person_topics
from donghaeng.city.services import load_catalogue
from donghaeng.errors import InputError
from donghaeng.review.changes import read_change, title_of, write_change
from donghaeng.review.merging import check, file_of
from donghaeng.review.overlay import MOST_KEPT, fingerprint, with_changes
from donghaeng.understanding.load import read_out_of_scope, read_slot_lexicons

EXAMPLE = {"kind": "example", "service": "bulky_waste", "text": "돌확을 들어내고 싶어요"}
WORD = {"kind": "word", "lexicon": "bulky_items", "word": "소파", "says": "긴 걸상"}
PASSAGE = {
    "kind": "passage",
    "title": "돌확 버리기",
    "text": "돌확은 대형 폐기물로 버려요.",
    "department": "청소행정과",
    "source": "https://example.go.kr/stone",
}
RULE = {
    "kind": "rule",
    "topic": "inheritance",
    "name": "상속 다툼",
    "words": ["유산 때문에"],
    "reply": "그 일은 사람이 직접 들을게요.",
    "examples": ["유산 때문에 싸워요", "형이 유산 때문에 전화를 안 받아요", "유산 때문에 못 살겠어요"],
    "not_examples": ["문화유산이 어디 있어요"],
}


@pytest.mark.parametrize("values", [EXAMPLE, WORD, PASSAGE, RULE])
def test_a_change_comes_back_from_its_plain_values(values: dict[str, Any]) -> None:
    change = read_change(values)
    assert read_change(write_change(change)) == change
    assert title_of(change, {"bulky_waste": "대형 폐기물"})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "예문, 낱말, 글, 규칙 가운데 하나"),
        ({"kind": "other"}, "예문, 낱말, 글, 규칙 가운데 하나"),
        ({**EXAMPLE, "text": ""}, "글: 더 길게 적어 주세요"),
        ({**EXAMPLE, "text": "rice cooker"}, "글에 한글이 없어요"),
        ({**EXAMPLE, "text": "주민번호 900101-1234567이요"}, "글에 개인의 번호가 있어요"),
        ({**EXAMPLE, "text": "카드 [가림] 이요"}, "글에 개인의 번호가 있어요"),
        ({**EXAMPLE, "text": "가" * 201}, "글: 더 짧게 적어 주세요"),
        ({**EXAMPLE, "more": "x"}, "more: 알 수 없는 칸이에요"),
        ({key: value for key, value in WORD.items() if key != "word"}, "표준 낱말: 적어 주세요"),
        ({**WORD, "lexicon": "../acts"}, "낱말 목록: 모양이 맞지 않아요"),
        ({**PASSAGE, "source": "javascript:alert(1)"}, "출처 주소: 모양이 맞지 않아요"),
        ({**RULE, "words": []}, "규칙의 말: 하나는 있어야 해요"),
        ({**RULE, "examples": ["집안일로 싸워요"]}, "예문 “집안일로 싸워요”에 규칙의 말이 하나도 없어요"),
        ({**RULE, "not_examples": ["유산 때문에 왔어요"]}, "비슷하지만 다른 말"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(values: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_change(values)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({**EXAMPLE, "service": "no_such"}, "서비스 no_such: 그런 서비스가 없어요"),
        ({**EXAMPLE, "text": "소파를 하나  버려야 하는데요"}, "이 서비스의 예문에 이미 있어요"),
        ({**EXAMPLE, "service": "weather", "text": "장롱 버려야 되는데 어떻게 해요"}, "대형 폐기물"),
        ({**WORD, "lexicon": "no_such"}, "낱말 목록 no_such: 그런 목록이 없어요"),
        ({**WORD, "says": "쇼파"}, "“소파”의 말로 이미 있어요"),
        ({**WORD, "word": "침대", "says": "소파"}, "“소파”의 말로 이미 있어요"),
    ],
)
def test_what_does_not_fit_the_catalogue_is_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check(read_change(values), catalogue(), read_slot_lexicons(catalogue()))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return small_catalogue(tmp_path / "catalogue")


def test_changes_are_added_beside_the_operators_folder(base: Path, tmp_path: Path) -> None:
    before = fingerprint(base, [])
    nothing = read_change({"kind": "example", "service": "none", "text": "우리 손주가 몇 등 했게요"})
    changes = [read_change(EXAMPLE | {"service": "meter_freeze"}), read_change(RULE), nothing]
    made = with_changes(base, changes, tmp_path / "cache", strict=True)
    assert made != base
    assert fingerprint(base, []) == before, "the operator's files are not written to"
    assert EXAMPLE["text"] in load_catalogue(made)["meter_freeze"].examples
    assert load_person_topics(made / "lexicon" / "person_topics.yaml")["inheritance"].is_in(
        "큰형이 유산 때문에 그래요"
    )
    assert read_out_of_scope(made / "lexicon" / "out_of_scope.yaml")[-1] == "우리 손주가 몇 등 했게요"
    assert (made / "places").is_dir()


def test_a_word_goes_into_its_list_and_a_new_one_where_lists_hold_ways_alone(tmp_path: Path) -> None:
    new = read_change({**WORD, "word": "돌확", "says": "학독"})
    made = with_changes(CATALOGUE, [read_change(WORD), new], tmp_path, strict=True)
    lists = read_slot_lexicons(load_catalogue(made))["bulky_items"]
    assert "긴 걸상" in lists["소파"]
    assert lists["돌확"] == ["학독"]
    app = {"kind": "word", "lexicon": "public_apps", "word": "정부24", "says": "나라 민원 앱"}
    made = with_changes(CATALOGUE, [read_change(app)], tmp_path, strict=True)
    assert "나라 민원 앱" in read_slot_lexicons(load_catalogue(made))["public_apps"]["정부24"]
    with pytest.raises(InputError, match="설명이 더 있어야"):
        with_changes(CATALOGUE, [read_change({**app, "word": "새 앱"})], tmp_path, strict=True)


def test_words_of_an_existing_rule_are_added_to_it(base: Path, tmp_path: Path) -> None:
    more = {"kind": "rule", "topic": "objection", "words": ["억울해서"], "examples": ["억울해서 왔어요"]}
    made = with_changes(base, [read_change(more)], tmp_path / "cache", strict=True)
    topic = load_person_topics(made / "lexicon" / "person_topics.yaml")["objection"]
    assert topic.is_in("정말 억울해서요")
    assert topic.is_in("행정심판을 해야겠어요")


@pytest.mark.parametrize(
    ("change", "words"),
    [({"name": ""}, "주제 이름과 먼저 하는 말"), ({"examples": ["유산 때문에 싸워요"]}, "예문이 3개는")],
)
def test_a_new_rule_needs_all_of_it(base: Path, tmp_path: Path, change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        with_changes(base, [read_change({**RULE, **change})], tmp_path / "cache", strict=True)


def test_one_that_no_longer_fits_is_left_out_and_the_others_serve(base: Path, tmp_path: Path) -> None:
    gone = read_change({**EXAMPLE, "service": "no_such"})
    fits = read_change({**EXAMPLE, "service": "weather"})
    with pytest.raises(InputError, match="이 파일이 없어요"):
        with_changes(base, [gone, fits], tmp_path / "cache", strict=True)
    made = with_changes(base, [gone, fits], tmp_path / "cache")
    assert EXAMPLE["text"] in load_catalogue(made)["weather"].examples


def test_what_is_there_already_is_not_added_twice_and_made_folders_go(base: Path, tmp_path: Path) -> None:
    held = load_catalogue(base)["weather"].examples[0]
    same = read_change({**EXAMPLE, "service": "weather", "text": held})
    cache = tmp_path / "cache"
    made = with_changes(base, [same], cache)
    assert load_catalogue(made)["weather"].examples.count(held) == 1
    assert with_changes(base, [same], cache) == made
    for number in range(MOST_KEPT + 3):
        with_changes(base, [read_change({**EXAMPLE, "service": "weather", "text": f"비 {number}"})], cache)
    assert len(list((cache / "catalogues").iterdir())) == MOST_KEPT


def test_a_made_folder_in_which_a_file_was_damaged_is_made_anew(base: Path, tmp_path: Path) -> None:
    fits = read_change({**EXAMPLE, "service": "weather"})
    made = with_changes(base, [fits], tmp_path / "cache")
    file = made / "services" / "weather" / "service.yaml"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"weather", b"weatheb", 1))
    for strict in (False, True):
        assert with_changes(base, [fits], tmp_path / "cache", strict=strict) == made
        assert file.read_bytes() == whole
        file.write_bytes(whole[: len(whole) // 2])


def test_a_passage_goes_into_no_file(base: Path, tmp_path: Path) -> None:
    passage = read_change(PASSAGE)
    assert file_of(passage) is None
    assert with_changes(base, [passage], tmp_path) == base
