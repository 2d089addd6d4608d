"""The labelled document box of ``bench/office/library`` as real files: HWPX, DOCX, PDF and XLSX in turn.

``python -m tools.office_library FOLDER`` writes the documents into FOLDER/documents, and the questions into
FOLDER/development.jsonl and FOLDER/test.jsonl, for `donghaeng eval library`.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docx import Document
from hwpx import HwpxDocument
from openpyxl import Workbook
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer
from ruamel.yaml import YAML

from donghaeng.korean.particles import resolve
from donghaeng.korean.reading import read_aloud
from donghaeng.office.drafts.files.fonts import register

LIBRARY: Final = Path(__file__).parents[1] / "bench" / "office" / "library"
_SENTENCE: Final = re.compile(r"(?<=다\.) ")
HALVES: Final = ("development", "test")


@dataclass(frozen=True, slots=True)
class Made:
    """One document of the box."""

    id: str
    title: str
    department: str
    sections: tuple[tuple[str, str], ...]


def documents() -> Iterator[Made]:
    """All 200, in the order of their files."""
    for file in ("first", "second", "third"):
        families = YAML(typ="safe").load(LIBRARY / "documents" / f"{file}.yaml")
        for family in families:
            for row in family["rows"]:
                facts = dict(zip(family["columns"], row.split(" | "), strict=True))
                told = tuple(
                    (name.format(**facts), resolve(text.format(**facts), read_aloud))
                    for name, text in family["sections"].items()
                )
                yield Made(facts["id"], family["title"].format(**facts), family["department"], told)


def hwpx_of(made: Made) -> bytes:
    """As a Hangul file."""

    document = HwpxDocument.new()
    document.add_paragraph(made.title)
    document.add_paragraph(f"가온시 {made.department}")
    for number, (name, text) in enumerate(made.sections, start=1):
        document.add_paragraph(f"{number}. {name}")
        document.add_paragraph(text)
    data: bytes = document.to_bytes()
    return data


def docx_of(made: Made) -> bytes:
    """As a Word file."""

    document = Document()
    document.add_paragraph(f"가온시 {made.department}")
    for name, text in made.sections:
        document.add_heading(name, 1)
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_of(made: Made) -> bytes:
    """As a PDF."""

    register()
    style = ParagraphStyle("plain", fontName="NanumGothic", fontSize=11, leading=17, wordWrap="CJK")
    story = [Paragraph(made.title, style), Paragraph(f"가온시 {made.department}", style), Spacer(1, 12)]
    for number, (name, text) in enumerate(made.sections, start=1):
        story += [Paragraph(f"{number}. {name}", style), Paragraph(text, style), Spacer(1, 12)]
    out = io.BytesIO()
    SimpleDocTemplate(out, title=made.title).build(story)
    return out.getvalue()


def xlsx_of(made: Made) -> bytes:
    """As a workbook, a sheet a section."""

    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, text in made.sections:
        sheet = book.create_sheet(name[:31].replace("/", " "))
        sheet.append(["구분", "내용"])
        for number, sentence in enumerate(_SENTENCE.split(text), start=1):
            sheet.append([str(number), sentence])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WRITERS: Final[tuple[tuple[str, Callable[[Made], bytes]], ...]] = (
    ("hwpx", hwpx_of),
    ("docx", docx_of),
    ("pdf", pdf_of),
    ("xlsx", xlsx_of),
)


def write(folder: Path) -> None:
    """Write files and questions."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    names: dict[str, str] = {}
    sections: dict[tuple[str, str], str] = {}
    for number, made in enumerate(documents()):
        kind, writer = WRITERS[number % len(WRITERS)]
        names[made.id] = f"{made.title}.{kind}".replace("/", "-")
        (folder / "documents" / names[made.id]).write_bytes(writer(made))
        sections.update({(made.id, name): text for name, text in made.sections})
    for half in HALVES:
        rows = YAML(typ="safe").load(LIBRARY / f"{half}.yaml")
        with (folder / f"{half}.jsonl").open("w", encoding="utf-8") as stream:
            for question, *label in rows:
                told = {"question": question}
                if label:
                    told |= {"document": names[label[0]], "text": sections[label[0], label[1]]}
                stream.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
