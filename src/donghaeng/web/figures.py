"""Figures for Prometheus. No label ever holds anything about a person."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from donghaeng.conversation.reply import Reply

LATENCY_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Upper bounds in seconds; 2 s is where a citizen begins to wonder."""
NO_SERVICE: Final = "none"
CIRCUIT_FIGURES: Final = MappingProxyType({"closed": 0.0, "half_open": 0.5, "open": 1.0})


class Figures:
    """The counters of one process, in a registry of their own so that two servers can live in one test."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._conversations = Counter(
            "donghaeng_conversations", "Conversations opened", ["channel"], registry=self.registry
        )
        self._turns = Counter(
            "donghaeng_turns", "Turns answered", ["medium", "service"], registry=self.registry
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

    def opened(self, channel: str) -> None:
        """A conversation began on ``channel``."""
        self._conversations.labels(channel).inc()

    def turn(self, medium: str, reply: Reply, seconds: float) -> None:
        """A turn of ``medium`` (``text``, ``keys``, ``speech`` or ``silence``) was answered."""
        self._turns.labels(medium, reply.service or NO_SERVICE).inc()
        self._turn_seconds.labels(medium).observe(seconds)
        for call in reply.calls:
            self._calls.labels(call.service, call.effect, call.outcome).inc()
            if call.effect == "handover":
                self._handovers.inc()

    def provider_answer(self, provider: str, outcome: str) -> None:
        """A provider answered; ``outcome`` is ``ok``, ``empty`` or the name of the error class."""
        self._providers.labels(provider, outcome).inc()

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

    def text(self) -> bytes:
        """Everything in Prometheus' text format 0.0.4."""
        return generate_latest(self.registry)
