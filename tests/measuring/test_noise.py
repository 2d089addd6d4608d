from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from donghaeng.city.dialects import load_dialects
from donghaeng.errors import InputError
from donghaeng.measuring.noise import ALL, Wanted, make
from donghaeng.speech.hearing_eval import character_errors

CHECKOUT = Path(__file__).resolve().parents[2]
MANNERS = load_dialects(CHECKOUT / "catalogue" / "lexicon" / "dialect.yaml")
TEXTS = (
    "합정역에서 육사일일 번 버스가 언제 오는지 알려 주세요",
    "소파를 하나 버려야 하는데 어떻게 해요",
    "오늘 미세먼지 어때요",
    "화요일 오후에 복지관에 갈게요",
    "이 근처 약국이 어디예요",
)
CASES = [{"text": text, "service": "x", "n": number} for number, text in enumerate(TEXTS * 6)]


@pytest.mark.parametrize("rate", [0.05, 0.15, 0.3])
@pytest.mark.parametrize("keep_numbers", [False, True])
def test_the_error_rate_that_was_asked_for_is_reached(rate: float, keep_numbers: bool) -> None:
    made = make(CASES, MANNERS, Wanted(rate, keep_numbers=keep_numbers))
    counts = [character_errors(row["text"], row["clean"]) for row in made.cases]
    reached = sum(wrong for wrong, _ in counts) / sum(said for _, said in counts)
    assert made.summary["cer"] == pytest.approx(reached, abs=1e-4)
    assert reached == pytest.approx(rate, abs=0.02)


def test_the_rest_of_a_case_stays_and_seeds_differ() -> None:
    one, again, other = (make(CASES, MANNERS, Wanted(0.15, seed=seed)).cases for seed in (1, 1, 2))
    assert one == again != other
    assert [(row["clean"], row["service"], row["n"]) for row in one] == [
        (case["text"], case["service"], case["n"]) for case in CASES
    ]


def test_without_errors_and_habits_nothing_changes() -> None:
    made = make(CASES, MANNERS, Wanted(0.0))
    assert [row["text"] for row in made.cases] == [case["text"] for case in CASES]
    assert made.summary["changed"] == 0.0


def test_dialects_and_copies() -> None:
    made = make(CASES, MANNERS, Wanted(0.0, dialect=ALL, copies=3))
    assert len(made.cases) == 3 * len(CASES)
    assert {row["dialect"] for row in made.cases} == set(MANNERS.regions)
    jeju = make(CASES, MANNERS, Wanted(0.0, dialect="jeju"))
    assert "화요일 오후에 복지관에 가쿠다" in " ".join(row["text"] for row in jeju.cases)


def test_a_cases_own_words_stay() -> None:
    made = make([{"text": TEXTS[0], "keep": ["합정역"]}] * 40, MANNERS, Wanted(0.5))
    assert all("합정역" in row["text"] for row in made.cases)


def test_a_dialect_that_is_not_there_and_an_impossible_rate() -> None:
    with pytest.raises(InputError, match="one of: gyeongsang"):
        make(CASES, MANNERS, Wanted(0.1, dialect="seoul"))
    with pytest.raises(InputError, match="cannot be made"):
        make(CASES, MANNERS, Wanted(1.5))


def test_no_sentence_is_survived() -> None:
    made = make([{"text": ""}, {"text": "…"}], MANNERS, Wanted(0.5, detours=1.0))
    assert [row["text"] for row in made.cases] == ["", "…"]


@pytest.mark.system
def test_the_command_writes_cases_and_says_what_is_wrong(tmp_path: Path) -> None:
    clean, noisy = tmp_path / "clean.jsonl", tmp_path / "noisy.jsonl"
    clean.write_text("".join(json.dumps(case, ensure_ascii=False) + "\n" for case in CASES), encoding="utf-8")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(CHECKOUT / "bench" / "noise.py"), str(clean), "--out", str(noisy)]
        return subprocess.run(
            [*command, *arguments], capture_output=True, text=True, check=False, cwd=CHECKOUT
        )

    done = run("--cer", "0.2", "--seed", "3", "--dialect", "all", "--fillers", "0.5", "--keep-numbers")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    rows = [json.loads(line) for line in noisy.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == summary["cases"] == len(CASES)
    assert summary["cer"] == pytest.approx(0.2, abs=0.02)
    wrong = run("--dialect", "seoul")
    assert wrong.returncode == 2
    assert wrong.stderr == "no dialect 'seoul'; one of: gyeongsang, jeolla, chungcheong, gangwon, jeju, all\n"
