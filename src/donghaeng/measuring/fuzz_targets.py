"""What bytes of anybody reach, for fuzzing: a function each that takes them, and examples to begin from.

Whatever the bytes are, a target returns or raises a :class:`~donghaeng.errors.DonghaengError`; anything else
is a crash. ``bench/fuzz_parsers.py`` looks for one by coverage for as long as it is let, and
``tests/security/test_fuzzing.py`` with a few hundred inputs.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from donghaeng.city.drafting.openapi import offered_in, read_document
from donghaeng.city.places.importer import read_files
from donghaeng.city.places.table import PlaceTable
from donghaeng.city.providers import envelopes
from donghaeng.city.services.positions import read_yaml
from donghaeng.conversation.live_messages import parse_client_message
from donghaeng.conversation.scenarios import read_written
from donghaeng.errors import DonghaengError
from donghaeng.knowledge.documents.reading import read
from donghaeng.korean.expressions import KINDS, values
from donghaeng.korean.reading import read_aloud
from donghaeng.trust.masking import mask

NOW: Final = datetime.fromisoformat("2026-11-23T10:00:00+09:00")

Take = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Target:
    """One way in."""

    take: Take
    examples: tuple[bytes, ...]
    """Sound input, so that what is made of it gets past the first line."""


def tried(target: Target, data: bytes) -> None:
    """Give bytes to a target; an error of ours is an answer, and any other leaves."""
    with suppress(DonghaengError):
        target.take(data)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _each(takers: Iterable[Callable[[str], object]], data: bytes) -> None:
    for take in takers:
        with suppress(DonghaengError):
            take(_text(data))


def _as_file(take: Callable[[Path], object], name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory(prefix="donghaeng-fuzz-") as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        take(file)


def _drafted(data: bytes) -> None:
    for _ in offered_in(read_document(data, "city.yaml"), "city.yaml"):
        pass


def _message(data: bytes) -> None:
    with suppress(DonghaengError):
        parse_client_message(data)
    parse_client_message(_text(data))


def _expressions(text: str) -> None:
    for kind in KINDS:
        values(text, NOW, kind)


def _archive(name: str, content: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, content)
    return held.getvalue()


def _document(name: str, *examples: bytes) -> Target:
    return Target(partial(read, name), examples)


_SPOKEN: Final = tuple(
    text.encode()
    for text in (
        "내일모레 오후 세 시 반에 소파 두 개, 팔천 원이에요",
        "공일공 일이삼사에 오육칠팔, 900101-1234567",
        "2026. 11. 23.(월) 09:30~18:00, 3층 302호, 1억 2,345만 6천원, 0.5%",
        "삼십 분쯤 뒤 6411번 버스, 양화로 45",
    )
)
_PORTAL: Final = b"<response><header><resultCode>00</resultCode></header><body><items/></body></response>"
_SEOUL: Final = b'{"ListAirQuality": {"RESULT": {"CODE": "INFO-000"}, "row": [{"MSRSTE_NM": "x"}]}}'

TARGETS: Final[Mapping[str, Target]] = MappingProxyType(
    {
        "csv": _document("a.csv", "이름,값\n소파,8000\n".encode()),
        "docx": _document("a.docx", _archive("word/document.xml", "<w:document/>")),
        "html": _document("a.html", "<html><h1>소파</h1><p>팔천 원이에요.</p></html>".encode()),
        "hwp": _document("a.hwp", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)),
        "hwpx": _document("a.hwpx", _archive("Contents/content.hpf", "<opf:package/>")),
        "markdown": _document("a.md", "# 소파\n\n- 팔천 원이에요.\n\n|a|b|\n|-|-|\n|1|2|\n".encode()),
        "pdf": _document(
            "a.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>"
        ),
        "xlsx": _document("a.xlsx", _archive("xl/workbook.xml", "<workbook/>")),
        "openapi": Target(
            _drafted,
            (
                b"openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths:\n  /a:\n    get:\n"
                b"      operationId: a\n      responses: {'200': {description: a}}\n",
            ),
        ),
        "service file": Target(
            partial(_as_file, read_yaml, "service.yaml"), (b"id: a\nslots: {b: {type: text}}\n",)
        ),
        "conversation test": Target(
            partial(_as_file, lambda file: read_written([file]), "tests.yaml"),
            ("- scenario: 소파\n  turns: [{citizen: 소파요, expect: {asks: address}}]\n".encode(),),
        ),
        "places": Target(
            partial(_as_file, lambda file: read_files([file], PlaceTable()), "stops.csv"),
            ("NODE_ID,ARS_ID,정류소명,X좌표,Y좌표\n1,14011,합정역,126.91,37.55\n".encode(),),
        ),
        "live message": Target(
            _message, (b'{"type":"start","sample_rate":16000}', b'{"type":"text","text":"a"}')
        ),
        "provider": Target(
            partial(
                _each,
                [
                    partial(rows, "city")
                    for rows in (
                        envelopes.portal_rows,
                        envelopes.seoul_rows,
                        envelopes.subway_rows,
                        envelopes.bus_rows,
                    )
                ],
            ),
            (_PORTAL, _SEOUL),
        ),
        "masking": Target(partial(_each, [mask]), _SPOKEN),
        "expressions": Target(partial(_each, [_expressions]), _SPOKEN),
        "reading": Target(partial(_each, [read_aloud]), _SPOKEN),
    }
)
"""Every way in by its name."""
