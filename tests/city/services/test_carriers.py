"""No service pretends: what it says of how it is carried out is what its operations are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.city.services.test_loading import OPERATIONS as BENCH
from tests.city.services.test_loading import SERVICE, line_of, make

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared import OPERATIONS
from donghaeng.city.services.carriers import BUILTIN, carrier_of, check_carriers
from donghaeng.city.services.listing import describe
from donghaeng.city.services.loading import load_catalogue, read_catalogue
from donghaeng.errors import CatalogueError

CHECKOUT = Path(__file__).resolve().parents[3]
KNOWN = {
    **BENCH,
    "parks.benches": Operation("parks.benches", Effect.READ, {}, {}),
    "parks.mend": Operation("parks.mend", Effect.WRITE, {}, {}),
    "knowledge.search": Operation("knowledge.search", Effect.READ, {}, {}),
}
CONFIRM = 'confirm: "{{ where.name }} 의자를 신고할까요? {{ fee.won }}원"\n'
READ = (
    SERVICE.replace("effect: write", "effect: read")
    .replace("gateway.bench", "gateway.list")
    .replace(CONFIRM, "")
    .replace("  refused:\n", "  empty: 없어요.\n  refused:\n")
)


def found(folder: Path, text: str) -> list[CatalogueError]:
    make(folder, text)
    catalogue, errors = read_catalogue(folder)
    assert not errors, str(errors[0])
    service = catalogue["bench"]
    return list(check_carriers(service, catalogue.documents["bench"], KNOWN))


def test_no_service_of_the_catalogue_pretends() -> None:
    catalogue = load_catalogue(CHECKOUT / "catalogue")
    wrong = [
        str(one)
        for service in catalogue.values()
        for one in check_carriers(service, catalogue.documents[service.id], OPERATIONS)
    ]
    assert wrong == []


def test_only_the_gateway_takes_writes_and_only_declared_sources_are_called_public() -> None:
    for operation in OPERATIONS.values():
        carrier = carrier_of(operation.name)
        assert operation.effect is not Effect.WRITE or carrier == "gateway"
        assert operation.source.startswith("city gateway") == (carrier == "gateway")
        assert (operation.provider in BUILTIN) == operation.source.startswith(
            ("catalogue/", "this conversation")
        )


LIES = [
    ("a write over the gateway", SERVICE, "live", "operation: gateway.bench"),
    ("a read over the gateway", READ, "live", "operation: gateway.list"),
    ("passages", READ.replace("gateway.list", "knowledge.search"), "live", "operation: knowledge.search"),
    ("a public API", READ.replace("gateway.list", "parks.benches"), "builtin", "operation: parks.benches"),
    ("no gateway", READ.replace("gateway.list", "parks.benches"), "gateway", "carried_out"),
    ("another writer", SERVICE.replace("gateway.bench", "parks.mend"), "gateway", "operation: parks.mend"),
    ("a write that people are said to do", SERVICE, "handoff", "operation: gateway.bench"),
    (
        "a look-up over the gateway",
        READ.replace("gateway.list", "parks.benches"),
        "live",
        "operation: gateway.fee",
    ),
]


@pytest.mark.parametrize(("text", "said", "at"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES])
def test_a_lie_is_found_where_it_stands(tmp_path: Path, text: str, said: str, at: str) -> None:
    text = text.replace("carried_out: gateway", f"carried_out: {said}")
    errors = found(tmp_path, text)
    assert line_of(text, at) in [error.line for error in errors]
    assert all(said in error.message and error.remedy for error in errors)


def test_the_truth_is_no_finding(tmp_path: Path) -> None:
    assert found(tmp_path, SERVICE) == []


def test_outsiders_see_how_each_service_is_carried_out() -> None:
    shown = describe(load_catalogue(CHECKOUT / "catalogue"))
    assert {one["carried_out"] for one in shown} <= {"live", "gateway", "handoff", "builtin", "not_yet"}
    assert all(one["carried_out"] for one in shown)
