"""`/office`: the officials' assistant and their learning; pages for staff, in the console's frame."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI

from donghaeng.web.office import home, library, library_assistants, library_upload

ROUTERS: Final = (
    home.router,
    library.router,
    library_upload.router,
    library_assistants.router,
)


def install(app: FastAPI) -> None:
    """Add the pages to ``app``, where accounts are kept."""
    for router in ROUTERS:
        app.include_router(router)
