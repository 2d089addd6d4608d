"""What is remembered of a person: kept after consent, renewed, forgotten, sealed, of nobody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.databases import stored_bytes
from tests.store.conftest import NOW

from donghaeng.errors import StoreError
from donghaeng.store import Store, conversations, remembered
from donghaeng.store.remembered import Values
from donghaeng.store.tables import conversations as conversation_rows
from donghaeng.store.tables import remembered as rows
from donghaeng.trust.consents import SpokenConsent as Consent
from donghaeng.trust.tokens import person_hash

KEY = "QmFzZTY0LWtleS1vZi1hLWJyb3dzZXI"
PERSON, OTHER = person_hash(KEY), person_hash(KEY + "2")
VALUES = Values("마포구", {"ars_id": "14011", "name": "합정역"}, 0.75, 6.0)
CONSENT = Consent("1", "동네 마포구를 기억할까요?", "네 그러세요", NOW)


def test_what_was_consented_to_is_found_again_with_the_consent(store: Store) -> None:
    store.run(lambda tx: remembered.keep(tx, PERSON, VALUES, CONSENT))
    assert store.look(lambda tx: remembered.find(tx, PERSON)) == VALUES
    assert store.look(lambda tx: remembered.consent_of(tx, PERSON)) == CONSENT
    assert store.look(lambda tx: remembered.find(tx, OTHER)) is None
    assert store.look(lambda tx: remembered.consent_of(tx, OTHER)) is None


def test_a_later_consent_takes_the_place_of_an_earlier_one(store: Store) -> None:
    later = Consent("2", "기억할까요?", "응", NOW + timedelta(days=1))
    store.run(lambda tx: remembered.keep(tx, PERSON, VALUES, CONSENT))
    store.run(lambda tx: remembered.keep(tx, PERSON, Values(speed=0.9), later))
    assert store.look(lambda tx: remembered.find(tx, PERSON)) == Values(speed=0.9)
    assert store.look(lambda tx: remembered.consent_of(tx, PERSON)) == later


def test_values_are_renewed_on_the_same_consent_and_never_without_one(store: Store) -> None:
    moved = Values("노원구", VALUES.last_stop)
    assert not store.run(lambda tx: remembered.renew(tx, PERSON, moved, NOW))
    assert store.look(lambda tx: remembered.find(tx, PERSON)) is None
    store.run(lambda tx: remembered.keep(tx, PERSON, VALUES, CONSENT))
    assert store.run(lambda tx: remembered.renew(tx, PERSON, moved, NOW + timedelta(days=1)))
    assert store.look(lambda tx: remembered.find(tx, PERSON)) == moved
    assert store.look(lambda tx: remembered.consent_of(tx, PERSON)) == CONSENT


def test_forgetting_erases_everything_of_one_person_alone(store: Store) -> None:
    for person in (PERSON, OTHER):
        store.run(lambda tx, person=person: remembered.keep(tx, person, VALUES, CONSENT))
    assert store.run(lambda tx: remembered.forget(tx, PERSON))
    assert not store.run(lambda tx: remembered.forget(tx, PERSON))
    assert store.look(lambda tx: remembered.consent_of(tx, PERSON)) is None
    assert store.look(lambda tx: remembered.find(tx, OTHER)) == VALUES


def test_those_who_never_come_again_are_forgotten(store: Store) -> None:
    for person in (PERSON, OTHER):
        store.run(lambda tx, person=person: remembered.keep(tx, person, VALUES, CONSENT))
    store.run(lambda tx: remembered.renew(tx, OTHER, VALUES, NOW + timedelta(days=9)))
    assert store.run(lambda tx: remembered.forget_unused(tx, NOW + timedelta(days=5))) == 1
    assert store.look(lambda tx: remembered.find(tx, PERSON)) is None
    assert store.look(lambda tx: remembered.find(tx, OTHER)) == VALUES


def test_neither_key_nor_values_nor_words_lie_open(store: Store, database: Path) -> None:
    conversation = conversations.Conversation("c_2", "web", NOW, "v1", person=PERSON)
    store.run(lambda tx: conversations.add(tx, conversation, "token"))
    store.run(lambda tx: remembered.keep(tx, PERSON, VALUES, CONSENT))
    written = stored_bytes(database)
    for words in (KEY, "마포구", "합정역", "14011", CONSENT.said, CONSENT.asked):
        assert words.encode() not in written
    assert written.count(PERSON.encode()) > 0
    columns = store.look(lambda tx: tx.connection.execute(conversation_rows.select()).all())
    assert PERSON not in str(columns)


def test_a_row_moved_to_another_person_does_not_open(store: Store) -> None:
    store.run(lambda tx: remembered.keep(tx, PERSON, VALUES, CONSENT))
    store.run(lambda tx: tx.connection.execute(rows.update().values(person_hash=OTHER)))
    with pytest.raises(StoreError, match="moved"):
        store.look(lambda tx: remembered.find(tx, OTHER))


@pytest.mark.parametrize("location", [None, (37.55, 126.91)])
@pytest.mark.parametrize("person", [None, PERSON])
def test_a_conversation_knows_place_and_person(
    store: Store, location: tuple[float, float] | None, person: str | None
) -> None:
    given = conversations.Conversation("c_2", "web", NOW, "v1", location=location, person=person)
    store.run(lambda tx: conversations.add(tx, given, "token"))
    assert store.look(lambda tx: conversations.get(tx, "c_2", "token")) == given


def test_a_place_stored_before_persons_were_known_is_read(store: Store, talk: str) -> None:
    def as_before(tx) -> None:
        sealed = tx.seal([37.55, 126.91], f"conversations/{talk}")
        tx.connection.execute(conversation_rows.update().values(sealed=sealed))

    store.run(as_before)
    found = store.look(lambda tx: conversations.get(tx, talk, "token"))
    assert (found.location, found.person) == ((37.55, 126.91), None)
