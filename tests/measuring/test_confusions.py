from __future__ import annotations

import json
from pathlib import Path

import pytest

from donghaeng.errors import InputError
from donghaeng.measuring.confusion_report import markdown, write_report
from donghaeng.measuring.confusions import FAILED, Judged, cheap_odds, confusions, judge, pulls
from donghaeng.understanding.embed.fake import HashingEmbedder
from donghaeng.understanding.ranking.ranker import ServiceRanker
from donghaeng.understanding.ranking.training import learn

EXAMPLES = {
    "bus": ["버스 언제 와요", "버스 몇 분 남았어요", "다음 버스 시간 알려 주세요", "타는 버스가 안 와요"],
    "rain": ["비 와요", "오늘 비 소식 있어요", "우산 챙겨야 하나요", "작은 우산이면 되나요"],
}


@pytest.fixture(scope="module")
def ranker() -> ServiceRanker:
    return ServiceRanker(learn(EXAMPLES, None), lambda text: HashingEmbedder().embed([text])[0])


def test_the_word_that_draws_is_named_first(ranker: ServiceRanker) -> None:
    found = pulls("우산 들고 버스 기다려요", "bus", "rain", cheap_odds(ranker))
    assert found[0].word == "버스"
    assert "우산" not in {pull.word for pull in found}
    assert pulls("우산 들고 버스 기다려요", "rain", "bus", cheap_odds(ranker))[0].word == "우산"


def test_joined_words_are_taken_apart_without_overlap(ranker: ServiceRanker) -> None:
    found = pulls("우산들고버스기다려요", "bus", "rain", cheap_odds(ranker))
    assert set(found[0].word) & set("버스")
    text, seen = "우산들고버스기다려요", []
    for pull in found:
        seen += range(text.index(pull.word), text.index(pull.word) + len(pull.word))
    assert len(seen) == len(set(seen))


def test_classes_that_are_decided_before_the_ranker_have_no_words(ranker: ServiceRanker) -> None:
    assert pulls("불이 났어요", "emergency", "bus", cheap_odds(ranker)) == []
    assert pulls("", "rain", "bus", cheap_odds(ranker)) == []


def judged() -> list[Judged]:
    return [
        Judged("버스 언제 와요", "bus", "bus"),
        Judged("비 오는데 버스 와요", "rain", "bus"),
        Judged("버스 타면 비 맞나요", "rain", "bus"),
        Judged("오늘 비 와요", "rain", "rain"),
        Judged("버스", "bus", None),
    ]


def test_figures_and_pairs(ranker: ServiceRanker) -> None:
    found = confusions(judged(), cheap_odds(ranker))
    assert (found.cases, found.right, found.pairs_in_all) == (5, 2, 2)
    assert [(one.right, one.wrong, one.count) for one in found.pairs] == [
        ("rain", "bus", 2),
        ("bus", FAILED, 1),
    ]
    assert found.pairs[0].words[0].word == "버스"
    figures = {one.label: one for one in found.classes}
    assert (figures["rain"].precision, figures["rain"].recall) == (1.0, 0.3333)
    assert (figures["bus"].precision, figures["bus"].recall, figures["bus"].f1) == (0.3333, 0.5, 0.4)


def test_a_class_that_was_never_given_or_never_right() -> None:
    found = confusions([Judged("가", "a", "b")], lambda text: {})
    figures = {one.label: (one.precision, one.recall) for one in found.classes}
    assert figures == {"a": (None, 0.0), "b": (0.0, None)}


def test_the_report_is_read_by_people_and_programs(ranker: ServiceRanker, tmp_path: Path) -> None:
    found = confusions(judged(), cheap_odds(ranker))
    names = {"rain": "날씨", "bus": "버스 | 도착"}
    text = markdown(found, "routing", names)
    assert "### 날씨 (rain) → 버스 | 도착 (bus), 2번" in text
    assert "| 날씨 (rain) | 버스 \\| 도착 (bus) | 2 | '버스' (+" in text
    assert "- 버스 타면 비 맞나요 — '버스' (+" in text
    write_report(tmp_path / "new" / "r.md", found, "routing", names)
    assert (tmp_path / "new" / "r.md").read_text(encoding="utf-8") == text.rstrip() + "\n"
    write_report(tmp_path / "r.json", found, "routing", names)
    data = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert data["pairs"][0]["examples"][1]["text"] == "버스 타면 비 맞나요"
    assert data["names"] == names
    with pytest.raises(InputError, match="cannot be written"):
        write_report(tmp_path, found, "routing", names)


def test_nothing_wrong_is_said_too() -> None:
    text = markdown(confusions([Judged("가", "a", "a")], lambda text: {}), "t", {})
    assert "모두 맞은 것 1가지: a" in text
    assert "(100.0%)" in text


def test_predictions_are_put_beside_their_cases(tmp_path: Path) -> None:
    file = tmp_path / "p.jsonl"
    file.write_text('{"intent": "a"}\n{"error": "x"}\n', encoding="utf-8")
    assert judge([("가", "a"), ("나", "b")], file, "intent") == [
        Judged("가", "a", "a"),
        Judged("나", "b", None),
    ]
