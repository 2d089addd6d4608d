"""Officials' questions over their documents: the right passage first, and no answer where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, TextIO

from donghaeng.errors import InputError
from donghaeng.knowledge.cutting import passages_in, title_of
from donghaeng.korean.morphemes import analyser
from donghaeng.measuring.cases import JsonObject, Progress, no_progress, read_cases, write_prediction
from donghaeng.office.library.answering import answer
from donghaeng.office.library.box import Box, Place
from donghaeng.office.library.boxes import Vectorizer, places_of
from donghaeng.office.library.desk import Reader
from donghaeng.office.library.evidence import Words
from donghaeng.store.office import VersionRow
from donghaeng.understanding.embed.protocol import Embedder

HELD: Final = 0.5
"""Share of a labelled section's letters, three by three, from which a passage holds it."""
_LETTERS: Final = 3
_READ: Final = datetime(2026, 11, 23, tzinfo=UTC)


def read_questions(path: Path) -> list[JsonObject]:
    """Read ``{"question", "document"?, "text"?}`` cases: the name of the file and the text of its section
    that answers; neither where nothing does.

    Raises:
        InputError: as :func:`~donghaeng.measuring.cases.read_cases`; one of the two is missing.
    """
    rows = read_cases(path, {"question": str}, {"document": str, "text": str})
    for number, row in rows:
        if ("document" in row) != ("text" in row):
            raise InputError(f"{path}:{number}: document and text go together", remedy="give both or none")
    return [row for _, row in rows]


def documents(folder: Path, reader: Reader, vectors: Vectorizer, told: Progress) -> Iterator[VersionRow]:
    """The files of a folder as documents of one set.

    Raises:
        InputError: there are none, or one cannot be read.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    if not files:
        raise InputError(f"{folder}: no documents", remedy="python -m tools.office_library FOLDER")
    for done, file in enumerate(files, start=1):
        document = reader.read(file.name, file.read_bytes())
        title = title_of(file.name, document)
        passages = tuple(passages_in(document, title, verified=False))
        kept = vectors.made(title, passages)
        identity = f"d{done}"
        yield VersionRow(
            identity,
            "measured",
            1,
            document.format,
            file.name,
            title,
            "",
            passages,
            _READ,
            "",
            vectors=kept,
        )
        told(done, len(files))


def run(
    rows: Sequence[JsonObject],
    found: Sequence[VersionRow],
    stream: TextIO,
    told: Progress = no_progress,
    *,
    embedder: Embedder,
    words: Words,
) -> JsonObject:
    """Ask every question; the figures.

    Args:
        rows: from :func:`read_questions`.
        found: from :func:`documents`.
        stream: takes the predictions.
        told: is told how far it is.
        embedder: of the questions.
        words: everyday words beside those of documents.
    """
    vectors = Vectorizer(lambda: embedder)
    analyse = lru_cache(maxsize=100_000)(analyser())
    places = [place for one in found for place in places_of(one)]
    known = {name: row for one in found for name, row in vectors.known(one).items()}
    box = Box(places, known, analyse, vectors.question, words)
    names = {one.document: one.name for one in found}
    first = right = abstained = rightly = unanswerable = 0
    for done, row in enumerate(rows, start=1):
        hits = box.find(row["question"])
        given = answer(box, row["question"], analyse)
        place = hits[0].place if hits else None
        holds = place is not None and is_right(place, names, row)
        none = "document" not in row
        unanswerable += none
        abstained += not given.sentences
        rightly += none and not given.sentences
        first += holds
        right += holds and bool(given.sentences)
        prediction = {
            "question": row["question"],
            "document": None if place is None else names[place.document],
            "heading": None if place is None else place.heading,
            "answer": " ".join(one.text for one in given.sentences) or None,
            "right": holds if not none else not given.sentences,
        }
        write_prediction(stream, prediction)
        told(done, len(rows))
    answerable = len(rows) - unanswerable
    return {
        "questions": len(rows),
        "unanswerable": unanswerable,
        "passages": len(box),
        "right_first": _share(first, answerable),
        "answered_right": _share(right, answerable),
        "abstain_precision": _share(rightly, abstained),
        "abstain_recall": _share(rightly, unanswerable),
        "abstain_f1": _share(2 * rightly, abstained + unanswerable),
    }


def is_right(place: Place, names: dict[str, str], row: JsonObject) -> bool:
    """Whether a passage is of the document of a label and holds most of its section."""
    if row.get("document") != names[place.document]:
        return False
    wanted = _grams(row["text"])
    return len(wanted & _grams(place.text)) > HELD * len(wanted)


def _grams(text: str) -> set[str]:
    packed = "".join(char for char in text if char.isalnum())
    return {packed[begin : begin + _LETTERS] for begin in range(len(packed) - _LETTERS + 1)}


def _share(some: int, every: int) -> float:
    return round(some / every, 3) if every else 0.0
