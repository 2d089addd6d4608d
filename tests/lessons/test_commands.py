"""`donghaeng learning …`, and the card for the fridge."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError
from pypdf import PdfReader
from ruamel.yaml import YAML
from tests.conftest import CHECKOUT
from tests.lessons.given import CALLS, LEARNING, OFFICIALS

from donghaeng.cli.learning import learning
from donghaeng.errors import DonghaengError
from donghaeng.learning.card import Card
from donghaeng.learning.card_pdf import card_pdf
from donghaeng.learning.loading import load_learning
from donghaeng.tower.plotting import font_file


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue is read once for all these tests, and once more by the command that checks it."""
    monkeypatch.setattr("donghaeng.cli.learning.load_learning", lambda _: LEARNING)


def _run(*arguments: str, status: int = 0) -> str:
    result = CliRunner().invoke(learning, list(arguments))
    assert result.exit_code == status, (result.output, result.exception)
    return result.output


def _file(folder: Path, data: Any) -> str:
    file = folder / "given.yaml"
    YAML(typ="safe").dump(data, file)
    return str(file)


def test_check_reads_the_files_and_finds_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("donghaeng.cli.learning.load_learning", load_learning)
    assert _run("check").endswith("0 findings\n")


def test_lessons_are_listed_with_their_minutes() -> None:
    told = [json.loads(line) for line in _run("lessons", "--audience", "citizen", "--json").splitlines()]
    assert {one["audience"] for one in told} == {"citizen"}
    assert all(3 <= one["minutes"] <= 8 for one in told)


def test_a_plan_is_printed_with_the_reason_of_each_item(tmp_path: Path) -> None:
    official = OFFICIALS[0]
    file = _file(tmp_path, {"intake": official["intake"], "evidenced": official.get("evidenced", {})})
    told = [json.loads(line) for line in _run("plan", file, "--json").splitlines()]
    assert [one["step"] for one in told] == [item["step"] for item in official["plan"]]
    assert all(one["reason"] and one["lessons"] for one in told)
    assert "1주  C6-1" in _run("plan", file)


@pytest.mark.parametrize("given", [{"intake": {"role": "counsel"}}, ["words"], {"plan": 1}])
def test_answers_of_the_wrong_form_are_refused(tmp_path: Path, given: object) -> None:
    result = CliRunner().invoke(learning, ["plan", _file(tmp_path, given)])
    assert isinstance(result.exception, DonghaengError)
    assert result.exception.exit_status == 2
    assert "given.yaml" in str(result.exception)


def test_a_call_is_practised_from_a_file(tmp_path: Path) -> None:
    told = _run("practise", "freeze_angry", "--replies", _file(tmp_path, CALLS["good"]["freeze_angry"]))
    assert "통과했어요" in told
    again = _run("practise", "freeze_angry", "--replies", _file(tmp_path, ["주민등록번호를 불러 주세요."]))
    assert "다시 해 봐요" in again
    assert "물으면 안 되는 것" in again
    result = CliRunner().invoke(learning, ["practise", "nobody"])
    assert "freeze_angry" in str(result.exception)


def test_the_card_is_one_page_with_every_saying_and_the_number(tmp_path: Path) -> None:
    out = tmp_path / "card.pdf"
    _run("card", "--out", str(out), "--number", "02-120")
    pages = PdfReader(out).pages
    assert len(pages) == 1
    text = "".join(pages[0].extract_text().split())
    for group in (*LEARNING.card.groups, *LEARNING.card.always):
        for words in (group.heading, *group.says):
            assert "".join(words.split()) in text, words
    assert "전화02-120" in text
    assert "112" in text
    width, height = (float(one) for one in pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    result = CliRunner().invoke(learning, ["card", "--number", "abc"])
    assert isinstance(result.exception, DonghaengError)


def test_the_same_card_is_the_same_file() -> None:
    plain, bold = font_file(), font_file("NanumGothicBold.ttf")
    one, other = (card_pdf(LEARNING.card, plain, bold) for _ in range(2))
    assert one == other
    assert PdfReader(io.BytesIO(one)).metadata.title == LEARNING.card.title  # type: ignore[union-attr]


def test_a_saying_too_long_for_a_line_is_refused() -> None:
    data = LEARNING.card.model_dump()
    data["groups"][0]["says"] = (
        "버스 언제 와요?",
        "우리 집 앞에 오는 버스가 지금 어디쯤 오고 있는지 알려 줘요",
    )
    with pytest.raises(ValidationError, match="syllables"):
        Card.model_validate(data)


@pytest.mark.parametrize("kind", ["lesson", "elder"])
def test_the_published_schema_is_what_the_model_says(kind: str) -> None:
    assert _run("schema", kind) == (CHECKOUT / "docs" / f"{kind}.schema.json").read_text(encoding="utf-8")
