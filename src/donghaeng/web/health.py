"""`/healthz`, `/readyz`, `/metrics` and `GET /v1/services`."""

from __future__ import annotations

import asyncio
from typing import Any, Final, Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel, ConfigDict, Field

from donghaeng import __version__
from donghaeng.web import problems
from donghaeng.web.problems import RETRY_SECONDS, FieldProblem, ProblemError, documented
from donghaeng.web.services import Check, Services, WebServices

CHECK_SECONDS: Final = 5.0
"""A part that does not say within this time that it is ready, is not."""

router = APIRouter(tags=["operation"])


Machine = Literal["on", "off"]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"
    version: str = __version__
    machine: Machine = Field(description="`off`: switched off, citizens are told whom to call")


class LivePlaces(BaseModel):
    """The places for live sound. Taken ones do not make the process less ready: callers wait in turn."""

    places: int
    taken: int
    waiting: int


class Ready(BaseModel):
    """Every part is ready."""

    ready: Literal[True] = True
    parts: list[str]
    live: LivePlaces
    machine: Machine = Field(description="as in `/healthz`; being off is no lack of readiness")


class ServiceEntry(BaseModel):
    """One service of the catalogue, as a list shows it."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str


class ServiceList(BaseModel):
    """The catalogue."""

    services: list[ServiceEntry]


@router.get("/healthz", responses=documented(problems.UNEXPECTED))
async def health(services: Services) -> Alive:
    """Whether the process lives, and whether the machine may answer. Says nothing about its engines."""
    return Alive(machine=_machine(services))


def _machine(services: WebServices) -> Machine:
    return "off" if services.switch is not None and services.switch.off else "on"


@router.get("/readyz", responses=documented(problems.NOT_READY, problems.UNEXPECTED))
async def readiness(services: Services) -> Ready:
    """Whether engines are loaded and the database answers."""
    names = sorted(services.checks)
    states = await asyncio.gather(*(_ready(services.checks[name]) for name in names))
    missing = [name for name, state in zip(names, states, strict=True) if not state]
    if missing:
        raise ProblemError(
            problems.NOT_READY,
            f"not ready: {', '.join(missing)}",
            errors=[FieldProblem(pointer=f"part:{name}", detail="not ready") for name in missing],
            headers={"Retry-After": str(RETRY_SECONDS)},
        )
    admission = services.admission
    live = LivePlaces(places=admission.places, taken=admission.taken, waiting=admission.waiting)
    return Ready(parts=names, live=live, machine=_machine(services))


async def _ready(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await asyncio.to_thread(check)
    except Exception:  # a part that fails while asked is not ready, whatever the reason
        return False


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Prometheus text"},
        **documented(problems.UNEXPECTED),
    },
)
async def metrics(services: Services) -> Response:
    """Figures for Prometheus."""
    if services.system is not None:
        await services.system.look()
    return Response(services.figures.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/services", responses=documented(problems.TOO_MANY, problems.UNEXPECTED))
async def list_services(services: Services) -> ServiceList:
    """Every service of the catalogue."""
    entries: list[dict[str, Any]] = services.list_services()
    return ServiceList(services=[ServiceEntry.model_validate(entry) for entry in entries])
