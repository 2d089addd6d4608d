"""Builds the language model that the settings name, with the limits around it.

An entry point of :data:`LANGUAGE_MODELS` names a class. Its constructor takes, by keyword, whatever it wants
of ``url``, ``model``, ``key`` and ``answer_format``; parameters without a default must be among them.
"""

from __future__ import annotations

import inspect
from importlib.metadata import entry_points
from typing import Any, Final, cast

import structlog

from donghaeng.errors import EngineMissing
from donghaeng.language_models.chat_completions import stays_inside
from donghaeng.language_models.guard import GuardedModel
from donghaeng.language_models.protocol import LanguageModel
from donghaeng.settings import Settings

LANGUAGE_MODELS: Final = "donghaeng.language_models"
"""Entry-point group of the language models."""

_log = structlog.get_logger(__name__)


def load_language_model(settings: Settings, *, deadline_s: float | None = None) -> GuardedModel | None:
    """The model, or None where no address is set: then nothing is ever asked.

    Args:
        settings: address, key, limits.
        deadline_s: another deadline than the settings'.

    Raises:
        EngineMissing: no such engine is installed; the message names those there are.
        SettingsError: the address is none.
    """
    if settings.language_model_url is None:
        return None
    if not stays_inside(settings.language_model_url):
        _log.warning("language_model.outside", remedy="what citizens say leaves this network")
    return GuardedModel(
        _build(settings),
        deadline_s=deadline_s or settings.language_model_deadline_s,
        at_once=settings.language_model_at_once,
    )


def _build(settings: Settings) -> LanguageModel:
    points = {point.name: point for point in entry_points(group=LANGUAGE_MODELS)}
    name = settings.language_model
    if name not in points:
        raise EngineMissing(
            f"language model: {name!r} is not installed",
            remedy=f"choose one of {', '.join(sorted(points)) or 'none'}",
        )
    try:
        engine = points[name].load()
    except ImportError as error:
        raise EngineMissing(
            f"language model: {name!r} cannot be imported: {error}",
            remedy=f"install its package ({points[name].value})",
        ) from error
    key = settings.language_model_key
    offered: dict[str, Any] = {
        "url": settings.language_model_url,
        "model": settings.language_model_name,
        "key": key.get_secret_value() if key is not None else None,
        "answer_format": settings.language_model_format,
    }
    wanted = inspect.signature(engine).parameters
    return cast(LanguageModel, engine(**{name: value for name, value in offered.items() if name in wanted}))
