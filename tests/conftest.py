"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests import databases, postgres

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = CHECKOUT.parent / "shared"

# A busy machine must not fail a property; `make soak` and a fuzzing by hand choose the other profiles.
settings.register_profile("checkout", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=1000)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("checkout")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled data beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"labelled data is absent: {SHARED}")
    return SHARED


def pytest_addoption(parser: pytest.Parser) -> None:
    databases.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    databases.begin(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    databases.choose(config, items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    databases.before_setup(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    databases.before_teardown(item)
    yield
    databases.after_teardown(item, nextitem)


def pytest_unconfigure() -> None:
    postgres.remove_server()


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL database of the test's own, with tables, whatever the others are on."""
    with postgres.fresh() as address:
        yield address


@pytest.fixture
def postgresql_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server of the test's own, to be stopped and started."""
    server = postgres.Server()
    yield server
    server.remove()
