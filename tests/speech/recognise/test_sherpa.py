"""The real sherpa-onnx, with models of a few kilobytes that write what they are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.speech.recognise import tiny_models
from tests.speech.test_load import fake_settings

from donghaeng.errors import EngineMissing
from donghaeng.settings import load_settings
from donghaeng.speech import load
from donghaeng.speech.activity.fake import EnergyActivity
from donghaeng.speech.engines import Audio, Hints
from donghaeng.speech.recognise.sherpa import SherpaRecogniser

TEXT = "문 연 약국 있어요"
PIECES = ["▁문", "▁연", "▁약", "국", "▁있", "어", "요"]


def speech(seconds: float = 2.0, rate: int = 16_000) -> Audio:
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)
    return Audio(tone.astype(np.float32), rate)


def ears(folder: Path, **more: object) -> SherpaRecogniser:
    return SherpaRecogniser(model=str(folder), threads=1, activity=EnergyActivity(), **more)  # type: ignore[arg-type]


def syllables(text: str) -> list[dict[str, float]]:
    return [{letter: tiny_models.LIKELY} for letter in text]


def test_a_zipformer_with_ctc_is_found_loaded_and_heard(tmp_path: Path) -> None:
    recogniser = ears(tiny_models.zipformer_ctc(tmp_path, PIECES))
    heard = recogniser.recognise(speech())
    assert heard.text == TEXT
    assert 0 < heard.confidence <= 1
    assert "zipformer_ctc" in recogniser.info.model


def test_a_transducer_is_found_loaded_and_heard(tmp_path: Path) -> None:
    recogniser = ears(tiny_models.transducer(tmp_path, [{piece: 0.0} for piece in PIECES]))
    heard = recogniser.recognise(speech(rate=8_000))
    assert heard.text == TEXT
    assert "transducer" in recogniser.info.model


def test_sense_voice_is_told_that_korean_is_spoken_and_to_write_numbers_as_said(tmp_path: Path) -> None:
    recogniser = ears(tiny_models.sense_voice(tmp_path, PIECES, ["▁没", "有", "人", "▁在", "这", "里", "。"]))
    assert recogniser.recognise(speech()).text == TEXT
    assert "sense_voice" in recogniser.info.model


def test_likely_phrases_weigh_more_in_a_transducer_of_syllables(tmp_path: Path) -> None:
    said = [*syllables("합"), {"종": 0.3, "정": 0.0}, *syllables("동")]
    recogniser = ears(tiny_models.transducer(tmp_path, said))
    assert recogniser.recognise(speech()).text == "합종동"
    assert recogniser.recognise(speech(), Hints(phrases=("망원", "합정동"))).text == "합정동"
    assert recogniser.recognise(speech()).text == "합종동"


def test_likely_phrases_weigh_more_in_a_transducer_of_pieces(tmp_path: Path) -> None:
    said = [{"▁합": 0.0}, {"종": 0.3, "정": 0.0}, {"동": 0.0}]
    tiny_models.transducer(tmp_path, said)
    assert ears(tmp_path).recognise(speech(), Hints(phrases=("합정동",))).text == "합종동"
    (tmp_path / "bpe.vocab").write_text("▁합\t-1\n종\t-2\n정\t-3\n동\t-4\n▁\t-9\n합\t-9\n", encoding="utf-8")
    assert ears(tmp_path).recognise(speech(), Hints(phrases=("합정동",))).text == "합정동"


def test_what_the_model_cannot_spell_is_not_handed_to_its_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    recogniser = ears(tiny_models.transducer(tmp_path, syllables("약국")))
    capfd.readouterr()
    hints = Hints(phrases=("비밀", "약국/비밀", "약국 :9", "약국 #1", "@약국", "", "/"))
    assert recogniser.recognise(speech(), hints).text == "약국"
    told = capfd.readouterr()
    assert "비밀" not in told.out + told.err


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        (["▁시청", "해", "주", "셔", "서", "▁감사", "합", "니", "다"], "stock phrase"),
        (["▁ご", "視", "聴", "ありがとう"], "foreign script"),
        (["▁끝이요"] * 12, "loop"),
    ],
)
def test_stock_phrases_loops_and_foreign_script_are_dropped_here_too(
    tmp_path: Path, pieces: list[str], why: str
) -> None:
    folder = tiny_models.zipformer_ctc(tmp_path, pieces)
    heard = ears(folder, catalogue=load_settings().catalogue).recognise(speech())
    assert (heard.text, heard.confidence, heard.rejected) == ("", 0.0, why)


def test_where_nobody_speaks_nothing_is_heard(tmp_path: Path) -> None:
    recogniser = ears(tiny_models.zipformer_ctc(tmp_path, PIECES))
    for sound in (np.zeros(16_000), np.full(16_000, 1e-5), np.zeros(0)):
        heard = recogniser.recognise(Audio(sound.astype(np.float32), 16_000))
        assert (heard.text, heard.rejected) == ("", "no speech")


@pytest.mark.parametrize("seconds", [0.2, 29.0])
def test_short_and_long_sounds_are_taken(tmp_path: Path, seconds: float) -> None:
    recogniser = ears(tiny_models.sense_voice(tmp_path, PIECES, PIECES))
    recogniser.warm_up()
    assert recogniser.recognise(speech(seconds)).rejected is None


def test_threads_share_one_engine(tmp_path: Path) -> None:
    recogniser = ears(tiny_models.transducer(tmp_path, syllables("약국")))
    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(lambda _: recogniser.recognise(speech()).text, range(16)))
    assert heard == ["약국"] * 16


def test_smaller_weights_of_the_last_epoch_are_taken_first(tmp_path: Path) -> None:
    tiny_models.transducer(tmp_path, syllables("약국"))
    for part in ("encoder", "decoder", "joiner"):
        (tmp_path / f"{part}.onnx").rename(tmp_path / f"{part}-epoch-99-avg-1.int8.onnx")
        (tmp_path / f"{part}-epoch-99-avg-1.onnx").write_bytes(b"the larger one, not to be looked into")
    assert ears(tmp_path).recognise(speech()).text == "약국"


def _nothing(folder: Path) -> None:
    return None


def _without_joiner(folder: Path) -> None:
    tiny_models.transducer(folder, syllables("약국"))
    (folder / "joiner.onnx").unlink()


def _without_tokens(folder: Path) -> None:
    tiny_models.zipformer_ctc(folder, PIECES)
    (folder / "tokens.txt").unlink()


def _with_other_tokens(folder: Path) -> None:
    tiny_models.zipformer_ctc(folder, PIECES)
    (folder / "tokens.txt").write_text("<blk> 0\n가 1\n", encoding="utf-8")


def _with_tokens_that_are_none(folder: Path) -> None:
    tiny_models.zipformer_ctc(folder, PIECES)
    (folder / "tokens.txt").write_text("these are\nno tokens\n", encoding="utf-8")


def _cut_off(folder: Path) -> None:
    model = tiny_models.zipformer_ctc(folder, PIECES) / "model.onnx"
    model.write_bytes(model.read_bytes()[:-200])


def _without_facts(folder: Path) -> None:
    tiny_models.transducer(folder, syllables("약국"), facts={"vocab_size": 3})


def _without_korean(folder: Path) -> None:
    tiny_models.sense_voice(folder, PIECES, PIECES, leave_out="lang_ko")


def _of_another_kind(folder: Path) -> None:
    tiny_models.transducer(folder, syllables("약국"))
    (folder / "joiner.onnx").rename(folder / "model.onnx")
    for part in ("encoder", "decoder"):
        (folder / f"{part}.onnx").unlink()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_nothing, "holds neither"),
        (_without_joiner, "lacks joiner"),
        (_without_tokens, "tokens.txt cannot be read"),
        (_with_other_tokens, "has 8 tokens, its tokens.txt 2"),
        (_with_tokens_that_are_none, "is no list"),
        (_cut_off, "is no whole ONNX model"),
        (_without_facts, "lack context_size"),
        (_without_korean, "lack lang_ko"),
        (_of_another_kind, "is neither"),
    ],
)
def test_a_folder_that_will_not_do_is_said_before_the_library_ends_the_process(
    tmp_path: Path, spoil: object, told: str
) -> None:
    spoil(tmp_path)  # type: ignore[operator]
    with pytest.raises(EngineMissing, match=told) as missing:
        ears(tmp_path)
    assert missing.value.remedy


def test_without_a_folder() -> None:
    with pytest.raises(EngineMissing, match="DONGHAENG_RECOGNISER_MODEL"):
        SherpaRecogniser()
    with pytest.raises(EngineMissing, match="is no folder"):
        SherpaRecogniser(model="/nowhere")


def test_the_settings_name_it(tmp_path: Path) -> None:
    folder = tiny_models.zipformer_ctc(tmp_path / "weights", PIECES)
    settings = fake_settings(tmp_path, recogniser="sherpa", recogniser_model=str(folder))
    assert isinstance(load.load_recogniser(settings), SherpaRecogniser)
