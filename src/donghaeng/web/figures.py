"""Figures for Prometheus: every name and label of them, in this one module.

No label ever holds anything about a person, and each has few values: a name of ours (channel, service of the
catalogue, interface of a provider) or a word of a fixed list; :func:`bounded` makes sure of what comes from
outside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from donghaeng import __version__
from donghaeng.conversation.reply import Reply
from donghaeng.errors import DonghaengError
from donghaeng.tower.figures.metering import Measure
from donghaeng.trust.tracing import Step

LATENCY_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Upper bounds in seconds; 2 s is where a citizen begins to wonder."""
STEP_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Of single steps, which take from half a millisecond (masking) to seconds (a provider that is slow)."""
CONFIDENCE_BUCKETS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
UNKNOWN: Final = float("nan")
"""Of a gauge that nobody could look at now."""
OTHER: Final = "other"
"""Stands for a label's value that is on no list."""
NO_SERVICE: Final = "none"
CIRCUIT_FIGURES: Final = MappingProxyType({"closed": 0.0, "half_open": 0.5, "open": 1.0})

StandingName = Literal[
    "database_up",
    "outbox_pending",
    "outbox_oldest_seconds",
    "handovers_waiting",
    "counsellors_ready",
    "disk_free_bytes",
    "backup_age_seconds",
    "incident_seconds_left",
]
STANDING: Final[Mapping[StandingName, str]] = MappingProxyType(
    {
        "database_up": "Whether the database answered when it was asked last (1) or not (0)",
        "outbox_pending": "Confirmed requests whose answer is awaited",
        "outbox_oldest_seconds": "Age of the oldest such request, 0 where there is none",
        "handovers_waiting": "Citizens who wait for a counsellor now",
        "counsellors_ready": "Counsellors who could take one now",
        "disk_free_bytes": "Room left for the data folder",
        "backup_age_seconds": "Age of the last backup that was noted, NaN where none was",
        "incident_seconds_left": "Time until the nearest duty of an incident is due, NaN where none is open",
    }
)
"""Gauges of how the installation stands, without ``donghaeng_``; read when Prometheus asks."""
_ANSWERS: Final = frozenset(
    {"ok", "empty", "refused", "unconnected", "failed", "unanswered", "stale"}
    | {"ProviderError", "ProviderTimeout", "ProviderUnavailable", "ProviderDenied", "ProviderUnconnected"}
    | {"MalformedAnswer", "QuotaUsedUp", "InputError"}
)


def bounded(outcome: str) -> str:
    """A provider's outcome as a label: a word or error class of ours, never what a provider wrote."""
    return outcome if outcome in _ANSWERS else OTHER


class Figures:
    """The counters of one process, in a registry of their own so that two servers can live in one test."""

    def __init__(self, meter: Callable[[Measure, float], None] | None = None) -> None:
        """``meter``: is told the seconds and confidences that the control tower keeps."""
        self._meter = meter or (lambda measure, value: None)
        self.registry = CollectorRegistry()
        self._conversations = Counter(
            "donghaeng_conversations", "Conversations opened", ["channel"], registry=self.registry
        )
        self._turns = Counter(
            "donghaeng_turns",
            "Turns answered, by what became of them",
            ["medium", "service", "outcome"],
            registry=self.registry,
        )
        self._turn_failures = Counter(
            "donghaeng_turn_failures",
            "Turns that were not answered, by the class of the error",
            ["medium", "error"],
            registry=self.registry,
        )
        self._steps = Histogram(
            "donghaeng_step_seconds",
            "Seconds of each step of a turn",
            ["step"],
            buckets=STEP_BUCKETS,
            registry=self.registry,
        )
        self._confidence = Histogram(
            "donghaeng_recogniser_confidence",
            "Confidence of the recogniser in the words of spoken turns",
            buckets=CONFIDENCE_BUCKETS,
            registry=self.registry,
        )
        self._turn_seconds = Histogram(
            "donghaeng_turn_seconds",
            "Seconds from a turn's words to its reply",
            ["medium"],
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        self._calls = Counter(
            "donghaeng_calls", "Calls to the city", ["service", "effect", "outcome"], registry=self.registry
        )
        self._providers = Counter(
            "donghaeng_provider_answers",
            "Answers of providers",
            ["provider", "outcome"],
            registry=self.registry,
        )
        self._circuits = Gauge(
            "donghaeng_provider_open",
            "Whether a provider is left alone because it fails (1), tried again (0.5) or asked as ever (0)",
            ["interface"],
            registry=self.registry,
        )
        self._models = Counter(
            "donghaeng_language_model_answers",
            "Questions to the language model",
            ["outcome"],
            registry=self.registry,
        )
        self._rewordings = Counter(
            "donghaeng_rewordings",
            "Answers that the language model was to word anew",
            ["outcome"],
            registry=self.registry,
        )
        self._machine = Gauge(
            "donghaeng_machine_on",
            "Whether the machine answers (1) or is switched off",
            registry=self.registry,
        )
        self._machine.set(1)
        self._handovers = Counter("donghaeng_handovers", "Requests for a person", registry=self.registry)
        self._refusals = Counter(
            "donghaeng_problems", "Requests answered with a problem", ["kind"], registry=self.registry
        )
        self._live = Gauge("donghaeng_live_sessions", "Live voice sessions now", registry=self.registry)
        self._places = Gauge("donghaeng_live_places", "Places for live sound", registry=self.registry)
        self._taken = Gauge(
            "donghaeng_live_places_taken", "Places for live sound in use now", registry=self.registry
        )
        self._waiting = Gauge(
            "donghaeng_live_waiting", "Callers that wait for a place now", registry=self.registry
        )
        self._first_sound = Histogram(
            "donghaeng_first_sound_seconds",
            "Seconds from the end of speech to the first sound of the answer",
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        build = Gauge("donghaeng_build_info", "Always 1", ["version"], registry=self.registry)
        build.labels(__version__).set(1)
        self._gauges = {
            name: Gauge(f"donghaeng_{name}", meaning, registry=self.registry)
            for name, meaning in STANDING.items()
        }
        for gauge in self._gauges.values():
            gauge.set(UNKNOWN)

    def opened(self, channel: str) -> None:
        """A conversation began on ``channel``."""
        self._conversations.labels(channel).inc()

    def turn(self, medium: str, reply: Reply, seconds: float) -> None:
        """A turn of ``medium`` (``text``, ``keys``, ``speech`` or ``silence``) was answered."""
        self._turns.labels(medium, reply.service or NO_SERVICE, reply.outcome).inc()
        self._turn_seconds.labels(medium).observe(seconds)
        self._meter("turn_seconds", seconds)
        for call in reply.calls:
            self._calls.labels(call.service, call.effect, call.outcome).inc()
            if call.effect == "handover":
                self._handovers.inc()

    def turn_failed(self, medium: str, error: BaseException) -> None:
        """A turn of ``medium`` ended in an error instead of a reply."""
        name = type(error).__name__ if isinstance(error, DonghaengError) else OTHER
        self._turn_failures.labels(medium, name).inc()

    def step(self, step: Step, seconds: float) -> None:
        """A step of a turn took ``seconds``."""
        self._steps.labels(step.value).observe(seconds)

    def heard(self, confidence: float) -> None:
        """The recogniser gave words with ``confidence``."""
        self._confidence.observe(confidence)
        self._meter("confidence", confidence)

    def standing(self, name: StandingName, value: float | None) -> None:
        """How the whole installation stands in one respect; None: nobody knows now."""
        self._gauges[name].set(UNKNOWN if value is None else value)

    def provider_answer(self, provider: str, outcome: str) -> None:
        """A provider answered; ``outcome`` is ``ok``, ``empty`` or the name of the error class."""
        self._providers.labels(provider, bounded(outcome)).inc()

    def circuit(self, interface: str, state: str) -> None:
        """A provider's interface is left alone (``open``), tried (``half_open``) or asked (``closed``)."""
        self._circuits.labels(interface).set(CIRCUIT_FIGURES[state])

    def model_answer(self, outcome: str) -> None:
        """The language model was asked: ``taken``, ``same``, ``invalid`` or the reason of a failure."""
        self._models.labels(outcome).inc()

    def reworded(self, outcome: str) -> None:
        """An answer was to be worded anew: ``reworded``, ``same``, ``ungrounded``, ``invalid`` or the reason
        of a failure."""
        self._rewordings.labels(outcome).inc()

    def problem(self, kind: str) -> None:
        """A request was answered with a problem document of ``kind``."""
        self._refusals.labels(kind).inc()

    def machine(self, off: bool) -> None:
        """The machine was switched off or on."""
        self._machine.set(0 if off else 1)

    def live(self, change: int) -> None:
        """A live session began (+1) or ended (−1)."""
        self._live.inc(change)

    def admission(self, places: int, taken: int, waiting: int) -> None:
        """The places for live sound, those in use, and the callers that wait for one."""
        self._places.set(places)
        self._taken.set(taken)
        self._waiting.set(waiting)

    def first_sound(self, seconds: float) -> None:
        """The first sound of an answer came ``seconds`` after the end of speech."""
        self._first_sound.observe(seconds)
        self._meter("first_sound", seconds)

    def text(self) -> bytes:
        """Everything in Prometheus' text format 0.0.4."""
        return generate_latest(self.registry)
