"""What Prometheus reads: names in one module, labels that tell of nobody, and what is counted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from donghaeng.city.providers.circuits import CircuitState
from donghaeng.conversation.door import Said
from donghaeng.conversation.reply import Call, Handover, Reply, Show
from donghaeng.errors import StoreError
from donghaeng.web import figures as figures_module
from donghaeng.web.counted import CountedConversations
from donghaeng.web.figures import CIRCUIT_FIGURES, OTHER, Figures


@pytest.mark.parametrize("state", list(CircuitState))
def test_every_state_of_a_circuit_is_a_figure(state: CircuitState) -> None:
    figures = Figures()
    figures.circuit("bus stationinfo/getStationByUid", state.value)
    line = f'donghaeng_provider_open{{interface="bus stationinfo/getStationByUid"}} {CIRCUIT_FIGURES[state]}'
    assert line in figures.text().decode()


LABELS = {
    *("channel", "medium", "service", "outcome", "error", "step", "effect", "provider", "interface", "kind"),
    "version",
}
"""Every label: a name of ours, or a word of a fixed list."""


def test_every_name_is_in_one_module_and_every_label_on_the_list() -> None:
    package = Path(figures_module.__file__).parents[1]
    makers = re.compile(r"prometheus_client import [^\n]*(Counter|Gauge|Histogram|Summary|Info|Enum)")
    own = [path for path in package.rglob("*.py") if makers.search(path.read_text(encoding="utf-8"))]
    assert [path.name for path in own] == ["figures.py"]
    collectors = set(Figures().registry._collector_to_names)
    assert {name for one in collectors for name in one._labelnames} == LABELS
    assert all(one._name.startswith("donghaeng_") for one in collectors)


def test_what_comes_from_outside_makes_no_new_label() -> None:
    figures = Figures()
    for word in ("01012345678", "김복순 님은 안 돼요", "x" * 1000, "ProviderTimeout"):
        figures.provider_answer("gateway", word)
        figures.turn_failed("text", KeyError(word))
    text = figures.text().decode()
    assert set(re.findall(r'donghaeng_provider_answers_total\{outcome="(\w+)"', text)) == {
        OTHER,
        "ProviderTimeout",
    }
    assert set(re.findall(r'donghaeng_turn_failures_total\{error="(\w+)"', text)) == {OTHER}


def test_a_turn_is_counted_by_what_became_of_it() -> None:
    figures = Figures()
    reply = Reply(conversation="c", token="t", turn=1, say="네", show=Show(text="네"), service="weather")
    for change in (
        {},
        {"expects": "slot"},
        {"ended": True},
        {"calls": [Call(service="weather", effect="read", outcome=one) for one in ("ok", "failed", "empty")]},
        {"handover": Handover(state="queued")},
    ):
        figures.turn("text", reply.model_copy(update=change), 0.1)
    text = figures.text().decode()
    for outcome in ("said", "asked", "ended", "failed", "handover"):
        line = f'donghaeng_turns_total{{medium="text",outcome="{outcome}",service="weather"}} 1.0'
        assert line in text


async def test_a_turn_that_is_not_answered_is_counted_and_confidence_is_noted() -> None:
    class Failing:
        async def turn(self, *_: object, **__: object) -> Reply:
            raise StoreError("gone")

    figures = Figures()
    counted = CountedConversations(Failing(), figures)
    with pytest.raises(StoreError):
        await counted.turn("c", "t", Said(text="비 와요", spoken=True, confidence=0.42))
    text = figures.text().decode()
    assert 'donghaeng_turn_failures_total{error="StoreError",medium="speech"} 1.0' in text
    assert 'donghaeng_recogniser_confidence_bucket{le="0.5"} 1.0' in text
    assert 'donghaeng_recogniser_confidence_bucket{le="0.4"} 0.0' in text
    assert "donghaeng_outbox_pending NaN" in text
