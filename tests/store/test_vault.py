"""The vault: what is sealed opens for its purpose alone, keys change under it, nothing stands in clear."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from tests.databases import stored_bytes
from tests.store.conftest import KEY, NOW

from donghaeng.errors import SettingsError, StoreError, VaultKeyMissing
from donghaeng.store import Store, conversations, destructions, handovers, messages, outgoing_calls, vault
from donghaeng.store.conversations import Conversation
from donghaeng.store.handovers import HandoverRow
from donghaeng.store.messages import MessageRow
from donghaeng.store.outgoing_calls import BookedCall
from donghaeng.store.privacy_tables import vault_values
from donghaeng.store.retaining import destroy_due
from donghaeng.trust.consents import SpokenConsent
from donghaeng.trust.retention import load_retention
from donghaeng.trust.sealing import Sealer
from donghaeng.trust.vault_keys import FixedKeys, KeyFile, Sealed, VaultKeys, make_vault_keys

CATALOGUE = Path(__file__).resolve().parents[2] / "catalogue"
NUMBERS = ("010-7391-2846", "010-8265-1937", "010-9173-6428")
"""Canaries: of a message, a call and a call-back."""
keys = st.binary(min_size=32, max_size=32)


def made(*held: bytes) -> VaultKeys:
    return VaultKeys(FixedKeys(held))


@given(keys, st.text(max_size=60), st.text(max_size=60))
def test_what_is_sealed_opens_for_what_it_is_bound_to(key: bytes, value: str, bound: str) -> None:
    assert made(key).open(made(key).seal(value, bound), bound) == value


@given(st.integers(0), st.integers(1, 255), st.sampled_from(["nonce", "ciphertext", "bound"]))
def test_whatever_is_changed_is_refused(at: int, change: int, where: str) -> None:
    sealed, bound = made(KEY).seal(NUMBERS[0], "vault/v_1/message/c_1"), "vault/v_1/message/c_1"
    parts = {"nonce": sealed.nonce, "ciphertext": sealed.ciphertext, "bound": bound.encode()}
    spoilt = bytearray(parts[where])
    spoilt[at % len(spoilt)] ^= change
    parts[where] = bytes(spoilt)
    changed = Sealed(sealed.key_id, parts["nonce"], parts["ciphertext"])
    with pytest.raises(StoreError, match="damaged or was moved"):
        made(KEY).open(changed, parts["bound"].decode("utf-8", "replace"))


@given(st.lists(keys, min_size=2, max_size=4, unique=True))
def test_older_keys_open_and_a_key_that_is_lost_is_named(held: list[bytes]) -> None:
    sealed = made(*held[1:]).seal(NUMBERS[0], "b")
    assert made(*held).open(sealed, "b") == NUMBERS[0]
    with pytest.raises(VaultKeyMissing, match=sealed.key_id):
        made(held[0]).open(sealed, "b")


def filled(store: Store) -> None:
    """A conversation with a number in each place that has one."""
    consent = SpokenConsent("call_me/1", "전화할까요?", "네", NOW, ("call_back",))

    def work(tx) -> None:
        conversations.add(tx, Conversation("c_1", "chat", NOW, "v1"), "token")
        messages.add(tx, MessageRow("m", "c_1", "accepted", "road", NUMBERS[0], "접수했어요", NOW, NOW))
        outgoing_calls.add(tx, BookedCall("k", "c_1", NUMBERS[1], "h", "road", consent, NOW))
        handovers.add(tx, HandoverRow("h_1", "c_1", NOW, topic="요금", phone=NUMBERS[2]))

    store.run(work)


def held_numbers(store: Store) -> tuple[str, ...]:
    def work(tx) -> tuple[str, ...]:
        message, call, case = messages.get(tx, "m"), outgoing_calls.get(tx, "k"), handovers.get(tx, "h_1")
        assert message is not None
        assert call is not None
        assert case is not None
        return message.number, call.number, case.phone or ""

    return store.look(work)


def test_numbers_come_back_and_stand_nowhere_in_the_files(store: Store, database: Path) -> None:
    filled(store)
    assert held_numbers(store) == NUMBERS
    written = stored_bytes(database)
    for number in NUMBERS:
        for form in (number, number.replace("-", ""), number[4:].replace("-", "")):
            assert form.encode() not in written
            assert base64.b64encode(form.encode()).rstrip(b"=") not in written
    assert "접수했어요".encode() not in written


def test_who_has_the_key_of_the_records_alone_reads_no_number(database: Path) -> None:
    """A backup that lost the vault's keys: everything else is there, and nothing breaks."""
    with Store.open(f"sqlite:///{database}", Sealer([KEY]), vault=made(b"a" * 32)) as store:
        filled(store)
    with Store.open(f"sqlite:///{database}", Sealer([KEY]), vault=made(b"b" * 32)) as store:
        assert held_numbers(store) == ("", "", "")
        assert store.look(lambda tx: handovers.get(tx, "h_1").topic) == "요금"  # type: ignore[union-attr]
        with pytest.raises(VaultKeyMissing):
            vault.rotate(store)
    with Store.open(f"sqlite:///{database}", Sealer([KEY]), vault=made(b"b" * 32, b"a" * 32)) as store:
        assert held_numbers(store) == NUMBERS, "the key is back, and so are the numbers"


def test_a_value_copied_into_another_row_or_asked_for_otherwise_does_not_open(store: Store) -> None:
    filled(store)

    def work(tx) -> tuple[str | None, str | None]:
        rows = tx.connection.execute(select(vault_values).order_by(vault_values.c.purpose)).all()
        by_purpose = {row.purpose: row for row in rows}
        stolen, victim = by_purpose["call"], by_purpose["message"]
        other_purpose = vault.take(tx, stolen.id, "message")
        anew = {"key_id": stolen.key_id, "nonce": stolen.nonce, "ciphertext": stolen.ciphertext}
        tx.connection.execute(update(vault_values).where(vault_values.c.id == victim.id).values(**anew))
        return other_purpose, vault.take(tx, victim.id, "message")

    assert store.run(work) == (None, None)


def test_a_message_that_is_there_already_leaves_no_second_number(store: Store) -> None:
    filled(store)
    again = MessageRow("m", "c_1", "accepted", "road", NUMBERS[0], "접수했어요", NOW, NOW)
    assert not store.run(lambda tx: messages.add(tx, again))
    assert sum(store.look(vault.counts).values()) == len(NUMBERS)


def test_another_call_back_number_takes_the_place_of_the_first(store: Store) -> None:
    filled(store)
    for phone in ("010-1111-2222", None):
        store.run(lambda tx, phone=phone: handovers.set_details(tx, "h_1", topic="요금", phone=phone, at=NOW))
        assert held_numbers(store)[2] == (phone or "")
    assert sum(store.look(vault.counts).values()) == len(NUMBERS) - 1


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 3), max_size=3), st.integers(1, 5))
def test_rotations_that_are_broken_off_anywhere_lose_nothing(
    monkeypatch: pytest.MonkeyPatch, stops: list[int], batch: int
) -> None:
    monkeypatch.setattr(vault, "BATCH", batch)
    held = [b"0" * 32]
    keys = VaultKeys(source := FixedKeys(tuple(held)))
    with Store.open("sqlite://", Sealer([KEY]), vault=keys) as store:
        store.run(lambda tx: conversations.add(tx, Conversation("c_1", "chat", NOW, "v1"), "token"))
        wanted = {
            store.run(lambda tx, n=n: vault.put(tx, f"010-{n:04}-0000", "call", "c_1", NOW)): n
            for n in range(7)
        }
        for number, stop in enumerate(stops):
            held.insert(0, bytes([number + 65]) * 32)
            object.__setattr__(source, "held", tuple(held))
            seen = 0

            def broken(done: int, total: int, stop: int = stop) -> None:
                nonlocal seen
                seen += 1
                if seen > stop:
                    raise KeyboardInterrupt

            with suppress(KeyboardInterrupt):
                vault.rotate(store, broken)
            for name, n in wanted.items():
                assert store.look(lambda tx, name=name: vault.take(tx, name, "call")) == f"010-{n:04}-0000"
        left = sum(n for key, n in store.look(vault.counts).items() if key != keys.current)
        assert vault.rotate(store) == left
        assert store.look(vault.counts) == {keys.current: len(wanted)}
        object.__setattr__(source, "held", (held[0],))
        for name, n in wanted.items():
            assert store.look(lambda tx, name=name: vault.take(tx, name, "call")) == f"010-{n:04}-0000"


def test_numbers_go_when_nobody_is_to_be_reached_any_more_and_the_ledger_says_so(store: Store) -> None:
    filled(store)
    rules = load_retention(CATALOGUE)
    later = NOW + timedelta(days=93)
    assert not store.look(destructions.newest)
    found = {due.kind: due.count for due in destroy_due(store, rules, later, Path("/nowhere"))}
    assert found["vault"] == 0, "a message and a call wait still"

    def over(tx) -> None:
        messages.mark_sent(tx, "m", reference="r", at=NOW)
        outgoing_calls.withdraw(tx, "h", NOW)
        handovers.move(tx, "h_1", "closed", NOW)

    store.run(over)
    destroy_due(store, rules, later, Path("/nowhere"))
    assert held_numbers(store) == ("", "", "")
    (line,) = store.look(destructions.newest)
    assert (line.rule, line.kind, line.count, line.reason) == ("vault", "vault_values", 3, "expired")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_vault_keys(None, None, tmp_path)
    return tmp_path / "vault.keys"


def test_the_first_start_makes_a_key_that_its_owner_alone_reads(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert make_vault_keys(None, file, Path("/nowhere")).ids == make_vault_keys(None, None, file.parent).ids
    file.chmod(0o640)
    with pytest.raises(StoreError, match="others may read"):
        make_vault_keys(None, None, file.parent)


def test_a_named_file_is_not_made_and_a_setting_wins(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="are gone"):
        make_vault_keys(None, tmp_path / "k", tmp_path)
    text = ",".join(base64.b64encode(key).decode() for key in (b"n" * 32, b"o" * 32))
    assert make_vault_keys(text, tmp_path / "k", tmp_path).ids == made(b"n" * 32, b"o" * 32).ids
    with pytest.raises(SettingsError, match="DONGHAENG_VAULT_KEYS"):
        make_vault_keys("too short", None, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_follows_the_file_while_it_runs(file: Path) -> None:
    serving, rotating = VaultKeys(KeyFile(file, make=False)), KeyFile(file, make=False)
    before = serving.seal("1", "b")
    rotating.add_key()
    assert serving.seal("1", "b").key_id == VaultKeys(rotating).current != before.key_id
    assert serving.open(before, "b") == "1"
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    assert serving.open(before, "b") == "1", "who serves goes on"
