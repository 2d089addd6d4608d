from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import CatalogueError
from donghaeng.speech.recognise.guards import Evidence, judge, unloop
from donghaeng.speech.recognise.phrases import PHRASES_FILE, StockPhrases, load_phrases

CATALOGUE = Path(__file__).resolve().parents[3] / "catalogue"
PHRASES = load_phrases(CATALOGUE / PHRASES_FILE)
STRONG = Evidence(logprob=-0.3, no_speech=0.02, speech_seconds=1.5)
WEAK = Evidence(logprob=-1.2, no_speech=0.55, speech_seconds=0.1)


@pytest.mark.parametrize(
    ("text", "evidence", "kept", "rejected"),
    [
        ("육사일일 번 버스 언제 와요", STRONG, "육사일일 번 버스 언제 와요", None),
        ("", STRONG, "", None),
        ("...", WEAK, "", None),
        ("시청해주셔서 감사합니다.", STRONG, "", "stock phrase"),
        ("오늘도 시청해 주셔서, 감사합니다!", STRONG, "", "stock phrase"),
        ("Thank you for watching!", STRONG, "", "stock phrase"),
        ("감사합니다.", STRONG, "감사합니다.", None),
        ("감사합니다.", WEAK, "", "stock phrase"),
        ("네", WEAK, "네", None),
        ("알림 설정을 바꿔 주세요", STRONG, "알림 설정을 바꿔 주세요", None),
        ("청각장애인 자막 제공 되나요", STRONG, "청각장애인 자막 제공 되나요", None),
        ("ご視聴ありがとうございました", STRONG, "", "foreign script"),
        ("Спасибо", STRONG, "", "foreign script"),
        ("我们 합정역에 가요", STRONG, "합정역에 가요", None),
        ("네 네 네 네 네 네 네 네", STRONG, "네 네 네 네 네 네 네 네", None),
        ("아니 아니 아니 아니", STRONG, "아니 아니 아니 아니", None),
        ("공일공 공공공공 공공공공", STRONG, "공일공 공공공공 공공공공", None),
        ("그래서 " * 40, STRONG, "", "loop"),
        ("가장 가까운 곳은 약국이에요. O-B" + "-G" * 40, STRONG, "", "loop"),
        ("뭐라", Evidence(-1.3, 0.7, 1.0), "", "no speech"),
        ("이", Evidence(-7.6, 0.4, 0.3), "", "no speech"),
        ("뭐라", Evidence(-0.5, 0.9, 1.0), "뭐라", None),
    ],
)
def test_judgement(text: str, evidence: Evidence, kept: str, rejected: str | None) -> None:
    judged = judge(text, evidence, PHRASES)
    assert (judged.text, judged.rejected) == (kept, rejected)


def test_a_short_loop_is_cut_to_its_unit() -> None:
    kept, removed = unloop("버스가 언제 와요 언제 와요 언제 와요 언제 와요 언제 와요 언제 와요 언제 와요")
    assert kept == "버스가 언제 와요"
    assert removed > 20


@given(st.text(max_size=200))
def test_any_text_is_judged(text: str) -> None:
    judged = judge(text, STRONG, PHRASES)
    assert len(judged.text) <= len(text)
    assert not (judged.text and judged.rejected)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("always: [", 1),
        ("- 감사합니다", 1),
        ("always:\n  - 가나\nnever:\n  - 다라\n", 3),
        ("always:\n  - 가나\n  - 3\n", 3),
        ("weak: 감사합니다\n", 1),
    ],
)
def test_a_wrong_list_says_where(tmp_path: Path, content: str, line: int) -> None:
    path = tmp_path / "phrases.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_phrases(path)
    assert caught.value.line == line


def test_absent_and_empty_lists(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        load_phrases(tmp_path / "absent.yaml")
    path = tmp_path / "phrases.yaml"
    path.write_text("always: []\n", encoding="utf-8")
    assert load_phrases(path) == StockPhrases()
