"""Ways by bus and subway: what each ride becomes."""

from __future__ import annotations

from typing import Any

from donghaeng.city.providers import envelopes, paths


def test_rides_in_order_and_the_quickest_way_first(samples: Any) -> None:
    quick, slow = paths._parsed(samples.text("paths.json"))  # a way without a ride is none
    assert (quick["minutes"], quick["length_m"], quick["changes"]) == (12, 4459, 0)
    assert quick["rides"] == [{"kind": "subway", "line": "2호선", "on": "사당역", "off": "강남역"}]
    assert (slow["minutes"], slow["changes"]) == (34, 1)
    assert slow["rides"][1] == {
        "kind": "bus",
        "line": "144번 버스",
        "on": "강남역 정류장",
        "off": "교대역 정류장",
    }


def test_the_town_after_a_number_is_not_said(samples: Any) -> None:
    _, slow = paths._parsed(samples.text("paths.json"))
    assert slow["rides"][0]["line"] == "3200번 버스"
    for name, said in (("마포08", "마포08번 버스"), ("N26", "N26번 버스"), ("9000번남", "9000번 버스")):
        ride = {"routeId": "1", "routeNm": name, "fname": "가", "tname": "나"}
        assert paths._ride(ride)["line"] == said


def test_xml_says_the_same(samples: Any) -> None:
    assert paths._parsed(samples.text("paths.xml")) == paths._parsed(samples.text("paths.json"))


def test_no_way_is_no_row(samples: Any) -> None:
    assert envelopes.bus_rows("bus", samples.text("paths_none.json")) == []
