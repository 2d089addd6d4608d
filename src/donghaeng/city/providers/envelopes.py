"""The envelopes in which each family of providers wraps rows and errors (JSON and XML).

Every function takes the body of an answer and gives its rows, or raises a ``ProviderError``. No rows
where the provider says that it has none. Sources of the codes: the portals' own tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree as SafeXml
from defusedxml.common import DefusedXmlException

from donghaeng.city.providers.values import text
from donghaeng.errors import (
    MalformedAnswer,
    ProviderDenied,
    ProviderError,
    ProviderUnavailable,
    QuotaUsedUp,
)

Rows = list[Mapping[str, Any]]

_DENIED = {"20", "30", "31", "32", "33"}
_SPENT = {"21", "22"}
_INNER = {"01", "02", "04", "05", "23", "99"}
_NOTHING = "03"


def is_xml(body: str) -> bool:
    """Whether the body is XML, whatever was asked for."""
    return body.lstrip("\ufeff \t\r\n").startswith("<")


def parse_json(provider: str, body: str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        MalformedAnswer: not JSON, or not an object.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedAnswer(provider, "the answer is not JSON") from None
    if not isinstance(document, dict):
        raise MalformedAnswer(provider, "the answer is not a JSON object")
    return document


def parse_xml(provider: str, body: str) -> Element:
    """The root element; entities and document types are refused.

    Raises:
        MalformedAnswer: not XML, or unsafe XML.
        ProviderError: it is the data.go.kr gateway's own fault document.
    """
    try:
        root: Element = SafeXml.fromstring(body.lstrip("\ufeff \t\r\n"))
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise MalformedAnswer(provider, "the answer is not XML") from None
    if root.tag == "OpenAPI_ServiceResponse":
        code = (root.findtext(".//returnReasonCode") or "").strip()
        raise_portal_code(provider, code or "99")
    return root


def raise_portal_code(provider: str, code: str) -> NoReturn:
    """Turn a resultCode or returnReasonCode of data.go.kr, other than success and no data, into an error."""
    code = code.zfill(2)[:8]
    if code in _DENIED:
        raise ProviderDenied(provider, f"code {code}", remedy="check the key and its approval for this API")
    if code in _SPENT:
        raise QuotaUsedUp(provider, f"code {code}: today's calls are spent")
    if code in _INNER:
        raise ProviderUnavailable(provider, f"code {code}")
    raise ProviderError(provider, f"code {code}: the request was refused")


def flat(element: Element) -> dict[str, str]:
    """A row of XML: children's tags and texts."""
    return {child.tag: child.text or "" for child in element if isinstance(child.tag, str)}


def nested(element: Element) -> dict[str, Any]:
    """A row of XML with rows in it: a child with children is a mapping, and children of one name a list."""
    found: dict[str, list[Any]] = {}
    for inner in element:
        if isinstance(inner.tag, str):
            found.setdefault(inner.tag, []).append(nested(inner) if len(inner) else inner.text or "")
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def rows_of(provider: str, found: Any) -> Rows:
    """Rows of a JSON value that is null, "", one object or a list of objects."""
    if found is None or found == "":
        return []
    items = found if isinstance(found, list) else [found]
    if not all(isinstance(item, dict) for item in items):
        raise MalformedAnswer(provider, "a row is not an object")
    return items


def child(provider: str, parent: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object inside an object.

    Raises:
        MalformedAnswer: it is absent or something else.
    """
    found = parent.get(name)
    if not isinstance(found, dict):
        raise MalformedAnswer(provider, f"{name} is missing")
    return found


# --- data.go.kr -------------------------------------------------------------------------------------


def portal_rows(provider: str, body: str) -> tuple[Rows, int]:
    """Rows and ``totalCount`` of an answer of apis.data.go.kr or api.data.go.kr."""
    return _portal_xml(provider, body) if is_xml(body) else _portal_json(provider, body)


def _portal_json(provider: str, body: str) -> tuple[Rows, int]:
    response = child(provider, parse_json(provider, body), "response")
    code = text(child(provider, response, "header"), "resultCode")
    if not _portal_success(provider, code):
        return [], 0
    content = response.get("body")
    if not content:
        return [], 0
    if not isinstance(content, dict):
        raise MalformedAnswer(provider, "body is not an object")
    items = content.get("items")
    found = rows_of(provider, items.get("item") if isinstance(items, dict) else items)
    return found, _total(text(content, "totalCount"), found)


def _portal_xml(provider: str, body: str) -> tuple[Rows, int]:
    root = parse_xml(provider, body)
    code = root.findtext("header/resultCode")
    if root.tag != "response" or code is None:
        raise MalformedAnswer(provider, "the envelope is missing")
    if not _portal_success(provider, code.strip()):
        return [], 0
    found: Rows = [flat(item) for item in root.iterfind("body/items/item")]
    return found, _total(root.findtext("body/totalCount") or "", found)


def _portal_success(provider: str, code: str) -> bool:
    if code and not code.strip("0"):
        return True
    if code.zfill(2) == _NOTHING:
        return False
    if not code:
        raise MalformedAnswer(provider, "resultCode is missing")
    raise_portal_code(provider, code)


def _total(value: str, found: Rows) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else len(found)


# --- openapi.seoul.go.kr ----------------------------------------------------------------------------


def seoul_rows(provider: str, body: str) -> Rows:
    """Rows of an answer of openapi.seoul.go.kr, whatever its wrapper is called."""
    if is_xml(body):
        root = parse_xml(provider, body)
        code = root.findtext("CODE" if root.tag == "RESULT" else "RESULT/CODE")
        found: Rows = [flat(row) for row in root.iterfind("row")]
    else:
        document = parse_json(provider, body)
        wrapped = [value for value in document.values() if isinstance(value, dict) and "RESULT" in value]
        inner = wrapped[0] if wrapped else document
        code = text(child(provider, inner, "RESULT"), "CODE")
        found = rows_of(provider, inner.get("row"))
    return found if _seoul_success(provider, (code or "").strip()) else []


def _seoul_success(provider: str, code: str) -> bool:
    match code:
        case "INFO-000":
            return True
        case "INFO-200":
            return False
        case "INFO-100" | "INFO-400" | "ERROR-340":
            raise ProviderDenied(provider, code, remedy="check the key and its approval")
        case "INFO-300":
            raise QuotaUsedUp(provider, code)
        case "":
            raise MalformedAnswer(provider, "RESULT.CODE is missing")
    if code.startswith(("ERROR-5", "ERROR-6")):
        raise ProviderUnavailable(provider, code[:10])
    raise ProviderError(provider, f"{code[:10]}: the request was refused")


# --- swopenapi.seoul.go.kr --------------------------------------------------------------------------


def subway_rows(provider: str, body: str) -> Rows:
    """Rows of the real-time subway feed: success is wrapped in ``errorMessage``, failure is not."""
    if is_xml(body):
        root = parse_xml(provider, body)
        holder = root.find("RESULT") if root.tag != "RESULT" else root
        code = (holder.findtext("code") or holder.findtext("CODE") or "") if holder is not None else ""
        found: Rows = [flat(row) for row in root.iterfind("row")]
    else:
        document = parse_json(provider, body)
        wrapped = document.get("errorMessage")
        code = text(wrapped if isinstance(wrapped, dict) else document, "code")
        found = rows_of(provider, document.get("realtimeArrivalList"))
    return found if _seoul_success(provider, code.strip()) else []


# --- ws.bus.go.kr -----------------------------------------------------------------------------------

_BUS_EMPTY = {"3", "4", "8"}


def bus_rows(provider: str, body: str, row: Callable[[Element], Mapping[str, Any]] = flat) -> Rows:
    """``itemList`` of an answer of ws.bus.go.kr: null, one object or a list. ``row`` reads one of XML."""
    if is_xml(body):
        root = parse_xml(provider, body)
        code = (root.findtext("msgHeader/headerCd") or "").strip()
        message = root.findtext("msgHeader/headerMsg") or ""
        found: Rows = [row(item) for item in root.iterfind("msgBody/itemList") if len(item)]
    else:
        document = parse_json(provider, body)
        header = child(provider, document, "msgHeader")
        code, message = text(header, "headerCd"), text(header, "headerMsg")
        content = document.get("msgBody")
        found = rows_of(provider, content.get("itemList")) if isinstance(content, dict) else []
    return found if _bus_success(provider, code, message) else []


def _bus_success(provider: str, code: str, message: str) -> bool:
    if code == "0":
        return True
    if code == "7":
        if "EXCEED" in message.upper():
            raise QuotaUsedUp(provider, "today's calls are spent")
        if "KEY" in message.upper() or "인증" in message:
            raise ProviderDenied(provider, "code 7", remedy="check the key and its approval")
        return False
    if code in _BUS_EMPTY:
        return False
    if code in {"1", "6"}:
        raise ProviderUnavailable(provider, f"code {code}")
    if not code:
        raise MalformedAnswer(provider, "headerCd is missing")
    raise ProviderError(provider, f"code {code[:4]}: the request was refused")


def need(provider: str, rows: Iterable[Mapping[str, Any]], *names: str) -> None:
    """Check that every row has these columns, which the wire format promises.

    Raises:
        MalformedAnswer: one is absent or empty.
    """
    for row in rows:
        for name in names:
            if not text(row, name):
                raise MalformedAnswer(provider, f"a row lacks {name}")
