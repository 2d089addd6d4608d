"""What others wrote and the console serves is what they published, with their licences."""

from __future__ import annotations

import hashlib

import pytest

from donghaeng.web.console.rendering import FOLDER

VENDOR = FOLDER / "vendor"
PUBLISHED = {
    # htmx.org 2.0.11, dist/htmx.min.js
    "htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "htmx.LICENSE": "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38",
    # htmx-ext-sse 2.2.4, dist/sse.min.js
    "htmx-ext-sse.min.js": "98a46496de0c3605fbffdce9167ba427bdd9553184f83f149c261891a92c0136",
    "htmx-ext-sse.LICENSE": "a17d224ce9afdc21ec9491b76a2f5d036d19aa641ac4f85ca29c21f9f7e54fdf",
}


def test_nothing_else_is_served_from_there() -> None:
    assert {path.name for path in VENDOR.iterdir()} == set(PUBLISHED)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_is_as_it_was_published(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == PUBLISHED[name]
