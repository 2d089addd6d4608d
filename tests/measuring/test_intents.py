from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import InputError
from donghaeng.measuring import intents
from donghaeng.understanding.embed.fake import HashingEmbedder

TRAIN = {
    "weather": ["오늘 비 와요", "내일 날씨 어때요", "비가 올까요", "날씨 좀 알려줘요"],
    "bus": ["버스 언제 와요", "버스 몇 분 남았어요", "다음 버스 언제예요", "버스가 안 와요"],
}


def _write(file: Path, rows: list[dict[str, str]]) -> Path:
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return file


def _trained(**options: int) -> intents.Trained:
    cases = [intents.LabelledText(text, name) for name, texts in TRAIN.items() for text in texts]
    return intents.train(cases, HashingEmbedder(), **options)


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


def test_large_sets_are_embedded_in_part() -> None:
    trained = _trained(most_embedded=4)
    assert trained.embedded == 4
    assert trained.ranker.rank("버스 언제 와요").best[0] == "bus"


def test_reading_wants_two_intents_to_learn(tmp_path: Path) -> None:
    file = _write(tmp_path / "t.jsonl", [{"text": "가", "intent": "a"}])
    with pytest.raises(InputError, match="fewer than two"):
        intents.read_labelled(file, with_intent=True)
    assert intents.read_labelled(file, with_intent=False) == [intents.LabelledText("가", "a")]
    file = _write(tmp_path / "t.jsonl", [{"text": "가"}])
    with pytest.raises(InputError, match="t.jsonl:1: 'intent' is absent"):
        intents.read_labelled(file, with_intent=True)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(8, 60))
def test_evenly_takes_of_every_class_without_repeating(sizes: list[int], most: int) -> None:
    found = intents.evenly(sizes, most)
    assert found == sorted(set(found))
    assert len(found) <= max(most, len(sizes))
    assert found[-1] < sum(sizes)
    start = 0
    for size in sizes:
        taken = sum(start <= index < start + size for index in found)
        assert taken >= min(size, most // len(sizes)) >= 1
        start += size
    if sum(sizes) > most:
        assert len(found) == most
