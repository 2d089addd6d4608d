"""`/console/account/factor`: one's own second factor. Whoever changes it proves again who they are, by the
password and, where there is one, the factor in force."""

from __future__ import annotations

from typing import Annotated, Final

import segno
import structlog
from fastapi import APIRouter, Depends
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.people.accounts import Staff
from donghaeng.people.second_factor import OFFER_LASTS
from donghaeng.trust.permissions import Permission
from donghaeng.web.attempts import source_of
from donghaeng.web.console.account import refused_proof
from donghaeng.web.console.login import CODE_REFUSED, TOO_MANY
from donghaeng.web.console.rendering import page, part
from donghaeng.web.console.session import (
    ACCOUNT,
    Reason,
    Refused,
    accounts_of,
    read_fields,
    requires,
    session_token,
)
from donghaeng.web.services import limits_of

ADDRESS: Final = f"{ACCOUNT}/factor"
NOT_TAKEN: Final = (
    "번호가 맞지 않거나 시간이 지났어요. 앱에 지금 보이는 번호를 넣거나 처음부터 다시 해 주세요."
)
NONE_YET: Final = "아직 인증 앱을 등록하지 않았어요."
BY_SERVER: Final = "기관 계정으로 로그인하셔서 여기에서 등록할 것이 없어요."

router = APIRouter(include_in_schema=False)
Anybody = Annotated[Staff, Depends(requires(Permission.CONSOLE, early=True))]
_log = structlog.get_logger(__name__)


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request, staff: Anybody) -> Response:
    """How one's factor stands, and the form that begins another."""
    _own_password_first(staff)
    standing = await accounts_of(request).factors.standing(staff.id)
    return page(request, "factor.html", staff, standing=standing)


@router.post(f"{ADDRESS}/offer")
async def offer(request: Request, staff: Anybody) -> Response:
    """A new secret, as a picture and in letters."""
    refusal = await _refused(request, staff)
    if refusal is not None:
        return refusal
    made = await accounts_of(request).factors.offer(staff.id, staff.name)
    return part(
        "factor_offer.html",
        picture=_picture(made.address),
        secret=made.secret,
        minutes=int(OFFER_LASTS.total_seconds() // 60),
    )


@router.post(f"{ADDRESS}/confirm")
async def confirm(request: Request, staff: Anybody) -> Response:
    """Take the secret into force by a first code; the recovery codes, this once."""
    _own_password_first(staff)
    fields = await read_fields(request)
    limited = _limited(request, staff)
    if limited is not None:
        return limited
    accounts = accounts_of(request)
    codes = await accounts.factors.confirm(
        staff.id, fields.get("code", ""), keeping=session_token(request) or ""
    )
    if codes is None:
        return part("alert.html", 422, words=NOT_TAKEN)
    _log.warning("factor", kind="confirmed", account=staff.id, source=source_of(request.scope))
    return part("factor_codes.html", codes=codes)


@router.post(f"{ADDRESS}/codes")
async def codes(request: Request, staff: Anybody) -> Response:
    """New recovery codes, shown this once."""
    accounts = accounts_of(request)
    if (await accounts.factors.standing(staff.id)).since is None:
        return part("alert.html", 422, words=NONE_YET)
    refusal = await _refused(request, staff)
    if refusal is not None:
        return refusal
    _log.warning("factor", kind="codes", account=staff.id, source=source_of(request.scope))
    return part("factor_codes.html", codes=await accounts.factors.new_codes(staff.id))


async def _refused(request: Request, staff: Staff) -> Response | None:
    """The refusal of somebody who does not prove again who they are; None where they do."""
    _own_password_first(staff)
    if staff.way != "password":
        return part("alert.html", 422, words=BY_SERVER)
    fields = await read_fields(request)
    refusal = await refused_proof(request, staff, fields)
    accounts = accounts_of(request)
    if refusal is not None or (await accounts.factors.standing(staff.id)).since is None:
        return refusal
    limited = _limited(request, staff)
    if limited is not None:
        return limited
    verdict = await accounts.factors.check(staff.id, fields.get("code", ""))
    words = CODE_REFUSED.get(verdict)
    return None if words is None else part("alert.html", 422, words=words)


def _own_password_first(staff: Staff) -> None:
    """Whoever knows a first password besides its owner must not take the factor over."""
    if staff.must == "password":
        raise Refused(Reason.PASSWORD)


def _limited(request: Request, staff: Staff) -> Response | None:
    wait = limits_of(request).take("factor", staff.id)
    return part("alert.html", 429, words=TOO_MANY.format(minutes=int(wait // 60) + 1)) if wait else None


def _picture(address: str) -> Markup:
    """A QR code that no style sheet colours: cameras want it dark on light."""
    made = segno.make_qr(address, error="m").svg_inline(scale=5, dark="#000", light="#fff")
    return Markup(made)  # noqa: S704  made here of the address alone, whose parts are percent-encoded
