"""`/office/learning`: what staff learn. Everybody sees their own records alone; a reviewer sees a hand-in."""

from __future__ import annotations

from typing import Final

from donghaeng.web.office.learning import calls, home, lessons, own, plan, projects, speech

ROUTERS: Final = (
    home.router,
    plan.router,
    lessons.router,
    calls.router,
    projects.router,
    own.router,
    speech.router,
)
