"""The costs of this machine's engines, measured once and kept in the cache for these engines and cores."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from donghaeng.measuring import engines
from donghaeng.measuring.capacity import CACHED_SHARE, Costs, carries
from donghaeng.speech.engines import EngineInfo, Recogniser, Synthesiser, VoiceActivity
from donghaeng.trust.kept_json import read_kept, write_kept

FILE: Final = "capacity.json"
LEAST_A_CORE: Final = 2
"""Whatever was measured: whoever is answered after three seconds is better off than whoever waits in a queue,
and a measurement taken while something else kept the cores busy must not shut people out."""
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Engines:
    """What hears and speaks."""

    synthesiser: Synthesiser
    activity: VoiceActivity
    recogniser: Recogniser

    @property
    def infos(self) -> tuple[EngineInfo, ...]:
        """What they are."""
        return self.synthesiser.info, self.activity.info, self.recogniser.info


def usable_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def fingerprint(infos: Sequence[EngineInfo]) -> str:
    """Names these engines on this machine: another model, another machine or other cores are another name."""
    told = [FORMAT, usable_cores(), platform.machine(), platform.node()]
    told += [[info.name, info.version, info.model, info.sha256, sorted(info.extra.items())] for info in infos]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def measure(found: Engines) -> Costs:
    """Speak, find and hear one sentence. Takes seconds and is right only while nothing else runs here.

    Raises:
        EngineError: an engine failed.
    """
    spoken = engines.speak(found.synthesiser)
    assert spoken.sound is not None
    return Costs(
        hear=engines.hear(found.recogniser, spoken.sound).figures[engines.COST],
        speak=spoken.figures[engines.COST],
        listen=engines.find_speech(found.activity, spoken.sound).figures[engines.COST],
    )


def keep(cache: Path, infos: Sequence[EngineInfo], costs: Costs) -> None:
    """Keep what was measured; a folder that takes no file costs another measurement, nothing else."""
    write_kept(cache / FILE, {"engines": fingerprint(infos), "costs": asdict(costs)})


def kept(cache: Path, infos: Sequence[EngineInfo]) -> Costs | None:
    """What was measured of these engines on this machine; None where that was never, or cannot be read."""
    try:
        content = read_kept(cache / FILE)
        if content is None or content["engines"] != fingerprint(infos):
            return None
        costs = Costs(**{name: float(value) for name, value in content["costs"].items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return costs if min(costs.hear, costs.speak, costs.listen) >= 0 else None


def places(costs: Costs, *, cached: float = CACHED_SHARE) -> int:
    """How many live conversations this machine carries, :data:`LEAST_A_CORE` a core at least."""
    cores = usable_cores()
    return max(LEAST_A_CORE * cores, carries(costs, cores, cached=cached).live)
