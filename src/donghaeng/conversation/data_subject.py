"""What a citizen may ask for of their own data: a copy, and that it be erased
(개인정보 보호법 제35조, 제36조, 제37조)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, or_

from donghaeng.conversation.records import messages_of, transcript_of
from donghaeng.dialogue.learning_events import HelperAgreed
from donghaeng.errors import ConversationBusy, UnknownConversation
from donghaeng.store import (
    Transaction,
    accesses,
    conversations,
    destructions,
    events,
    guardians,
    handover_lines,
    handovers,
    messages,
    outbox,
    outgoing_calls,
    proposals,
    remembered,
    requests,
    vault,
)
from donghaeng.store.accesses import AccessRow, Action
from donghaeng.store.destructions import DestructionRow, Reason
from donghaeng.store.tables import conversations as conversation_table
from donghaeng.trust.consents import SpokenConsent

REVOKED_LAW: Final = "개인정보 보호법 제37조 제3항"
ERASED_LAW: Final = "개인정보 보호법 제36조 제2항"
EXPIRED_LAW: Final = "개인정보 보호법 제21조 제1항"
KEPT: Final = {
    "accesses": "개인정보의 안전성 확보조치 기준 제8조 제1항: 누가 보았는지의 기록은 2년 동안 남긴다",
    "destructions": "개인정보 보호법 제21조: 파기했다는 기록은 남긴다. 누구의 것인지는 적지 않는다",
    "proposals": "개인정보 보호법 제36조 제1항: 게시된 고침은 서비스의 일부다. 먼저 되돌리면 함께 지운다",
    "city": "민원 처리에 관한 법률: 시가 접수한 신청은 담당 부서에 남는다. 접수번호로 그 부서에 청구한다",
}
"""What stays after an erasure, and the law that keeps it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who carries out a request of a data subject, and from where."""

    at: datetime
    account: str
    address: str


def conversations_of(tx: Transaction, name: str) -> list[str]:
    """The conversations that a receipt number, or a conversation's own id, names.

    Raises:
        UnknownConversation: none.
    """
    found = [request.conversation_id for request in requests.by_receipt(tx, name)]
    if not found:
        found = [conversations.get_as_staff(tx, name).id]
    return sorted(set(found))


def export(tx: Transaction, conversation_id: str, asked: Asked) -> dict[str, Any]:
    """Everything that is held about a conversation, as JSON values but for moments; the look is recorded.

    Raises:
        UnknownConversation: no such conversation.
    """
    talk = conversations.get_as_staff(tx, conversation_id)
    _record(tx, conversation_id, asked, "export")
    cases = handovers.all_of_conversation(tx, conversation_id)
    lines = handover_lines.of_conversation(tx, conversation_id)
    seeing = guardians.all_of_conversation(tx, conversation_id)
    calls = outgoing_calls.of_conversation(tx, conversation_id)
    kept: dict[str, Any] = {
        "conversation": {
            "id": talk.id,
            "channel": talk.channel,
            "opened_at": talk.opened_at,
            "ended_at": talk.ended_at,
            "home_district": talk.home_district,
            "location": talk.location,
        },
        "transcript": transcript_of(conversation_id, events.of_conversation(tx, conversation_id))
        | {"messages": messages_of(lines)},
        "requests": [asdict(one) for one in requests.of_conversation(tx, conversation_id)],
        "messages": [
            {
                "kind": one.kind,
                "number": one.number,
                "text": one.text,
                "at": one.created_at,
                "state": one.state,
            }
            for one in messages.of_conversation(tx, conversation_id)
        ],
        "handovers": [asdict(one) for one in cases],
        "guardians": [
            {
                "who": one.who,
                "since": one.consent.at,
                "until": one.ends_at,
                "ended": one.ended_at,
                "last_look": one.seen_at,
                "sees": "receipt number, service, status and dates of requests",
            }
            for one in seeing
        ],
        "desk": [{"kind": line.kind, "at": line.at, "text": line.text} for line in lines],
        "calls": [
            {"number": one.number, "service": one.service, "due": one.due, "state": one.state}
            for one in calls
        ],
        "consents": [
            asdict(one) for one in (*(call.consent for call in calls), *(one.consent for one in seeing))
        ],
        "remembered": None,
        "accesses": [asdict(one) for one in accesses.newest(tx, conversation_id=conversation_id, limit=None)],
    }
    for row in events.of_conversation(tx, conversation_id):
        if row.kind == HelperAgreed.__name__:
            words = {"asked": row.private["asked"], "said": row.private["said"], "purposes": ["helper"]}
            kept["consents"].append(asdict(SpokenConsent.of(row.public["script"], row.at, words)))
    if talk.person is not None and (values := remembered.find(tx, talk.person)) is not None:
        consent = remembered.consent_of(tx, talk.person)
        kept["remembered"] = asdict(values)
        kept["consents"] += [] if consent is None else [asdict(consent)]
    return kept


def erase(tx: Transaction, conversation_id: str, asked: Asked) -> dict[str, str]:
    """Erase a conversation with everything that belongs to it, and what is remembered of its person; gives
    what stays, and the law that keeps it.

    Raises:
        UnknownConversation: no such conversation.
        ConversationBusy: a write is under way, or a counsellor has the conversation.
    """
    talk = conversations.get_as_staff(tx, conversation_id)
    if outbox.pending(tx, conversation_id):
        raise ConversationBusy(f"a write of {conversation_id} is under way; erase it when it is answered")
    handover = handovers.of_conversation(tx, conversation_id)
    if handover is not None and handover.state != "closed":
        raise ConversationBusy(f"a counsellor has {conversation_id}; erase it when that is over")
    accepted = requests.of_conversation(tx, conversation_id)
    _record(tx, conversation_id, asked, "erase")
    quoted = proposals.published_from(tx, conversation_id)
    if talk.person is not None and remembered.forget(tx, talk.person):
        note_forgotten(tx, asked.at, 1, "erased")
    for kind, count in (
        ("guardians", guardians.drop_of(tx, conversation_id)),
        ("vault_values", vault.drop_of(tx, conversation_id)),
        ("review_proposals", proposals.forget_quotes(tx, conversation_id)),
    ):
        if count:
            destructions.note(tx, DestructionRow(asked.at, "data_subject", kind, count, "erased", ERASED_LAW))
    of_it = or_(
        conversation_table.c.id == conversation_id,
        # What was practised beside it, which only it leads to.
        conversation_table.c.id.startswith(f"{conversation_id}.", autoescape=True),
    )
    gone = tx.connection.execute(delete(conversation_table).where(of_it)).rowcount
    if not gone:
        raise UnknownConversation(f"no conversation {conversation_id}")
    line = DestructionRow(asked.at, "data_subject", conversation_table.name, gone, "erased", ERASED_LAW)
    destructions.note(tx, line)
    there = {"city": bool(accepted), "proposals": bool(quoted)}
    return {kind: why for kind, why in KEPT.items() if there.get(kind, True)}


def stop_seeing(tx: Transaction, conversation_id: str, asked: Asked) -> list[str]:
    """Let nobody see any longer what was requested in a conversation, for a citizen who cannot say it; who it
    was.

    Raises:
        UnknownConversation: no such conversation.
    """
    conversations.get_as_staff(tx, conversation_id)
    standing = [one for one in guardians.all_of_conversation(tx, conversation_id) if one.holds(asked.at)]
    _record(tx, conversation_id, asked, "guardian_ended")
    return [one.who for one in standing if guardians.end(tx, one.id, asked.at)]


def revoke_remembering(tx: Transaction, person: str, at: datetime) -> bool:
    """Take back the consent to be remembered: values and consent go at once; false where there was none."""
    if not remembered.forget(tx, person):
        return False
    note_forgotten(tx, at, 1, "revoked")
    return True


def note_forgotten(tx: Transaction, at: datetime, count: int, reason: Reason) -> None:
    """A line of the ledger about what was remembered."""
    law = {"revoked": REVOKED_LAW, "erased": ERASED_LAW, "expired": EXPIRED_LAW}[reason]
    destructions.note(tx, DestructionRow(at, "remembered", "remembered", count, reason, law))


def _record(tx: Transaction, conversation_id: str, asked: Asked, action: Action) -> None:
    accesses.note(
        tx, AccessRow(asked.at, asked.account, asked.address, conversation_id, action, "own_request")
    )
