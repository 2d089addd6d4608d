"""Accounts of staff: logins, their ends, and what shows of a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from donghaeng.errors import InputError
from donghaeng.people.accounts import IDLE, WHOLE, StaffAccounts
from donghaeng.store import Store, staff
from donghaeng.trust.passwords import Passwords
from donghaeng.trust.permissions import Permission, Role
from donghaeng.trust.sealing import Sealer

PASSWORD = "비 오는 날의 우산 하나"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        self.now += span


def cheap(time_cost: int = 1) -> Passwords:
    return Passwords(PasswordHasher(time_cost=time_cost, memory_cost=8, parallelism=1))


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/a.db", Sealer([b"k" * 32])) as opened:
        yield opened


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def accounts(store: Store, clock: Clock) -> StaffAccounts:
    made = StaffAccounts(store, cheap(), clock=clock, second_factor=frozenset())
    await made.add("kim", "김상담", Role.COUNSELLOR, PASSWORD)
    return made


async def test_who_logs_in_is_found_under_the_token(accounts: StaffAccounts) -> None:
    token = await accounts.login(" KIM ", PASSWORD)
    assert token is not None
    found = await accounts.find(token)
    assert found is not None
    assert (found.name, found.shown_name, found.role) == ("kim", "김상담", Role.COUNSELLOR)
    assert found.may(Permission.DESK)
    assert not found.may(Permission.TRANSCRIPT_READ)


@pytest.mark.parametrize(("name", "password"), [("kim", "wrong words here"), ("lee", PASSWORD), ("", "")])
async def test_nobody_else_logs_in(accounts: StaffAccounts, name: str, password: str) -> None:
    assert await accounts.login(name, password) is None


async def test_every_login_is_checked_whether_the_account_is_there_or_not(store: Store, clock: Clock) -> None:
    asked: list[bool] = []

    class Watched(Passwords):
        def matches(self, password: str, kept: str | None) -> bool:
            asked.append(kept is not None)
            return super().matches(password, kept)

    accounts = StaffAccounts(store, Watched(PasswordHasher(1, 8, 1)), clock=clock, second_factor=frozenset())
    await accounts.add("kim", "김", Role.COUNSELLOR, PASSWORD)
    await accounts.add("lee", "이", Role.COUNSELLOR, PASSWORD)
    await accounts.disable("lee")
    for name in ("kim", "lee", "park"):
        await accounts.login(name, "wrong words here")
    assert asked == [True, False, False]


async def test_a_login_takes_the_place_of_the_one_before_it(accounts: StaffAccounts) -> None:
    first = await accounts.login("kim", PASSWORD)
    second = await accounts.login("kim", PASSWORD, ending=first)
    assert first is not None
    assert second is not None
    assert first != second
    assert await accounts.find(first) is None
    assert await accounts.find(second) is not None


async def test_a_login_ends_when_nothing_is_done(accounts: StaffAccounts, clock: Clock) -> None:
    token = await accounts.login("kim", PASSWORD)
    assert token is not None
    clock.pass_by(IDLE - timedelta(minutes=1))
    assert await accounts.find(token, doing=False) is not None
    clock.pass_by(timedelta(seconds=59))
    assert await accounts.find(token) is not None
    clock.pass_by(IDLE - timedelta(seconds=1))
    assert await accounts.find(token, doing=False) is not None
    clock.pass_by(timedelta(seconds=1))
    assert await accounts.find(token) is None


async def test_a_login_ends_with_the_shift_whatever_is_done(accounts: StaffAccounts, clock: Clock) -> None:
    token = await accounts.login("kim", PASSWORD)
    assert token is not None
    began = clock.now
    while clock.now - began < WHOLE:
        assert await accounts.find(token) is not None
        clock.pass_by(timedelta(minutes=30))
    assert await accounts.find(token) is None


async def test_logging_out_a_new_password_and_an_end_of_the_account_end_logins(
    accounts: StaffAccounts,
) -> None:
    token = await accounts.login("kim", PASSWORD)
    assert token is not None
    await accounts.logout(token)
    assert await accounts.find(token) is None
    tokens = [await accounts.login("kim", PASSWORD) for _ in range(2)]
    await accounts.set_password("kim", "바람 부는 날의 연 하나")
    assert [await accounts.find(one or "") for one in tokens] == [None, None]
    assert await accounts.login("kim", PASSWORD) is None
    token = await accounts.login("kim", "바람 부는 날의 연 하나")
    assert token is not None
    await accounts.disable("kim")
    assert await accounts.find(token) is None
    assert await accounts.login("kim", "바람 부는 날의 연 하나") is None
    assert not await accounts.any()


async def test_a_hash_of_old_costs_is_made_anew_at_the_login(store: Store, clock: Clock) -> None:
    await StaffAccounts(store, cheap(), clock=clock, second_factor=frozenset()).add(
        "kim", "김", Role.ADMIN, PASSWORD
    )
    before = store.look(staff.everyone)[0].password_hash
    dearer = StaffAccounts(store, cheap(time_cost=2), clock=clock, second_factor=frozenset())
    assert await dearer.login("kim", PASSWORD) is not None
    after = store.look(staff.everyone)[0].password_hash
    assert after != before
    assert "t=2" in after
    assert await dearer.login("kim", PASSWORD) is not None


@pytest.mark.parametrize(
    ("name", "shown", "password"),
    [
        ("Kim", "김", PASSWORD),
        ("k", "김", PASSWORD),
        ("kim lee", "김", PASSWORD),
        ("lee", " ", PASSWORD),
        ("lee", "이" * 41, PASSWORD),
        ("lee", "이", "short"),
        ("kim", "김", PASSWORD),
    ],
)
async def test_bad_accounts_are_refused(
    accounts: StaffAccounts, name: str, shown: str, password: str
) -> None:
    with pytest.raises(InputError):
        await accounts.add(name, shown, Role.COUNSELLOR, password)
    assert [row.name for row in await accounts.everyone()] == ["kim"]


async def test_accounts_that_are_not_there_cannot_be_changed(accounts: StaffAccounts) -> None:
    for change in (accounts.disable("lee"), accounts.set_password("lee", PASSWORD)):
        with pytest.raises(InputError, match="staff list"):
            await change
