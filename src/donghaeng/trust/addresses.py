"""Which addresses belong to the public internet, in whatever form they are written."""

from __future__ import annotations

import ipaddress
from typing import Final

_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")
"""IPv4 behind IPv6 (RFC 6052): public by its form, whatever it leads to."""


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet's, in all of its forms."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if parsed.teredo is not None or parsed in _TRANSLATED:
            return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved
