"""Expressions, reading, answers, hearing and speaking: read, predicted, summarised."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from donghaeng.errors import EngineError, InputError
from donghaeng.measuring import answers, expressions, hearing, reading, speaking
from donghaeng.speech.audio import read_audio, write_wav
from donghaeng.speech.engines import Audio, Recognition
from donghaeng.speech.hearing_eval import HearingCase
from donghaeng.speech.recognise.fake import FakeRecogniser
from donghaeng.speech.synthesise.fake import FakeSynthesiser


def _file(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return file


def _rows(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_expressions(tmp_path: Path) -> None:
    now = "2026-11-23T10:00:00+09:00"
    file = _file(
        tmp_path,
        {"text": "내일 뵐게요", "now": now, "kind": "time"},
        {"text": "스물세 명", "now": now, "kind": "number"},
        {"text": "안녕하세요", "now": now, "kind": "money"},
    )
    stream = io.StringIO()
    summary = expressions.run(expressions.read(file), stream)
    assert _rows(stream) == [{"values": ["2026-11-24"]}, {"values": [23]}, {"values": []}]
    assert summary == {"kind": "expressions", "cases": 3, "failed": 0, "without_values": 1}


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"text": "가", "now": "어제", "kind": "time"}, "'now' is no time"),
        ({"text": "가", "now": "2026-11-23T10:00:00+09:00", "kind": "colour"}, "kind 'colour'; one of time"),
    ],
)
def test_wrong_expression_case(tmp_path: Path, row: dict[str, str], what: str) -> None:
    file = _file(tmp_path, row)
    with pytest.raises(InputError) as caught:
        expressions.read(file)
    assert str(caught.value).startswith(f"{file}:1: ")
    assert what in str(caught.value)


def test_reading(tmp_path: Path) -> None:
    stream = io.StringIO()
    reading.run(reading.read(_file(tmp_path, {"text": "2호선"}, {"text": ""})), stream)
    assert _rows(stream) == [{"reading": "이 호선"}, {"reading": ""}]


def test_answers_are_cited_or_abstained_from(tmp_path: Path) -> None:
    texts = {
        "p1": "에너지바우처는 난방비를 도와줘요.",
        "p2": "연탄쿠폰은 연탄값을 도와줘요.",
        "p3": "주거급여는 월세를 도와줘요.",
    }
    rows = [
        {"id": key, "title": text.split("는")[0].split("은")[0], "text": text} for key, text in texts.items()
    ]
    passages = answers.read_passages(_file(tmp_path, *rows))
    asked = [
        {"id": "q1", "question": "연탄쿠폰으로 연탄값 도와주나요"},
        {"id": "q2", "question": "김치찌개 끓이는 법"},
    ]
    stream = io.StringIO()
    answerer, _ = answers.build(passages)
    summary = answers.run(answerer, answers.read_questions(_file(tmp_path, *asked)), stream)
    answered, abstained = _rows(stream)
    assert answered["ids"][0] == "p2"
    assert (answered["abstained"], answered["citations"]) == (False, ["p2"])
    assert answered["answer"] == texts["p2"]
    assert abstained == {"ids": [], "abstained": True, "answer": "", "citations": []}
    assert (summary["abstained"], summary["failed"]) == (1, 0)
    assert summary["p50_ms"] is not None
    row = {"id": "p1", "title": "제목", "text": "글"}
    with pytest.raises(InputError, match=r":2: id 'p1' as in line 1"):
        answers.read_passages(_file(tmp_path, row, row))


def test_statements_are_held_against_the_passages_that_they_cite(tmp_path: Path) -> None:
    row = {"id": "p1", "title": "연탄쿠폰", "text": "연탄쿠폰은 연탄값을 도와줘요."}
    passages = answers.read_passages(_file(tmp_path, row))
    support = answers.supporting(passages)
    assert support("연탄값을 도와줘요.", "p1")
    assert not support("연탄값을 도와주지 않아요.", "p1")
    asked = answers.read_questions(
        _file(tmp_path, {"id": "q1", "question": "연탄쿠폰으로 연탄값 도와주나요"})
    )
    stream = io.StringIO()
    answerer, _ = answers.build(passages)
    summary = answers.run(answerer, asked, stream, support=lambda statement, identity: False)
    assert (summary["statements"], summary["supported"]) == (1, 0)
    assert _rows(stream)[0]["supported"] is False
    assert "statements" not in answers.run(answerer, asked, io.StringIO())


class BrokenRecogniser(FakeRecogniser):
    def recognise(self, audio: Audio, hints: object = None) -> Recognition:
        raise RuntimeError("the library crashed")


def _clip(file: Path) -> Path:
    write_wav(Audio(np.full(16_000, 0.1, np.float32), 16_000), file)
    return file


def test_hearing_keeps_order_and_failures(tmp_path: Path) -> None:
    clip = _clip(tmp_path / "a.wav")
    cases = [
        HearingCase(clip, "안녕하세요"),
        HearingCase(tmp_path / "absent.wav", None),
        HearingCase(clip, "네"),
    ]
    stream = io.StringIO()
    summary = hearing.run(FakeRecogniser(["안녕하세요", "네"]), cases, stream)
    rows = _rows(stream)
    assert [row["text"] for row in rows] == ["안녕하세요", "", "네"]
    assert "error" in rows[1]
    assert rows[0]["audio_s"] == 1.0
    assert (summary["cases"], summary["failed"], summary["cer"]) == (3, 1, 0.0)


def test_hearing_outlives_a_crash_of_the_engine(tmp_path: Path) -> None:
    stream = io.StringIO()
    summary = hearing.run(BrokenRecogniser(), [HearingCase(_clip(tmp_path / "a.wav"), "네")], stream)
    assert "the library crashed" in _rows(stream)[0]["error"]
    assert (summary["failed"], summary["cer"]) == (1, 1.0)


class DumbSynthesiser(FakeSynthesiser):
    def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
        if "못" in clause:
            raise EngineError("no voice")
        return super().synthesise(clause, speed=speed)


def test_speaking_writes_one_file_a_line_and_makes_everything_anew(tmp_path: Path) -> None:
    stream, voice = io.StringIO(), DumbSynthesiser()
    texts = ["3분 뒤에 와요.", "3분 뒤에 와요.", "못 해요.", "😀"]
    summary = speaking.run(voice, texts, speaking.prepare(tmp_path / "out"), stream)
    rows = _rows(stream)
    assert [Path(row["audio"]).name for row in rows[:2]] == ["0001.wav", "0002.wav"]
    assert ["error" in row for row in rows] == [False, False, True, True]
    sound = read_audio(Path(rows[1]["audio"]))
    assert sound.seconds == pytest.approx(rows[1]["audio_s"], abs=0.01)
    assert 0 <= rows[0]["first_audio_ms"] <= rows[0]["synthesis_s"] * 1000 + 0.1
    assert voice.spoken.count("삼 분 뒤에 와요.") == 2
    assert (summary["cases"], summary["failed"]) == (4, 2)
    assert summary["first_audio_p50_ms"] is not None


def test_speaking_into_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be made"):
        speaking.prepare(tmp_path / "file")
