"""A folder with weights for sherpa-onnx: which kind of model it holds, and whether all of it is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import onnxruntime

from donghaeng.errors import EngineMissing

PARTS: Final = ("encoder", "decoder", "joiner")
"""Of a transducer."""
TOKENS: Final = "tokens.txt"
BPE_VOCAB: Final = "bpe.vocab"
"""SentencePiece's list of pieces and their log probabilities, by which hotwords are cut."""
FEATURES: Final = 80
"""Mel bands that the models are given."""
DECODER_FACTS: Final = ("vocab_size", "context_size")
SENSE_VOICE_FACTS: Final = (
    *("vocab_size", "lfr_window_size", "lfr_window_shift", "normalize_samples", "with_itn", "without_itn"),
    *("lang_auto", "lang_zh", "lang_en", "lang_ja", "lang_ko", "lang_yue", "neg_mean", "inv_stddev"),
)
"""What the library reads from a model's metadata."""
REMEDY: Final = "give the folder of a Korean Zipformer or of SenseVoice as sherpa-onnx publishes them"
_SYLLABLE: Final = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True)
class SherpaFolder:
    """What was found."""

    kind: str
    """``transducer``, ``zipformer_ctc`` or ``sense_voice``."""
    files: dict[str, Path]
    """``encoder``, ``decoder`` and ``joiner``, or ``model``."""
    tokens: Path
    symbols: frozenset[str]
    """What the model can write."""
    unit: str | None = None
    """How hotwords are cut (``cjkchar``, ``bpe``); ``None`` where there are to be none."""
    bpe_vocab: Path | None = None

    def can_spell(self, words: str) -> bool:
        """Whether every letter can be written."""
        return all(
            letter in self.symbols or f"▁{letter}" in self.symbols for letter in words.replace(" ", "")
        )


def look_into(folder: Path) -> SherpaFolder:
    """Find the model.

    Raises:
        EngineMissing: the folder or a part is absent or broken, or holds a model of another kind.
    """
    if not folder.is_dir():
        raise EngineMissing(f"sherpa: {folder} is no folder", remedy=REMEDY)
    parts = {part: found for part in PARTS if (found := _smallest(folder, part))}
    whole = _smallest(folder, "model")
    if not parts and whole is None:
        raise EngineMissing(f"sherpa: {folder} holds neither encoder*.onnx nor model*.onnx", remedy=REMEDY)
    symbols = _symbols(folder / TOKENS)
    if not parts and whole is not None:
        return _whole(whole, symbols)
    for part in PARTS:
        if part not in parts:
            raise EngineMissing(f"sherpa: {folder} lacks {part}*.onnx", remedy=REMEDY)
    for part in ("encoder", "joiner"):
        _session(parts[part])
    facts = _facts(parts["decoder"], _session(parts["decoder"]), DECODER_FACTS)
    _check_size(folder, symbols, int(facts["vocab_size"]))
    bpe_vocab = folder / BPE_VOCAB
    if bpe_vocab.is_file():
        return SherpaFolder("transducer", parts, folder / TOKENS, symbols, "bpe", bpe_vocab)
    by_syllable = any(_SYLLABLE.fullmatch(symbol) for symbol in symbols) and not any(
        symbol.startswith("▁") for symbol in symbols
    )
    return SherpaFolder("transducer", parts, folder / TOKENS, symbols, "cjkchar" if by_syllable else None)


def _whole(model: Path, symbols: frozenset[str]) -> SherpaFolder:
    session = _session(model)
    tokens = model.parent / TOKENS
    if "lfr_window_size" in session.get_modelmeta().custom_metadata_map:
        facts = _facts(model, session, SENSE_VOICE_FACTS)
        _check_size(model.parent, symbols, int(facts["vocab_size"]))
        return SherpaFolder("sense_voice", {"model": model}, tokens, symbols)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) == 2 and inputs[0].shape[-1] == FEATURES and len(outputs[0].shape) == 3:
        _check_size(model.parent, symbols, outputs[0].shape[-1])
        return SherpaFolder("zipformer_ctc", {"model": model}, tokens, symbols)
    raise EngineMissing(f"sherpa: {model} is neither a Zipformer CTC nor a SenseVoice model", remedy=REMEDY)


def _smallest(folder: Path, name: str) -> Path | None:
    """The file of that name, eight-bit weights before others; of several epochs the last."""
    found = sorted(folder.glob(f"{name}*.onnx"))
    return next((path for path in reversed(found) if ".int8" in path.name), found[-1] if found else None)


def _session(model: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's classes share no public base
        raise EngineMissing(f"sherpa: {model} is no whole ONNX model", remedy="fetch it anew") from error


def _facts(model: Path, session: onnxruntime.InferenceSession, names: tuple[str, ...]) -> dict[str, str]:
    facts: dict[str, str] = session.get_modelmeta().custom_metadata_map
    absent = [name for name in names if not facts.get(name)]
    if absent or not facts["vocab_size"].isdecimal():
        told = ", ".join(absent) or "a number as vocab_size"
        raise EngineMissing(f"sherpa: the metadata of {model} lack {told}", remedy=REMEDY)
    return facts


def _symbols(tokens: Path) -> frozenset[str]:
    """The symbols of a list of lines ``symbol number``, numbered from 0 without a gap."""
    try:
        lines = tokens.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EngineMissing(f"sherpa: {tokens} cannot be read", remedy=REMEDY) from error
    cut = [line.rpartition(" ") for line in lines if line.strip()]
    numbers = {int(number) for _, _, number in cut if number.isdecimal()}
    if not cut or numbers != set(range(len(cut))):
        raise EngineMissing(f"sherpa: {tokens} is no list of `symbol number`", remedy=REMEDY)
    return frozenset(symbol for symbol, _, _ in cut)


def _check_size(folder: Path, symbols: frozenset[str], size: object) -> None:
    if isinstance(size, int) and len(symbols) != size:
        raise EngineMissing(
            f"sherpa: the model of {folder} has {size} tokens, its {TOKENS} {len(symbols)}",
            remedy="give the tokens.txt that belongs to the model",
        )
