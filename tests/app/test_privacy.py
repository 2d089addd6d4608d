"""Nothing personal of a reply reaches the phrase cache on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from donghaeng.app.privacy import private_words
from donghaeng.city.services import Catalogue, load_catalogue
from donghaeng.conversation.reply import Reply, Show

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(CATALOGUE)


def reply(service: str | None, slots: dict[str, Any], expects: Any = "slot") -> Reply:
    return Reply(
        conversation="c_1",
        token="t",
        turn=1,
        say="네",
        show=Show(text="네"),
        service=service,
        slots=slots,
        expects=expects,
    )


def test_personal_slots_are_private_and_others_are_not(catalogue: Catalogue) -> None:
    slots = {"address": "서울특별시 마포구 양화로 45", "date": "2026-12-01", "count": 1}
    assert private_words(reply("bulky_waste", slots), catalogue) == {"서울특별시 마포구 양화로 45"}


def test_a_confirmation_stays_off_the_disk_whatever_it_is_about(catalogue: Catalogue) -> None:
    assert private_words(reply("weather", {"district": "마포구"}, "confirm"), catalogue) is None


def test_a_reply_without_a_service_has_nothing_private(catalogue: Catalogue) -> None:
    assert private_words(reply(None, {}), catalogue) == frozenset()
