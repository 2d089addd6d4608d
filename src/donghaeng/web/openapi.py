"""`/openapi.json`: what FastAPI finds in the routes, and what it cannot see."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from donghaeng.web.bodies import CodeBody, KeyTurn, OpeningBody, PreferenceBody, ScoreBody, TextTurn
from donghaeng.web.problems import Problem
from donghaeng.web.tower_feeds import FeedBody

REFERENCE: Final = "#/components/schemas/{model}"
DESCRIPTION: Final = (
    "Say it in Korean; the city does it; the agent answers aloud. Every error is a problem document "
    "(RFC 9457). Live voice is the WebSocket `/v1/voice`, which OpenAPI cannot describe."
)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of ``app``. Bodies are read by hand, so their schemas are put in here."""
    document = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    _, definitions = models_json_schema(
        [
            (OpeningBody, "validation"),
            (CodeBody, "validation"),
            (TextTurn, "validation"),
            (KeyTurn, "validation"),
            (ScoreBody, "validation"),
            (PreferenceBody, "validation"),
            (FeedBody, "validation"),
            (Problem, "serialization"),
        ],
        ref_template=REFERENCE,
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(definitions["$defs"])
    schemas["TurnBody"] = {
        "oneOf": [{"$ref": REFERENCE.format(model=name)} for name in ("TextTurn", "KeyTurn")]
    }
    return document
