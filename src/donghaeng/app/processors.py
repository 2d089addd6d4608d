"""Which connections of the settings take personal data out of the city's own machines."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from donghaeng.settings import Settings
from donghaeng.trust.processors import Connection


def connected(settings: Settings) -> frozenset[Connection]:
    """Those that lead to somebody else; what runs on this machine does not."""
    found: set[Connection] = set()
    addresses: tuple[tuple[Connection, str | None], ...] = (
        ("language_model", settings.language_model_url),
        ("recogniser", settings.recogniser_url),
        ("synthesiser", settings.synthesiser_url),
        ("messages", settings.message_url),
    )
    found |= {name for name, address in addresses if address is not None and not _is_here(address)}
    if settings.sip_trunk is not None or settings.media_streams_secret is not None:
        found.add("telephone")
    if "kakao" in settings.channel_secrets:
        found.add("kakao")
    return frozenset(found)


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
