"""How a conversation begins: what a channel knows about it, checked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from donghaeng.city.places.model import Kind
from donghaeng.city.places.table import PlaceTable
from donghaeng.conversation.door import Opening
from donghaeng.dialogue.events import ConversationOpened
from donghaeng.errors import InputError
from donghaeng.store.conversations import Conversation
from donghaeng.trust.tokens import make_id


def begin(
    opening: Opening, *, places: PlaceTable, at: datetime, catalogue_version: str, allow_test_clock: bool
) -> tuple[Conversation, ConversationOpened]:
    """A new conversation and its first event.

    Raises:
        InputError: an unknown district, a clock without offset, or a clock or city of its own where they
            are not allowed.
    """
    if (opening.now is not None or opening.city is not None) and not allow_test_clock:
        raise InputError(
            "`now` and `city` are accepted only with the test clock",
            remedy="start the server with DONGHAENG_ALLOW_TEST_CLOCK=1",
        )
    if opening.now is not None and opening.now.tzinfo is None:
        raise InputError("`now` has no offset", remedy="write it as 2026-11-23T10:00:00+09:00")
    home, here = _whereabouts(opening, places)
    location = opening.location
    conversation = Conversation(
        id=make_id("c"),
        channel=opening.channel,
        opened_at=at,
        catalogue_version=catalogue_version,
        practice=opening.practice,
        home_district=home,
        location=(location.lat, location.lon) if location is not None else None,
        test_clock=opening.now,
        test_city=asdict(opening.city) if opening.city is not None else None,
    )
    return conversation, ConversationOpened(opening.channel, home, here, opening.practice)


def _whereabouts(opening: Opening, places: PlaceTable) -> tuple[str | None, dict[str, Any] | None]:
    home, location = opening.home_district, opening.location
    if home is not None and not places.by_name(home, Kind.DISTRICT):
        raise InputError(f"{home!r} is no district of Seoul", remedy="one of the 25, such as 마포구")
    if location is not None:
        here = {"name": "지금 계신 곳", "lat": location.lat, "lon": location.lon}
        return home or places.district_of(location.lat, location.lon), here
    if home is not None:
        centre = places.by_name(home, Kind.DISTRICT)[0]
        return home, {"name": home, "lat": centre.lat, "lon": centre.lon}
    return None, None
