from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from donghaeng.errors import EngineError
from donghaeng.speech.engines import Audio, EngineInfo
from donghaeng.speech.synthesise.cache import PhraseCache
from donghaeng.speech.synthesise.fake import FakeSynthesiser

NOTHING_PRIVATE: frozenset[str] = frozenset()


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def speak(cache: PhraseCache, text: str, **more: object) -> list[Audio]:
    return list(cache.speak(text, private=NOTHING_PRIVATE, **more))  # type: ignore[arg-type]


def test_sound_comes_clause_by_clause_with_pauses(tmp_path: Path) -> None:
    engine = FakeSynthesiser()
    sounds = PhraseCache(tmp_path, engine).speak("네, 찾아볼게요.", speed=0.9)
    first = next(sounds)
    assert engine.spoken == ["네,"]
    last = next(sounds)
    assert first.seconds == pytest.approx(0.15 / 0.9 + 0.3, abs=0.001)
    assert last.seconds == pytest.approx(5 * 0.15 / 0.9, abs=0.001)
    assert next(sounds, None) is None


def test_a_clause_is_made_once_and_survives_a_restart(tmp_path: Path) -> None:
    first = PhraseCache(tmp_path, FakeSynthesiser())
    made = speak(first, "찾아볼게요.")
    again = speak(first, "찾아볼게요.")
    assert (first.stats.made, first.stats.memory_hits) == (1, 1)
    np.testing.assert_array_equal(made[0].samples, again[0].samples)
    engine = FakeSynthesiser()
    second = PhraseCache(tmp_path, engine)
    restored = speak(second, "찾아볼게요.")
    assert second.stats.disk_hits == 1
    assert engine.spoken == []
    np.testing.assert_array_equal(made[0].samples, restored[0].samples)


def test_speed_voice_and_engine_part_entries(tmp_path: Path) -> None:
    engine = FakeSynthesiser()
    speak(PhraseCache(tmp_path, engine), "안녕하세요.", speed=0.9)
    speak(PhraseCache(tmp_path, engine), "안녕하세요.", speed=0.75)
    other = FakeSynthesiser()
    other.info = EngineInfo(name="fake", version="1", model="tone", extra={"voice": "other"})
    speak(PhraseCache(tmp_path, other), "안녕하세요.", speed=0.9)
    assert len(files(tmp_path)) == 3


def test_file_names_say_nothing(tmp_path: Path) -> None:
    speak(PhraseCache(tmp_path, FakeSynthesiser()), "안녕하세요.")
    (file,) = files(tmp_path)
    assert file.suffix == ".flac"
    assert len(file.stem) == 64
    assert set(file.stem) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("text", "private", "kept"),
    [
        ("찾아볼게요.", None, 0),
        ("찾아볼게요.", frozenset(), 1),
        ("공일공, 일이삼사, 오육칠팔이에요.", frozenset(), 1),
        ("육사일일 번 버스는", frozenset(), 0),
        ("김복순 님, 안녕하세요.", frozenset({"김복순"}), 1),
        ("양화로 사십오, 삼백이 호예요.", frozenset({"양화로 45, 302호"}), 0),
        ("오늘은 맑아요.", lambda clause: "맑아요" in clause, 0),
    ],
)
def test_personal_values_stay_off_the_disk(tmp_path: Path, text: str, private: object, kept: int) -> None:
    cache = PhraseCache(tmp_path, FakeSynthesiser())
    list(cache.speak(text, private=private))  # type: ignore[arg-type]
    assert len(files(tmp_path)) == kept
    list(cache.speak(text, private=private))  # type: ignore[arg-type]
    assert cache.stats.memory_hits == cache.stats.made


def test_a_broken_file_is_a_miss_and_is_replaced(tmp_path: Path) -> None:
    speak(PhraseCache(tmp_path, FakeSynthesiser()), "안녕하세요.")
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for broken in (b"", b"nonsense", whole[: len(whole) // 3]):
        file.write_bytes(broken)
        cache = PhraseCache(tmp_path, FakeSynthesiser())
        assert speak(cache, "안녕하세요.")[0].seconds == pytest.approx(5 * 0.15 / 0.9, abs=0.001)
        assert cache.stats.made == 1
        assert file.read_bytes() == whole


def test_a_flipped_bit_anywhere_is_a_miss_and_never_noise(tmp_path: Path) -> None:
    (made,) = speak(PhraseCache(tmp_path, FakeSynthesiser()), "안녕하세요.")
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        (sound,) = speak(PhraseCache(tmp_path, FakeSynthesiser()), "안녕하세요.")
        assert np.array_equal(sound.samples, made.samples), place


def test_the_folder_stays_within_its_bound_and_keeps_what_is_used(tmp_path: Path) -> None:
    cache = PhraseCache(tmp_path, FakeSynthesiser(), disk_bytes=10**9, memory_bytes=0)
    speak(cache, "처음에 만든 말이에요.")
    (oldest,) = files(tmp_path)
    limit = oldest.stat().st_size * 5
    cache = PhraseCache(tmp_path, FakeSynthesiser(), disk_bytes=limit, memory_bytes=0)
    for number, word in enumerate("가나다라마바사아자차카타파하"):
        speak(cache, f"{word} 다음에 만든 말이에요.")
        for file in files(tmp_path):
            age = 50 - number if file == oldest else 100 - number
            os.utime(file, (10_000 - age, 10_000 - age))
    assert sum(file.stat().st_size for file in files(tmp_path)) <= limit
    assert oldest in files(tmp_path)


def test_a_folder_that_cannot_be_written_does_not_silence_the_voice(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way")
    cache = PhraseCache(place / "cache", FakeSynthesiser())
    assert speak(cache, "안녕하세요.")
    assert cache.stats.disk_errors == 1


def test_louder_speech_is_bent_and_never_clipped(tmp_path: Path) -> None:
    cache = PhraseCache(tmp_path, FakeSynthesiser())
    plain = speak(cache, "안녕하세요.")[0].samples
    louder = speak(cache, "안녕하세요.", volume_db=6.0)[0].samples
    loudest = speak(cache, "안녕하세요.", volume_db=30.0)[0].samples
    assert np.abs(louder).max() == pytest.approx(2 * np.abs(plain).max(), rel=0.01)
    assert np.abs(loudest).max() < 1.0


def test_two_callers_at_once_make_a_clause_once(tmp_path: Path) -> None:
    gate = threading.Event()

    class Slow(FakeSynthesiser):
        def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
            assert gate.wait(10)
            return super().synthesise(clause, speed=speed)

    engine = Slow()
    cache = PhraseCache(tmp_path, engine)
    with ThreadPoolExecutor(4) as pool:
        speaking = [pool.submit(speak, cache, "안녕하세요.") for _ in range(4)]
        gate.set()
        sounds = [future.result(10) for future in speaking]
    assert len(engine.spoken) == 1
    assert len({len(sound[0].samples) for sound in sounds}) == 1


def test_a_failure_reaches_the_caller_and_is_not_kept(tmp_path: Path) -> None:
    class Failing(FakeSynthesiser):
        broken = True

        def synthesise(self, clause: str, *, speed: float = 1.0) -> Audio:
            if self.broken:
                raise EngineError("no")
            return super().synthesise(clause, speed=speed)

    engine = Failing()
    cache = PhraseCache(tmp_path, engine)
    with pytest.raises(EngineError):
        speak(cache, "안녕하세요.")
    engine.broken = False
    assert speak(cache, "안녕하세요.")


def test_what_is_kept_serves_replies_that_may_not_be_kept(tmp_path: Path) -> None:
    PhraseCache(tmp_path, FakeSynthesiser()).prepare("이렇게 예약할까요?")
    engine = FakeSynthesiser()
    list(PhraseCache(tmp_path, engine).speak("배순자 님이에요. 이렇게 예약할까요?", private=None))
    assert engine.spoken == ["배순자 님이에요."]
    assert len(files(tmp_path)) == 1


def test_slow_speech_stretches_pauses_more_than_syllables(tmp_path: Path) -> None:
    cache = PhraseCache(None, FakeSynthesiser())
    said = "네, 망원역 공영주차장에 지금 백사십일 자리 비었어요. 오늘은 무료예요."

    def seconds(text: str, speed: float) -> float:
        return sum(sound.seconds for sound in speak(cache, text, speed=speed))

    assert seconds(said, 0.75) > 1.2 * seconds(said, 0.9)
    assert seconds("가" * 20, 0.75) < 1.1 * seconds("가" * 20, 0.9)


def test_prepare_makes_what_is_absent(tmp_path: Path) -> None:
    cache = PhraseCache(tmp_path, FakeSynthesiser())
    assert cache.prepare("네, 찾아볼게요.") == 2
    assert cache.prepare("네, 알겠어요.") == 1
    assert len(files(tmp_path)) == 3
    assert cache.prepare("망원역 공영주차장에 지금 자리가 있어요.") == 2
    assert cache.prepare("망원역 공영주차장에 지금 자리가 있어요.", begins=False) == 1


def test_memory_is_bounded() -> None:
    engine = FakeSynthesiser()
    cache = PhraseCache(None, engine, memory_bytes=1)
    speak(cache, "안녕하세요.")
    speak(cache, "안녕하세요.")
    assert len(engine.spoken) == 2
