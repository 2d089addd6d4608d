"""Staff are told outside the console: once a way, again until it went through, unless somebody saw it."""

from __future__ import annotations

import asyncio
import json
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from donghaeng.city.providers.reach import PinnedTransport, Reach
from donghaeng.errors import ProviderDenied, ProviderError, ProviderTimeout, ProviderUnavailable
from donghaeng.store import Store, notices
from donghaeng.store.notices import Notice
from donghaeng.tower.notices.mail import Mail, MailServer
from donghaeng.tower.notices.sending import MOST_ATTEMPTS, NoticeRefused, NoticeSender
from donghaeng.tower.notices.webhook import Webhook
from donghaeng.trust.sealing import Sealer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NOTICE = Notice("alert/1", "답이 늦어졌어요", "동행: 답이 늦어졌어요", "/console/tower/figures")


class Fake:
    """Fails with the errors that are left, then takes everything."""

    def __init__(self, *errors: ProviderError) -> None:
        self.errors = list(errors)
        self.taken: list[str] = []

    async def send(self, notice: Notice) -> None:
        await asyncio.sleep(0)
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append(notice.key)

    async def aclose(self) -> None:
        pass


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/n.db", Sealer([b"k" * 32])) as opened:
        yield opened


def told(store: Store, *, at: datetime = NOW, notice: Notice = NOTICE) -> int:
    return store.run(lambda tx: notices.add(tx, notice, ["webhook", "mail"], NOW, at=at))


def sender(store: Store, clock: Clock, web: Fake, mail: Fake, owner: str = "one") -> NoticeSender:
    return NoticeSender(store, {"webhook": web, "mail": mail}, owner=owner, clock=clock)


async def test_each_way_tells_it_once_though_it_is_recorded_twice_and_two_processes_send(
    store: Store,
) -> None:
    web, mail = Fake(), Fake()
    assert (told(store), told(store)) == (2, 0)
    both = [sender(store, Clock(), web, mail, owner) for owner in ("one", "two")]
    assert sum(await asyncio.gather(*(one.send_waiting() for one in both))) == 2
    assert (web.taken, mail.taken) == (["alert/1"], ["alert/1"])
    assert await both[0].send_waiting() == 0


async def test_what_failed_is_sent_again_later_and_the_other_way_is_not_doubled(store: Store) -> None:
    clock, web, mail = Clock(), Fake(ProviderUnavailable("w", "away")), Fake()
    told(store)
    one = sender(store, clock, web, mail)
    assert await one.send_waiting() == 1
    assert await one.send_waiting() == 0, "it waits a while"
    clock.now += timedelta(minutes=1)
    assert await one.send_waiting() == 1
    assert (web.taken, mail.taken) == (["alert/1"], ["alert/1"])


async def test_it_is_given_up_at_a_refusal_and_after_many_attempts(store: Store) -> None:
    clock = Clock()
    web = Fake(*(ProviderTimeout("w", "late") for _ in range(MOST_ATTEMPTS)))
    told(store)
    one = sender(store, clock, web, Fake(NoticeRefused("m", "never")))
    for _ in range(MOST_ATTEMPTS):
        await one.send_waiting()
        clock.now += timedelta(hours=1)
    assert store.look(notices.tally) == {"failed": 2}
    assert web.errors == []


async def test_in_quiet_hours_it_waits_and_what_was_seen_before_is_not_sent(store: Store) -> None:
    clock, web = Clock(), Fake()
    told(store, at=NOW + timedelta(hours=8))
    one = sender(store, clock, web, Fake())
    assert await one.send_waiting() == 0
    assert store.run(lambda tx: notices.drop(tx, NOTICE.key, NOW))
    clock.now += timedelta(hours=9)
    assert await one.send_waiting() == 0
    assert web.taken == []


async def test_the_webhook_posts_the_key_and_nothing_else_than_the_notice() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    hook = Webhook("https://city.example/alerts", "secret", transport=httpx.MockTransport(answer))
    await hook.send(NOTICE)
    await hook.aclose()
    assert seen[0].headers["Idempotency-Key"] == "alert/1"
    assert seen[0].headers["Authorization"] == "Bearer secret"
    assert set(json.loads(seen[0].content)) == {"key", "title", "text", "place"}


@pytest.mark.parametrize(
    ("status", "error"),
    [(422, NoticeRefused), (401, ProviderDenied), (302, ProviderUnavailable), (500, ProviderUnavailable)],
)
async def test_what_the_webhook_answers(status: int, error: type[ProviderError]) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(status, headers={"Location": "/x"}))
    with pytest.raises(error):
        await Webhook("https://city.example/alerts", transport=transport).send(NOTICE)


async def test_a_host_that_is_neither_public_nor_listed_is_not_reached() -> None:
    reach = Reach(resolve=lambda host, port: ["10.0.0.7"])
    asked = httpx.MockTransport(lambda request: pytest.fail("it was asked"))
    with pytest.raises(ProviderUnavailable):
        await Webhook("https://inner.example/a", transport=PinnedTransport(reach, asked)).send(NOTICE)

    async def refuse(host: str, port: int) -> None:
        raise OSError(host)

    letters: list[EmailMessage] = []
    mail = Mail(SERVER, "a@b.kr", ["c@d.kr"], admit=refuse, deliver=lambda _, made: letters.append(made))
    with pytest.raises(ProviderUnavailable):
        await mail.send(NOTICE)
    assert letters == []


SERVER = MailServer("mail.example", 587)


async def admitted(host: str, port: int) -> None:
    await asyncio.sleep(0)


async def test_a_letter_has_the_same_name_each_time_and_says_where_to_look() -> None:
    letters: list[EmailMessage] = []
    mail = Mail(
        SERVER, "a@b.kr", ["c@d.kr", "e@f.kr"], admit=admitted, deliver=lambda _, made: letters.append(made)
    )
    await mail.send(NOTICE)
    await mail.send(NOTICE)
    first, second = letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["To"] == "c@d.kr, e@f.kr"
    assert "/console/tower/figures" in first.get_content()


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (TimeoutError(), ProviderTimeout),
        (smtplib.SMTPAuthenticationError(535, b"no"), ProviderDenied),
        (smtplib.SMTPRecipientsRefused({"c@d.kr": (550, b"no")}), NoticeRefused),
        (smtplib.SMTPRecipientsRefused({"c@d.kr": (450, b"later")}), ProviderUnavailable),
        (smtplib.SMTPDataError(554, b"no"), NoticeRefused),
        (smtplib.SMTPDataError(451, b"later"), ProviderUnavailable),
        (smtplib.SMTPServerDisconnected(), ProviderUnavailable),
        (ConnectionRefusedError(), ProviderUnavailable),
    ],
)
async def test_what_a_mail_server_may_answer(failure: Exception, error: type[ProviderError]) -> None:
    def deliver(server: MailServer, made: EmailMessage) -> None:
        raise failure

    with pytest.raises(error):
        await Mail(SERVER, "a@b.kr", ["c@d.kr"], admit=admitted, deliver=deliver).send(NOTICE)
