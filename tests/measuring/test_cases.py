from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donghaeng.errors import InputError
from donghaeng.measuring.cases import predict_all, predict_each, predictions_file, read_cases, read_lines


def _file(tmp_path: Path, content: str | bytes) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_cases_keep_their_line_numbers_over_blank_lines(tmp_path: Path) -> None:
    file = _file(tmp_path, '\ufeff{"text": "가"}\r\n\n{"text": "나", "more": 1}\n\n')
    assert read_cases(file, {"text": str}, {}) == [(1, {"text": "가"}), (3, {"text": "나", "more": 1})]


@pytest.mark.parametrize(
    ("content", "line", "what"),
    [
        ('{"text": "가"}\n{"text": ', 2, "is no JSON"),
        ('{"text": "가"}\n["text"]', 2, "is no JSON object"),
        ('{"txt": "가"}', 1, "'text' is absent"),
        ('{"text": 3}', 1, "'text' is no text"),
        ('{"text": null}', 1, "'text' is no text"),
        ('{"text": "가", "now": 5}', 1, "'now' is no text"),
        ("[" * 100_000, 1, "is no JSON"),
        (b'{"text": "a"}\n\xff\xfe', 2, "is not UTF-8"),
    ],
)
def test_wrong_line_is_named(tmp_path: Path, content: str | bytes, line: int, what: str) -> None:
    file = _file(tmp_path, content)
    with pytest.raises(InputError) as caught:
        read_cases(file, {"text": str}, {"now": str})
    assert f"{file}:{line}: " in str(caught.value)
    assert what in str(caught.value)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_absent_and_empty_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_lines(tmp_path / "absent")
    with pytest.raises(InputError, match="cannot be read"):
        read_lines(tmp_path)
    with pytest.raises(InputError, match="has no case"):
        read_lines(_file(tmp_path, " \n\n"))


def test_optional_null_counts_as_absent(tmp_path: Path) -> None:
    assert read_cases(_file(tmp_path, '{"text": "가", "now": null}'), {"text": str}, {"now": str})


@given(st.binary(max_size=200))
def test_any_bytes_give_cases_or_an_input_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = _file(tmp_path_factory.getbasetemp(), raw)
    found: list[Any] | InputError
    try:
        found = read_cases(file, {"text": str}, {})
    except InputError as error:
        found = error
    if isinstance(found, InputError):
        assert str(file) in str(found)
    else:
        assert all(isinstance(case["text"], str) for _, case in found)


def test_a_case_that_fails_is_not_skipped() -> None:
    stream, told = io.StringIO(), []

    def predict(case: int) -> dict[str, Any]:
        return {"value": 6 // case}

    found = predict_all([1, 0, 3], predict, stream, lambda done, total: told.append((done, total)))
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == found
    assert [sorted(row) for row in found] == [["value"], ["error"], ["value"]]
    assert "ZeroDivisionError" in found[1]["error"]
    assert told == [(1, 3), (2, 3), (3, 3)]


async def test_the_same_on_a_loop() -> None:
    async def predict(case: int) -> dict[str, Any]:
        return {"value": 6 // case}

    stream = io.StringIO()
    found = await predict_each([0, 2], predict, stream)
    assert "error" in found[0]
    assert found[1] == {"value": 3}
    assert stream.getvalue().count("\n") == 2


def test_predictions_that_cannot_be_written(tmp_path: Path) -> None:
    with predictions_file(tmp_path / "new" / "out.jsonl") as stream:
        stream.write("x")
    assert (tmp_path / "new" / "out.jsonl").read_text() == "x"
    with pytest.raises(InputError, match="cannot be written"), predictions_file(tmp_path):
        pass
