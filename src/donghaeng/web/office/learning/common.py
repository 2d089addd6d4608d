"""What the pages for learners share."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, Path
from starlette.requests import HTTPConnection
from starlette.responses import Response

from donghaeng.learning.certificate_pdf import day
from donghaeng.people.accounts import Staff
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, page
from donghaeng.web.console.session import requires
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import LearningServices, services_of

ROOT: Final = "/office/learning"
TABS: Final = (
    (ROOT, "처음"),
    (f"{ROOT}/plan", "내 계획"),
    (f"{ROOT}/lessons", "강의"),
    (f"{ROOT}/calls", "응대 연습"),
    (f"{ROOT}/again", "다시 볼 것"),
    (f"{ROOT}/projects", "과제"),
    (f"{ROOT}/certificates", "증서"),
    (f"{ROOT}/mine", "내 기록"),
)

Learner = Annotated[Staff, Depends(requires(Permission.LEARNING))]
Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,47}$")]


def learning_of(connection: HTTPConnection) -> LearningServices:
    """What is learnt here.

    Raises:
        ProblemError: nothing is.
    """
    learning = services_of(connection).learning
    if learning is None:
        raise ProblemError(problems.NOT_FOUND, "this server keeps no records of learning")
    return learning


Here = Annotated[LearningServices, Depends(learning_of)]


def show(
    connection: HTTPConnection, template: str, staff: Staff, status: int = 200, **values: Any
) -> Response:
    """A page for learners."""
    voice = services_of(connection).trial_voice is not None
    at = connection.url.path
    return page(connection, template, staff, status, tabs=TABS, at=at, voice=voice, day=day, **values)


def go_to(address: str) -> Response:
    """Lead the page on after a change."""
    return Response(status_code=204, headers={**HEADERS, "HX-Redirect": address})
