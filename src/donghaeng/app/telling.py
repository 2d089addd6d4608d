"""By which ways staff are told of alerts and deadlines outside the console: composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from donghaeng.city.providers.reach import NotReached, PinnedTransport, Reach
from donghaeng.errors import DonghaengError
from donghaeng.settings import Settings
from donghaeng.store import Store
from donghaeng.store.notices import Way
from donghaeng.store.process_names import process_name
from donghaeng.tower.notices.mail import Mail, MailServer
from donghaeng.tower.notices.sending import Carrier, NoticeSender
from donghaeng.tower.notices.webhook import Webhook

EVERY_S: Final = 10.0

_log = structlog.get_logger(__name__)


def ways_of(settings: Settings) -> tuple[Way, ...]:
    """The ways that the settings name; none unless somebody set them."""
    found: list[Way] = []
    if settings.alert_webhook is not None:
        found.append("webhook")
    if settings.alert_mail_host is not None and settings.alert_mail_to:
        found.append("mail")
    return tuple(found)


def open_sender(settings: Settings, store: Store, *, clock: Callable[[], datetime]) -> NoticeSender:
    """What sends notices by those ways. Hosts are those of the public internet and the listed ones."""
    reach = Reach(settings.service_hosts)
    carriers: dict[Way, Carrier] = {}
    ways = ways_of(settings)
    if settings.alert_webhook is not None:
        key = settings.alert_webhook_key
        carriers["webhook"] = Webhook(
            settings.alert_webhook,
            key.get_secret_value() if key else None,
            transport=PinnedTransport(reach),
        )
    if "mail" in ways:
        server = mail_server(settings)

        async def admit(host: str, port: int) -> None:
            try:
                await reach.address_of(host, port)
            except NotReached as error:
                raise OSError(str(error)) from None

        carriers["mail"] = Mail(server, settings.alert_mail_from, settings.alert_mail_to, admit=admit)
    return NoticeSender(store, carriers, owner=process_name(), clock=clock)


def mail_server(settings: Settings) -> MailServer:
    """Where letters are handed in."""
    password = settings.alert_mail_password
    return MailServer(
        settings.alert_mail_host or "",
        settings.alert_mail_port,
        settings.alert_mail_security,
        settings.alert_mail_user,
        password.get_secret_value() if password else None,
    )


async def keep_telling(sender: NoticeSender) -> None:
    """Send what waits, for ever; an error is logged and the next look tries again."""
    try:
        while True:
            try:
                await sender.send_waiting()
            except DonghaengError as error:
                _log.warning("notices.failed", error=type(error).__name__)
            await asyncio.sleep(EVERY_S)
    finally:
        await sender.aclose()
