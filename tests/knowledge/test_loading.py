"""Files of passages: what they share, and where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from donghaeng.errors import CatalogueError
from donghaeng.knowledge.loading import load_passages, read_passages

GOOD = """\
topic: ask
shared: {document: 안내, department: 어느 과, source: 어느 곳, verified: true}
passages:
  - {id: one, title: 하나, spoken: 하나예요.}
  - {id: two, title: 둘, spoken: 둘이에요., verified: false, source: 다른 곳}
"""


def _folder(tmp_path: Path, *texts: str) -> Path:
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_what_passages_share_stands_once_and_may_be_overruled(tmp_path: Path) -> None:
    one, two = load_passages(_folder(tmp_path, GOOD))
    assert (one.topic, one.document, one.source, one.verified) == ("ask", "안내", "어느 곳", True)
    assert (two.source, two.verified) == ("다른 곳", False)
    assert one.body == "하나예요."


@pytest.mark.parametrize(
    ("change", "line", "what"),
    [
        (("spoken: 하나예요.", "spoken: 하나. 둘. 셋."), 4, "more than 2 sentences"),
        (("title: 하나, ", ""), 4, "title"),
        (("id: one", "id: 하나"), 4, "id"),
        (("id: two", "id: one"), 5, "stands in another passage"),
        (("id: one,", "id: one, colour: red,"), 4, "colour"),
        (
            ("spoken: 하나예요.}", "spoken: 하나예요., valid_from: 2026-02-01, valid_until: 2026-01-01}"),
            4,
            "before",
        ),
        (("id: one,", "id: one, months: [13],"), 4, "months"),
        (("id: one,", "id: one, url: www.example.org,"), 4, "url"),
        (("topic: ask", "topics: ask"), 1, "unknown key"),
        (("shared: {", "shared: {id: x, "), 2, "these keys"),
        (("passages:", "passages: {}\nother:"), 1, "no passages"),
    ],
)
def test_each_fault_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, what: str
) -> None:
    assert change[0] in GOOD
    folder = _folder(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(CatalogueError) as caught:
        load_passages(folder)
    assert str(caught.value).startswith(f"{folder / '0.yaml'}:{line}: ")
    assert what in str(caught.value)


def test_all_faults_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    broken = GOOD.replace("title: 하나, ", "", 1)
    found, errors = read_passages(
        _folder(tmp_path, broken, "- no mapping", GOOD.replace("id: two", "id: six"))
    )
    assert [passage.id for passage in found] == ["two", "one", "six"]
    assert len(errors) == 2


def test_a_folder_that_is_absent_holds_nothing(tmp_path: Path) -> None:
    assert load_passages(tmp_path / "nowhere") == ()
