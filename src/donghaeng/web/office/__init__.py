"""`/office`: the officials' assistant and their learning; pages for staff, in the console's frame."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from donghaeng.web.office import home, minutes
from donghaeng.web.pages import PageFiles

STATIC: Final = Path(__file__).parent / "static"
ROUTERS: Final = (home.router, minutes.router)


def install(app: FastAPI) -> None:
    """Add the pages to ``app``, where accounts are kept."""
    app.mount("/office/static", PageFiles(directory=STATIC), name="office-static")
    for router in ROUTERS:
        app.include_router(router)
