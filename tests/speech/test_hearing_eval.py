from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from donghaeng.errors import InputError
from donghaeng.speech.audio import write_wav
from donghaeng.speech.engines import Audio
from donghaeng.speech.hearing_eval import character_errors, predict, read_manifest, summarise
from donghaeng.speech.recognise.fake import FakeRecogniser


def test_only_letters_count() -> None:
    assert character_errors("네, 합정역 이요!", "네 합정역이요") == (0, 6)
    assert character_errors("TV", "tv") == (0, 2)
    assert character_errors("", "가나다") == (3, 3)
    assert character_errors("가나다라", "") == (4, 0)


def test_every_case_gives_a_prediction_in_order(tmp_path: Path) -> None:
    write_wav(Audio(np.full(8_000, 0.1, np.float32), 16_000), tmp_path / "a.wav")
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    rows = [
        {"audio": "a.wav", "text": "가나다라", "set": "one"},
        {"audio": "broken.wav", "text": "마바", "set": "two"},
        {"audio": "absent.wav"},
        {"audio": "a.wav"},
        {"audio": "a.wav", "text": "사아", "set": "two"},
    ]
    manifest = tmp_path / "m.jsonl"
    manifest.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    cases = read_manifest(manifest)
    predictions = list(predict(FakeRecogniser(["가나다마", "무엇", None]), cases))
    assert [row["text"] for row in predictions] == ["가나다마", "", "", "무엇", ""]
    assert ["error" in row for row in predictions] == [False, True, True, False, True]
    assert predictions[0]["audio_s"] == 0.5
    summary = summarise(cases, predictions)
    assert summary["cases"] == 5
    assert summary["failed"] == 3
    assert summary["cer"] == pytest.approx(5 / 8)
    assert summary["cer_by_set"] == {"one": 0.25, "two": 1.0}


@pytest.mark.parametrize("line", ["{", "3", '{"text": "가"}', "[]"])
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    manifest = tmp_path / "m.jsonl"
    manifest.write_text('{"audio": "a.wav"}\n' + line, encoding="utf-8")
    with pytest.raises(InputError, match=":2:"):
        read_manifest(manifest)
    with pytest.raises(InputError):
        read_manifest(tmp_path / "absent.jsonl")


def test_no_texts_no_rate() -> None:
    assert summarise([], [])["cer"] is None
