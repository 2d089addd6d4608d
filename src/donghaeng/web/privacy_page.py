"""`/privacy`: who processes personal data for the city, published (개인정보 보호법 제26조 제2항)."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from donghaeng.trust.processors import Connection, load_processors, unnamed
from donghaeng.web.console.rendering import render
from donghaeng.web.services import services_of

ADDRESS: Final = "/privacy"
CONNECTIONS: Final[dict[Connection, str]] = {
    "language_model": "언어 모델",
    "recogniser": "말을 알아듣는 일",
    "synthesiser": "말소리를 만드는 일",
    "messages": "문자 보내기",
    "telephone": "전화 연결",
    "kakao": "카카오톡 대화",
    "hosting": "서버 운영",
    "other": "그 밖의 일",
}
HOME: Final = "대한민국"

router = APIRouter(include_in_schema=False)


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request) -> Response:
    """The page."""
    services = services_of(request)
    processors = load_processors(services.settings.catalogue)
    missing = [CONNECTIONS[one] for one in unnamed(processors, services.connected)]
    html = render("privacy.html", processors=processors, missing=missing, home=HOME)
    return HTMLResponse(html, headers={"Cache-Control": "no-cache"})
