"""What speaks for a text that does not name its subject: its place, and whether it is answered with."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.knowledge.answering import Answerer, Rivals
from donghaeng.knowledge.embedding import Embedding
from donghaeng.knowledge.evidence import LIKELY, Evidence, Question, chance, evidence, longest_run, rank
from donghaeng.knowledge.index import Entry, Hit
from donghaeng.korean.morphemes import analyser
from donghaeng.understanding.embed.fake import HashingEmbedder

ENTRIES = [
    Entry("fuel", "연탄쿠폰", "연탄쿠폰은 연탄값을 도와줘요. 신청은 주민센터에서 해요."),
    Entry("rent", "주거급여", "주거급여는 월세를 도와줘요. 연탄을 쓰는 집도 돼요."),
    Entry("heat", "에너지바우처", "에너지바우처는 연탄값을 도와줘요.", subjects=("에너지바우처",)),
]


def _answerer(tmp_path: Path) -> Answerer:
    return Answerer(ENTRIES, analyser(), embedding=Embedding(HashingEmbedder(), cache=tmp_path))


def test_what_is_known_of_a_text() -> None:
    hit = Hit("a", score=2.0, coverage=0.5, nearness=0.3)
    asked = Question("가나라마", {"가", "나"}, unknown=0.25)
    known = evidence(hit, {"나": 3.0, "다": 1.0}, "다나라바", asked)
    assert known == Evidence(2.0, 0.3, 0.5, 0.75, phrase=2, unknown=0.25)
    assert evidence(hit, {}, "", asked).title == 0.0


@given(st.text("가나다", max_size=12), st.text("가나다", max_size=20))
def test_the_longest_run_stands_in_both(letters: str, text: str) -> None:
    longest = longest_run(letters, text)
    runs = {letters[begin:end] for begin in range(len(letters)) for end in range(begin + 1, len(letters) + 1)}
    assert longest == max((len(run) for run in runs if run in text), default=0)


FOR: Final = len(Evidence._fields) - 1
"""What speaks for a text; words that no text has come last and speak against it."""


@given(st.builds(Evidence, *[st.floats(-1, 1)] * 6), st.integers(0, FOR - 1), st.floats(0.01, 1))
def test_more_evidence_never_speaks_against_a_text(known: Evidence, which: int, more: float) -> None:
    stronger = Evidence(*(one + more * (place == which) for place, one in enumerate(known)))
    assert rank(stronger) >= rank(known)
    assert 0.0 <= chance(known) <= chance(stronger) <= 1.0
    assert chance(known._replace(unknown=known.unknown + more)) <= chance(known)


@pytest.mark.parametrize(
    ("known", "answers"),
    [
        (Evidence(words=3.0, nearness=0.4, coverage=0.6, title=1.0, phrase=4, unknown=0.0), True),
        (Evidence(words=0.5, nearness=0.1, coverage=0.1, title=0.0, phrase=1, unknown=0.5), False),
        (Evidence(words=0.0, nearness=0.0, coverage=0.0, title=0.0, phrase=0, unknown=0.0), False),
    ],
)
def test_little_evidence_is_no_answer(known: Evidence, answers: bool) -> None:
    assert (chance(known) >= LIKELY) is answers


def test_a_title_that_the_question_has_comes_before_one_that_it_has_not(tmp_path: Path) -> None:
    found = _answerer(tmp_path).ask("연탄쿠폰은 연탄값을 도와주나요")
    assert [hit.id for hit in found.hits if hit.id != "heat"][0] == "fuel"


def test_what_names_its_subject_keeps_its_place(tmp_path: Path) -> None:
    answerer = _answerer(tmp_path)
    question = "연탄값을 도와주나요"
    before = [hit.id for hit in answerer.looked_at(question)]
    after = [hit.id for hit in answerer.ask(question).hits]
    assert before.index("heat") == after.index("heat")
    assert {hit.id for hit, _ in answerer.evidence(question, answerer.looked_at(question))} == {
        "fuel",
        "rent",
    }


def test_without_meanings_the_words_decide() -> None:
    found = Answerer(ENTRIES, analyser()).ask("연탄쿠폰으로 연탄값 도와주나요")
    assert found.hits[0].id == "fuel"


UNNAMED: Final = [
    Entry("rent", "주거급여", "주거급여는 월세를 도와줘요. 신청은 주민센터에서 해요."),
    Entry("move", "이사비 지원", "이사비 지원은 집을 옮길 때 이사비를 도와줘요."),
]


def _rivals(question: str, entries: list[Entry], tmp_path: Path) -> Rivals:
    answerer = Answerer(entries, analyser(), embedding=Embedding(HashingEmbedder(), cache=tmp_path))
    assert not answerer.ask(question).abstained
    return answerer.rivals(question)


def test_a_neighbour_of_what_is_meant_is_offered_and_what_is_meant_is_told(tmp_path: Path) -> None:
    question = "이사비 지원은 집을 옮길 때 얼마까지 줘요"
    assert _rivals(question, UNNAMED, tmp_path) == Rivals()
    without = [one for one in UNNAMED if one.id != "move"]
    assert _rivals("집을 옮길 때 신청은 주민센터에서 해요", without, tmp_path) == Rivals(
        ("rent",), unsure=True
    )
