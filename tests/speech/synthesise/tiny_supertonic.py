"""Weights of a few kilobytes in Supertonic's own layout, for the package's own classes to load and run.

The four graphs have the published inputs and outputs; what comes out is a tone as long as the text, 0.1 s a
character, of the pitch that the voice style names.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE = 44_100
CHUNK, COMPRESS, CHANNELS = 512, 6, 4
SECONDS_A_CHARACTER = 0.1
STYLE = {"style_ttl": [1, 2, 4], "style_dp": [1, 2, 4]}
FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def _write(path: Path, nodes: list, inputs: dict, outputs: dict, constants: dict) -> None:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, *form) for name, form in inputs.items()],
        [helper.make_tensor_value_info(name, *form) for name, form in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def weights(folder: Path, voices: dict[str, float]) -> Path:
    """A folder with the model and ``voices`` (name → pitch in Hz)."""
    models, styles = folder / "onnx", folder / "voice_styles"
    models.mkdir(parents=True)
    styles.mkdir()
    config = {
        "ae": {"sample_rate": RATE, "base_chunk_size": CHUNK},
        "ttl": {"chunk_compress_factor": COMPRESS, "latent_dim": CHANNELS},
    }
    (models / "tts.json").write_text(json.dumps(config))
    (models / "unicode_indexer.json").write_text(json.dumps(_indexer()))
    for name, hertz in voices.items():
        values = np.full(8, hertz).tolist()
        style = {key: {"dims": dims, "data": values} for key, dims in STYLE.items()}
        (styles / f"{name}.json").write_text(json.dumps(style))
    text = {"text_ids": (INT64, ["N", "L"]), "text_mask": (FLOAT, ["N", 1, "L"])}
    sums = {"axes": np.array([1, 2]), "nil": np.float32(0)}
    _write(
        models / "duration_predictor.onnx",
        [
            helper.make_node("Cast", ["text_ids"], ["ids"], to=FLOAT),
            helper.make_node("Sub", ["text_mask", "ids"], ["both"]),
            helper.make_node("Add", ["both", "ids"], ["mask"]),
            helper.make_node("ReduceSum", ["mask", "axes"], ["length"], keepdims=0),
            helper.make_node("ReduceSum", ["style_dp", "axes"], ["style"], keepdims=0),
            helper.make_node("Mul", ["style", "nil"], ["none"]),
            helper.make_node("Mul", ["length", "each"], ["seconds"]),
            helper.make_node("Add", ["seconds", "none"], ["duration"]),
        ],
        {**text, "style_dp": (FLOAT, ["N", 2, 4])},
        {"duration": (FLOAT, ["N"])},
        {**sums, "each": np.float32(SECONDS_A_CHARACTER)},
    )
    _write(
        models / "text_encoder.onnx",
        [
            helper.make_node("Cast", ["text_ids"], ["ids"], to=FLOAT),
            helper.make_node("Mul", ["ids", "nil"], ["i"]),
            helper.make_node("ReduceMean", ["style_ttl"], ["pitch"], axes=[1, 2], keepdims=1),
            helper.make_node("Mul", ["text_mask", "pitch"], ["masked"]),
            helper.make_node("Add", ["masked", "i"], ["text_emb"]),
        ],
        {**text, "style_ttl": (FLOAT, ["N", 2, 4])},
        {"text_emb": (FLOAT, ["N", "C", "L"])},
        sums,
    )
    latent = (FLOAT, ["N", CHANNELS * COMPRESS, "T"])
    _write(
        models / "vector_estimator.onnx",
        [
            helper.make_node("ReduceMax", ["text_emb"], ["pitch"], axes=[1, 2], keepdims=1),
            helper.make_node("ReduceMax", ["style_ttl"], ["style"], axes=[1, 2], keepdims=1),
            helper.make_node("ReduceMax", ["text_mask"], ["mask"], axes=[1, 2], keepdims=1),
            helper.make_node("Div", ["current_step", "total_step"], ["step"]),
            helper.make_node("ReduceSum", ["step"], ["steps"], keepdims=0),
            *[helper.make_node("Mul", [one, "nil"], [f"{one}0"]) for one in ("style", "mask", "steps")],
            helper.make_node("Mul", ["noisy_latent", "nil"], ["noise0"]),
            helper.make_node("Mul", ["latent_mask", "pitch"], ["spread"]),
            helper.make_node("Sum", ["noise0", "spread", "style0", "mask0", "steps0"], ["denoised"]),
        ],
        {
            "noisy_latent": latent,
            "text_emb": (FLOAT, ["N", "C", "L"]),
            "style_ttl": (FLOAT, ["N", 2, 4]),
            "text_mask": (FLOAT, ["N", 1, "L"]),
            "latent_mask": (FLOAT, ["N", 1, "T"]),
            "current_step": (FLOAT, ["N"]),
            "total_step": (FLOAT, ["N"]),
        },
        {"denoised": latent},
        sums,
    )
    _write(
        models / "vocoder.onnx",
        [
            helper.make_node("ReduceMax", ["latent"], ["pitch"], axes=[1, 2], keepdims=1),
            helper.make_node("Slice", ["latent", "from", "to", "axis"], ["row"]),
            helper.make_node("Transpose", ["row"], ["column"], perm=[0, 2, 1]),
            helper.make_node("Mul", ["column", "nil"], ["nothing"]),
            helper.make_node("Expand", ["nothing", "chunk"], ["frames"]),
            helper.make_node("Reshape", ["frames", "flat"], ["zeros"]),
            helper.make_node("Add", ["zeros", "unit"], ["units"]),
            helper.make_node("CumSum", ["units", "along"], ["count"]),
            helper.make_node("Reshape", ["pitch", "flat"], ["hertz"]),
            helper.make_node("Mul", ["hertz", "turn"], ["angle"]),
            helper.make_node("Mul", ["count", "angle"], ["phase"]),
            helper.make_node("Sin", ["phase"], ["wave"]),
            helper.make_node("Mul", ["wave", "half"], ["wav"]),
        ],
        {"latent": latent},
        {"wav": (FLOAT, ["N", "S"])},
        {
            "nil": np.float32(0),
            "from": np.array([0]),
            "to": np.array([1]),
            "axis": np.array([1]),
            "chunk": np.array([1, 1, CHUNK * COMPRESS]),
            "flat": np.array([1, -1]),
            "unit": np.float32(1),
            "along": np.int64(1),
            "turn": np.float32(2 * np.pi / RATE),
            "half": np.float32(0.5),
        },
    )
    return folder


def _indexer() -> list[int]:
    """ASCII and the letters that Hangul comes apart into; nothing else can be spoken."""
    known = [*range(0x20, 0x7F), *range(0x1100, 0x1200)]
    numbers = {char: number for number, char in enumerate(known)}
    return [numbers.get(char, -1) for char in range(0x3200)]
