"""`/office`: the officials' assistant and their learning; pages for staff, in the console's frame."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from donghaeng.web.console.rendering import add_filters
from donghaeng.web.office import (
    comparisons,
    draft_text,
    draft_words,
    drafts,
    forms,
    home,
    learning,
    library,
    library_assistants,
    library_upload,
    minutes,
)
from donghaeng.web.pages import PageFiles

FOLDER: Final = Path(__file__).parent
ROUTERS: Final = (
    home.router,
    library.router,
    library_upload.router,
    library_assistants.router,
    drafts.router,
    draft_text.router,
    forms.router,
    minutes.router,
    comparisons.router,
    *learning.ROUTERS,
)


def install(app: FastAPI) -> None:
    """Add the pages to ``app``, where accounts are kept."""
    add_filters(draft_words.FILTERS)
    app.mount("/office/static", PageFiles(directory=FOLDER / "static"), name="office-static")
    for router in ROUTERS:
        app.include_router(router)
