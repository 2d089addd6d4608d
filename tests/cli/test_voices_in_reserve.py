from __future__ import annotations

from pathlib import Path

from tests.speech.test_load import fake_settings

from donghaeng.cli import doctor_engines


def test_voices_in_reserve_are_tried_and_never_needed(tmp_path: Path) -> None:
    settings = fake_settings(tmp_path, synthesiser_fallbacks=("fake", "espeak-ng", "wyoming"))
    found = {one.part: one for one in doctor_engines.speech(settings) if "reserve" in one.part}
    assert set(found) == {"voice in reserve, espeak-ng", "voice in reserve, wyoming"}
    assert found["voice in reserve, espeak-ng"].state == "ok"
    absent = found["voice in reserve, wyoming"]
    assert absent.state == "absent"
    assert "DONGHAENG_SYNTHESISER_URL" in (absent.remedy or "")
