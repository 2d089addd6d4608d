"""Items out of stored conversations, grouped by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from tests.review.office import NOW, Office

from donghaeng.review.collecting import LOOK_BACK, NO_WORDS, Collector, _keep
from donghaeng.review.items import IsPersonal
from donghaeng.store import (
    contacts,
    conversations,
    events,
    handover_lines,
    handovers,
    remembered,
    review_items,
)
from donghaeng.store.events import Event
from donghaeng.store.figures_tables import figures_contacts
from donghaeng.store.handover_lines import LineRow
from donghaeng.store.handovers import HandoverRow
from donghaeng.tower.figures import rolling
from donghaeng.understanding.embed.fake import HashingEmbedder
from donghaeng.understanding.embed.protocol import Vectors


class CountingEmbedder(HashingEmbedder):
    def __init__(self) -> None:
        self.count = 0

    def embed(self, sentences: Sequence[str]) -> Vectors:
        self.count += len(sentences)
        return super().embed(sentences)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


def collector(office: Office, embedder: HashingEmbedder, is_personal: IsPersonal | None = None) -> Collector:
    personal = is_personal or (lambda service, slot: False)
    return Collector(
        office.store, embedder, clock=lambda: office.clock[0], is_personal=personal, farthest=0.4
    )


def talk(office: Office, name: str, *said: str, at=NOW) -> None:
    """A conversation in which each utterance led nowhere."""
    rows = []
    for turn, text in enumerate(said, 1):
        rows.append(Event(turn, "UtteranceHeard", at, {"acts": []}, {"text": text}))
        rows.append(Event(turn, "Missed", at))

    def keep(tx) -> None:
        if office.store.look(lambda tx: conversations.channels(tx, [name])) == {}:
            conversations.add(tx, conversations.Conversation(name, "chat", at, "v1"), name)
        events.append(tx, name, 0, rows)

    office.store.run(keep)


async def test_a_conversation_is_read_once_and_again_when_it_went_on(
    office: Office, embedder: CountingEmbedder
) -> None:
    talk(office, "c_1", "밥솥 버려 주세요", "밥솥 좀 버려 주세요")
    here = collector(office, embedder)
    assert await here.collect() == 2
    assert await here.collect() == 0
    more = [
        Event(3, "UtteranceHeard", NOW, {"acts": []}, {"text": "약국이 어디요"}),
        Event(3, "Missed", NOW),
    ]
    office.store.run(lambda tx: events.append(tx, "c_1", 4, more))
    assert await here.collect() == 1
    assert [row.text for row in office.store.look(review_items.listed) if row.turn == 3] == ["약국이 어디요"]


async def test_two_collectors_keep_each_item_once(office: Office, embedder: CountingEmbedder) -> None:
    talk(office, "c_1", "밥솥 버려 주세요")
    one, other = collector(office, embedder), collector(office, embedder)
    waiting = office.store.look(lambda tx: review_items.unread(tx, NOW - LOOK_BACK))
    for here in (one, other):
        found = office.store.look(partial(here._read, waiting=waiting))
        office.store.run(partial(_keep, found=found))
    assert len(office.store.look(review_items.listed)) == 1


async def test_what_began_long_ago_is_found_when_everything_is_wanted(
    office: Office, embedder: CountingEmbedder
) -> None:
    talk(office, "c_old", "밥솥 버려 주세요", at=NOW - 2 * LOOK_BACK)
    here = collector(office, embedder)
    assert await here.collect() == 0
    assert await here.collect(everything=True) == 1


async def test_a_rejected_answer_is_told_by_the_words_it_was_for(
    office: Office, embedder: CountingEmbedder
) -> None:
    said = [Event(1, "UtteranceHeard", NOW, {"acts": []}, {"text": "틀니 값이 얼마나 들어요"})]

    def fill(tx) -> None:
        conversations.add(tx, conversations.Conversation("c_1", "chat", NOW, "v1"), "c_1")
        events.append(tx, "c_1", 0, said)
        handovers.add(tx, HandoverRow("h_1", "c_1", NOW))

    office.store.run(fill)
    here = collector(office, embedder)
    assert await here.collect() == 0

    def judge(tx) -> None:
        later = NOW + timedelta(minutes=1)
        handover_lines.add(tx, LineRow("h_1", "c_1", "suggestion", later, "st", "used:p_1"))
        handover_lines.add(tx, LineRow("h_1", "c_1", "suggestion", later, "st", "rejected:p_2"))

    office.store.run(judge)
    assert await here.collect() == 1
    (row,) = office.store.look(review_items.listed)
    assert (row.kind, row.text, row.detail) == ("rejected", "틀니 값이 얼마나 들어요", "p_2")


async def test_items_of_one_meaning_share_a_cluster_that_keeps_its_name(
    office: Office, embedder: CountingEmbedder
) -> None:
    talk(office, "c_1", "밥솥 버려 주세요", "약국이 어디에 있나요")
    talk(office, "c_2", "밥솥 좀 버려 주세요", at=NOW + timedelta(minutes=1))
    here = collector(office, embedder)
    await here.collect()
    assert await here.group() == 2
    before = {row.text: row.cluster for row in office.store.look(review_items.listed)}
    assert before["밥솥 버려 주세요"] == before["밥솥 좀 버려 주세요"] != before["약국이 어디에 있나요"]
    embedded = embedder.count
    assert await here.group() == 2
    assert embedder.count == embedded == 3
    talk(office, "c_3", "밥솥 버려 주세요", at=NOW + timedelta(minutes=2))
    await here.collect()
    assert await here.group() == 2
    assert embedder.count == 4, "only what is new is embedded"
    after = {row.text: row.cluster for row in office.store.look(review_items.listed)}
    assert after == before


async def test_nothing_is_embedded_while_somebody_needs_the_machine(
    office: Office, embedder: CountingEmbedder
) -> None:
    talk(office, "c_1", "밥솥 버려 주세요")
    here = collector(office, embedder)
    await here.collect()
    await here.group(lambda: False)
    assert embedder.count == 0
    await here.group()
    assert embedder.count == 1


async def test_a_person_who_was_called_without_words_is_looked_at_too(
    office: Office, embedder: CountingEmbedder
) -> None:
    def fill(tx) -> None:
        conversations.add(tx, conversations.Conversation("c_1", "phone", NOW, "v1"), "c_1")
        events.append(tx, "c_1", 0, [Event(1, "HandoverChanged", NOW, {"state": "queued"})])

    office.store.run(fill)
    assert await collector(office, embedder).collect() == 1
    (row,) = office.store.look(review_items.listed)
    assert (row.kind, row.text) == ("handover", NO_WORDS)


RECALLED = {"recalled": {"speed": 1.0, "volume_db": 0.0}}
ASKED = Event(1, "UtteranceHeard", NOW, {"acts": []}, {"text": "소파 버리려고요"})
TAKEN = Event(1, "FrameOpened", NOW, {"service": "bulky_waste"})


def known(office: Office, name: str, at, *rows: Event, person: str | None = "hash of a key") -> None:
    """A conversation of somebody who consented to be known again, or of whom nothing is known."""
    private = RECALLED if person is not None else {}
    opened = Event(1, "ConversationOpened", at, {"known_again": person is not None}, private)

    def keep(tx) -> None:
        row = conversations.Conversation(name, "web", at, "v1", person=person)
        conversations.add(tx, row, name)
        events.append(tx, name, 0, [opened, *rows])

    office.store.run(keep)


async def test_who_comes_again_within_a_week_with_the_same_need_is_an_item(
    office: Office, embedder: CountingEmbedder
) -> None:
    known(office, "c_1", NOW - timedelta(days=8), ASKED, TAKEN)
    known(office, "c_2", NOW - timedelta(days=6), ASKED, TAKEN)
    known(office, "c_3", NOW, ASKED, TAKEN)
    known(office, "c_4", NOW, ASKED, TAKEN, person=None)
    known(office, "c_5", NOW, ASKED, TAKEN, person="somebody else")
    known(office, "c_6", NOW, ASKED, Event(1, "FrameOpened", NOW, {"service": "bus_arrival"}))
    here = collector(office, embedder)
    # Read before the figures know: the item comes when they do, and once.
    assert await here.collect() == 0
    office.store.run(rolling.roll)
    assert await here.collect() == 1
    assert await here.collect() == 0
    (row,) = office.store.look(review_items.listed)
    assert (row.conversation_id, row.kind, row.detail) == ("c_3", "repeat", "contact")
    assert (row.text, row.service, row.turn) == ("소파 버리려고요", "bulky_waste", 1)


async def test_a_question_that_one_text_answers_twice_within_a_week_is_an_item(
    office: Office, embedder: CountingEmbedder
) -> None:
    ask = Event(1, "FrameOpened", NOW, {"service": "ask"})
    for name, days, passage in (("c_1", 2, "dentures"), ("c_2", 1, "passport"), ("c_3", 0, "dentures")):
        source = Event(1, "AnswerSourced", NOW, {"service": "ask"}, {"rows": [{"id": passage}]})
        known(office, name, NOW - timedelta(days=days), ASKED, ask, source)
    office.store.run(rolling.roll)
    here = collector(office, embedder)
    assert await here.collect() == 1
    (row,) = office.store.look(review_items.listed)
    assert (row.conversation_id, row.kind, row.service) == ("c_3", "repeat", "ask")


def test_nothing_is_kept_of_who_did_not_consent_and_no_key_of_who_did(office: Office) -> None:
    known(office, "c_1", NOW, ASKED, TAKEN)
    known(office, "c_2", NOW, ASKED, TAKEN, person=None)
    office.store.run(rolling.roll)
    rows = office.store.look(lambda tx: tx.connection.execute(select(figures_contacts)).all())
    assert [row.conversation_id for row in rows] == ["c_1"]
    assert "hash of a key" not in str(rows)
    # Who takes the consent back is no longer known, from the same moment on.
    office.store.run(lambda tx: remembered.forget(tx, "hash of a key"))
    assert office.store.look(lambda tx: tx.connection.execute(select(figures_contacts)).all()) == []
    known(office, "c_3", NOW, ASKED, TAKEN, Event(2, "Forgotten", NOW))
    office.store.run(rolling.roll)
    assert office.store.look(lambda tx: tx.connection.execute(select(figures_contacts)).all()) == []
    known(office, "c_4", NOW, ASKED, TAKEN)
    office.store.run(rolling.roll)
    office.store.run(lambda tx: contacts.forget(tx, NOW + contacts.KEPT + timedelta(seconds=1)))
    assert office.store.look(lambda tx: tx.connection.execute(select(figures_contacts)).all()) == []
