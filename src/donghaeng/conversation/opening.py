"""How a conversation begins: what a channel knows about it, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from donghaeng.city.places.model import Kind
from donghaeng.city.places.table import PlaceTable
from donghaeng.conversation.door import PERSON_KEY, Opening
from donghaeng.dialogue.events import ConversationOpened
from donghaeng.errors import InputError
from donghaeng.store.conversations import Conversation
from donghaeng.store.remembered import Values
from donghaeng.trust.tokens import make_id, person_hash

_PERSON_KEY = re.compile(PERSON_KEY)


def person_of(opening: Opening) -> str | None:
    """The hash under which the person may be remembered: None where the channel knows nobody again, and in
    practice, of which nothing is kept.

    Raises:
        InputError: the key is malformed.
    """
    if opening.person is None:
        return None
    if not _PERSON_KEY.fullmatch(opening.person):
        raise InputError("`person` is no key of a person", remedy="22 to 128 letters and digits, random")
    return None if opening.practice else person_hash(opening.person)


def begin(
    opening: Opening,
    *,
    places: PlaceTable,
    at: datetime,
    catalogue_version: str,
    allow_test_clock: bool,
    person: str | None = None,
    recalled: Values | None = None,
    guardian_ends: Mapping[str, Any] | None = None,
) -> tuple[Conversation, ConversationOpened]:
    """A new conversation and its first event.

    Args:
        opening: what the channel knows.
        places: names the districts.
        at: now.
        catalogue_version: the edition on which the conversation begins.
        allow_test_clock: whether a clock and a city of its own are taken.
        person: from :func:`person_of`.
        recalled: what is remembered of that person.
        guardian_ends: of whom it soon ends that they see the person's requests (``who``, ``on``).

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
    home, here = _whereabouts(opening, places, recalled.home_district if recalled is not None else None)
    location = opening.location
    conversation = Conversation(
        id=make_id("c"),
        channel=opening.channel,
        opened_at=at,
        catalogue_version=catalogue_version,
        practice=opening.practice,
        home_district=home,
        person=person,
        called_number=opening.called_number,
        location=(location.lat, location.lon) if location is not None else None,
        test_clock=opening.now,
        test_city=asdict(opening.city) if opening.city is not None else None,
    )
    opened = ConversationOpened(
        opening.channel,
        home,
        here,
        opening.practice,
        known_again=person is not None,
        home_located=home is not None and opening.home_district is None,
        recalled=asdict(recalled) if recalled is not None else None,
        called_about=opening.called_about,
        called_for=opening.called_for,
        guardian_ends=guardian_ends,
    )
    return conversation, opened


def _whereabouts(
    opening: Opening, places: PlaceTable, remembered: str | None
) -> tuple[str | None, dict[str, Any] | None]:
    """The home district that is no secret (given, or where the citizen is), and where the citizen is: at the
    location, else in the middle of the district that was given or is remembered."""
    home, location = opening.home_district, opening.location
    if home is not None and not places.by_name(home, Kind.DISTRICT):
        raise InputError(f"{home!r} is no district of Seoul", remedy="one of the 25, such as 마포구")
    if location is not None:
        here = {"name": "지금 계신 곳", "lat": location.lat, "lon": location.lon}
        located = places.district_of(location.lat, location.lon) if remembered is None else None
        return home or located, here
    centres = places.by_name(home or remembered or "", Kind.DISTRICT)
    if centres:
        return home, {"name": home or remembered, "lat": centres[0].lat, "lon": centres[0].lon}
    return None, None
