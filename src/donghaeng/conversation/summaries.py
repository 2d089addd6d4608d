"""Text messages to the citizen about what was done: which there are, what they say, and their place in the
transaction that notes what they tell of (docs/decisions/0012-messages.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from donghaeng.city.operations import Effect
from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.conversation.editions import Edition
from donghaeng.dialogue.effects import CallOutcome, HandoverRequest, Outcome, OutcomeKind, Purpose
from donghaeng.dialogue.wording import slot_values, write
from donghaeng.errors import TemplateFault
from donghaeng.store import Transaction, handovers, messages, requests
from donghaeng.store.conversations import Conversation
from donghaeng.store.messages import Kind, MessageRow

CANCELS: Final = "gateway.cancel"
LONGEST_VALUE: Final = 40
"""Characters above which a value stays out of a message: it is a memory aid, and a long one costs more."""

SAYS_WHO: Final = frozenset({"address", "person_name", "phone", "text"})
"""Types of slots that stay out of a message, since a misheard number is a stranger's; of free text only the
words of a lexicon go in."""


@dataclass(frozen=True, slots=True)
class _Message:
    kind: Kind
    service: str
    number: str
    text: str


class Summaries:
    """Words and queues messages. Nothing is queued in practice; what a conversation with a city of its own
    would send is held, for tests to look at.

    Args:
        clock: the program's own clock.
        enabled: whether anything sends messages here.
    """

    def __init__(self, clock: Callable[[], datetime], *, enabled: bool) -> None:
        self._clock = clock
        self._enabled = enabled

    def announced(
        self, conversation: Conversation, edition: Edition, outcomes: Sequence[Outcome]
    ) -> list[Outcome]:
        """The outcomes, marked where a message about them is going to be queued, so that the reply may
        promise it."""
        return [
            replace(one, texted=True)
            if isinstance(one, CallOutcome) and self._told(conversation, edition, one) is not None
            else one
            for one in outcomes
        ]

    def note(
        self, tx: Transaction, conversation: Conversation, edition: Edition, outcome: CallOutcome
    ) -> None:
        """Queue what is to be said of an outcome, in the transaction that notes it."""
        message = self._told(conversation, edition, outcome) or self._cancelled(
            tx, conversation, edition, outcome
        )
        if message is not None:
            self._queue(tx, conversation, message, f"{conversation.id}.{outcome.call.id}")

    def note_handover(
        self, tx: Transaction, conversation: Conversation, edition: Edition, wish: HandoverRequest
    ) -> None:
        """Queue the summary of what was handed to people, one for each time that the conversation queues."""
        row = handovers.of_conversation(tx, conversation.id)
        if not self._sends(conversation) or row is None or wish.topic is None or wish.callback_phone is None:
            return
        # Of the topic only its head: what was prepared may hold a name and an address.
        topic = wish.topic.partition(":")[0]
        text = edition.policy.phrases("message_handed_over", topic=topic)
        message = _Message("handed_over", "counsellor", wish.callback_phone, text)
        self._queue(tx, conversation, message, f"{conversation.id}.{row.id}")

    def _sends(self, conversation: Conversation) -> bool:
        return self._enabled and not conversation.practice

    def _told(self, conversation: Conversation, edition: Edition, outcome: CallOutcome) -> _Message | None:
        """The message about an accepted write, or about what a service words a message of its own for."""
        call, answer = outcome.call, outcome.answer
        service = edition.catalogue.get(call.service)
        if not self._sends(conversation) or service is None or answer is None:
            return None
        if outcome.kind is not OutcomeKind.OK or call.purpose is not Purpose.CARRY_OUT:
            return None
        slots = {
            name: value for name, value in {**call.arguments, **call.slots}.items() if name in service.slots
        }
        number = slots.get("phone")
        own = _own_words(service, call.operation)
        accepted = call.effect is Effect.WRITE and answer.receipt is not None and call.operation != CANCELS
        if number is None or not SLOT_TYPES["phone"].is_valid(number) or not (accepted or own):
            return None
        values = {
            **slot_values(service, slots),
            "rows": answer.rows,
            "row": answer.rows[0] if answer.rows else {},
            "receipt": answer.receipt,
        }
        text = _write(own, values) if own is not None else None
        if text is None and not accepted:
            return None
        if text is None:
            what = _what(service, slots)
            text = edition.policy.phrases(
                "message_accepted", service=service.name, what=what, receipt=answer.receipt
            )
        return _Message("accepted" if accepted else "answered", service.id, number, text)

    def _cancelled(
        self, tx: Transaction, conversation: Conversation, edition: Edition, outcome: CallOutcome
    ) -> _Message | None:
        """The message about a request that was taken back, to the number that stands on it."""
        call = outcome.call
        if not self._sends(conversation) or outcome.kind is not OutcomeKind.OK or call.operation != CANCELS:
            return None
        receipt = str(call.arguments["receipt"])
        made = requests.by_receipt(tx, receipt)
        own = [one for one in made if one.conversation_id == conversation.id] or made[:1]
        number = own[0].summary.get("phone") if own else call.arguments.get("phone")
        if number is None or not SLOT_TYPES["phone"].is_valid(number):
            return None
        name = own[0].service if own else call.service
        service = edition.catalogue.get(name)
        words = service.name if service is not None else name
        text = edition.policy.phrases("message_cancelled", service=words, receipt=receipt)
        return _Message("cancelled", name, number, text)

    def _queue(self, tx: Transaction, conversation: Conversation, message: _Message, key: str) -> None:
        tested = conversation.test_city is not None or conversation.test_clock is not None
        at = self._clock()
        row = MessageRow(
            key=key,
            conversation_id=conversation.id,
            kind=message.kind,
            service=message.service,
            number=message.number,
            text=message.text,
            created_at=at,
            next_attempt_at=at,
            state="held" if tested else "pending",
        )
        messages.add(tx, row)


def _own_words(service: ServiceDefinition, operation: str) -> str | None:
    ways = (way for way in service.ways if way.call is not None and way.call.operation == operation)
    return next((way.reply.message for way in ways if way.reply.message is not None), None)


def _write(template: str, values: dict[str, Any]) -> str | None:
    try:
        return write(template, values) or None
    except TemplateFault:
        return None


def _what(service: ServiceDefinition, slots: dict[str, Any]) -> str:
    """What was asked for and when, without what tells who asked."""
    written = slot_values(service, slots)["written"]
    specs = service.slots
    told = [
        f"{specs[name].name} {text}"
        for name, text in written.items()
        if (specs[name].type not in SAYS_WHO or specs[name].lexicon is not None)
        and not specs[name].internal
        and len(text) <= LONGEST_VALUE
    ]
    return ", ".join(told)
