"""Acceptance tests of what the law demands for personal data, by their numbers in the project's list."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from tests.databases import drop_trigger

from donghaeng.conversation import data_subject
from donghaeng.conversation.data_subject import Asked
from donghaeng.errors import ConversationBusy, InputError, StoreError, UnknownConversation
from donghaeng.language_models.fake import FixedModel
from donghaeng.store import (
    Store,
    accesses,
    chain,
    conversations,
    destructions,
    events,
    handovers,
    outbox,
    outgoing_calls,
    remembered,
    requests,
    retaining,
    vault,
)
from donghaeng.store import proposals as proposals_of
from donghaeng.store.accesses import AccessRow
from donghaeng.store.conversations import Conversation
from donghaeng.store.events import Event
from donghaeng.store.handovers import HandoverRow
from donghaeng.store.outbox import OutboxRow
from donghaeng.store.outgoing_calls import BookedCall
from donghaeng.store.remembered import Values
from donghaeng.store.requests import Request
from donghaeng.store.retaining import destroy_due
from donghaeng.store.review_tables import proposal_items, proposals, review_items
from donghaeng.store.tables import accesses as access_table
from donghaeng.store.tables import metadata
from donghaeng.trust.consents import SpokenConsent
from donghaeng.trust.masking import MASK
from donghaeng.trust.retention import KINDS, RETENTION_FILE, Rule, load_retention
from donghaeng.trust.sealing import Sealer

KEY = b"k" * 32
CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
THEN = datetime(2018, 3, 1, 1, 0, tzinfo=UTC)
"""Long before today: the database itself refuses to let go of accesses of the last two years."""
DAY = timedelta(days=1)
PHONES = ("010-7391-2846", "010-8265-1937")
ASKED = Asked(THEN, "cli:officer", "desk-1")
CONSENT = SpokenConsent("memory/2", "동네를 한 해 동안 기억할까요?", "네 그러세요", THEN, ("remember",))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "d.db"


@pytest.fixture
def store(database: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{database}", Sealer([KEY])) as opened:
        yield opened


@pytest.fixture
def rules():
    return load_retention(CATALOGUE)


def talk(
    store: Store, name: str, at: datetime = THEN, *, practice: bool = False, person: str | None = None
) -> None:
    row = Conversation(name, "web", at, "v1", practice=practice, person=person, ended_at=at)

    def work(tx) -> None:
        conversations.add(tx, row, f"token of {name}")
        events.append(tx, name, 0, [Event(1, "UtteranceHeard", at, private={"text": "소파 버려 주세요"})])

    store.run(work)


def look(at: datetime, name: str = "c_1") -> AccessRow:
    return AccessRow(at, "kim", "203.0.113.7", name, "open_case", "handover")


async def test_law_04_resident_numbers_are_masked_before_storage_and_before_a_model_sees_them(
    store: Store, database: Path
) -> None:
    from tests.understanding.proposing.scene import UNCLEAR, proposals  # noqa: PLC0415
    from tests.understanding.scene import context  # noqa: PLC0415

    talk(store, "c_1")
    said = "구공공일공일 다시 일이삼사오육칠이고 900101-1234567이에요"
    store.run(
        lambda tx: events.append(tx, "c_1", 1, [Event(2, "UtteranceHeard", THEN, private={"text": said})])
    )
    (_, kept) = store.look(lambda tx: events.of_conversation(tx, "c_1"))
    assert "1234567" not in kept.private["text"]
    assert "일이삼사오육칠" not in kept.private["text"]
    assert MASK in kept.private["text"]
    model = FixedModel()
    await proposals(model).reconsider(f"소파가 거추장스럽네 {said}", context(), UNCLEAR)
    assert len(model.asked) == 1
    assert "1234567" not in model.asked[0].user + model.asked[0].system
    assert "일이삼사오육칠" not in model.asked[0].user


def test_law_05_one_spoken_consent_tells_script_words_yes_time_and_purposes(store: Store) -> None:
    talk(store, "c_1", person="p" * 64)
    to_call = SpokenConsent("call_me/1", "처리되면 전화할까요?", "응 전화 줘", THEN, ("call_back",))
    call = BookedCall("c_1.road", "c_1", "010-1234-5678", "h" * 64, "road", to_call, THEN + DAY)
    store.run(lambda tx: remembered.keep(tx, "p" * 64, Values(home_district="마포구"), CONSENT))
    store.run(lambda tx: outgoing_calls.add(tx, call))
    assert store.look(lambda tx: remembered.consent_of(tx, "p" * 64)) == CONSENT
    (booked,) = store.look(lambda tx: outgoing_calls.of_conversation(tx, "c_1"))
    assert booked.consent == to_call
    assert booked.consent.audio is None, "nothing is recorded"
    exported = store.run(lambda tx: data_subject.export(tx, "c_1", ASKED))
    assert {one["purposes"] for one in exported["consents"]} == {("remember",), ("call_back",)}


def test_law_05_a_consent_is_taken_back_at_once_and_the_ledger_tells(store: Store) -> None:
    store.run(lambda tx: remembered.keep(tx, "p" * 64, Values(home_district="마포구"), CONSENT))
    assert store.run(lambda tx: data_subject.revoke_remembering(tx, "p" * 64, THEN))
    assert not store.run(lambda tx: data_subject.revoke_remembering(tx, "p" * 64, THEN))
    assert store.look(lambda tx: remembered.find(tx, "p" * 64)) is None
    (line,) = store.look(destructions.newest)
    assert (line.kind, line.count, line.reason) == ("remembered", 1, "revoked")


def test_law_06_every_access_has_the_five_fields_and_the_chain_holds(store: Store) -> None:
    for at in range(5):
        store.run(lambda tx, at=at: accesses.note(tx, look(THEN + at * DAY)))
    verdict = store.look(accesses.verify)
    assert (verdict.rows, verdict.broken, verdict.sealed) == (5, None, True)
    statutory = ("staff_name", "at", "address", "conversation_id", "action")
    row = store.look(accesses.newest)[0]
    assert all(getattr(row, field) for field in statutory)


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE accesses SET staff_name = 'lee' WHERE id = 3", 3),
        ("UPDATE accesses SET conversation_id = 'c_9' WHERE id = 1", 1),
        ("UPDATE accesses SET at = '2018-03-09 01:00:00.000000' WHERE id = 2", 2),
        ("DELETE FROM accesses WHERE id = 2", 3),
        ("DELETE FROM accesses WHERE id = 1", 2),
        ("DELETE FROM accesses WHERE id = 5", 4),
        ("DELETE FROM accesses", 5),
        ("UPDATE accesses SET id = 9 WHERE id = 2", 3),
    ],
)
def test_law_06_the_first_line_that_was_tampered_with_is_named(
    store: Store, tampering: str, broken: int
) -> None:
    for at in range(5):
        store.run(lambda tx, at=at: accesses.note(tx, look(THEN + at * DAY)))
    for trigger in ("accesses_stay", "accesses_are_kept"):
        store.run(lambda tx, name=trigger: drop_trigger(tx, "accesses", name))
    store.run(lambda tx: tx.connection.execute(text(tampering)))
    assert store.look(accesses.verify).broken == broken


def test_law_06_a_chain_that_was_written_anew_does_not_pass(store: Store) -> None:
    from donghaeng.store.chain import GENESIS, link  # noqa: PLC0415

    for at in range(3):
        store.run(lambda tx, at=at: accesses.note(tx, look(THEN + at * DAY)))

    def forge(tx) -> None:
        drop_trigger(tx, "accesses", "accesses_stay")
        drop_trigger(tx, "accesses", "accesses_are_kept")
        tx.connection.execute(text("DELETE FROM accesses"))
        before = GENESIS
        for at in range(3):
            fields = {name: getattr(look(THEN + at * DAY, "c_2"), name) for name in AccessRow.__slots__}
            own = link(before, fields)
            tx.connection.execute(insert(access_table).values(id=at + 1, **fields, previous=before, hash=own))
            before = own

    store.run(forge)
    verdict = store.look(accesses.verify)
    assert (verdict.broken, verdict.why) == (3, "rows after it are gone or the whole was written anew")


def test_law_06_a_hash_that_looks_like_somebodys_number_is_kept_whole(store: Store) -> None:
    """Some hashes hold a run of digits that masking takes for a card number."""
    number = "4111111111111111"
    own = number * 4
    store.run(lambda tx: chain.seal_head(tx, access_table, 1, own))
    assert store.look(lambda tx: chain.verify(tx, access_table, began=[own])).broken is None


def test_law_06_accesses_go_after_two_years_and_the_chain_still_holds(
    store: Store, rules, tmp_path: Path
) -> None:
    for year in range(3):
        store.run(lambda tx, year=year: accesses.note(tx, look(THEN + year * 365 * DAY)))
    (gone,) = [one for one in destroy_due(store, rules, THEN + 800 * DAY, tmp_path) if one.kind == "accesses"]
    assert gone.count == 1
    assert store.look(accesses.verify).broken is None
    store.run(lambda tx: accesses.note(tx, look(THEN + 801 * DAY)))
    assert store.look(accesses.verify).rows == 3
    for trigger in ("accesses_stay", "accesses_are_kept"):
        store.run(lambda tx, name=trigger: drop_trigger(tx, "accesses", name))
    store.run(lambda tx: tx.connection.execute(text("DELETE FROM accesses WHERE id = 2")))
    assert store.look(accesses.verify).broken == 3, "what was not due is missed"
    destroy_due(store, rules, THEN + 20 * 366 * DAY, tmp_path)
    assert store.look(accesses.newest) == []
    assert store.look(accesses.verify).broken is None
    store.run(lambda tx: accesses.note(tx, look(THEN + 20 * 366 * DAY)))
    assert store.look(accesses.verify).broken is None


def test_law_07_what_is_due_is_destroyed_once_and_the_ledger_names_nobody(
    store: Store, rules, database: Path
) -> None:
    data = database.parent
    talk(store, "c_old")
    talk(store, "c_practice", practice=True)
    talk(store, "c_new", THEN + 300 * DAY)
    store.run(lambda tx: requests.add(tx, Request("c_old", "SEL-1", "road", {"phone": "010-1"}, THEN)))
    store.run(lambda tx: remembered.keep(tx, "p" * 64, Values(home_district="마포구"), CONSENT))
    recording = data / "recordings" / "a.flac"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(b"sound")
    os.utime(recording, (THEN.timestamp(), THEN.timestamp()))

    def due(now: datetime, *, dry_run: bool = False) -> dict[str, int]:
        found = destroy_due(store, rules, now, data, dry_run=dry_run)
        return {one.kind: one.count for one in found if one.count}

    assert due(THEN + 29 * DAY) == {}
    assert due(THEN + 31 * DAY) == {"practice_conversations": 1}
    assert due(THEN + 100 * DAY, dry_run=True) == {"recordings": 1}
    assert recording.exists()
    assert due(THEN + 100 * DAY) == {"recordings": 1}
    assert not recording.exists()
    after = THEN + 367 * DAY
    assert due(after, dry_run=True) == {"conversations": 1, "remembered": 1}
    assert due(after) == {"conversations": 1, "remembered": 1}
    assert due(after) == {}, "doing it again destroys nothing more"
    left = store.look(
        lambda tx: [row.id for row in tx.connection.execute(select(conversations.conversations))]
    )
    assert left == ["c_new"]
    assert store.look(lambda tx: requests.by_receipt(tx, "SEL-1")) == []
    lines = store.look(destructions.newest)
    assert [(line.rule, line.count, line.reason) for line in lines] == [
        ("remembered", 1, "expired"),
        ("conversations", 1, "expired"),
        ("recordings", 1, "expired"),
        ("practice_conversations", 1, "expired"),
    ]
    assert all("제" in line.law for line in lines)
    assert "c_old" not in repr(lines)
    assert store.look(destructions.verify).broken is None
    with pytest.raises(StoreError, match="destructions are"):
        store.run(lambda tx: tx.connection.execute(text("DELETE FROM destructions")))


def test_law_07_the_ledger_does_not_tell_of_a_file_that_stays(
    store: Store, rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("mine.wav", "theirs.wav"):
        file = tmp_path / "recordings" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"sound")
        os.utime(file, (0, 0))
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path.name == "theirs.wav":
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StoreError, match="recordings"):
        destroy_due(store, rules, THEN, tmp_path)
    lines = [line for line in store.look(destructions.newest) if line.kind == "files"]
    assert [line.count for line in lines] == [1]
    assert [path.name for path in (tmp_path / "recordings").iterdir()] == ["theirs.wav"]


def test_law_07_what_is_under_way_is_not_destroyed(store: Store, rules, tmp_path: Path) -> None:
    talk(store, "c_1")
    write = OutboxRow("o_1", "c_1", "call_1", "road", "gateway.report", {"a": 1}, "key-1", THEN, THEN)
    store.run(lambda tx: outbox.add(tx, write))
    late = THEN + 900 * DAY
    assert all(one.count == 0 for one in destroy_due(store, rules, late, tmp_path))
    with pytest.raises(ConversationBusy):
        store.run(lambda tx: data_subject.erase(tx, "c_1", ASKED))


def test_law_07_a_crash_loses_neither_rows_without_a_line_nor_a_line_without_rows(
    store: Store, rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retaining, "BATCH", 2)
    for number in range(5):
        talk(store, f"c_{number}")
    note, told = destructions.note, []

    def crash(tx, row) -> None:
        note(tx, row)
        told.append(row)
        if len(told) == 2:
            raise OSError("power")

    monkeypatch.setattr(destructions, "note", crash)
    with pytest.raises(OSError, match="power"):
        destroy_due(store, rules, THEN + 400 * DAY, tmp_path)
    monkeypatch.setattr(destructions, "note", note)

    def state() -> tuple[int, int]:
        left = store.look(lambda tx: len(tx.connection.execute(select(conversations.conversations)).all()))
        return left, sum(line.count for line in store.look(destructions.newest))

    assert state() == (3, 2)
    destroy_due(store, rules, THEN + 400 * DAY, tmp_path)
    assert state() == (0, 5)


@pytest.mark.sqlite
def test_law_07_destroyed_rows_are_not_in_the_file_any_more(store: Store, rules, database: Path) -> None:
    talk(store, "c_gone_from_the_disk")
    store.run(lambda tx: tx.connection.execute(text("SELECT 1")))

    def on_disk() -> bool:
        files = [path for path in database.parent.glob("d.db*") if path.is_file()]
        return any(b"c_gone_from_the_disk" in path.read_bytes() for path in files)

    assert on_disk()
    destroy_due(store, rules, THEN + 400 * DAY, database.parent)
    assert not on_disk()


def test_law_07_every_kind_has_a_rule_and_no_rule_is_below_the_law(tmp_path: Path) -> None:
    rules = load_retention(CATALOGUE)
    assert set(rules) == set(KINDS)
    good = (CATALOGUE / RETENTION_FILE).read_text("utf-8")
    place = tmp_path / RETENTION_FILE
    place.parent.mkdir()
    for wrong, message in (
        (good.replace("keep: P2Y", "keep: P1Y"), "2 years at least"),
        (good.replace("keep: P90D", "keep: soon"), "recordings.keep"),
        (good.replace("keep: P90D", "keep: P0D"), "recordings.keep"),
        (good.replace("exports:", "exporst:"), "no rule for exports"),
        (good.replace("  law:", "  low:", 1), "conversations"),
        ("- a\n", "dict"),
        ("a: [", "retention.yaml"),
    ):
        place.write_text(wrong, encoding="utf-8")
        with pytest.raises(InputError, match=message):
            load_retention(tmp_path)


def test_a_citizen_gets_a_copy_and_is_erased_and_hears_what_the_law_keeps(store: Store) -> None:
    talk(store, "c_1", person="p" * 64)
    talk(store, "c_2")
    request = Request("c_1", "SEL-20180301-0001", "road", {"phone": "010-1234-5678"}, THEN)
    store.run(lambda tx: requests.add(tx, request))
    store.run(lambda tx: remembered.keep(tx, "p" * 64, Values(home_district="마포구"), CONSENT))
    (name,) = store.look(lambda tx: data_subject.conversations_of(tx, "SEL-20180301-0001"))
    copy = store.run(lambda tx: data_subject.export(tx, name, ASKED))
    told = json.dumps(copy, ensure_ascii=False, default=str)
    assert all(part in told for part in ("소파 버려 주세요", "010-1234-5678", "마포구", "네 그러세요"))
    kept = store.run(lambda tx: data_subject.erase(tx, name, ASKED))
    assert set(kept) == {"accesses", "destructions", "city"}
    assert all("법" in why or "기준" in why for why in kept.values())
    with pytest.raises(UnknownConversation):
        store.look(lambda tx: data_subject.conversations_of(tx, "SEL-20180301-0001"))
    assert store.look(lambda tx: remembered.find(tx, "p" * 64)) is None
    assert store.look(lambda tx: data_subject.conversations_of(tx, "c_2")) == ["c_2"]
    looks = store.look(lambda tx: accesses.newest(tx, conversation_id="c_1"))
    assert [(one.action, one.purpose) for one in looks] == [
        ("erase", "own_request"),
        ("export", "own_request"),
    ]
    assert {line.reason for line in store.look(destructions.newest)} == {"erased"}


def test_a_copy_holds_every_hand_over_and_an_erasure_takes_every_number_with_it(store: Store) -> None:
    talk(store, "c_1")
    for number in (1, 2):
        row = HandoverRow(
            f"h_{number}", "c_1", THEN + number * DAY, topic=f"{number}번째 일", phone=PHONES[number - 1]
        )
        store.run(lambda tx, row=row: handovers.add(tx, row))
        store.run(lambda tx, name=row.id: handovers.move(tx, name, "closed", THEN))
    copy = store.run(lambda tx: data_subject.export(tx, "c_1", ASKED))
    told = [(one["topic"], one["phone"]) for one in copy["handovers"]]
    assert told == [("1번째 일", PHONES[0]), ("2번째 일", PHONES[1])]
    store.run(lambda tx: data_subject.erase(tx, "c_1", ASKED))
    assert store.look(vault.counts) == {}
    lines = {line.kind: line.count for line in store.look(destructions.newest)}
    assert lines == {"conversations": 1, "vault_values": 2}


def test_an_erasure_takes_what_quotes_the_conversation_unless_it_is_in_force(store: Store) -> None:
    talk(store, "c_1")
    item = {"id": "i", "conversation_id": "c_1", "turn": 1, "kind": "unclear", "at": THEN, "detail": "x"}

    def fill(tx) -> None:
        tx.connection.execute(insert(review_items).values(**item, state="open", sealed=b"x"))
        for state in ("draft", "withdrawn", "published"):
            row = {"id": state, "kind": "example", "state": state, "author": "kim", "created_at": THEN}
            tx.connection.execute(insert(proposals).values(**row, changed_at=THEN, sealed=b"x"))
            tx.connection.execute(insert(proposal_items).values(proposal_id=state, item_id="i"))
        for name, days in (("older", -1), ("later", 1)):
            row = {"id": name, "kind": "example", "state": "draft", "author": "kim", "created_at": THEN}
            tx.connection.execute(insert(proposals).values(**row, changed_at=THEN, sealed=b"x"))
            effect = proposals_of.EffectRow(name, "done", "b", THEN + days * DAY, result={})
            proposals_of.set_effect(tx, effect)

    store.run(fill)
    kept = store.run(lambda tx: data_subject.erase(tx, "c_1", ASKED))
    assert "되돌리면" in kept["proposals"]
    # What was measured since may quote it, whosesoever proposal it is.
    assert store.look(lambda tx: proposals_of.effect(tx, "later")) is None
    assert store.look(lambda tx: proposals_of.effect(tx, "older")) is not None
    left = store.look(lambda tx: [one.id for one in tx.connection.execute(select(proposals))])
    assert sorted(left) == ["later", "older", "published"]
    lines = {line.kind: line.count for line in store.look(destructions.newest)}
    assert lines["review_proposals"] == 2


OF_THE_CITY = {
    "store_facts",
    "document_versions",
    "publications",
    "machine_switches",
    "incident_lines",
    "register_versions",
    "service_drafts",
    "service_runs",
}
"""Tables with sealed columns that hold nothing of a citizen's: keys, who answers for a document, why a change
was published or the machine silenced, what was done about a leak, who oversees an AI system, what owners
write of their services and what was tried of it."""


def test_law_07_every_table_with_sealed_values_has_a_period() -> None:
    covered = {retaining._due(kind, THEN)[0].name for kind in set(KINDS) - set(retaining.FOLDERS)}
    grown = True
    while grown:
        with_parent = {
            table.name
            for table in metadata.tables.values()
            for key in table.foreign_keys
            if key.ondelete == "CASCADE" and key.column.table.name in covered
        }
        grown = not with_parent <= covered
        covered |= with_parent
    sealed = {table.name for table in metadata.tables.values() if "sealed" in table.columns}
    assert sealed - covered - OF_THE_CITY == set()


def test_law_07_a_proposal_goes_after_three_years_unless_it_is_in_force(
    store: Store, rules: dict[str, Rule], tmp_path: Path
) -> None:
    for state in ("draft", "published"):
        row = {"id": state, "kind": "example", "state": state, "author": "kim", "created_at": THEN}
        values = {**row, "changed_at": THEN, "sealed": b"x", "published_by": None}
        store.run(lambda tx, values=values: tx.connection.execute(insert(proposals).values(**values)))
    destroy_due(store, rules, THEN + 1000 * DAY, tmp_path)
    assert len(store.look(lambda tx: tx.connection.execute(select(proposals)).all())) == 2
    destroy_due(store, rules, THEN + 1100 * DAY, tmp_path)
    left = store.look(lambda tx: [one.id for one in tx.connection.execute(select(proposals))])
    assert left == ["published"]
