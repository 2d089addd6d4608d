"""What this installation is made of, as the process compares it from one look to the next: composition root.

The contents of a knowledge set, of a service and of an engine are told of their own subjects; of the system
its engines, models, weights and prompts, and which knowledge sets there are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from donghaeng.app.served_knowledge import DOCUMENTS
from donghaeng.city.services import Catalogue
from donghaeng.knowledge import rewording
from donghaeng.office.drafts import wording
from donghaeng.settings import Settings
from donghaeng.store import Store, knowledge
from donghaeng.tower.process.desk import Present
from donghaeng.tower.process.rules import Kind
from donghaeng.tower.process.state import Subject
from donghaeng.trust.supply.weights import Weights, load_weights, place_of
from donghaeng.understanding.proposing import prompt

SYSTEM: Final = "donghaeng"
"""The whole of this program as a subject of the process."""
NOTHING: Final = "none"
ENGINE_NAMES: Final = {
    "recogniser": "받아쓰기 엔진",
    "synthesiser": "말하기 엔진",
    "voice_activity": "말소리 찾기 엔진",
    "embedder": "뜻 견주기 엔진",
    "language_model": "언어 모델",
}


def engine_id(part: str, name: str) -> str:
    """The id of an engine as a subject: ``recogniser.whisper``."""
    return f"{part}.{re.sub(r'[^A-Za-z0-9_.-]', '-', name)}"[:64]


def engines_in_use(settings: Settings, *, speech: bool) -> tuple[str, ...]:
    """The engines without which this process answers nobody; the language model is none of them."""
    found = [engine_id("embedder", settings.embedder)]
    if speech:
        found += [
            engine_id("recogniser", settings.recogniser),
            engine_id("synthesiser", settings.synthesiser),
            engine_id("voice_activity", settings.voice_activity),
        ]
    return tuple(found)


def model_id(settings: Settings) -> str:
    """The language model as a subject."""
    return engine_id("language_model", settings.language_model_name or settings.language_model)


def present(settings: Settings, catalogue: Catalogue, store: Store) -> dict[Subject, Present]:
    """Everything that is there to go through the process."""
    engines = dict(_engines(settings))
    files = sorted((settings.catalogue / "knowledge").glob("*.yaml"))
    sets = [file.stem for file in files] + [DOCUMENTS]
    system = {
        **{f"model/{part}": NOTHING for part in ENGINE_NAMES},
        **{f"model/{one.partition('.')[0]}": seen for one, seen in engines.items()},
        **prompts(settings),
        "knowledge/sets": _hash(sets),
    }
    found = {Subject(Kind.SYSTEM, SYSTEM): Present("동행", parts=system)}
    for one in catalogue.values():
        definition = catalogue.folder / "services" / one.id / "service.yaml"
        found[Subject(Kind.SERVICE, one.id)] = Present(one.name, _hash_of(definition))
    for file in files:
        found[Subject(Kind.KNOWLEDGE, file.stem)] = Present(f"{file.stem} 대목 모음", _hash_of(file))
    found[Subject(Kind.KNOWLEDGE, DOCUMENTS)] = Present("올린 문서", documents_seen(store))
    for engine, seen in engines.items():
        part, _, name = engine.partition(".")
        found[Subject(Kind.ENGINE, engine)] = Present(f"{ENGINE_NAMES[part]} {name}", seen)
    return found


def documents_seen(store: Store) -> str:
    """Hash of which version of which uploaded document answers."""
    return _hash({name: one.version for name, one in store.look(knowledge.served).items()})


def prompts(settings: Settings) -> Mapping[str, str]:
    """Hashes of what a language model is told to do, where one is plugged in."""
    plugged = settings.language_model_url is not None
    rewords = plugged and settings.language_model_rewords
    words_drafts = plugged and settings.language_model_rewords_drafts
    return {
        "prompt/proposing": _hash(prompt.TASK) if plugged else NOTHING,
        "prompt/rewording": _hash(rewording.TASK) if rewords else NOTHING,
        "prompt/rewording_drafts": _hash(wording.TASK) if words_drafts else NOTHING,
    }


def weights_present(settings: Settings) -> dict[Subject, Present]:
    """The checksums of the installed weights, for the system and for the engines in use. Reads some hundred
    megabytes: a second, on a thread."""
    seen = {one: digest for one in load_weights() if (digest := _digest(one)) is not None}
    named = {f"model/{one.name}"[:120]: digest for one, digest in seen.items()}
    found = {Subject(Kind.SYSTEM, SYSTEM): Present("동행", parts=named)}
    for engine in engines_in_use(settings, speech=True):
        part, _, name = engine.partition(".")
        own = {
            f"model/{one.name}"[:120]: digest
            for one, digest in seen.items()
            if name.casefold() in (one.name.casefold()[: len(name)], one.package[: len(name)])
        }
        if own:
            found[Subject(Kind.ENGINE, engine)] = Present(f"{ENGINE_NAMES[part]} {name}", parts=own)
    return found


def _engines(settings: Settings) -> Iterator[tuple[str, str]]:
    """Each engine with a hash of its name, its model and its address."""
    models = {
        "recogniser": (settings.recogniser_model, settings.recogniser_url),
        "synthesiser": (settings.synthesiser_model, settings.synthesiser_url),
        "language_model": (settings.language_model_name, settings.language_model_url),
    }
    engines = list(engines_in_use(settings, speech=True))
    if settings.language_model_url is not None:
        engines.append(model_id(settings))
    for engine in engines:
        part, _, name = engine.partition(".")
        model, address = models.get(part, (None, None))
        told = f"{name} {model}" + (f" {address}" if address else "")
        yield engine, hashlib.sha256(told.encode()).hexdigest()


def _digest(weights: Weights) -> str | None:
    path = place_of(weights)
    if path is None or not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _hash_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
