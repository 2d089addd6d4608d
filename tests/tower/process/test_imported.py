"""The reviews that come with what is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tower.process.office import FORM, NOW, RULES

from donghaeng.city.services import load_catalogue
from donghaeng.errors import InputError
from donghaeng.tower.process.gates import missing
from donghaeng.tower.process.imported import IMPORTED_FILE, load_imported
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Action, ActionKind, Subject, SubjectState, evolve

CHECKOUT = Path(__file__).resolve().parents[3]
CATALOGUE = CHECKOUT / "catalogue"


@pytest.fixture(scope="module")
def record():
    found = load_imported(CATALOGUE)
    assert found is not None
    return found


def test_every_shipped_service_and_knowledge_file_has_a_record(record) -> None:
    services = set(load_catalogue(CATALOGUE))
    knowledge = {file.stem for file in (CATALOGUE / "knowledge").glob("*.yaml")} | {"documents"}
    for kind, wanted in ((Kind.SERVICE, services), (Kind.KNOWLEDGE, knowledge)):
        listed = [name for group in record.groups if group.kind is kind for name in group.ids]
        assert sorted(listed) == sorted(wanted)


def test_what_is_shipped_is_pilot_with_every_gate_up_to_it_closed_behind(record) -> None:
    for group in record.groups:
        for name in group.ids:
            subject = Subject(group.kind, name)
            told = record.told(RULES, FORM, subject, name)
            state = evolve(
                SubjectState(subject), Action(subject, 1, NOW, "system", ActionKind.IMPORTED, told)
            )
            assert state.stage == "pilot"
            assert missing(RULES, state, "pilot") == ()
            assert "older_user_test" in missing(RULES, state, "operation")
            assert state.version == 1


def test_the_pages_that_it_names_are_there(record) -> None:
    assert [one.link for one in record.evidence.values() if not (CHECKOUT / one.link).is_file()] == []


def test_a_record_with_a_gap_or_above_pilot_is_refused(record, tmp_path: Path) -> None:
    evidence = {kind: one for kind, one in record.evidence.items() if kind != "ai_notice"}
    poorer = record.model_copy(update={"evidence": evidence})
    with pytest.raises(InputError, match="lacks ai_notice"):
        poorer.told(RULES, FORM, Subject(Kind.SERVICE, "weather"), "날씨")
    assert record.told(RULES, FORM, Subject(Kind.SERVICE, "of_a_city"), "우리 시") is None
    assert load_imported(tmp_path) is None
    (tmp_path / "process").mkdir()
    text = (CATALOGUE / IMPORTED_FILE).read_text("utf-8")
    wrong = text.replace("    ids: [donghaeng]\n", "    ids: [donghaeng]\n    stage: operation\n")
    (tmp_path / IMPORTED_FILE).write_text(wrong, "utf-8")
    with pytest.raises(InputError, match=r"groups\.0\.stage"):
        load_imported(tmp_path)
