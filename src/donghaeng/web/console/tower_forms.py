"""What forms of the control tower's pages hold, and how their requests are answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from starlette.responses import HTMLResponse, Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.tower.process.rules import Rules
from donghaeng.tower.process.state import Evidence
from donghaeng.trust.tokens import make_id
from donghaeng.web.console.rendering import part
from donghaeng.web.console.tower_words import NO_DAY, NO_NUMBER


def evidence_of(rules: Rules, fields: Mapping[str, str], *, today: date) -> Evidence:
    """The evidence that a form tells of.

    Raises:
        InputError: a day is none.
    """
    kind = fields.get("evidence_kind", "")
    wanted = rules.evidence[kind].fields if kind in rules.evidence else ()
    told = {name: fields[name].strip() for name in wanted if fields.get(name, "").strip()}
    return Evidence(
        id=make_id("e")[:12],
        kind=kind,
        title=fields.get("title", "").strip(),
        on=day_of(fields, "day", today),
        until=day_of(fields, "until") if fields.get("until") else None,
        link=fields.get("link", "").strip()[:300],
        file_name=fields.get("file_name", ""),
        result=fields.get(f"result_{kind}", ""),
        fields=told,
        relies_on=fields.get("relies_on", "").strip()[:90],
    )


def version_of(fields: Mapping[str, str]) -> int | None:
    """The version of the subject that the page showed."""
    given = fields.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def day_of(fields: Mapping[str, str], name: str, otherwise: date | None = None) -> date:
    """A day of a form.

    Raises:
        InputError: it is none.
    """
    written = fields.get(name, "").strip()
    if not written and otherwise is not None:
        return otherwise
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InputError(NO_DAY) from None


def number_of(fields: Mapping[str, str], name: str) -> int:
    """A number of a form, commas left out.

    Raises:
        InputError: it is none.
    """
    written = fields.get(name, "").strip().replace(",", "")
    if not written.isdecimal() or len(written) > 15:
        raise InputError(NO_NUMBER)
    return int(written)


def alert(error: DonghaengError) -> HTMLResponse:
    """What is wrong, in the place where the page says such things."""
    return part("alert.html", error.http_status, words=error.message)


def led_to(address: str) -> Response:
    """Lead the page elsewhere."""
    return Response(status_code=204, headers={"HX-Redirect": address, "Cache-Control": "no-store"})
