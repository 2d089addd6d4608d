from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from donghaeng.errors import InputError
from donghaeng.measuring import intents
from donghaeng.understanding import load
from donghaeng.understanding.embed.fake import HashingEmbedder
from donghaeng.understanding.embed.protocol import Vectors

TRAIN = {
    "weather": ["오늘 비 와요", "내일 날씨 어때요", "비가 올까요", "날씨 좀 알려줘요"],
    "bus": ["버스 언제 와요", "버스 몇 분 남았어요", "다음 버스 언제예요", "버스가 안 와요"],
}


def _write(file: Path, rows: list[dict[str, str]]) -> Path:
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return file


CASES = [intents.LabelledText(text, name) for name, texts in TRAIN.items() for text in texts]


@cache
def _trained() -> intents.Trained:
    return intents.train(CASES, HashingEmbedder())


def test_learns_and_says_how_well() -> None:
    stream = io.StringIO()
    cases = [intents.LabelledText("버스 언제 와", "bus"), intents.LabelledText("내일 비 와요", "weather")]
    summary = intents.run(_trained(), cases, stream)
    rows = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [row["intent"] for row in rows] == ["bus", "weather"]
    assert all(0 < row["score"] <= 1 for row in rows)
    assert summary["accuracy"] == summary["macro_f1"] == 1.0
    assert {"train_s", "p50_ms", "p95_ms", "baseline_accuracy"} <= set(summary)
    assert summary["embedded_in_training"] == 8


def test_without_gold_there_is_no_accuracy() -> None:
    summary = intents.run(_trained(), [intents.LabelledText("버스", None)], io.StringIO())
    assert "accuracy" not in summary
    assert summary["cases"] == 1


def test_large_sets_are_learnt_from_n_grams_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "MOST_EMBEDDED", len(CASES) - 1)
    told: list[tuple[int, int]] = []
    trained = intents.train(CASES, HashingEmbedder(), lambda done, total: told.append((done, total)))
    assert trained.embedded == 0
    assert trained.ranker.rank("버스 언제 와요").best[0] == "bus"
    assert told == [(done, 9) for done in range(1, 10)]
    summary = intents.run(trained, CASES, io.StringIO())
    assert (summary["settled_by_first_stage"], summary["accuracy"]) == (1.0, summary["baseline_accuracy"])


def test_any_unicode_is_learnt_from_and_classified() -> None:
    odd = ["\ud800", "\x00", "\U0001f642", "", "가" * 500, unicodedata.normalize("NFD", "버스")]
    cases = [*CASES, *(intents.LabelledText(text, "odd") for text in odd)]
    summary = intents.run(intents.train(cases, Deaf()), cases, io.StringIO())
    assert summary["failed"] == 0


class Deaf(HashingEmbedder):
    """The same vector for everything."""

    def embed(self, sentences: Sequence[str]) -> Vectors:
        return super().embed(["가"] * len(sentences))


def test_reading_wants_two_intents_to_learn(tmp_path: Path) -> None:
    file = _write(tmp_path / "t.jsonl", [{"text": "가", "intent": "a"}])
    with pytest.raises(InputError, match="fewer than two"):
        intents.read_labelled(file, with_intent=True)
    assert intents.read_labelled(file, with_intent=False) == [intents.LabelledText("가", "a")]
    file = _write(tmp_path / "t.jsonl", [{"text": "가"}])
    with pytest.raises(InputError, match="t.jsonl:1: 'intent' is absent"):
        intents.read_labelled(file, with_intent=True)
