"""`donghaeng minutes` and `donghaeng eval minutes` as their users call them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import syhwp
from click.testing import CliRunner, Result

from donghaeng.cli import minutes as command
from donghaeng.cli.evaluate import evaluate
from donghaeng.errors import AudioError, InputError
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.recognise.fake import FakeRecogniser

SAID = ("다음 안건은 안내사 모집입니다.", "오세라 주무관은 공고문을 수요일까지 올려 주세요.")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "회의.flac"
    noise = 0.3 * np.random.default_rng(2).standard_normal(16_000)
    soundfile.write(
        path, np.clip(np.concatenate([noise, np.zeros(24_000), noise, np.zeros(24_000)]), -1, 1), 16_000
    )
    return path


@pytest.fixture
def recogniser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeRecogniser:
    fake = FakeRecogniser(SAID)
    monkeypatch.setattr(command, "load_recogniser", lambda settings: fake)
    monkeypatch.setattr(command, "load_voice_activity", lambda settings: EnergyActivity())
    monkeypatch.setenv("DONGHAENG_DATA", str(tmp_path / "data"))
    return fake


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.minutes, arguments, catch_exceptions=False)


def test_a_recording_becomes_a_document(recording: Path, recogniser: FakeRecogniser, tmp_path: Path) -> None:
    out = tmp_path / "회의록.hwpx"
    given = (
        "--kind",
        "weekly",
        "--started",
        "2026-11-23T09:00",
        "--person",
        "오세라:주무관",
        "--word",
        "안내사",
    )
    result = run(str(recording), *given, "--out", str(out), "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout.splitlines()[-1])
    assert told["actions"] == [
        {"what": "공고문을 올리기", "owner": "오세라", "due": "2026-11-25", "at": "00:00:02"}
    ]
    assert "2026. 11. 25." in syhwp.extract_text(str(out))
    assert recogniser.heard[0][1].phrases == ("안내사", "오세라")
    assert not [*tmp_path.rglob("*.heard")], "nothing of the talk stays behind"


def test_the_same_command_carries_on(recording: Path, recogniser: FakeRecogniser, tmp_path: Path) -> None:
    recogniser._texts.clear()
    recogniser._texts.extend([SAID[0], None])
    with pytest.raises(Exception, match="script wants a failure"):
        run(str(recording), "--json")
    assert [*tmp_path.rglob("*.heard")]
    recogniser._texts.append(SAID[1])
    told = json.loads(run(str(recording), "--json").stdout.splitlines()[-1])
    assert [turn["says"] for turn in told["turns"]] == list(SAID)
    assert len(recogniser.heard) == 3, "the first turn is not heard again"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "no recording"),
        (("x.mp3",), "no recording or no document"),
        (("x.mp3", "--out", "a.txt"), "no format"),
        (("x.mp3", "--out", "a.pdf", "--kind", "picnic"), "no kind of meeting"),
        (("x.mp3", "--out", "a.pdf", "--person", ":과장"), "is no person"),
    ],
)
def test_what_is_missing_is_told(arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        run(*arguments)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="no such file"):
        run(str(tmp_path / "x.mp3"), "--json")


def test_the_kinds_are_listed() -> None:
    assert "weekly  주간 회의록" in run("--kinds").stdout


def test_scripted_meetings_are_scored(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "bench" / "office" / "meetings" / "development"
    out = tmp_path / "out.jsonl"
    arguments = ["minutes", "--meetings", str(folder), "--predictions", str(out)]
    result = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    figures = json.loads(result.stdout.splitlines()[-1])
    assert figures["cases"] == 10
    assert figures["actions"]["labelled"] == 24
    assert len(out.read_text("utf-8").splitlines()) == 10
    with pytest.raises(InputError, match="has no meeting"):
        CliRunner().invoke(evaluate, [*arguments[:2], str(tmp_path), *arguments[3:]], catch_exceptions=False)
