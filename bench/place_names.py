"""How well names of places are known by sound, at the scale of the city.

    OMP_NUM_THREADS=1 .venv/bin/python bench/place_names.py ../shared/data [--plain-costs]

Recall: names of the tables, said in four ways and misheard at two levels. Wrong: another name was taken.
False: a name was found in an ordinary sentence (3i4k, test part), read as an answer and read unasked.
Unknown: a name that the table does not have was taken for one that it has. With --plain-costs the counts of
donghaeng.korean.sound_confusions are left out. The last line is JSON.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

if "--plain-costs" in sys.argv:
    from donghaeng.korean import sound_confusions

    sound_confusions.SWAPPED.clear()

from donghaeng.city.places.model import Kind, Place
from donghaeng.city.places.table import PlaceTable
from donghaeng.korean.noise import vary
from donghaeng.understanding.slots.gazetteer import Gazetteer, close_rivals

LEVELS = (0.0, 0.1, 0.2)
WAYS = ("{}이요", "{} 정류장이요", "저기 {}에 가려고요", "{}")
NAMES = 300
SENTENCES = 400
SHORT = 16
"""Letters of an ordinary sentence that could be an answer."""

Rows = Iterable[dict[str, str]]


def rows(path: Path, delimiter: str = ",") -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


def table(data: Path, keep: Callable[[str], bool] = lambda _: True) -> PlaceTable:
    stops = [
        Place(Kind.STOP, row["ars_id"], row["stop_name"], float(row["lat"]), float(row["lon"]), row["gu"])
        for row in rows(data / "seoul/bus_stops_seoul_20260506.csv")
        if keep(row["stop_name"])
    ]
    stations = [
        Place(Kind.STATION, row["statn_nm"], row["statn_nm"], 37.5, 127.0)
        for row in rows(data / "seoul/subway_realtime_station_ids_20251002.tsv", "\t")
        if keep(row["statn_nm"])
    ]
    return PlaceTable([*stops, *stations])


def heard(gazetteer: Gazetteer, kind: Kind, words: str, *, asked: bool) -> tuple[set[str], bool]:
    """The names taken, and whether the citizen is asked which of them."""
    found = gazetteer.find(words, kind, asked=asked)
    if not found:
        return set(), False
    rivals = {place.name for place in close_rivals(found)}
    best = {place.name for place, match in found if match.name == found[0][1].name}
    return best | rivals, bool(rivals)


def recall(gazetteer: Gazetteer, kind: Kind, names: list[str]) -> dict[str, Any]:
    chance = Random(7)
    out: dict[str, Any] = {}
    for level in LEVELS:
        counts = {"right": 0, "asked_with_it": 0, "wrong": 0, "none": 0}
        for name in chance.sample(names, min(NAMES, len(names))):
            for way in WAYS:
                words = vary(way.format(name.split("(")[0]), chance, level=level)
                taken, rivals = heard(gazetteer, kind, words, asked=True)
                key = (
                    "none"
                    if not taken
                    else "wrong"
                    if name not in taken
                    else "asked_with_it"
                    if rivals
                    else "right"
                )
                counts[key] += 1
        total = sum(counts.values())
        out[f"noise {level}"] = {key: round(count / total, 3) for key, count in counts.items()}
    return out


def false(gazetteer: Gazetteer, kind: Kind, texts: list[str], *, asked: bool) -> dict[str, float]:
    spent, found = [], 0
    for text in texts:
        begun = time.process_time()
        taken, _ = heard(gazetteer, kind, text, asked=asked)
        spent.append((time.process_time() - begun) * 1000)
        found += bool(taken)
    spent.sort()
    return {
        "found": round(found / len(texts), 3),
        "p50_ms": round(spent[len(spent) // 2], 2),
        "p95_ms": round(spent[int(len(spent) * 0.95)], 2),
    }


def unknown(data: Path, kind: Kind, names: list[str]) -> dict[str, float]:
    kept = set(Random(2).sample(names, len(names) // 2))
    half = Gazetteer(table(data, keep=lambda name: name in kept))
    left_out = Random(3).sample([name for name in names if name not in kept], NAMES // 2)
    taken = [heard(half, kind, f"{name.split('(')[0]}이요", asked=True) for name in left_out]
    return {
        "taken": round(sum(bool(found) and not rivals for found, rivals in taken) / len(taken), 3),
        "asked": round(sum(rivals for _, rivals in taken) / len(taken), 3),
    }


def main() -> None:
    data = Path(sys.argv[1])
    with (data / "text/intents/3i4k/test.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    answers = Random(4).sample([text for text in texts if len(text) <= SHORT], SENTENCES)
    sentences = Random(5).sample(texts, SENTENCES)
    places = table(data)
    begun = time.process_time()
    gazetteer = Gazetteer(places)
    figures: dict[str, Any] = {"built_s": round(time.process_time() - begun, 2)}
    for kind in (Kind.STOP, Kind.STATION):
        names = sorted({place.name for place in places.places(kind)})
        figures[kind.value] = {
            "names": len(names),
            **recall(gazetteer, kind, names),
            "false as answer": false(gazetteer, kind, answers, asked=True),
            "false unasked": false(gazetteer, kind, sentences, asked=False),
            "unknown": unknown(data, kind, names),
        }
        for what, value in figures[kind.value].items():
            print(f"{kind.value:8} {what:16} {value}")
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
