"""Notices by e-mail over SMTP. A notice carries the same ``Message-ID`` each time, by which mail systems
know it again."""

from __future__ import annotations

import asyncio
import hashlib
import smtplib
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Literal

from donghaeng.errors import ProviderDenied, ProviderTimeout, ProviderUnavailable
from donghaeng.store.notices import Notice
from donghaeng.tower.notices.sending import NoticeRefused

TIMEOUT_S: Final = 20.0
_PROVIDER: Final = "alert_mail"
_NEVER_FROM: Final = 500
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in."""

    host: str
    port: int
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)


Deliver = Callable[[MailServer, EmailMessage], None]
"""Hands a letter in, on a thread."""


class Mail:
    """A :class:`~donghaeng.tower.notices.sending.Carrier` over a mail server.

    Args:
        server: where letters are handed in.
        sender: the address that they come from.
        to: whom.
        admit: refuses a host that is not to be reached, by an OSError.
        deliver: hands a letter in; SMTP unless given.
    """

    def __init__(
        self,
        server: MailServer,
        sender: str,
        to: Sequence[str],
        *,
        admit: Callable[[str, int], Awaitable[object]],
        deliver: Deliver | None = None,
    ) -> None:
        self._server = server
        self._sender = sender
        self._to = tuple(to)
        self._admit = admit
        self._deliver = deliver or hand_in

    async def send(self, notice: Notice) -> None:
        """Hand a letter in.

        Raises:
            NoticeRefused, ProviderDenied, ProviderTimeout, ProviderUnavailable.
        """
        try:
            await self._admit(self._server.host, self._server.port)
            await asyncio.to_thread(self._deliver, self._server, letter(notice, self._sender, self._to))
        except TimeoutError:
            raise ProviderTimeout(_PROVIDER, "no answer in time") from None
        except smtplib.SMTPAuthenticationError:
            remedy = "see DONGHAENG_ALERT_MAIL_PASSWORD"
            raise ProviderDenied(_PROVIDER, "the password is refused", remedy=remedy) from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            if min(codes, default=0) >= _NEVER_FROM:
                raise NoticeRefused(_PROVIDER, "no recipient is taken") from None
            raise ProviderUnavailable(_PROVIDER, "no recipient is taken now") from None
        except smtplib.SMTPResponseException as error:
            kind = NoticeRefused if error.smtp_code >= _NEVER_FROM else ProviderUnavailable
            raise kind(_PROVIDER, f"SMTP {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise ProviderUnavailable(_PROVIDER, f"no connection ({type(error).__name__})") from None

    async def aclose(self) -> None:
        """Nothing is kept open."""


def letter(notice: Notice, sender: str, to: Sequence[str]) -> EmailMessage:
    """The notice as a letter."""
    made = EmailMessage()
    made["Subject"] = f"[동행 관제] {notice.title}"
    made["From"] = sender
    made["To"] = ", ".join(to)
    made["Auto-Submitted"] = "auto-generated"
    domain = sender.rpartition("@")[2].rstrip(">") or "localhost"
    made["Message-ID"] = f"<{hashlib.sha256(notice.key.encode()).hexdigest()[:32]}@{domain}>"
    made.set_content(f"{notice.text}\n\n업무 화면: {notice.place}\n")
    return made


def hand_in(server: MailServer, made: EmailMessage) -> None:
    """Hand a letter in over SMTP; where the settings want encryption, never without."""
    context = ssl.create_default_context()
    if server.security == "tls":
        with smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context) as line:
            _hand_in(line, server, made)
        return
    with smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S) as line:
        if server.security == "starttls":
            line.starttls(context=context)
        _hand_in(line, server, made)


def _hand_in(line: smtplib.SMTP, server: MailServer, made: EmailMessage) -> None:
    if server.user is not None:
        line.login(server.user, server.password or "")
    line.send_message(made)
