"""A reviewers' desk over a small catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.review.office import Office, open_office
from tests.review.small import small_catalogue

from donghaeng.store import Store
from donghaeng.trust.sealing import Sealer


@pytest.fixture(scope="session")
def small_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_catalogue(tmp_path_factory.mktemp("base") / "catalogue")


@pytest.fixture
def office(small_base: Path, tmp_path: Path) -> Iterator[Office]:
    with Store.open(f"sqlite:///{tmp_path / 'a.db'}", Sealer([b"k" * 32])) as store:
        yield open_office(small_base, tmp_path / "cache", store)
