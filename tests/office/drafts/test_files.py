"""Files of drafts: re-read by other libraries with the same text, valid, and marked as a machine's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import docx
import hwpx
import pypdf
import pytest
import syhwp
from tests.office.drafts.conftest import FACTS

from donghaeng.errors import InputError
from donghaeng.knowledge.documents.reading import read
from donghaeng.office.drafts.files import WRITERS, write
from donghaeng.office.drafts.model import MARK, Draft

WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def packed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def files(drafts: Mapping[str, Draft]) -> Mapping[tuple[str, str], bytes]:
    return {
        (kind, ending): write(draft, f"f{ending}") for kind, draft in drafts.items() for ending in WRITERS
    }


@pytest.mark.parametrize("kind", FACTS)
def test_hwpx_is_valid_and_another_library_reads_the_same_text(
    drafts: Mapping[str, Draft], files: Mapping[tuple[str, str], bytes], kind: str, tmp_path: Path
) -> None:
    data = files[kind, ".hwpx"]
    assert [issue for issue in hwpx.validate_package(data).issues if issue.level == "error"] == []
    assert hwpx.validate_editor_open_safety(data).ok
    assert list(hwpx.HwpxDocument.open(data).validate().issues) == []
    file = tmp_path / "f.hwpx"
    file.write_bytes(data)
    assert packed(syhwp.extract_text(str(file))) == packed("".join(drafts[kind].lines))


@pytest.mark.parametrize("kind", FACTS)
def test_docx_and_pdf_say_the_same(
    drafts: Mapping[str, Draft], files: Mapping[tuple[str, str], bytes], kind: str
) -> None:
    parts = zipfile.ZipFile(io.BytesIO(files[kind, ".docx"]))
    words = ElementTree.fromstring(parts.read("word/document.xml")).iter(WORDS)
    assert packed("".join(word.text or "" for word in words)) == packed("".join(drafts[kind].lines))
    pages = pypdf.PdfReader(io.BytesIO(files[kind, ".pdf"])).pages
    seen = packed("".join(page.extract_text() for page in pages))
    for line in drafts[kind].lines:
        if line:
            assert packed(line) in seen


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize("ending", WRITERS)
def test_law_13_generated_documents_carry_an_ai_mark_and_metadata(
    files: Mapping[tuple[str, str], bytes], kind: str, ending: str
) -> None:
    """인공지능기본법 제31조 제2항: a notice that people read, and one that programs read."""
    data = files[kind, ending]
    assert packed(MARK) in packed(read(f"f{ending}", data).text)
    if ending == ".docx":
        about = docx.Document(io.BytesIO(data)).core_properties
        subject, keywords = about.subject, about.keywords
    elif ending == ".pdf":
        held = pypdf.PdfReader(io.BytesIO(data)).metadata
        subject, keywords = held["/Subject"], held["/Keywords"]
    else:
        told = zipfile.ZipFile(io.BytesIO(data)).read("Contents/content.hpf").decode()
        subject, keywords = (told, told)
        assert "synthetic" not in told
        assert "2026-11-23T01:00:00Z" in told
    assert MARK in subject
    assert "ai-generated" in keywords
    assert "digitalsourcetype/algorithmicMedia" in keywords


def test_an_unknown_ending_is_refused(drafts: Mapping[str, Draft]) -> None:
    with pytest.raises(InputError, match="end its name in"):
        write(drafts["plan"], "계획.doc")
