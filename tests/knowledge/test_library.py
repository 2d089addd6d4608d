"""From a file to what answers: added, replaced, verified, withdrawn; nothing in it is obeyed or hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from tests.knowledge.documents.conftest import HIDDEN, MADE, SENTENCE
from tests.knowledge.made import TEXT, Here, version_row

from donghaeng.errors import DocumentRefused, InputError
from donghaeng.knowledge.details import Details
from donghaeng.knowledge.due import Due, due, tally
from donghaeng.knowledge.library import Library
from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer

NOW = datetime.fromisoformat("2026-11-23T10:00:00+09:00")
DETAILS = Details(department="복지정책과", owner="복지상담팀", verified=True)


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


def test_the_same_file_with_other_details_is_the_next_version(library: Library, reader: Here) -> None:
    first = library.add("틀니.md", TEXT.encode(), DETAILS).version
    library.verify(first, [2], verified=False)
    day = date(2027, 11, 30)
    other = replace(DETAILS, owner="노인복지팀", review_by=day, valid_until=day)
    added = library.add("틀니.md", TEXT.encode(), other)
    assert (added.outcome, added.version.version, added.version.state, reader.count) == (
        "new details",
        2,
        "published",
        1,
    )
    now = library.version("틀니.md")
    assert (now.owner, now.review_by, now.valid_until) == ("노인복지팀", day, day)
    # The mark that somebody took away stays away: the text is the same.
    assert [one.verified for one in library.passages(now)] == [True, False]
    assert library.version("틀니.md", 1).owner == "복지상담팀"
    library.review(now, date(2028, 5, 1))
    for again in (other, DETAILS, replace(DETAILS, owner="")):
        told = library.add(
            "틀니.md", TEXT.encode(), again if not again.owner else replace(again, owner="노인복지팀")
        )
        assert (told.outcome, told.version.review_by) == ("nothing new", date(2028, 5, 1))
    assert library.add("사본.md", TEXT.encode(), DETAILS).outcome == "nothing new"
    kept = library.add("틀니.md", TEXT.encode(), replace(other, department="노인과"), publish=False)
    assert (kept.outcome, library.version("틀니.md").version) == ("kept as draft", 2)


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
    assert library.due_soon(9) == []
    library.review(library.version("틀니.md"), NOW.date() + timedelta(days=200))
    assert library.due_soon() == []


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Due.NOT),
        ({"review_by": 31, "valid_until": 31}, Due.NOT),
        ({"review_by": 31, "valid_until": 30}, Due.SOON),
        ({"review_by": 0}, Due.SOON),
        ({"valid_until": 0}, Due.SOON),
        ({"review_by": -1, "valid_until": 0}, Due.OVERDUE),
        ({"review_by": -5, "valid_until": -1}, Due.EXPIRED),
        ({"state": "draft", "valid_until": -1}, Due.NOT),
        ({"state": "withdrawn", "review_by": -1}, Due.NOT),
    ],
)
def test_how_a_version_stands_on_a_day(changes: dict[str, object], standing: Due) -> None:
    days = {
        name: NOW.date() + timedelta(days=value) if isinstance(value, int) else value
        for name, value in changes.items()
    }
    row = version_row(**days)
    assert due(row, NOW.date()) is standing
    assert tally([row, row], NOW.date()) == {standing: 2}


def test_documents_are_listed_once_those_that_are_due_first(library: Library) -> None:
    day = NOW.date()
    for name, said in {
        "가.md": Details(department="과"),
        "나.md": Details(department="과", review_by=day - timedelta(days=1)),
        "다.md": Details(
            department="과", review_by=day - timedelta(days=9), valid_until=day + timedelta(days=9)
        ),
        "라.md": Details(department="과", valid_until=day - timedelta(days=1)),
        "마.md": Details(department="과", review_by=day + timedelta(days=30)),
    }.items():
        library.add(name, TEXT.replace("틀니", name).encode(), said)
    library.add("가.md", TEXT.replace("틀니", "틀니 둘째").encode(), DETAILS, publish=False)
    library.add("바.md", TEXT.replace("틀니", "바둑").encode(), DETAILS, publish=False)
    library.withdraw("바.md")
    entries = library.entries()
    assert [one.current.name for one in entries] == ["라.md", "다.md", "나.md", "마.md", "가.md", "바.md"]
    first = next(one for one in entries if one.current.name == "가.md")
    assert (first.current.version, first.draft and first.draft.version) == (1, 2)
    assert entries[-1].current.state == "withdrawn"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("틀니", ["안내.md"]),
        ("지원금은 신청", ["안내.md"]),
        ("신청 신분증", []),
        ("복지상담팀", ["안내.md", "여권.md"]),
        ("VISA 카드", ["여권.md"]),
        ("여권 복지정책과", ["여권.md"]),
        ("100%", []),
        ("_", []),
        ("없는말", []),
    ],
)
def test_documents_are_found_by_what_they_say_and_by_what_is_said_of_them(
    library: Library, words: str, found: list[str]
) -> None:
    library.add("안내.md", TEXT.encode(), DETAILS)
    library.add("여권.md", "# 여권\n\nVisa 카드로 낼 수 있어요.\n".encode(), DETAILS)
    assert [one.current.name for one in library.entries(words)] == found


def test_every_refusal_of_the_library_says_which_kind_it_is(library: Library) -> None:
    library.add("틀니.md", TEXT.encode(), DETAILS)
    version = library.version("틀니.md")
    for fault, work in (
        ("empty", lambda: library.add("빈.md", b" ", DETAILS)),
        ("name", lambda: library.add("", b"x", DETAILS)),
        ("department", lambda: library.add("x.md", b"x", Details(department=""))),
        ("document", lambda: library.withdraw("없음.md")),
        ("version", lambda: library.publish("틀니.md", 9)),
        ("passage", lambda: library.verify(version, [9])),
    ):
        with pytest.raises(DocumentRefused) as refused:
            work()
        assert refused.value.fault == fault


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


def test_what_an_account_adds_another_one_publishes(library: Library) -> None:
    with pytest.raises(DocumentRefused) as refused:
        library.add("틀니.md", TEXT.encode(), DETAILS, staff="st_1")
    assert refused.value.fault == "own_version"
    version = library.add("틀니.md", TEXT.encode(), Details("과"), publish=False, staff="st_1").version
    assert library.verify(version, [1], staff="st_1") == 1
    with pytest.raises(DocumentRefused) as refused:
        library.publish("틀니.md", staff="st_1")
    assert refused.value.fault == "own_version"
    published = library.publish("틀니.md", staff="st_2")
    assert (published.added_by, published.published_by) == ("st_1", "st_2")
    with pytest.raises(DocumentRefused):
        library.verify(published, [2], staff="st_1")
    assert library.verify(published, [1], verified=False, staff="st_1") == 1
    assert library.verify(published, [2], staff="st_2") == 1


def test_the_same_file_with_other_details_is_somebodys_version_too(library: Library) -> None:
    library.add("틀니.md", TEXT.encode(), DETAILS)
    other = replace(DETAILS, department="노인과")
    version = library.add("틀니.md", TEXT.encode(), other, publish=False, staff="st_1").version
    assert (version.state, version.added_by, version.published_by) == ("draft", "st_1", None)
    with pytest.raises(DocumentRefused):
        library.publish("틀니.md", 2, staff="st_1")
    library.withdraw("틀니.md", staff="st_1")
    with pytest.raises(DocumentRefused):
        library.publish("틀니.md", 2, staff="st_1")
    assert library.publish("틀니.md", 1, staff="st_1").state == "published"


def test_the_operators_command_is_recorded_as_the_operators(library: Library) -> None:
    library.add("틀니.md", TEXT.encode(), DETAILS, publish=False, staff="st_1")
    library.publish("틀니.md")
    library.withdraw("틀니.md")
    library.add("여권.md", TEXT.replace("틀니", "여권").encode(), DETAILS)
    assert [(step.action, step.staff) for step in library.history("틀니.md")] == [
        ("withdrawn", "operator"),
        ("published", "operator"),
        ("added", "st_1"),
    ]
    assert [step.staff for step in library.history("여권.md")] == ["operator", "operator"]
