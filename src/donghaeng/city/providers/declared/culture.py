"""Operations of events, libraries, senior centres and childcare centres."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import DAY_S, DISTANCE, HOUR_S, LAT, LON, may, need

_EVENTS = (
    Operation(
        "culture.events",
        Effect.READ,
        parameters={
            "date": may("date", "a day on which it runs; from today on unless given"),
            "district": may("text", "gu with 구"),
            "category": may("text", "kind as people say it: 공연, 전시회, 국악, 축제 …"),
            "home": may("text", "gu with 구 whose events come first among those of a day"),
            "free": may("text", "yes = free of charge alone, no = with a ticket alone"),
        },
        row={
            "title": need("text", "title"),
            "category": need("text", "the portal's category: 클래식, 전시/미술, 축제-문화/예술 …"),
            "district": may("text", "gu with 구"),
            "place": may("text", "where, in the organiser's words"),
            "starts": need("date", "first day"),
            "ends": need("date", "last day"),
            "hours": may("text", "time of day, in the organiser's words"),
            "free": need("flag", "costs nothing"),
            "fee": may("text", "what it costs, in the organiser's words"),
            "audience": may("text", "for whom, in the organiser's words"),
            "lat": may("number", "degrees north, WGS 84"),
            "lon": may("number", "degrees east, WGS 84"),
        },
        refresh_seconds=HOUR_S,
        source="openapi.seoul culturalEventInfo",
    ),
)

_LIBRARIES = (
    Operation(
        "library.book",
        Effect.READ,
        parameters={
            "title": need("text", "title as it was said; an author where no title fits"),
            "library": may("text", "name of one library"),
            "district": may("text", "gu with 구 whose libraries come first"),
        },
        row={
            "title": need("text", "title as the libraries write it"),
            "author": may("text", "author, without the words for what they did"),
            "library": need("text", "name of the library"),
            "asked": need("flag", "it is the library that was asked for"),
            "held": need("flag", "the library has the book"),
            "can_borrow": need("flag", "it was not lent out at the end of the day before"),
            "address": may("address", "address of the library"),
            "phone": may("phone", "telephone of the library"),
            "hours": may("text", "when it is open, in its own words"),
            "closed": may("text", "when it is closed, in its own words"),
        },
        refresh_seconds=HOUR_S,
        source="data4library srchBooks, libSrch, libSrchByBook, bookExist",
    ),
)

_SENIORS = (
    Operation(
        "senior.centers_near",
        Effect.READ,
        parameters={"lat": LAT, "lon": LON},
        row={
            "name": need("text", "name"),
            "kind": need("text", "노인복지관 | 경로당 | 노인교실"),
            "address": need("address", "address as registered"),
            "dong": may("text", "dong of the address"),
            "district": need("text", "gu with 구"),
            "phone": may("phone", "telephone of the centre, never of a person"),
        },
        refresh_seconds=DAY_S,
        source="openapi.seoul fcltOpenInfo_OWI",
    ),
)

_CHILDCARE = (
    Operation(
        "childcare.centers_near",
        Effect.READ,
        parameters={"lat": LAT, "lon": LON},
        row={
            "name": need("text", "name"),
            "kind": need("text", "국공립 | 민간 | 가정 | 직장 …"),
            "address": need("address", "address as registered"),
            "phone": may("phone", "telephone of the centre"),
            "capacity": may("count", "children it may take, all ages together"),
            "children": may("count", "children who go there now, all ages together"),
            "bus": need("flag", "runs a bus"),
            "services": may("text", "what it offers beside the ordinary: 시간연장형, 영아전담 …"),
            "distance_m": DISTANCE,
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=DAY_S,
        source="openapi.seoul ChildCareInfo",
    ),
)

_RESERVATIONS = (
    Operation(
        "reservation.facility",
        Effect.READ,
        parameters={"facility": need("text", "what is to be booked, in the citizen's words")},
        row={
            "name": may("text", "official name; absent where the words fit several facilities"),
            "kind": need("text", "kind as the list has it: 테니스장, 캠핑장, 강당 …"),
            "place": may("text", "park or house it is in"),
            "district": may("text", "gu with 구"),
            "free": may("flag", "costs nothing; absent = differs, or the list does not say"),
            "phone": may("phone", "telephone for questions"),
            "opens": may("time", "earliest use, HH:MM"),
            "closes": may("time", "latest use, HH:MM"),
            "lat": may("number", "degrees north, WGS 84"),
            "lon": may("number", "degrees east, WGS 84"),
            "event": may("flag", "it is an event of the smart-city alliance"),
            "on": may("date", "its day, where it is an event"),
        },
        refresh_seconds=HOUR_S,
        source="openapi.seoul ListPublicReservationSport, Institution, Culture, Education",
    ),
)

OPERATIONS = (*_EVENTS, *_LIBRARIES, *_SENIORS, *_CHILDCARE, *_RESERVATIONS)
"""Every operation of this family."""
