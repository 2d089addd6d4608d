"""The page of values that must fit each other is of the catalogue as it is, and leaves no service out."""

from __future__ import annotations

import re

from donghaeng.city.services.loading import load_catalogue
from tools.write_values import CHECKOUT, PAGE, page


def rows() -> dict[str, str]:
    """The line of each service."""
    return {
        match[1]: match[0] for match in re.finditer(r"^\| ([a-z_]+) \|.*$", PAGE.read_text("utf-8"), re.M)
    }


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tools.write_values"


def test_every_service_says_what_its_values_are_held_against() -> None:
    services = load_catalogue(CHECKOUT / "catalogue").services
    told = rows()
    assert set(told) - {"service"} == set(services)
    for name, service in services.items():
        line = told[name]
        assert all(slot in line for slot in service.slots)
        for way in service.ways:
            for reason in way.reply.refused:
                assert f"`{reason}`" in line
            assert all(slot in line for slot in way.needs)


def test_a_write_reads_its_values_back_together() -> None:
    writes = [
        way
        for service in load_catalogue(CHECKOUT / "catalogue").services.values()
        for way in service.ways
        if way.effect == "write"
    ]
    assert writes
    assert all(way.confirm for way in writes)
