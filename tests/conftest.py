"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = CHECKOUT.parent / "shared"

# A busy machine must not fail a property; `make soak` chooses the other profile.
settings.register_profile("checkout", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("checkout")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled data beside the checkout; tests that need it skip where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"labelled data is absent: {SHARED}")
    return SHARED
