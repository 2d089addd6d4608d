"""Slot recognisers: one small module a family of types, one table of them all."""

from __future__ import annotations

from collections.abc import Mapping

from donghaeng.understanding.slots.address import address
from donghaeng.understanding.slots.base import Scene, SlotRecogniser
from donghaeng.understanding.slots.contact import person_name, phone, receipt
from donghaeng.understanding.slots.places import district, dong, place
from donghaeng.understanding.slots.transport import line, route, station, stop
from donghaeng.understanding.slots.when import clock, day, moment
from donghaeng.understanding.slots.words import choice, count, text

RECOGNISERS: Mapping[str, SlotRecogniser] = {
    "address": address,
    "choice": choice,
    "count": count,
    "date": day,
    "datetime": moment,
    "district": district,
    "dong": dong,
    "line": line,
    "person_name": person_name,
    "phone": phone,
    "place": place,
    "receipt": receipt,
    "route": route,
    "station": station,
    "stop": stop,
    "text": text,
    "time": clock,
}
"""Recogniser of each slot type (:data:`donghaeng.city.slots.SLOT_TYPES`)."""

__all__ = ["RECOGNISERS", "Scene", "SlotRecogniser"]
