"""The console: pages for staff under `/console/`, rendered here and changed in place by htmx."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI

from donghaeng.web.console import (
    account,
    cases,
    desk,
    desk_voice,
    factor,
    home,
    knowledge,
    knowledge_effect,
    knowledge_upload,
    login,
    refusing,
    register,
    review,
    service_owners,
    service_trials,
    sign_on,
    status,
    switch,
    targets,
    tower,
    tower_figures,
    tower_ideas,
    tower_incidents,
)
from donghaeng.web.console.desk_board import Boards
from donghaeng.web.console.rendering import FOLDER
from donghaeng.web.pages import PageFiles
from donghaeng.web.services import WebServices

ROUTERS: Final = (
    login.router,
    sign_on.router,
    account.router,
    factor.router,
    desk_voice.router,
    desk.router,
    knowledge_effect.router,
    knowledge_upload.router,
    knowledge.router,
    review.router,
    service_trials.router,
    service_owners.router,
    register.router,
    home.router,
    switch.router,
    status.router,
    # The process takes any two words after /console/tower/, so the others come before it.
    tower_figures.router,
    targets.router,
    cases.router,
    tower_incidents.router,
    tower_ideas.router,
    tower.router,
)


def install(app: FastAPI, services: WebServices) -> None:
    """Add the console to ``app``, where accounts are kept."""
    app.state.login_tries = login.LoginTries(app.state.limits)
    if services.desk is not None:
        app.state.boards = Boards(services.desk, services.list_services)
    for name in ("static", "vendor"):
        app.mount(f"/console/{name}", PageFiles(directory=FOLDER / name), name=f"console-{name}")
    for router in ROUTERS:
        app.include_router(router)
    refusing.install(app)
