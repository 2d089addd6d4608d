"""Carries tool calls out: each is a turn of a conversation, with acts made from the arguments.

So the transcript, the outbox, the citizen's requests and the figures are the same as for any other channel. A
call opens a conversation of its own unless it brings the handle of one. A write's first call leaves the
conversation at its read-back; the second is the yes to it, taken once under a key made from the token.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from donghaeng.city.places.table import PlaceTable
from donghaeng.city.services import Catalogue, ServiceDefinition
from donghaeng.conversation.door import Opening
from donghaeng.conversation.reply import Reply
from donghaeng.dialogue.effects import CallOutcome, OutcomeKind, Purpose
from donghaeng.dialogue.outcomes import kept_rows
from donghaeng.dialogue.wording import Phrases
from donghaeng.errors import ConversationError, InputError, MachineOff, TemplateFault
from donghaeng.mcp.arguments import digest_of, read_arguments, written
from donghaeng.mcp.confirmation import LIFETIME, Handle, Pending, Tokens, key_of
from donghaeng.mcp.schemas import CHOICE, CONFIRMATION, CONVERSATION, is_write
from donghaeng.store import Store, Transaction, outbox, requests
from donghaeng.trust.tokens import make_id
from donghaeng.understanding.acts import Act, ActKind

NEVER: Final = -1
"""A turn that no conversation has had: what is asked for after it is only what was done before."""
SAID_YES: Final = "네"

Clock = Callable[[], datetime]
Structured = dict[str, Any]


class Actor(Protocol):
    """The door to conversations for programs: ``donghaeng.conversation.runtime.ConversationRuntime``."""

    async def open(self, opening: Opening) -> Reply:
        """Begin a conversation."""
        ...

    async def resume(self, token: str) -> Reply:
        """The last reply of a conversation."""
        ...

    async def act(
        self,
        conversation: str,
        token: str,
        acts: Sequence[Act],
        *,
        text: str,
        idempotency_key: str,
        at_turn: int,
    ) -> tuple[Reply, tuple[CallOutcome, ...]]:
        """Take a turn with acts that a program made."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn that was taken for a call."""

    service: ServiceDefinition
    reply: Reply
    outcomes: tuple[CallOutcome, ...]


class ToolDesk:
    """The tools of a catalogue, for one process."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        phrases: Phrases,
        places: PlaceTable,
        conversations: Actor,
        store: Store,
        tokens: Tokens,
        clock: Clock,
    ) -> None:
        self._catalogue = catalogue
        self._phrases = phrases
        self._places = places
        self._conversations = conversations
        self._store = store
        self._tokens = tokens
        self._clock = clock

    @property
    def services(self) -> list[ServiceDefinition]:
        """What is offered: every service that is carried out."""
        return [service for service in self._catalogue.values() if service.is_served]

    async def call(self, name: str, arguments: Mapping[str, Any], *, session: str = "") -> Structured:
        """Carry a call out; the answer is as :func:`donghaeng.mcp.schemas.output_schema` says.

        Args:
            name: a service's id.
            arguments: as its input schema says.
            session: the client's session where its transport has one.

        Raises:
            InputError: no such tool, or arguments that are none; nothing was done.
            ConversationError: the conversation of the handle cannot go on.
            StoreError: the database is absent or full.
        """
        service = self._catalogue.get(name)
        if service is None or not service.is_served:
            raise InputError("there is no such tool", remedy="list the tools")
        given = dict(arguments)
        token, handle = _word(given, CONFIRMATION), _word(given, CONVERSATION)
        if token is not None and is_write(service):
            return await self._confirm(service, given, token, session)
        known = self._tokens.handle(handle) if handle is not None else None
        if given.get(CHOICE) is not None:
            last, act = await self._choice(given, known)
            text = str(given[CHOICE])
        else:
            fills = read_arguments(service, _without(given, CHOICE), self._places)
            last, act = await self._conversation(known), Act(ActKind.ASK, service=service.id, slots=fills)
            text = written(service, fills)
        reply, outcomes = await self._conversations.act(
            last.conversation,
            last.token,
            (act,),
            text=text,
            idempotency_key=make_id("mcp"),
            at_turn=last.turn,
        )
        answer = self._answer(Taken(service, reply, outcomes), given)
        if answer["status"] == "confirm":
            answer["confirmation"] = self._ask_yes(service, given, reply, session)
        return answer

    async def _conversation(self, known: Handle | None) -> Reply:
        if known is None:
            return await self._conversations.open(Opening(channel="chat"))
        last = await self._conversations.resume(known.token)
        if last.expects != "open":
            # Words for one question must not be taken for an answer to another.
            raise InputError(
                "conversation: a question stands open in it", remedy="leave it out to begin a new one"
            )
        return last

    async def _choice(self, given: Mapping[str, Any], known: Handle | None) -> tuple[Reply, Act]:
        """The choice among the options of a question that the same arguments led to."""
        number = given[CHOICE]
        if known is None or known.digest != digest_of(_without(given, CHOICE)):
            raise InputError(
                "choice: is for the answer to the same arguments",
                remedy="give its `conversation` and the arguments unchanged",
            )
        last = await self._conversations.resume(known.token)
        card = last.show.card
        offered = len(card.rows) if last.expects == "choice" and last.asks and card is not None else 0
        if isinstance(number, bool) or not isinstance(number, int) or not 0 < number <= offered:
            raise InputError("choice: is none of the options", remedy=f"a number from 1 to {offered}")
        return last, Act(ActKind.CHOOSE, detail=str(number - 1))

    def _ask_yes(
        self, service: ServiceDefinition, given: Mapping[str, Any], reply: Reply, session: str
    ) -> dict[str, str]:
        expires_at = (self._clock() + LIFETIME).isoformat(timespec="seconds")
        pending = Pending(
            conversation=reply.conversation,
            token=reply.token,
            turn=reply.turn,
            service=service.id,
            digest=digest_of(given),
            session=session,
            expires_at=expires_at,
        )
        return {"token": self._tokens.of_pending(pending), "expires_at": expires_at}

    async def _confirm(
        self, service: ServiceDefinition, given: Mapping[str, Any], token: str, session: str
    ) -> Structured:
        pending = self._tokens.pending(token)
        if pending.service != service.id or pending.digest != digest_of(given):
            raise InputError(
                "confirmation: is for other arguments, nothing was sent",
                remedy="call without it and read the text out again",
            )
        try:
            reply, outcomes = await self._conversations.act(
                pending.conversation,
                pending.token,
                (Act(ActKind.CONFIRM),),
                text=SAID_YES,
                idempotency_key=key_of(token),
                at_turn=pending.turn if pending.is_live(session, self._clock()) else NEVER,
            )
        except MachineOff:
            raise  # the confirmation holds until it expires
        except ConversationError:
            raise InputError(
                "confirmation: holds no longer, nothing was sent",
                remedy="call without it and read the text out again",
            ) from None
        answer = self._answer(Taken(service, reply, outcomes), given)
        if answer["status"] == "awaited":
            answer |= await self._came(service, pending.conversation)
        return answer

    async def _came(self, service: ServiceDefinition, conversation: str) -> Structured:
        """What has become of a write whose answer did not come in its turn."""

        def read(tx: Transaction) -> tuple[bool, list[str]]:
            made = requests.of_conversation(tx, conversation)
            receipts = [one.receipt for one in made if one.service == service.id]
            return bool(outbox.pending(tx, conversation)), receipts

        waits, receipts = await self._store.read(read)
        if receipts:
            text = self._phrases("settled", service=service.name, receipt=receipts[0])
            return {"status": "ok", "receipt": receipts[0], "text": text}
        if waits:
            return {}
        return {"status": "failed", "text": self._phrases("settled_refused", service=service.name)}

    def _answer(self, taken: Taken, given: Mapping[str, Any]) -> Structured:
        reply, service = taken.reply, taken.service
        call = next((one for one in reply.calls if one.service == service.id), None)
        found = _found(taken)
        asked = reply.expects in ("slot", "choice")
        card = reply.show.card
        options = [str(row.get("title", "")) for row in card.rows] if card is not None and asked else []
        return {
            "service": service.id,
            "status": _status(taken),
            "text": reply.show.text,
            "slots": _plain(reply.slots),
            "rows": found.rows,
            "as_of": found.as_of,
            "stale": found.stale,
            "receipt": call.receipt if call is not None else None,
            "question": {"slot": reply.asks, "options": options} if asked else None,
            "confirmation": None,
            "handover": reply.handover.model_dump(mode="json") if reply.handover is not None else None,
            "citations": [citation.model_dump(mode="json") for citation in reply.citations],
            "conversation": self._tokens.of_handle(
                Handle(reply.conversation, reply.token, digest_of(_without(given, CHOICE)))
            ),
        }


def _without(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in given.items() if key != name}


def _word(given: dict[str, Any], name: str) -> str | None:
    value = given.pop(name, None)
    if value is not None and not isinstance(value, str):
        raise InputError(f"{name}: is no string", remedy="give it exactly as an answer had it")
    return value or None


_FAILURES: Final[Mapping[OutcomeKind, str]] = {
    OutcomeKind.REFUSED: "refused",
    OutcomeKind.UNANSWERED: "awaited",
}


def _status(taken: Taken) -> str:
    """One word of :data:`donghaeng.mcp.schemas.STATUSES` for a turn."""
    reply = taken.reply
    call = next((one for one in reply.calls if one.service == taken.service.id), None)
    if call is not None:
        return call.outcome if call.outcome != "failed" else _failure(taken)
    asked = "question" if reply.asks is not None else reply.expects
    if reply.handover is not None and asked == "open":
        return "handover"
    # A choice that is about no slot is the offer of a person: what stood before the call failed.
    return {"question": "question", "confirm": "confirm", "choice": "failed"}.get(asked, "ok")


def _failure(taken: Taken) -> str:
    kinds = [one.kind for one in taken.outcomes if one.call.purpose is Purpose.CARRY_OUT]
    # A repeated call has no outcomes; what has become of the write is then looked up.
    if kinds:
        return _FAILURES.get(kinds[-1], "failed")
    return "refused" if taken.reply.asks is not None else "awaited"


@dataclass(frozen=True, slots=True)
class _Found:
    """What the city answered: the rows that the service file keeps, and how old they are."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    as_of: str | None = None
    stale: bool = False


def _found(taken: Taken) -> _Found:
    for outcome in taken.outcomes:
        if outcome.call.purpose is Purpose.CARRY_OUT and outcome.answer is not None:
            rows: Sequence[Mapping[str, Any]] = outcome.answer.rows
            try:
                way = taken.service.way(taken.reply.slots)
                if way.call is not None and way.confirm is None:
                    rows = kept_rows(way.call, taken.service, taken.reply.slots, rows)
            except TemplateFault:
                rows = ()
            made = outcome.answer.as_of
            return _Found(
                rows=[_plain(row) for row in rows],
                as_of=made.isoformat() if made is not None else None,
                stale=outcome.answer.stale,
            )
    return _Found()


def _plain(value: Any) -> Any:
    """Only what JSON has."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)
