"""Models of a few kilobytes that sherpa-onnx itself loads: whatever they hear, they write a fixed text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

BLANK = "<blk>"
UNLIKELY, LIKELY = -20.0, 0.0
SENSE_VOICE_WINDOW, SENSE_VOICE_SHIFT = 7, 6
LANGUAGES = ("auto", "zh", "en", "ja", "ko", "yue")


def _table(tokens: Sequence[str], said: Sequence[Mapping[str, float]]) -> np.ndarray:
    """Log probabilities, a row a frame, a blank after each."""
    rows = np.full((2 * len(said), len(tokens)), UNLIKELY, np.float32)
    rows[1::2, 0] = LIKELY
    for index, frame in enumerate(said):
        for token, value in frame.items():
            rows[2 * index, tokens.index(token)] = value
    return rows


def _write(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    inputs: Mapping[str, tuple[int, list]],
    outputs: Mapping[str, tuple[int, list]],
    constants: Mapping[str, np.ndarray],
    facts: Mapping[str, object] | None = None,
) -> None:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, *form) for name, form in inputs.items()],
        [helper.make_tensor_value_info(name, *form) for name, form in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(model, {name: str(value) for name, value in (facts or {}).items()})
    onnx.save(model, path)


def _tokens(folder: Path, tokens: Sequence[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{token} {number}\n" for number, token in enumerate(tokens))
    (folder / "tokens.txt").write_text(lines, encoding="utf-8")


NOTHING_OF_X = [
    helper.make_node("ReduceSum", ["x", "axes"], ["sum"], keepdims=0),
    helper.make_node("Mul", ["sum", "nil"], ["zero"]),
    helper.make_node("Reshape", ["zero", "ones"], ["z"]),
]
FOR_NOTHING = {
    "axes": np.array([0, 1, 2]),
    "nil": np.float32(0),
    "ones": np.array([1, 1, 1]),
    "none": np.int64(0),
}


def _frames(path: Path, table: np.ndarray, names: tuple[str, str]) -> None:
    """A model of ``x`` and ``x_lens`` that gives ``table``."""
    out, lengths = names
    add = helper.make_node("Add", ["table", "z"], [out])
    count = [
        helper.make_node("Mul", ["x_lens", "none"], ["zl"]),
        helper.make_node("Add", ["zl", "n"], [lengths]),
    ]
    _write(
        path,
        [*NOTHING_OF_X, add, *count],
        {"x": (TensorProto.FLOAT, ["N", "T", 80]), "x_lens": (TensorProto.INT64, ["N"])},
        {
            out: (TensorProto.FLOAT, ["N", "U", table.shape[1]]),
            lengths: (TensorProto.INT64, ["N"]),
        },
        {**FOR_NOTHING, "table": table[None], "n": np.array([len(table)])},
    )


def zipformer_ctc(folder: Path, words: Sequence[str]) -> Path:
    """Writes ``words`` (pieces, ``▁`` before each word)."""
    tokens = [BLANK, *dict.fromkeys(words)]
    _tokens(folder, tokens)
    table = _table(tokens, [{word: LIKELY} for word in words])
    _frames(folder / "model.onnx", table, ("log_probs", "log_probs_len"))
    return folder


def transducer(
    folder: Path, said: Sequence[Mapping[str, float]], facts: Mapping[str, object] | None = None
) -> Path:
    """Each frame has tokens with their log probabilities."""
    tokens = [BLANK, *dict.fromkeys(token for frame in said for token in frame)]
    _tokens(folder, tokens)
    size = len(tokens)
    _frames(folder / "encoder.onnx", _table(tokens, said), ("encoder_out", "encoder_out_lens"))
    known = {"vocab_size": size, "context_size": 2} if facts is None else facts
    _write(
        folder / "decoder.onnx",
        [
            helper.make_node("Cast", ["y"], ["f"], to=TensorProto.FLOAT),
            helper.make_node("ReduceSum", ["f", "axis"], ["s"], keepdims=1),
            helper.make_node("Mul", ["s", "nils"], ["decoder_out"]),
        ],
        {"y": (TensorProto.INT64, ["N", 2])},
        {"decoder_out": (TensorProto.FLOAT, ["N", size])},
        {"axis": np.array([1]), "nils": np.zeros((1, size), np.float32)},
        known,
    )
    _write(
        folder / "joiner.onnx",
        [helper.make_node("Add", ["encoder_out", "decoder_out"], ["logit"])],
        {name: (TensorProto.FLOAT, ["N", size]) for name in ("encoder_out", "decoder_out")},
        {"logit": (TensorProto.FLOAT, ["N", size])},
        {},
    )
    return folder


def sense_voice(folder: Path, korean: Sequence[str], other: Sequence[str], *, leave_out: str = "") -> Path:
    """Writes ``korean`` where it is told that Korean is spoken, else ``other``; both of one length."""
    marks = ["<|ko|>", "<|NEUTRAL|>", "<|Speech|>", "<|woitn|>"]
    tokens = [BLANK, *dict.fromkeys([*marks, *korean, *other])]
    _tokens(folder, tokens)
    rows = [_table(tokens, [{word: LIKELY} for word in [*marks, *said]]) for said in (korean, other)]
    blank = np.full((1, 1, len(tokens)), UNLIKELY, np.float32)
    blank[..., 0] = LIKELY
    facts = {
        "vocab_size": len(tokens),
        "lfr_window_size": SENSE_VOICE_WINDOW,
        "lfr_window_shift": SENSE_VOICE_SHIFT,
        "normalize_samples": 0,
        "with_itn": 14,
        "without_itn": 15,
        **{f"lang_{name}": number for number, name in enumerate(LANGUAGES)},
        "neg_mean": ",".join(["0"] * 80 * SENSE_VOICE_WINDOW),
        "inv_stddev": ",".join(["1"] * 80 * SENSE_VOICE_WINDOW),
    }
    facts.pop(leave_out, None)
    _write(
        folder / "model.onnx",
        [
            *NOTHING_OF_X,
            helper.make_node("Equal", ["language", "ko"], ["is_ko"]),
            helper.make_node("Equal", ["text_norm", "as_said"], ["is_said"]),
            helper.make_node("And", ["is_ko", "is_said"], ["right"]),
            helper.make_node("Where", ["right", "korean", "other"], ["said"]),
            helper.make_node("Shape", ["x"], ["frames"], start=1, end=2),
            helper.make_node("Add", ["frames", "less"], ["left"]),
            helper.make_node("Concat", ["one", "left", "one"], ["shape"], axis=0),
            helper.make_node("Expand", ["blank", "shape"], ["rest"]),
            helper.make_node("Concat", ["said", "rest"], ["all"], axis=1),
            helper.make_node("Cast", ["x_length"], ["fl"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["fl", "nil"], ["zl"]),
            helper.make_node("Add", ["z", "zl"], ["zz"]),
            helper.make_node("Add", ["all", "zz"], ["logits"]),
        ],
        {
            "x": (TensorProto.FLOAT, ["N", "T", 80 * SENSE_VOICE_WINDOW]),
            **{name: (TensorProto.INT32, ["N"]) for name in ("x_length", "language", "text_norm")},
        },
        {"logits": (TensorProto.FLOAT, ["N", "U", len(tokens)])},
        {
            **{name: value for name, value in FOR_NOTHING.items() if name != "none"},
            "ko": np.array([LANGUAGES.index("ko")], np.int32),
            "as_said": np.array([15], np.int32),
            "korean": rows[0][None],
            "other": rows[1][None],
            "less": np.array([4 - len(rows[0])]),
            "one": np.array([1]),
            "blank": blank,
        },
        facts,
    )
    return folder
