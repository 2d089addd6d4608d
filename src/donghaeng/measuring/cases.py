"""Labelled cases in, predictions out: JSON Lines with file and line in every complaint (CONTRACT 5)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

from donghaeng.errors import InputError

JsonObject = dict[str, Any]
Case = TypeVar("Case")
Progress = Callable[[int, int], None]
"""Told how many cases are done and how many there are."""

SHOWN_CHARACTERS: Final = 60
"""How much of a wrong line a complaint shows."""


def no_progress(done: int, total: int) -> None:
    """Tells nobody."""
    del done, total


def read_lines(path: Path) -> list[str]:
    """Lines of a UTF-8 file, without their ends and without empty ones at the end of the file.

    Raises:
        InputError: absent, no file, not UTF-8, or without a line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror})", remedy="give a file that exists"
        ) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InputError(f"{path}:{line}: is not UTF-8", remedy="save the file as UTF-8") from None
    lines = text.rstrip().split("\n") if text.strip() else []
    if not lines:
        raise InputError(f"{path}: has no case", remedy="write one case a line")
    return [line.rstrip("\r") for line in lines]


def read_cases(
    path: Path, required: Mapping[str, type], optional: Mapping[str, type]
) -> list[tuple[int, JsonObject]]:
    """One JSON object a line, each with its line number; blank lines are no cases, keys that are not named
    are let pass.

    Args:
        path: the file.
        required: keys that every case has, with the type of their value.
        optional: keys that a case may have; ``null`` counts as absent.

    Raises:
        InputError: the file cannot be read, or a line is no such object; names file, line and what would be
            right.
    """
    right = "write " + json.dumps({**_example(required), **_example(optional)}, ensure_ascii=False)
    cases = []
    for number, line in enumerate(read_lines(path), start=1):
        if line.strip():
            cases.append((number, _case(f"{path}:{number}", line, required, optional, right)))
    return cases


def _case(
    where: str, line: str, required: Mapping[str, type], optional: Mapping[str, type], right: str
) -> JsonObject:
    try:
        case = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: is no JSON: {line[:SHOWN_CHARACTERS]!r}", remedy=right) from None
    if not isinstance(case, dict):
        raise InputError(f"{where}: is no JSON object: {line[:SHOWN_CHARACTERS]!r}", remedy=right)
    for name, kind in required.items():
        if name not in case:
            raise InputError(f"{where}: {name!r} is absent", remedy=right)
        _must_be(where, name, case[name], kind, right)
    for name, kind in optional.items():
        if case.get(name) is not None:
            _must_be(where, name, case[name], kind, right)
    return case


def _must_be(where: str, name: str, value: object, kind: type, right: str) -> None:
    if not isinstance(value, kind):
        wanted = "text" if kind is str else kind.__name__
        raise InputError(f"{where}: {name!r} is no {wanted}", remedy=right)


def _example(keys: Mapping[str, type]) -> JsonObject:
    return dict.fromkeys(keys, "…")


@contextmanager
def predictions_file(path: Path) -> Iterator[TextIO]:
    """Open the file of predictions for writing, before anything is measured.

    Raises:
        InputError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("w", encoding="utf-8")
    except OSError as error:
        remedy = "choose a file that can be written"
        raise InputError(f"{path}: cannot be written ({error.strerror})", remedy=remedy) from None
    with stream:
        yield stream


def write_prediction(stream: TextIO, prediction: JsonObject) -> None:
    """One prediction as one line, on disk at once: a long run that is broken off keeps what it has."""
    stream.write(json.dumps(prediction, ensure_ascii=False, default=str) + "\n")
    stream.flush()


def predict_all(
    cases: Sequence[Case],
    predict: Callable[[Case], JsonObject],
    stream: TextIO,
    progress: Progress = no_progress,
) -> list[JsonObject]:
    """Predict each case in order; one that fails in any way gives ``{"error": …}`` and the rest goes on."""
    predictions = []
    for number, case in enumerate(cases, start=1):
        try:
            prediction = predict(case)
        except Exception as error:  # no case may be skipped, whatever is wrong with it
            prediction = failure(error)
        predictions.append(prediction)
        write_prediction(stream, prediction)
        progress(number, len(cases))
    return predictions


async def predict_each(
    cases: Sequence[Case],
    predict: Callable[[Case], Awaitable[JsonObject]],
    stream: TextIO,
    progress: Progress = no_progress,
) -> list[JsonObject]:
    """As :func:`predict_all`, for what needs an event loop; one case after the other."""
    predictions = []
    for number, case in enumerate(cases, start=1):
        try:
            prediction = await predict(case)
        except Exception as error:  # no case may be skipped, whatever is wrong with it
            prediction = failure(error)
        predictions.append(prediction)
        write_prediction(stream, prediction)
        progress(number, len(cases))
    return predictions


def failure(error: Exception) -> JsonObject:
    """The prediction of a case that failed."""
    return {"error": f"{type(error).__name__}: {error}"}


def failed(predictions: Iterable[JsonObject]) -> int:
    """How many cases failed."""
    return sum("error" in prediction for prediction in predictions)
