"""A service that asks for itself is found where it stands; what is picked with other slots is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.city.services.test_loading import SERVICE, make

from donghaeng.city.services.loading import load_catalogue, read_catalogue
from donghaeng.city.services.loops import check_loops
from donghaeng.errors import CatalogueError

CHECKOUT = Path(__file__).resolve().parents[3]


def picked(where: str, kind: str) -> str:
    """The bench service, whose two slots are picked with the expressions."""
    picks = "    picks: {{operation: gateway.list, arguments: {{x: {0}}}, value: row.a, option: '가'}}\n"
    text = SERVICE.replace("  kind:\n    type: choice\n", f"  kind:\n{picks.format(kind)}    type: text\n")
    start = text.index("    values:\n")
    text = text[:start] + text[text.index("lookups:\n") :]
    return text.replace("    name: 곳\n", f"    name: 곳\n{picks.format(where)}")


def found(folder: Path, text: str) -> list[CatalogueError]:
    make(folder, text)
    catalogue, errors = read_catalogue(folder)
    assert not errors, str(errors[0])
    return list(check_loops(catalogue["bench"], catalogue.documents["bench"]))


@pytest.mark.parametrize(
    ("where", "kind", "loops"),
    [
        ("today", "where", 0),
        ("kind", "today", 0),
        ("where", "today", 1),
        ("kind", "where", 2),
        ("kind.name", "not where", 2),
        ("kind", "kind", 1),
    ],
)
def test_what_asks_for_itself_is_found(tmp_path: Path, where: str, kind: str, loops: int) -> None:
    text = picked(where, kind)
    errors = found(tmp_path, text)
    assert len(errors) == loops
    for error in errors:
        assert "asks for itself" in error.message
        assert text.splitlines()[error.line - 1].startswith("    picks:")


def test_no_service_of_the_catalogue_asks_for_itself() -> None:
    catalogue = load_catalogue(CHECKOUT / "catalogue")
    documents = catalogue.documents
    assert [str(one) for name in catalogue for one in check_loops(catalogue[name], documents[name])] == []
