"""The register over its store: who changes, who lets out, what the public sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from donghaeng.errors import InputError, RecordChanged, RecordRefused
from donghaeng.store import Store
from donghaeng.tower.register.loading import load_schema
from donghaeng.tower.register.publishing import Released, public_values, published, wanted
from donghaeng.tower.register.register import Register
from donghaeng.trust.sealing import Sealer

SCHEMA = load_schema()
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
VALUES = {"name_ko": "버스 안내", "organisation": "서울특별시", "oversight_person": {"name": "팀장"}}


class World:
    """A register whose time and stages the test sets."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        self.stages: dict = {}
        self.register = Register(store, SCHEMA, clock=lambda: self.now, stages=lambda: self.stages)

    def out(self) -> list[tuple[str, int]]:
        return [(one.id, one.version) for one in self.register.published()]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with Store.open(f"sqlite:///{tmp_path}/a.db", Sealer([b"k" * 32])) as store:
        yield World(store)


def test_a_record_grows_by_versions_and_the_same_again_is_none(world: World) -> None:
    first = world.register.save("bus", VALUES, by="st_kim", base=0, note="처음\n적음")
    assert (first.version, first.note) == (1, "처음 적음")
    same = world.register.save("bus", {**VALUES, "website": ""}, by="st_lee", base=1)
    assert same.version == 1
    world.now += timedelta(days=1)
    second = world.register.save("bus", {**VALUES, "name_ko": "버스"}, by="st_lee", base=1)
    assert (second.version, second.at, second.by) == (2, world.now, "st_lee")
    assert world.register.version("bus", 1)[1] == VALUES
    assert [one.sentence for one in world.register.difference("bus", 1, 2)] == ['이름: "버스 안내" → "버스"']
    assert len(world.register.difference("bus", 0, 1)) == 3
    assert [row.version for row in world.register.versions("bus")[0]] == [1, 2]


def test_who_read_an_older_version_is_told(world: World) -> None:
    world.register.save("bus", VALUES, by="st_kim", base=0)
    world.register.save("bus", {**VALUES, "name_ko": "가"}, by="st_kim", base=1)
    with pytest.raises(RecordChanged):
        world.register.save("bus", {**VALUES, "name_ko": "나"}, by="st_lee", base=1)
    with pytest.raises(RecordChanged):
        world.register.save("bus", VALUES, by="st_lee", base=0)
    assert world.register.entry("bus").name == "가"


def test_what_is_never_kept_is_masked_and_a_checksum_is_not(world: World) -> None:
    # Fifteen digits in a row that pass the check of a card.
    checksum = "ab4111111111111111" + "c" * 46
    values = {
        "name_ko": "버스",
        "description": "문의 900101-1234567",
        "models": [{"name": "카드 4111-1111-1111-1111", "sha256": checksum}],
        "oversight_person": {"name": "팀장 900101-1234567"},
    }
    world.register.save("bus", values, by="st_kim", base=0)
    kept = world.register.version("bus")[1]
    assert "1234567" not in str(kept["description"]) + str(kept["oversight_person"])
    assert "4111-1111" not in kept["models"][0]["name"]
    assert kept["models"][0]["sha256"] == checksum


@pytest.mark.parametrize("record", ["", "a", "Bus", "버스", "../x", "a" * 64, "-bus", "b s"])
def test_an_id_stands_in_addresses(world: World, record: str) -> None:
    with pytest.raises(RecordRefused, match="no id"):
        world.register.save(record, VALUES, by="st_kim", base=0)


def test_what_does_not_fit_is_not_kept(world: World) -> None:
    with pytest.raises(RecordRefused, match="위험 등급"):
        world.register.save("bus", {"risk_level": 9}, by="st_kim", base=0)
    with pytest.raises(InputError, match="no record bus"):
        world.register.entry("bus")


def test_another_person_lets_it_out_and_the_stage_decides_when(world: World) -> None:
    world.register.save("bus", VALUES, by="st_kim", base=0)
    with pytest.raises(InputError, match="another person"):
        world.register.publish("bus", 1, by="st_kim")
    assert world.register.entry("bus").out is None
    world.register.publish("bus", 1, by="st_lee")
    assert world.register.entry("bus").out == 1
    assert world.out() == [], "the process knows it as a draft"
    world.stages["bus"] = "prior_review"
    assert world.out() == []
    for stage in ("test", "pilot", "operation", "change_review", "suspended", "retired"):
        world.stages["bus"] = stage
        assert world.out() == [("bus", 1)]
    world.register.save("bus", {**VALUES, "name_ko": "버스"}, by="st_lee", base=1)
    assert world.out() == [("bus", 1)], "a draft is not seen"
    world.register.publish("bus", 2, by="st_kim")
    assert world.out() == [("bus", 2)]
    with pytest.raises(InputError, match="out already"):
        world.register.publish("bus", 2, by="st_park")
    world.register.publish("bus", 1, by="st_lee")
    assert world.out() == [("bus", 1)], "an earlier one is let out again"
    world.register.retract("bus", by="st_kim")
    assert world.out() == []
    with pytest.raises(InputError, match="not public"):
        world.register.retract("bus", by="st_kim")


def test_what_is_archived_is_not_seen(world: World) -> None:
    world.stages["bus"] = "retired"
    world.register.save("bus", VALUES, by="st_kim", base=0)
    world.register.publish("bus", 1, by="st_lee")
    world.register.archive("bus", by="st_kim")
    assert world.out() == []
    assert world.register.entry("bus").archived
    with pytest.raises(InputError, match="so already"):
        world.register.archive("bus", by="st_kim")
    world.register.archive("bus", by="st_kim", back=True)
    assert world.out() == [("bus", 1)]


def test_a_list_says_what_is_missing_at_each_stage(world: World) -> None:
    for record in ("bus", "air"):
        world.register.save(record, VALUES, by="st_kim", base=0)
    world.stages["bus"] = "operation"
    air, bus = world.register.entries()
    assert (air.id, air.stage, [one.field for one in air.missing]) == (
        "air",
        "draft",
        ["oversight_person.contact"],
    )
    assert len(bus.missing) > 20


def test_the_public_sees_public_fields_alone() -> None:
    values = {
        "security_grade": "x",
        "name_ko": "가",
        "evidence": [{"name": "x"}],
        "oversight_person": {"name": "팀장"},
    }
    assert public_values(SCHEMA, values) == {"name_ko": "가", "oversight_person": {"name": "팀장"}}


def test_records_are_found_by_words_stage_and_organisation() -> None:
    one = Released("b", 1, NOW, {"name_ko": "버스", "organisation": "시", "channels": ["phone"]})
    two = Released(
        "a", 1, NOW, {"name_ko": "가로등", "organisation": "구", "source_data": [{"name": "Bus API"}]}
    )
    hidden = replace(one, id="c")
    shown = published(SCHEMA, [one, two, hidden], {"b": "pilot", "a": "operation"})
    assert [record.name for record in shown] == ["가로등", "버스"]
    assert [(record.phase, record.dutch_status, record.stage_words) for record in shown] == [
        ("production", "In gebruik", "운영"),
        ("beta-pilot", "In gebruik", "시범"),
    ]

    def ids(**asked: str) -> list[str]:
        return [record.id for record in wanted(SCHEMA, shown, **asked)]

    assert ids() == ["a", "b"]
    assert ids(words="bus api") == ["a"]
    assert ids(words="전화") == ["b"], "codes are looked for in Korean"
    assert ids(words="bus 버스") == []
    assert ids(stage="pilot") == ["b"]
    assert ids(organisation="구") == ["a"]
