"""`/console/tower/figures`: the figures as cards and charts, alerts, files, and the way to conversations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from donghaeng.errors import DonghaengError, InputError
from donghaeng.people.accounts import Staff
from donghaeng.store.figures import CITY_TIME, OWN
from donghaeng.tower.figures.asking import NAMES, Range, cuts_of
from donghaeng.tower.figures.desk import FiguresDesk
from donghaeng.tower.figures.reporting import MEDIA, Kind
from donghaeng.tower.figures.viewing import CHANNELS, Wanted
from donghaeng.trust.permissions import Permission
from donghaeng.web import problems
from donghaeng.web.console.rendering import HEADERS, page, part, render
from donghaeng.web.console.session import accounts_of, requires
from donghaeng.web.limits import address_of
from donghaeng.web.problems import ProblemError
from donghaeng.web.services import services_of

ADDRESS: Final = "/console/tower/figures"
USUAL_DAYS: Final = 28
WRONG_DAYS: Final = (
    "날짜를 다시 골라 주세요. 첫날이 마지막 날보다 늦거나, 기간이 3년보다 길거나, "
    "견줄 기간의 첫날과 마지막 날 가운데 하나가 비어 있어요."
)
WRONG_CHOICE: Final = "없는 항목이에요. 목록에서 다시 골라 주세요."
NO_SUCH_DAY: Final = "그날의 대화를 볼 수 없는 항목이에요."

router = APIRouter(include_in_schema=False)


def desk_of(request: Request) -> FiguresDesk:
    """The figures' desk.

    Raises:
        ProblemError: there is none here.
    """
    desk = services_of(request).tower_figures
    if desk is None:
        raise ProblemError(problems.NOT_FOUND, "this server keeps no figures")
    return desk


May = Annotated[Staff, Depends(requires(Permission.FIGURES))]
Looking = Annotated[Staff, Depends(requires(Permission.FIGURES, doing=False))]
MayRead = Annotated[Staff, Depends(requires(Permission.TRANSCRIPT_READ))]
Desk = Annotated[FiguresDesk, Depends(desk_of)]
Day = Annotated[str, Query(max_length=10)]
Word = Annotated[str, Query(pattern=r"^[a-z0-9_-]{0,64}$")]
Asked = dict[str, str]


def asked(
    first: Day = "",
    last: Day = "",
    metric: Word = "",
    cut: Word = "",
    system: Word = "",
    *,
    other_first: Day = "",
    other_last: Day = "",
) -> Asked:
    """What the form says."""
    days = {"first": first, "last": last, "other_first": other_first, "other_last": other_last}
    return {**days, "metric": metric, "cut": cut, "system": system}


Form = Annotated[Asked, Depends(asked)]


def wanted_of(form: Asked, today: date) -> Wanted:
    """What is asked for; the last four weeks where no days are named, compared with the days before where no
    others are.

    Raises:
        InputError: the days are no range.
    """
    last = _day_of(form["last"]) or today
    first = _day_of(form["first"]) or last - timedelta(USUAL_DAYS - 1)
    other = _day_of(form["other_first"]), _day_of(form["other_last"])
    against = None
    if other[0] is not None or other[1] is not None:
        if other[0] is None or other[1] is None:
            raise InputError("one end of the days to compare with is missing")
        against = Range(other[0], other[1])
    metric, cut = form["metric"] or "conversations", form["cut"] or "channel"
    return Wanted(Range(first, last), metric, cut, form["system"] or OWN, against)


def _day_of(written: str) -> date | None:
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise InputError("no day") from None
    if not 2000 <= day.year <= 2999:
        raise InputError("no day of this system")
    return day


@router.api_route(ADDRESS, methods=["GET", "HEAD"])
async def show(request: Request, staff: May, desk: Desk, form: Form) -> Response:
    """The page."""
    try:
        wanted = wanted_of(form, desk.today())
        parts = await _parts(request, staff, desk, wanted)
    except InputError:
        wanted = wanted_of(asked(), desk.today())
        parts = render("alert.html", words=WRONG_DAYS)
    return page(
        request,
        "tower_figures.html",
        staff,
        parts=parts,
        wanted=wanted,
        metrics=desk.definitions.metrics,
        cuts=NAMES,
        systems=await desk.systems(),
        own=OWN,
        alerts=await _alerts(desk),
        month=(desk.today().replace(day=1) - timedelta(1)).strftime("%Y-%m"),
    )


@router.get(f"{ADDRESS}/parts")
async def show_parts(request: Request, staff: May, desk: Desk, form: Form) -> Response:
    """Cards and charts for other days, another figure or another cut."""
    try:
        wanted = wanted_of(form, desk.today())
    except InputError:
        return _alert(WRONG_DAYS)
    try:
        return Response(await _parts(request, staff, desk, wanted), media_type="text/html", headers=HEADERS)
    except InputError:
        return _alert(WRONG_CHOICE)


@router.get(f"{ADDRESS}/sheet")
async def sheet(
    staff: May, desk: Desk, form: Form, chart: Annotated[Literal["course", "groups"], Query()] = "course"
) -> Response:
    """A chart's numbers as a file."""
    del staff
    try:
        wanted = wanted_of(form, desk.today())
        made = await desk.sheet(wanted, chart)
    except InputError:
        return _alert(WRONG_CHOICE)
    name = f"{wanted.metric}-{chart}-{wanted.days.first}-{wanted.days.last}.csv"
    return _file(made, "text/csv; charset=utf-8", name)


@router.get(f"{ADDRESS}/report")
async def report(
    staff: May, desk: Desk, month: Annotated[str, Query(max_length=7)] = "", kind: Kind = "pdf"
) -> Response:
    """A month's report as a file."""
    del staff
    try:
        made = await desk.report(month, kind)
    except InputError:
        return _alert("어느 달의 보고서인지 골라 주세요.")
    return _file(made, MEDIA[kind], f"donghaeng-{month}.{kind}")


@router.get(f"{ADDRESS}/day")
async def show_day(staff: MayRead, desk: Desk, metric: Word = "", day: Day = "") -> Response:
    """The conversations of a day that a figure counts."""
    del staff
    try:
        rows = await desk.counted(metric, date.fromisoformat(day))
        name = desk.definitions.metric(metric).name
    except (ValueError, InputError):
        return _alert(NO_SUCH_DAY)
    return part("tower_figures_day.html", rows=rows, name=name, day=day, channels=CHANNELS, address=ADDRESS)


@router.get(f"{ADDRESS}/talk/{{conversation}}")
async def show_talk(
    request: Request,
    staff: MayRead,
    conversation: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")],
) -> Response:
    """A masked conversation; that somebody looked is recorded before it is shown."""
    read = services_of(request).transcript_for_staff
    try:
        if read is None:
            raise ProblemError(problems.NOT_FOUND, "this server shows no transcripts")
        transcript = await read(conversation)
        address = address_of(request.scope)
        await accounts_of(request).note_access(staff, address, conversation, "read_transcript", "quality")
    except DonghaengError:
        return _alert("그 대화를 보여 드릴 수 없어요. 이미 지워졌을 수 있어요.")
    return part("tower_figures_talk.html", turns=transcript["turns"])


@router.post(f"{ADDRESS}/alerts/{{alert}}/seen")
async def seen(
    staff: May, desk: Desk, alert: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
) -> Response:
    """Note that somebody has seen an alert."""
    if alert.isdecimal() and len(alert) < 10:
        await desk.seen(int(alert), staff.name)
    headers = {**HEADERS, "HX-Trigger": "seen"}
    return Response(await _alerts(desk), media_type="text/html", headers=headers)


@router.get(f"{ADDRESS}/alerts/count")
async def count_alerts(request: Request, staff: Looking) -> Response:
    """How many alerts nobody has seen, for the mark beside the menu of every page."""
    del staff
    desk = services_of(request).tower_figures
    count = 0 if desk is None else await desk.unseen()
    return part("tower_badge.html", count=count)


async def _parts(request: Request, staff: Staff, desk: FiguresDesk, wanted: Wanted) -> str:
    view = await desk.view(wanted)
    metric = desk.definitions.metric(wanted.metric)
    may_drill = staff.may(Permission.TRANSCRIPT_READ) and metric.formula.kind != "quantile"
    values: dict[str, Any] = {
        "view": view,
        "wanted": wanted,
        "metric": metric,
        "cuts": {cut: NAMES[cut] for cut in cuts_of(metric)},
        "address": ADDRESS,
        "may_drill": may_drill and wanted.system == OWN,
        "query": _query(wanted),
    }
    return render("tower_figures_parts.html", **values)


async def _alerts(desk: FiguresDesk) -> str:
    systems = [(one, desk.is_silent(one)) for one in await desk.systems()]
    return render(
        "tower_figures_alerts.html",
        alerts=await desk.alerts(),
        systems=systems,
        address=ADDRESS,
        zone=CITY_TIME,
    )


def _query(wanted: Wanted) -> str:
    days = f"first={wanted.days.first}&last={wanted.days.last}"
    if wanted.against is not None:
        days += f"&other_first={wanted.against.first}&other_last={wanted.against.last}"
    return f"{days}&metric={wanted.metric}&cut={wanted.cut}&system={wanted.system}"


def _file(made: bytes, media: str, name: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=media, headers=headers)


def _alert(words: str) -> Response:
    return part("alert.html", 422, words=words)
