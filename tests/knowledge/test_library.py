"""From a file to what answers: added, replaced, verified, withdrawn; nothing in it is obeyed or hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.knowledge.documents.conftest import HIDDEN, MADE, SENTENCE

from donghaeng.errors import InputError
from donghaeng.knowledge.documents.blocks import Document
from donghaeng.knowledge.documents.reading import read
from donghaeng.knowledge.library import Details, Library
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
DETAILS = Details(department="복지정책과", owner="복지상담팀", verified=True)
TEXT = "# 틀니\n\n틀니 지원금은 50만 원이에요. 주민센터에서 신청하세요.\n\n## 서류\n\n신분증을 가져오세요.\n"


class Here:
    """Reads in this process, and counts."""

    def __init__(self) -> None:
        self.count = 0

    def read(self, name: str, data: bytes) -> Document:
        self.count += 1
        return read(name, data)


@pytest.fixture
def reader() -> Here:
    return Here()


@pytest.fixture
def library(reader: Here) -> Iterator[Library]:
    ids = count(1)
    with Store.open("sqlite://", Sealer([b"k" * 32])) as store:
        yield Library(store, reader, clock=lambda: NOW, new_id=lambda: f"d_{next(ids)}")


def test_a_document_is_added_and_served(library: Library) -> None:
    added = library.add("틀니.md", TEXT.encode(), DETAILS)
    assert (added.outcome, added.silent) == ("added", 0)
    version = library.version("틀니.md")
    assert version == added.version
    assert (version.state, version.passages, version.verified) == ("published", 2, 2)
    assert [one.path for one in library.passages(version)] == [("틀니",), ("틀니", "서류")]


def test_the_same_file_again_adds_nothing_and_is_not_even_read(library: Library, reader: Here) -> None:
    library.add("틀니.md", TEXT.encode(), DETAILS)
    again = library.add("다른 이름.md", TEXT.encode(), DETAILS)
    assert (again.outcome, again.version.name, reader.count) == ("nothing new", "틀니.md", 1)
    assert len(library.versions("틀니.md")) == 1


def test_another_file_of_that_name_replaces_it_and_it_can_be_served_again(library: Library) -> None:
    library.add("틀니.md", TEXT.encode(), DETAILS)
    added = library.add("틀니.md", TEXT.replace("50", "60").encode(), DETAILS)
    assert (added.outcome, added.version.version) == ("replaced", 2)
    assert [one.state for one in library.versions("틀니.md")] == ["published", "replaced"]
    assert "50만" in library.passages(library.version("틀니.md", 1))[0].text
    assert library.publish("틀니.md", 1).state == "published"
    assert library.version("틀니.md").version == 1


def test_a_draft_waits_until_it_is_published(library: Library) -> None:
    library.add("틀니.md", TEXT.encode(), DETAILS)
    draft = library.add("틀니.md", TEXT.replace("50", "60").encode(), DETAILS, publish=False)
    assert (draft.outcome, library.version("틀니.md").version) == ("kept as draft", 1)
    assert library.publish("틀니.md").version == 2


def test_what_nobody_vouches_for_is_silent_until_it_is_verified(library: Library) -> None:
    added = library.add("틀니.md", TEXT.encode(), Details(department="복지정책과"))
    assert added.silent == 2
    assert library.verify(added.version, [2], review_by=date(2027, 11, 30)) == 1
    version = library.version("틀니.md")
    assert (version.verified, version.review_by) == (1, date(2027, 11, 30))
    assert library.verify(version, [2], verified=False) == 1
    for numbers, what in (([9], "no passage 9"), ([0], "no passage 0")):
        with pytest.raises(InputError, match=what):
            library.verify(version, numbers)


def test_a_passage_too_long_for_the_ear_cannot_be_verified(library: Library) -> None:
    added = library.add("긴 글.md", ("가" * 450).encode(), DETAILS)
    assert added.silent == 1
    assert library.verify(added.version) == 0
    with pytest.raises(InputError, match="short enough"):
        library.verify(added.version, [1])


def test_what_is_withdrawn_stays_readable_and_may_come_back(library: Library) -> None:
    library.add("틀니.md", TEXT.encode(), DETAILS)
    assert library.withdraw("틀니.md")
    assert not library.withdraw("틀니.md")
    assert library.version("틀니.md").state == "withdrawn"
    assert library.passages(library.version("틀니.md"))
    assert library.add("틀니.md", TEXT.encode(), DETAILS).outcome == "replaced"
    assert library.version("틀니.md").state == "published"


@pytest.mark.parametrize(
    ("details", "what"),
    [
        (Details(department=" "), "department"),
        (Details(department="과", owner="가" * 101), "owner"),
        (Details(department="과", source="ftp://x"), "source"),
        (Details(department="과", valid_from=date(2027, 2, 1), valid_until=date(2027, 1, 1)), "valid-from"),
    ],
)
def test_wrong_details_are_refused_before_anything_is_read(
    library: Library, reader: Here, details: Details, what: str
) -> None:
    with pytest.raises(InputError, match=what) as raised:
        library.add("틀니.md", TEXT.encode(), details)
    assert raised.value.remedy
    assert reader.count == 0


def test_what_cannot_be_read_leaves_nothing_behind(library: Library) -> None:
    for name, data in (("틀니.md", b""), ("틀니.zip", b"PK\x03\x04"), ("가" * 301, b"x")):
        with pytest.raises(InputError):
            library.add(name, data, DETAILS)
    assert library.listed(["published", "draft"]) == []
    for work in (library.version, library.withdraw, library.publish):
        with pytest.raises(InputError, match="no such document"):
            work("틀니.md")
    library.add("틀니.md", TEXT.encode(), DETAILS)
    with pytest.raises(InputError, match="no version 7"):
        library.version("틀니.md", 7)


def test_what_is_due_is_told(library: Library) -> None:
    soon = Details(department="과", review_by=NOW.date() + timedelta(days=10))
    library.add("틀니.md", TEXT.encode(), soon)
    assert library.due(NOW.date()) == []
    assert [one.name for one in library.due(NOW.date() + timedelta(days=10))] == ["틀니.md"]


def test_an_export_holds_every_passage_with_its_source(library: Library) -> None:
    library.add(
        "틀니.md", TEXT.encode(), Details(department="과", source="https://example.org", verified=True)
    )
    first, second = library.exported(["published"])
    assert (first["document"], first["passage"], first["verified"]) == ("틀니.md", 1, True)
    assert (second["section"], second["source"]) == (["틀니", "서류"], "https://example.org")


@pytest.mark.parametrize("kind", MADE)
def test_every_kind_of_file_becomes_passages_without_what_is_hidden(
    library: Library, kind: str, tmp_path: Path
) -> None:
    make: Callable[[Path], bytes] = MADE[kind]
    version = library.add(f"구청.{kind}", make(tmp_path), DETAILS).version
    told = " ".join(f"{one.title} {one.text} {one.spoken}" for one in library.passages(version))
    assert version.kind == kind
    assert HIDDEN not in told
    if kind in ("hwpx", "docx", "html", "md"):
        assert SENTENCE in told
