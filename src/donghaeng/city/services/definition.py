"""What a service file may say: the model behind ``service.yaml`` and its published JSON Schema.

A service is data. Everything that the agent does with it follows from these fields through one general
mechanism (``donghaeng.dialogue``); there is no code for a single service.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from donghaeng.city.operations import Effect
from donghaeng.city.services.templates import evaluate
from donghaeng.korean.counts import COUNTERS

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Korean = Annotated[str, StringConstraints(min_length=1, max_length=400, strip_whitespace=True)]
Template = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=400)]

SlotTypeName = Literal[
    "address",
    "choice",
    "count",
    "date",
    "datetime",
    "district",
    "dong",
    "line",
    "person_name",
    "phone",
    "place",
    "receipt",
    "route",
    "station",
    "stop",
    "text",
    "time",
]

Domain = Literal[
    "transport",
    "safety",
    "health",
    "welfare",
    "economy",
    "culture",
    "tourism",
    "learning",
    "family",
    "environment",
    "water",
    "administration",
    "account",
    "knowledge",
]


EMERGENCY = "emergency"
"""The service that stands before all others: its words and replies are in ``lexicon/emergencies.yaml``."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Owner(_Model):
    """Who answers for the service, and where people answer when the machine cannot."""

    department: Korean = Field(description="the city's department or body")
    handover_number: str = Field(pattern=r"^[0-9-]{3,13}$", description="number that people answer")


class Prompts(_Model):
    """How a slot is asked for; each later form changes the wording, never only repeats it."""

    first: Template = Field(description="the first question; one question, at most two sentences")
    again: Template = Field(description="after an answer that did not fit: other words and an example")
    help: Template | None = Field(
        default=None, description='said after "모르겠어요": where the citizen finds the value'
    )


class Choice(_Model):
    """One value of a choice slot."""

    name: Korean = Field(description="how it is said and shown")
    says: list[Korean] = Field(
        default_factory=list, description="words or word stems that mean it, beside its name"
    )


class SlotSpec(_Model):
    """A piece of information that a service needs."""

    type: SlotTypeName
    required: bool = Field(default=True, description="optional slots are taken when said, never asked for")
    name: Korean = Field(description="what it is called when it is read back")
    prompts: Prompts | None = Field(default=None, description="required unless the slot is optional")
    values: dict[str, Choice] | None = Field(default=None, description="the values of a choice slot")
    default: str | int | Literal["here", "home_district", "channel", "now", "today", "last_stop"] | None = (
        Field(
            default=None,
            description="taken when nothing was said: a value, or `here`, `home_district`, `channel` (web, "
            "kiosk, phone, chat), `now`, `today`; `last_stop`, of a stop, is asked about before it is taken",
        )
    )
    lexicon: Identifier | None = Field(
        default=None, description="file in catalogue/lexicon whose words are likely values of a text slot"
    )
    counters: dict[Korean, Annotated[int, Field(ge=1)]] | None = Field(
        default=None,
        description="words after the number of a count slot, with how many of each make one of what is "
        "counted (`{살: 1, 개월: 12}`: 18개월 is one year); things and people when left out",
    )
    digits: int | None = Field(
        default=None, ge=4, le=24, description="how many digits the number of a receipt slot has, always"
    )
    before: list[Korean] = Field(
        default_factory=list, description="word stems that follow a text value (버리, 내놓 …)"
    )
    several_words: bool = Field(
        default=False,
        description="what stands before the words in `before` may be a name of several words",
    )
    whole: bool = Field(
        default=False,
        description="all of the utterance that asks for the service is the value of a text slot",
    )
    whereabouts: bool = Field(
        default=False,
        description="a text slot that tells where something is: unasked, a place with a name is its value",
    )
    tells: bool = Field(
        default=False,
        description="a text slot that tells what is the matter: unasked, what a long breath says of that is "
        "its value, without the request, the place and how to call back",
    )
    ambiguous: Template | None = Field(
        default=None,
        description="question when several candidates remain; each option's label comes from `option`",
    )
    option: Template | None = Field(
        default=None, description="how one candidate is named; sees `value` and, after a call, `row`"
    )
    past: bool = Field(
        default=False,
        description="a date that is not to come: a weekday, or a day without a year, is the last one",
    )
    birth: bool = Field(
        default=False, description="a date of birth: always with its year, and one of two digits is 19xx"
    )
    picks: Picks | None = Field(default=None, description="where values to choose from come from")
    internal: bool = Field(
        default=False, description="asked for on the way and no part of the service as others know it"
    )

    @model_validator(mode="after")
    def _consistent(self) -> SlotSpec:
        if (self.type == "choice") != (self.values is not None):
            raise ValueError("`values` belongs to slots of type choice, and to them alone")
        if self.counters is not None:
            self._counts()
        if self.digits is not None and self.type != "receipt":
            raise ValueError("`digits` belongs to slots of type receipt")
        if self.past and self.type != "date":
            raise ValueError("`past` belongs to slots of type date")
        if self.default == "last_stop" and (self.type != "stop" or self.prompts is None):
            raise ValueError("`default: last_stop` belongs to slots of type stop that have `prompts`")
        if self.required and self.default is None and self.prompts is None:
            raise ValueError("a required slot without a default needs `prompts`")
        return self

    def _counts(self) -> None:
        if self.type != "count":
            raise ValueError("`counters` belongs to slots of type count")
        unknown = sorted(set(self.counters or ()) - set(COUNTERS))
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no word that Korean counts with (korean/counts.py)")


class CallSpec(_Model):
    """One operation of a provider, with what is kept of its rows."""

    operation: str = Field(pattern=r"^[a-z_]+\.[a-z_]+$", description="`provider.operation`")
    arguments: dict[str, Expression] = Field(
        default_factory=dict,
        description="parameter: expression over slots, `now`, `today`, `here`, `home_district`, `written` and"
        " `answered`, the row that was answered from last where the question is about that",
    )
    keep: Expression | None = Field(default=None, description="rows for which this holds are kept")
    order: Expression | None = Field(default=None, description="rows are sorted by this, smallest first")
    most: int = Field(default=3, ge=1, le=50, description="at most so many rows are kept")
    optional: bool = Field(
        default=False,
        description="a look-up that may find nothing: its variable is empty then. Otherwise that is a "
        "refusal with the reason `no_<name>`",
    )


class Picks(CallSpec):
    """Where the values of a slot come from when the citizen has not said one: rows of an operation. One row
    is taken unless it is unsure, several are offered, none is a refusal with the reason `no_<slot>`."""

    value: Expression = Field(description="the slot's value, an expression over `row`")
    option: Template = Field(description="how one row is named when it is offered; sees `row`")
    unsure: Expression | None = Field(
        default=None, description="whether one row alone is offered too, an expression over `row`"
    )


class CardSpec(_Model):
    """What a screen shows with the reply."""

    kind: Literal["list", "receipt", "map", "answer"]
    title: Template | None = None
    row: dict[Literal["title", "detail", "value", "phone", "url", "lat", "lon"], Template] = Field(
        description="one row of the card; sees `row`. `url` is an https address that a tap opens"
    )


class Replies(_Model):
    """What is said after the call. Templates see the slots, `rows` and, where there is one, `row` (the
    first), `receipt` and the look-ups."""

    ok: Template
    empty: Template | None = Field(default=None, description="the provider has nothing; reads need it")
    failed: Template | None = Field(
        default=None, description="the provider did not answer; a general apology when left out"
    )
    refused: dict[str, Template] = Field(
        default_factory=dict, description="a write that the city turned down, by its reason (`full` …)"
    )
    again: dict[str, Identifier | list[Identifier]] = Field(
        default_factory=dict,
        description="reason: slot that is asked for again after a refusal; of several all are cleared, and "
        "the first is asked for",
    )

    def asked_again(self, reason: str) -> tuple[str, ...]:
        """The slots that are asked for again after a refusal; none where nothing can be said otherwise."""
        slots = self.again.get(reason, [])
        return (slots,) if isinstance(slots, str) else tuple(slots)

    message: Template | None = Field(
        default=None,
        description="text message to the slot `phone` after it went well; writes have a general one",
    )


class Procedure(_Model):
    """One way in which a service is carried out."""

    when: Expression | None = Field(
        default=None, description="over the slots; the first procedure for which it holds is taken"
    )
    effect: Effect
    needs: list[Identifier] = Field(
        default_factory=list, description="optional slots that this procedure cannot do without"
    )
    lookups: dict[Identifier, CallSpec] = Field(
        default_factory=dict, description="read before confirming (a fee); their first row is a variable"
    )
    call: CallSpec | None = Field(default=None, description="what carries the service out")
    confirm: Template | None = Field(
        default=None, description="read back before a write; ends in the yes/no question"
    )
    reply: Replies
    card: CardSpec | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Procedure:
        if self.effect is Effect.WRITE and self.confirm is None:
            raise ValueError("a write needs `confirm`: nothing is sent without a spoken yes")
        if self.effect is not Effect.WRITE and self.confirm is not None:
            raise ValueError("`confirm` belongs to writes alone")
        if self.effect in (Effect.READ, Effect.GUIDE) and self.call is None:
            raise ValueError(f"a service with effect {self.effect} needs `call`")
        if self.effect is Effect.READ and self.reply.empty is None:
            raise ValueError("a read needs `reply.empty`")
        return self


_OWN_PROCEDURE = ("lookups", "call", "confirm", "reply", "card")


class ServiceDefinition(_Model):
    """A service of the catalogue (``catalogue/services/<id>/service.yaml``).

    What carries it out stands in the service itself or, where that depends on what the citizen wants, in
    several ``procedures``.
    """

    id: Identifier
    name: Korean
    domain: Domain
    effect: Effect
    carried_out: Literal["live", "gateway", "handoff", "builtin"] = Field(
        description="live: public API; gateway: the city's own API; handoff: prepared and given to people; "
        "builtin: the agent's own"
    )
    owner: Owner
    sources: list[str] = Field(min_length=1, description="where its facts come from")
    examples: list[Korean] = Field(min_length=8, description="utterances that ask for it")
    slots: dict[Identifier, SlotSpec] = Field(default_factory=dict)
    lookups: dict[Identifier, CallSpec] = Field(
        default_factory=dict, description="read before confirming (a fee); their first row is a variable"
    )
    call: CallSpec | None = Field(default=None, description="what carries the service out")
    confirm: Template | None = Field(
        default=None, description="read back before a write; ends in the yes/no question"
    )
    reply: Replies | None = Field(default=None, description="what is said when it was carried out")
    card: CardSpec | None = None
    procedures: list[Procedure] = Field(
        default_factory=list, description="instead of the five above, where there are several ways"
    )

    @model_validator(mode="after")
    def _consistent(self) -> ServiceDefinition:
        own = [name for name in _OWN_PROCEDURE if getattr(self, name)]
        if not self.is_served and (own or self.procedures):
            raise ValueError(
                "emergencies are answered from lexicon/emergencies.yaml: `call`, `lookups`, `confirm`, "
                "`reply`, `card` and `procedures` belong to the other services"
            )
        if not self.is_served:
            return self
        if self.procedures and own:
            raise ValueError(f"`procedures` stand instead of {', '.join(f'`{name}`' for name in own)}")
        if self.procedures and self.procedures[-1].when is not None:
            raise ValueError("the last of the `procedures` is for all else and has no `when`")
        if not self.procedures and self.reply is None:
            raise ValueError("needs `reply`")
        ways = self.procedures or [self._own()]
        if self.carried_out != "handoff" and any(way.effect is Effect.WRITE and not way.call for way in ways):
            raise ValueError("a service with effect write needs `call`, unless it is `carried_out: handoff`")
        return self

    def _own(self) -> Procedure:
        assert self.reply is not None
        return Procedure(
            effect=self.effect,
            lookups=self.lookups,
            call=self.call,
            confirm=self.confirm,
            reply=self.reply,
            card=self.card,
        )

    @property
    def is_served(self) -> bool:
        """Whether frames are opened for it: not for the emergencies, which are answered from their own
        table."""
        return self.id != EMERGENCY

    @cached_property
    def ways(self) -> tuple[Procedure, ...]:
        """Every procedure; none of a service that is not served."""
        if not self.is_served:
            return ()
        return tuple(self.procedures) or (self._own(),)

    def way(self, slots: Mapping[str, Any]) -> Procedure:
        """The procedure that the slot values call for.

        Raises:
            TemplateFault: a ``when`` needs what is not there.
        """
        values = {name: slots.get(name) for name in self.slots}
        return next(way for way in self.ways if way.when is None or evaluate(way.when, values))

    def required_slots(self, slots: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the slots that must be filled, in the order in which they are asked for: what the
        service needs first, then what the procedure needs that those call for."""
        always = tuple(name for name, spec in self.slots.items() if spec.required)
        if any(name not in slots for name in always):
            return always
        needs = self.way(slots).needs
        return (*always, *(name for name in needs if name not in always))


def service_schema() -> dict[str, Any]:
    """The JSON Schema of ``service.yaml``, published as ``docs/service.schema.json``."""
    schema = ServiceDefinition.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
