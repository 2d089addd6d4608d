"""Car parks, shelters and lost things as openapi.seoul.go.kr lists them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from donghaeng.sandbox.chance import draw, whole
from donghaeng.sandbox.city import SandboxCity
from donghaeng.sandbox.sites import Site
from donghaeng.sandbox.wire import Row

_LINKED = "현재~20분이내 연계데이터 존재(현재 주차대수 표현)"
_NOT_LINKED = "미연계중"
_REPORT_EVERY = 5
"""Minutes between two reports of a lot."""


def car_parks(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    """GetParkInfo: every lot with its position; at the roadside a row for each of its first places."""
    rows: list[Row] = []
    for site in _of_district(city.world.streets.car_parks, arguments):
        times = 3 if site.extra["roadside"] else 1
        for place in range(times):
            rows.append({**_lot(site), "LAT": site.lat + place * 0.00004, "LOT": site.lon})
    return rows


def car_parks_now(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    """GetParkingInfo: lots that are linked, with the cars in them."""
    slot = city.now.replace(
        minute=city.now.minute // _REPORT_EVERY * _REPORT_EVERY, second=0, microsecond=0
    ) - timedelta(seconds=12)
    rows: list[Row] = []
    for site in _of_district(city.world.streets.car_parks, arguments):
        if site.extra["roadside"]:
            continue
        linked, spaces = bool(site.extra["linked"]), int(site.extra["spaces"])
        cars = whole(0, spaces + 2, city.world.seed, "cars", site.number, slot)
        rows.append(
            {
                **_lot(site),
                "PRK_STTS_YN": "1" if linked else "0",
                "PRK_STTS_NM": _LINKED if linked else _NOT_LINKED,
                "NOW_PRK_VHCL_CNT": float(cars) if linked else 0.0,
                "NOW_PRK_VHCL_UPDT_TM": f"{slot:%Y-%m-%d %H:%M:%S}" if linked else "",
            }
        )
    return rows


def _of_district(sites: Sequence[Site], arguments: Sequence[str]) -> list[Site]:
    wanted = next((district for district in arguments if district), "")
    return [site for site in sites if not wanted or site.district == wanted]


def _lot(site: Site) -> dict[str, object]:
    paid, roadside = bool(site.extra["paid"]), bool(site.extra["roadside"])
    won, minutes = (float(site.extra[name]) if paid else 0.0 for name in ("won", "minutes"))
    saturday_free = not paid or bool(site.extra["saturday_free"])
    return {
        "PKLT_CD": f"{1_000_000 + site.number}",
        "PKLT_NM": site.name,
        "ADDR": site.address.removeprefix("서울특별시 "),
        "PKLT_TYPE": "NS" if roadside else "NW",
        "PRK_TYPE_NM": "노상 주차장" if roadside else "노외 주차장",
        "OPER_SE": "1",
        "OPER_SE_NM": "시간제 주차장",
        "TELNO": site.phone,
        "TPKCT": float(site.extra["spaces"]),
        "PAY_YN": "Y" if paid else "N",
        "PAY_YN_NM": "유료" if paid else "무료",
        "NGHT_PAY_YN": "N",
        "NGHT_PAY_YN_NM": "야간 미개방",
        "WD_OPER_BGNG_TM": "0900" if roadside else "0000",
        "WD_OPER_END_TM": "2000" if roadside else "2400",
        "WE_OPER_BGNG_TM": "0000",
        "WE_OPER_END_TM": "0000" if roadside else "2400",
        "LHLDY_OPER_BGNG_TM": "0000",
        "LHLDY_OPER_END_TM": "0000" if roadside else "2400",
        "SAT_CHGD_FREE_SE": "Y" if saturday_free else "N",
        "SAT_CHGD_FREE_NM": "무료" if saturday_free else "유료",
        "LHLDY_CHGD_FREE_SE": "Y" if saturday_free else "N",
        "LHLDY_CHGD_FREE_SE_NAME": "무료" if saturday_free else "유료",
        "PRD_AMT": "",
        "STRT_PKLT_MNG_NO": "",
        "BSC_PRK_CRG": won,
        "BSC_PRK_HR": minutes,
        "ADD_PRK_CRG": won,
        "ADD_PRK_HR": minutes,
        "DAY_MAX_CRG": won * 60,
        "SHRN_PKLT_MNG_NM": "",
        "SHRN_PKLT_MNG_URL": "",
        "SHRN_PKLT_YN": "N",
        "SHRN_PKLT_ETC": "",
    }


def heat_shelters(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    """TbGtnHwcwP."""
    del arguments
    return [
        {
            "YEAR": f"{city.now:%Y}",
            "AREA_CD": "1100000000",
            "FACILITY_TYPE1": site.extra["kind"],
            "FACILITY_TYPE2": site.extra["facility"],
            "R_AREA_NM": site.name,
            "R_DETL_ADD": site.address,
            "LOTNO_ADDR": site.address,
            "R_AREA_SQR": float(site.extra["places"]) * 3.3,
            "USE_PRNB": float(site.extra["places"]),
            "OPR_DAYS": site.extra["days"],
            "OPR_START_TIME": site.extra["opens"],
            "OPR_END_TIME": site.extra["closes"],
            "RMRK": "",
            "LON": site.lon,
            "LAT": site.lat,
            "MAP_COORD_X": 200_000.0,
            "MAP_COORD_Y": 450_000.0,
        }
        for site in city.world.streets.heat_shelters
    ]


def cold_shelters(city: SandboxCity, arguments: Sequence[str]) -> list[Row]:
    """TbGtnCwP: other names for the same columns, and no hours."""
    del arguments
    return [
        {
            "AREA_CD": "1100000000",
            "FACILITY_TYPE1": site.extra["kind"],
            "FACILITY_TYPE2": site.extra["facility"],
            "RESTAREA_NM": site.name,
            "ROAD_NM_ADDR": site.address,
            "LOTNO_ADDR": site.address,
            "FCAR": float(site.extra["places"]) * 3.3,
            "UTZTN_PSBLTY_NOPE": site.extra["places"],
            "RMRK": "난방기 가동" if draw(city.world.seed, "remark", site.number) < 0.2 else "",
            "LOT": site.lon,
            "LAT": site.lat,
            "XCRD": 200_000.0,
            "YCRD": 450_000.0,
            "USE_YN": site.extra["used"],
            "USE_TYPE": "한파쉼터",
        }
        for site in city.world.streets.cold_shelters
    ]
