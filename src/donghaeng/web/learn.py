"""`/learn`: the citizens' courses in plain large letters, and the card for the fridge; for anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from donghaeng.city.services.positions import read_model
from donghaeng.learning.card import Card
from donghaeng.learning.card_pdf import LARGE, card_pdf
from donghaeng.learning.lesson import Lesson
from donghaeng.learning.loading import COURSES, FOLDER, load_courses
from donghaeng.office.drafts.files.fonts import font_file
from donghaeng.web import problems
from donghaeng.web.console.rendering import render
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

ADDRESS: Final = "/learn"
_FRESH: Final = {"Cache-Control": "no-cache"}

router = APIRouter(include_in_schema=False)


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request) -> Response:
    """Every course, the practice, the card."""
    courses = await asyncio.to_thread(courses_of, services_of(request).settings.catalogue)
    return HTMLResponse(render("learn.html", courses=courses.values()), headers=_FRESH)


@router.api_route(f"{ADDRESS}/card.pdf", methods=["GET", "HEAD"])
async def card(
    request: Request, letters: Annotated[Literal["usual", "large"], Query()] = "usual"
) -> Response:
    """The card for the fridge; ``letters=large`` for weak eyes, on several sheets."""
    catalogue = services_of(request).settings.catalogue
    made = await asyncio.to_thread(_card, catalogue, LARGE if letters == "large" else 1.0)
    named = {"Content-Disposition": 'inline; filename="donghaeng-card.pdf"'}
    return Response(made, media_type="application/pdf", headers=_FRESH | named)


@router.api_route(f"{ADDRESS}/{{course}}", methods=["GET", "HEAD"])
async def read(request: Request, course: str) -> Response:
    """One course: what is told, what to try, and the questions with their answers folded away."""
    courses = await asyncio.to_thread(courses_of, services_of(request).settings.catalogue)
    found = courses.get(course)
    if found is None:
        raise ProblemError(problems.NOT_FOUND, "there is no such course")
    return HTMLResponse(render("learn_course.html", course=found), headers=_FRESH)


def courses_of(catalogue: Path) -> Mapping[str, Lesson]:
    """The citizens' courses as the files stand.

    Raises:
        CatalogueError: a file is wrong.
    """
    files = sorted((catalogue / FOLDER / COURSES).glob("*.yaml"))
    return _read(catalogue, tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=2)
def _read(catalogue: Path, stands: tuple[tuple[Path, int], ...]) -> Mapping[str, Lesson]:
    del stands  # files that have changed are read anew
    return load_courses(catalogue)


def _card(catalogue: Path, scale: float) -> bytes:
    found = read_model(catalogue / FOLDER / "card.yaml", Card)
    return card_pdf(found, font_file(), font_file("NanumGothicBold.ttf"), scale=scale)
