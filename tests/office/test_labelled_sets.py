"""The labelled sets of the officials' tools are whole: by their schemas, and every label has its place."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

SETS = Path(__file__).resolve().parents[2] / "bench" / "office"
LINT = sorted((SETS / "lint").glob("*.yaml"))
MEETINGS = sorted((SETS / "meetings").glob("*/*.yaml"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.mark.parametrize("path", LINT, ids=lambda path: path.stem)
def test_every_label_of_a_sentence_has_its_place(path: Path) -> None:
    held = read(path)
    jsonschema.validate(held, json.loads((SETS / "lint" / "lint.schema.json").read_text("utf-8")))
    for sentence in held["sentences"]:
        for label in sentence.get("findings", []):
            places = sentence["text"].count(label.get("at", sentence["text"]))
            assert places == 1 or 1 <= label.get("nth", 0) <= places, (sentence["text"], label)


def test_there_are_three_hundred_different_sentences_and_about_half_are_right() -> None:
    sentences = [sentence for path in LINT for sentence in read(path)["sentences"]]
    assert len(sentences) == len({sentence["text"] for sentence in sentences}) == 300
    clean = sum(not sentence.get("findings") for sentence in sentences)
    assert 120 <= clean <= 180


@pytest.mark.parametrize("path", MEETINGS, ids=lambda path: path.stem)
def test_every_label_of_a_meeting_has_its_turn_and_its_owner(path: Path) -> None:
    held = read(path)
    jsonschema.validate(held, json.loads((SETS / "meetings" / "meeting.schema.json").read_text("utf-8")))
    names = {person["name"] for person in held["people"]}
    moments = [turn["at"] for turn in held["turns"]]
    assert moments == sorted(set(moments))
    assert {turn["who"] for turn in held["turns"]} <= names
    labels = [*held["agenda"], *held["decisions"], *held["actions"]]
    assert {label["at"] for label in labels} <= set(moments)
    assert {action["owner"] for action in held["actions"]} <= names
    begun = datetime.fromisoformat(held["started"]).date()
    assert all(date.fromisoformat(action["due"]) >= begun for action in held["actions"] if action["due"])


def test_there_are_ten_meetings_to_look_at_and_ten_to_be_tested_by() -> None:
    assert [sum(path.parent.name == half for path in MEETINGS) for half in ("development", "test")] == [
        10,
        10,
    ]
