"""The page of the state machine is what the code does, and says what it must say."""

from __future__ import annotations

from pathlib import Path

import pytest

from donghaeng.dialogue.events import EVENTS
from donghaeng.dialogue.state import QuestionKind
from donghaeng.understanding.acts import ActKind
from tools.state_machine import acts, changes, ladder, policy, states, take
from tools.write_state_machine import PAGE, main, write_page


def test_the_page_is_what_the_code_does() -> None:
    assert main(["--check"]) == 0, "run python -m tools.write_state_machine"


def test_another_page_is_found_and_written_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    assert main(["--check"], page) == 1
    assert f"{page}:1: is not what the code does" in capsys.readouterr().err
    assert main([], page) == 0
    assert page.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    assert main(["--wrong"], page) == 2


def test_every_kind_of_question_act_and_event_is_on_it() -> None:
    text = write_page()
    assert set(states()) >= {str(kind) for kind in QuestionKind}
    for name in (*ActKind, *EVENTS):
        assert f"| `{name}` |" in text
    assert "confirm ⚡" in text
    assert text.count("⚡") == 2, "one way leads to a write, and the note on it"


def test_only_a_yes_to_a_readback_writes_and_a_person_is_offered_in_time() -> None:
    rules, said = policy(), acts()
    for name, state in states().items():
        for kind in ActKind:
            step = take(rules, state, said[kind])
            assert any(one.startswith("write") for one in step.wants) == (
                (name, kind) == ("confirm", ActKind.CONFIRM)
            )
        if name not in ("offer", "emergency"):  # no mistake in practice leads to a person
            assert [step.leads_to for step in ladder(rules, state, ActKind.UNCLEAR)][2:] == ["offer"]


def test_every_event_but_a_refused_one_changes_something() -> None:
    assert [name for name, changed in changes().items() if not changed] == []
