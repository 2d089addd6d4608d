"""Writing answers as the providers write them, in JSON and XML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import Response

XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'

Row = Mapping[str, Any]
Rows = Sequence[Row]


@dataclass(frozen=True, slots=True)
class Reply:
    """A status, a body and its type."""

    body: str
    status: int = 200
    media: str = "application/json;charset=UTF-8"

    def response(self) -> Response:
        """As an ASGI response."""
        return Response(self.body, self.status, media_type=self.media)


def as_json(document: Any, status: int = 200) -> Reply:
    """A JSON document."""
    return Reply(json.dumps(document, ensure_ascii=False), status)


def problem(status: int, reason: str, title: str) -> Reply:
    """A problem document (RFC 9457) with the gateway's machine-readable ``reason``."""
    document = {"type": "about:blank", "title": title, "status": status, "reason": reason}
    return Reply(json.dumps(document, ensure_ascii=False), status, "application/problem+json")


def as_xml(body: str, status: int = 200) -> Reply:
    """An XML document."""
    return Reply(XML_HEAD + body, status, "text/xml;charset=UTF-8")


def element(tag: str, value: Any) -> str:
    """A value as an element: mappings nest, sequences repeat the tag, ``None`` is empty."""
    if isinstance(value, Mapping):
        return f"<{tag}>{''.join(element(name, inner) for name, inner in value.items())}</{tag}>"
    if isinstance(value, list | tuple):
        return "".join(element(tag, inner) for inner in value)
    return f"<{tag}>{'' if value is None else escape(str(value))}</{tag}>"


# --- openapi.seoul.go.kr ----------------------------------------------------------------------------

SEOUL_MESSAGES = {
    "INFO-000": "정상 처리되었습니다.",
    "INFO-100": "인증키가 유효하지 않습니다. 인증키가 없는 경우, 홈페이지에서 인증키를 신청하십시오.",
    "INFO-200": "해당하는 데이터가 없습니다.",
    "ERROR-300": "필수 값이 누락되어 있습니다.",
    "ERROR-301": "파일타입 값이 누락 혹은 유효하지 않습니다.",
    "ERROR-310": "해당하는 서비스를 찾을 수 없습니다.",
    "ERROR-331": "요청시작위치 값을 확인하십시오.",
    "ERROR-332": "요청종료위치 값을 확인하십시오.",
    "ERROR-334": "요청종료위치 보다 요청시작위치가 더 큽니다.",
    "ERROR-335": "샘플데이터(샘플키:sample) 는 한번에 최대 5건을 넘을 수 없습니다.",
    "ERROR-336": "데이터요청은 한번에 최대 1000건을 넘을 수 없습니다.",
    "ERROR-500": "서버 오류입니다.",
}


def seoul_rows(wrapper: str, rows: Rows, total: int, kind: str) -> Reply:
    """Rows in the envelope of openapi.seoul.go.kr."""
    result = {"CODE": "INFO-000", "MESSAGE": SEOUL_MESSAGES["INFO-000"]}
    content = {"list_total_count": total, "RESULT": result, "row": list(rows)}
    return as_xml(element(wrapper, content)) if kind == "xml" else as_json({wrapper: content})


def seoul_code(code: str, kind: str) -> Reply:
    """An error, or no rows: ``RESULT`` alone, with HTTP 200."""
    result = {"CODE": code, "MESSAGE": SEOUL_MESSAGES[code]}
    return as_xml(element("RESULT", result)) if kind == "xml" else as_json({"RESULT": result})


# --- swopenapi.seoul.go.kr --------------------------------------------------------------------------


def subway_rows(rows: Rows, total: int, kind: str) -> Reply:
    """Rows of the subway feed: wrapped in ``errorMessage``."""
    message = {
        "status": 200,
        "code": "INFO-000",
        "message": SEOUL_MESSAGES["INFO-000"],
        "link": "",
        "developerMessage": "",
        "total": total,
    }
    if kind == "xml":
        inner = element("RESULT", message) + element("row", list(rows))
        return as_xml(f"<realtimeStationArrival>{inner}</realtimeStationArrival>")
    return as_json({"errorMessage": message, "realtimeArrivalList": list(rows)})


def subway_code(code: str, kind: str) -> Reply:
    """An error of the subway feed, or no rows: not wrapped."""
    message = {
        "status": 500,
        "code": code,
        "message": SEOUL_MESSAGES[code],
        "link": "",
        "developerMessage": "",
        "total": 0,
    }
    return as_xml(element("RESULT", message)) if kind == "xml" else as_json(message)


# --- ws.bus.go.kr -----------------------------------------------------------------------------------

BUS_MESSAGES = {
    "0": "정상적으로 처리되었습니다.",
    "1": "시스템에 오류가 발생하였습니다.",
    "2": "잘못된 쿼리 요청입니다. 쿼리 변수가 정확한지 확인하세요.",
    "4": "결과가 없습니다.",
    "5": "잘못된 위치로 요청을 하였습니다.",
    "7": "Key인증실패: SERVICE KEY IS NOT REGISTERED ERROR.[인증모듈 에러코드(30)]",
}
_NO_COM = dict.fromkeys(
    ("errMsg", "responseTime", "requestMsgID", "responseMsgID", "successYN", "returnCode")
)


def bus_rows(rows: Rows | None, code: str, *, json_wanted: bool, message: str | None = None) -> Reply:
    """Rows or a code of TOPIS. ``itemCount`` is 0 even when there are rows."""
    header = {"headerCd": code, "headerMsg": message or BUS_MESSAGES[code], "itemCount": 0}
    items = list(rows) if rows else None
    if not json_wanted:
        body = element("itemList", items) if items else ""
        inner = f"<comMsgHeader/>{element('msgHeader', header)}<msgBody>{body}</msgBody>"
        return as_xml(f"<ServiceResult>{inner}</ServiceResult>")
    return as_json({"comMsgHeader": _NO_COM, "msgHeader": header, "msgBody": {"itemList": items}})


# --- data.go.kr -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a portal's rows: ``numOfRows``, ``pageNo`` and the rows that there are in all."""

    size: int
    number: int
    total: int


def portal_rows(rows: Rows, page: Page, *, json_wanted: bool, standard: bool = False) -> Reply:
    """Rows in the envelope of data.go.kr.

    One row is an object, no rows are an empty string; the standard data sets send a plain list.
    """
    header = {"resultCode": "00", "resultMsg": "NORMAL SERVICE."}
    counts = {"numOfRows": page.size, "pageNo": page.number, "totalCount": page.total}
    if not json_wanted:
        items = f"<items>{element('item', list(rows))}</items>"
        counted = "".join(element(name, value) for name, value in counts.items())
        return as_xml(f"<response>{element('header', header)}<body>{items}{counted}</body></response>")
    held: Any = list(rows)
    if not standard:
        held = {"item": held[0] if len(held) == 1 else held} if held else ""
    return as_json({"response": {"header": header, "body": {"items": held, **counts}}})


def portal_code(code: str, message: str, *, json_wanted: bool) -> Reply:
    """A result code without rows."""
    header = {"resultCode": code, "resultMsg": message}
    if not json_wanted:
        return as_xml(f"<response>{element('header', header)}</response>")
    return as_json({"response": {"header": header}})


def portal_fault(code: str, message: str) -> Reply:
    """The gateway's own fault: XML, whatever was asked for."""
    header = {"errMsg": "SERVICE ERROR", "returnAuthMsg": message, "returnReasonCode": code}
    return as_xml(f"<OpenAPI_ServiceResponse>{element('cmmMsgHeader', header)}</OpenAPI_ServiceResponse>")
