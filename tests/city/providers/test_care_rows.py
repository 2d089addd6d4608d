"""Hospitals and emergency rooms: what each column becomes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from donghaeng.city.providers import emergency_rooms, envelopes, hospitals
from donghaeng.city.providers.values import KST

AT = datetime(2026, 11, 23, 10, 0, tzinfo=KST)


def named(samples: Any, specialty: str | None, at: datetime = AT, days: Any = (7, 1)) -> list[Any]:
    found, _ = envelopes.portal_rows("data_go_kr", samples.text("hospitals.xml"))
    return hospitals.hospital_rows(found, at, days, hospitals.DEPARTMENTS.get(specialty or ""))


@pytest.mark.parametrize(
    ("specialty", "names"),
    [
        (None, ["튼튼정형외과의원(예시)", "맑은외과의원(예시)", "으뜸한의원(예시)"]),
        ("외과", ["맑은외과의원(예시)"]),
        ("한의원", ["으뜸한의원(예시)"]),
        ("요양병원", ["은평요양병원(예시)"]),
        ("내과", []),
    ],
)
def test_departments_are_told_by_name_and_kind(samples: Any, specialty: Any, names: Any) -> None:
    assert [row["name"] for row in named(samples, specialty)] == names


def test_hours_of_a_clinic(samples: Any) -> None:
    row = named(samples, None)[0]
    assert (row["opens"], row["closes"], row["open"]) == ("09:00", "18:30", True)
    assert (row["kind"], row["phone"], row["lat"]) == ("의원", "02-000-0000", 37.6)
    saturday = named(samples, None, AT.replace(day=28, hour=13), (5, 6))[0]
    assert (saturday["opens"], saturday["closes"], saturday["open"]) == ("09:00", "13:00", False)
    assert named(samples, None, AT.replace(day=29), (6, 7))[0]["opens"] is None


def rooms(samples: Any) -> list[Any]:
    beds, _ = envelopes.portal_rows("data_go_kr", samples.text("emergency_beds.xml"))
    known, _ = envelopes.portal_rows("data_go_kr", samples.text("emergency_rooms.xml"))
    keep = emergency_rooms.without_persons
    return emergency_rooms.room_rows(keep(beds), keep(known), AT)


def test_beds_of_an_emergency_room(samples: Any) -> None:
    first, crowded, silent = rooms(samples)  # the fourth is at no known place
    assert (first["name"], first["beds"], first["phone"]) == ("서울대학교병원", 5, "02-000-0001")
    assert (first["updated_time"], first["kind"]) == ("09:58", "권역응급의료센터")
    assert crowded["beds"] == 0
    assert (silent["beds"], silent["updated_time"]) == (None, "09:29")


def test_nobody_is_named_and_no_direct_line_kept(samples: Any) -> None:
    beds, _ = envelopes.portal_rows("data_go_kr", samples.text("emergency_beds.xml"))
    kept = str([emergency_rooms.without_persons(beds), rooms(samples)])
    assert "홍길동" not in kept
    assert "02-000-9999" not in kept
