"""The shipped lessons, and that what is wrong with one is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.conftest import CHECKOUT
from tests.lessons.given import CATALOGUE, LEARNING

from donghaeng.errors import CatalogueError
from donghaeng.learning.checking import check_learning
from donghaeng.learning.lesson import Lesson
from donghaeng.learning.loading import Learning, read_model


def _exists(name: str) -> bool:
    return (CHECKOUT / name).is_file()


def test_the_shipped_lessons_have_nothing_wrong() -> None:
    assert check_learning(LEARNING, _exists) == []


def test_there_are_enough_of_them_and_each_step_has_one() -> None:
    official = [one for one in LEARNING.lessons.values() if one.audience == "official"]
    citizen = [one for one in LEARNING.lessons.values() if one.audience == "citizen"]
    assert len(official) >= 24
    assert len(citizen) >= 6
    assert all(5 <= one.minutes <= 12 for one in official)
    assert all(3 <= len(one.quiz) <= 5 for one in official)
    assert all(one.quiz and all(item.why for item in one.quiz) for one in citizen)


def test_the_right_answer_cannot_be_guessed_from_its_place_or_length() -> None:
    items = [item for one in LEARNING.lessons.values() if one.audience == "official" for item in one.quiz]
    for place in (1, 2, 3):
        assert 0.25 <= sum(item.right == place for item in items) / len(items) <= 0.42
    longest = [max(len(choice) for choice in item.choices) for item in items]
    told = [
        len(item.choices[item.right - 1]) == most
        and [len(choice) for choice in item.choices].count(most) == 1
        for item, most in zip(items, longest, strict=True)
    ]
    assert sum(told) / len(told) <= 0.4


def _changed(name: str, change: Callable[[dict[str, Any]], None]) -> Learning:
    data = LEARNING.lessons[name].model_dump()
    change(data)
    lessons = LEARNING.lessons | {name: Lesson.model_validate(data)}
    return Learning(**{key: getattr(LEARNING, key) for key in Learning.__slots__} | {"lessons": lessons})


def _text(say: str, source: str = "설명") -> Callable[[dict[str, Any]], None]:
    return lambda data: data.update(text=(*data["text"], {"say": say, "source": source, "element": None}))


@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        ("ai_limits", _text("2026년부터 100명이 써요. 그렇게 정했어요."), "own words"),
        ("ai_limits", _text("그렇다고 알려져 있어요.", "docs/nothing.md"), "absent"),
        ("ai_limits", _text("그렇다고 알려져 있어요.", "어디선가 들음"), "no source"),
        ("ai_limits", _text("그렇다고 알려져 있어요.", "연구 어떤 것"), "no source"),
        ("ai_limits", _text("이것을 꼭 기억해 두시기 바란다."), "not polite"),
        ("ai_limits", _text("그리고 " * 40 + "말해요."), "syllables"),
        ("ai_limits", _text("바우처를 신청하면 돼요."), "without"),
        ("ai_limits", lambda data: data.update(step=None), "names no step"),
        ("ai_limits", lambda data: data.update(step="C1-4"), "not taught"),
        ("ai_limits", lambda data: data["practice"].update(minutes=0.5), "minutes"),
        ("ai_limits", lambda data: data["practice"].update(kind="elder"), "simulated citizen"),
        ("never_collect", lambda data: data["practice"].update(elder="nobody"), "absent"),
        ("ai_limits", lambda data: [item.update(right=1) for item in data["quiz"]], "same place"),
        ("shop_machine", _text("조례에 따라 알려 드려요."), "without"),
        ("shop_machine", lambda data: [one.update(element="use") for one in data["text"]], "four elements"),
    ],
)
def test_what_is_wrong_with_a_lesson_is_found(
    name: str, change: Callable[[dict[str, Any]], None], found: str
) -> None:
    findings = check_learning(_changed(name, change), _exists)
    assert any(one.where == name and found in one.message for one in findings), findings


def test_a_step_without_a_lesson_is_found() -> None:
    lessons = {name: one for name, one in LEARNING.lessons.items() if name != "leading_by_records"}
    changed = Learning(**{key: getattr(LEARNING, key) for key in Learning.__slots__} | {"lessons": lessons})
    assert [one.where for one in check_learning(changed, _exists)] == ["C11-4"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("quiz", []), ("version", 0), ("colour", "red"), ("step", "C12-1"), ("text", []), ("minutes", 7)],
)
def test_a_file_of_the_wrong_form_is_refused_with_its_line(tmp_path: Path, key: str, value: object) -> None:
    data = YAML(typ="safe").load(CATALOGUE / "learning" / "lessons" / "ai_limits.yaml")
    file = tmp_path / "ai_limits.yaml"
    YAML(typ="safe").dump(data | {key: value}, file)
    with pytest.raises(CatalogueError, match=key) as refused:
        read_model(file, Lesson)
    assert refused.value.line > 1 or key in str(refused.value)


def test_a_right_answer_that_is_no_choice_is_refused(tmp_path: Path) -> None:
    data = YAML(typ="safe").load(CATALOGUE / "learning" / "lessons" / "ai_limits.yaml")
    data["quiz"][0]["right"] = 4
    file = tmp_path / "ai_limits.yaml"
    YAML(typ="safe").dump(data, file)
    with pytest.raises(CatalogueError, match="there is no choice 4"):
        read_model(file, Lesson)
