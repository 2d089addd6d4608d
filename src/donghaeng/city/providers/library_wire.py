"""The envelope of data4library.kr, in JSON and XML.

``{"response": {"request": …, "docs": [{"doc": …}], "libs": [{"lib": …}], "result": …}}``; a fault is
``{"response": {"error": "…"}}`` with HTTP 200. The words of faults are published nowhere, so only those about
keys and quotas are told apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from donghaeng.city.providers.envelopes import Rows, child, flat, is_xml, parse_json, parse_xml, rows_of
from donghaeng.city.providers.values import text
from donghaeng.errors import MalformedAnswer, ProviderDenied, ProviderUnavailable, QuotaUsedUp

_SPENT = re.compile(r"초과|횟수|한도|제한")
_DENIED = re.compile(r"인증|키|승인|권한|활성|auth|key", re.IGNORECASE)


def listed(provider: str, body: str, holder: str, item: str) -> Rows:
    """Rows such as ``docs`` of ``doc``; none where there are none.

    Raises:
        ProviderError: the answer is a fault or broken.
    """
    if is_xml(body):
        return [flat(one) for one in _root(provider, body).iterfind(f"{holder}/{item}")]
    response = _response(provider, body)
    if holder not in response and "numFound" not in response and "request" not in response:
        raise MalformedAnswer(provider, f"{holder} is missing")
    wrapped = rows_of(provider, response.get(holder))
    return [row for one in wrapped for row in rows_of(provider, one.get(item))]


def result(provider: str, body: str) -> Mapping[str, Any]:
    """The ``result`` object; empty where the book or the library is unknown.

    Raises:
        ProviderError: the answer is a fault or broken.
    """
    if is_xml(body):
        found = _root(provider, body).find("result")
        return flat(found) if found is not None else {}
    response = _response(provider, body)
    held = response.get("result")
    if held is None or held == "":
        if "request" not in response:
            raise MalformedAnswer(provider, "result is missing")
        return {}
    return child(provider, response, "result")


def _response(provider: str, body: str) -> Mapping[str, Any]:
    response = child(provider, parse_json(provider, body), "response")
    _check(provider, text(response, "error"))
    return response


def _root(provider: str, body: str) -> Any:
    root = parse_xml(provider, body)
    if root.tag != "response":
        raise MalformedAnswer(provider, "the envelope is missing")
    _check(provider, (root.findtext("error") or "").strip())
    return root


def _check(provider: str, fault: str) -> None:
    """The words themselves stay out: they may repeat the key."""
    if not fault:
        return
    if _SPENT.search(fault):
        raise QuotaUsedUp(provider, "today's calls are spent")
    if _DENIED.search(fault):
        raise ProviderDenied(provider, "the key was refused", remedy="check the key and its approval")
    raise ProviderUnavailable(provider, "the answer is a fault")
