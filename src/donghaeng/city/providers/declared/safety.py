"""Operations of weather and air."""

from __future__ import annotations

from donghaeng.city.operations import Effect, Operation
from donghaeng.city.providers.declared.fields import (
    AIR_REFRESH_S,
    DAY_S,
    DISTANCE,
    LAT,
    LON,
    WEATHER_REFRESH_S,
    may,
    need,
)

_WEATHER = (
    Operation(
        "weather.day",
        Effect.READ,
        parameters={
            "district": may("text", "gu with 구; the middle of Seoul unless given"),
            "date": need("date", "today to four days ahead"),
        },
        row={
            "date": need("date", "the day asked about"),
            "sky": need("text", "맑음 | 구름 많음 | 흐림, the rest of the day's worst"),
            "rain_kind": need("text", "없음 | 비 | 눈 | 비나 눈 | 소나기"),
            "rain_now": need("flag", "it is raining or snowing at this moment (today only)"),
            "rain_percent": need("count", "highest chance of rain or snow in the rest of the day, percent"),
            "rain_from": may("time", "first hour of rain or snow, HH:00"),
            "rain_until": may("time", "end of that first stretch, HH:00; 24:00 = through midnight"),
            "rain_amount": may("text", "the heaviest hour in KMA's words: 1mm 미만, 3.0mm, 30.0~50.0mm"),
            "temperature_now": may("number", "degrees Celsius, today only"),
            "low": may("number", "lowest of the day, degrees Celsius"),
            "high": may("number", "highest of the day, degrees Celsius"),
            "humidity_percent": may("count", "today only"),
            "wind_mps": may("number", "metres a second, today only"),
            "as_of": need("datetime", "when the forecast was issued"),
        },
        refresh_seconds=WEATHER_REFRESH_S,
        source="KMA VilageFcstInfoService_2.0 getUltraSrtNcst, getVilageFcst",
    ),
)

_AIR = (
    Operation(
        "air.by_district",
        Effect.READ,
        parameters={"district": need("text", "gu with 구")},
        row={
            "district": need("text", "gu with 구"),
            "grade": need("text", "좋음 | 보통 | 나쁨 | 매우나쁨 | 점검중 (being checked: no figures)"),
            "pm10": may("count", "fine dust, µg/m³"),
            "pm25": may("count", "ultrafine dust, µg/m³"),
            "pm10_grade": may("text", "좋음 | 보통 | 나쁨 | 매우나쁨"),
            "pm25_grade": may("text", "좋음 | 보통 | 나쁨 | 매우나쁨"),
            "measured_at": need("datetime", "the hour of the measurement"),
        },
        refresh_seconds=AIR_REFRESH_S,
        source="openapi.seoul ListAirQualityByDistrictService",
    ),
)

_SHELTER = (
    Operation(
        "shelter.near",
        Effect.READ,
        parameters={"kind": need("text", "heat | cold"), "lat": LAT, "lon": LON},
        row={
            "name": need("text", "name"),
            "address": need("address", "address as registered"),
            "facility": may("text", "what kind of house it is in: 경로당, 복지관"),
            "members_only": need("flag", "for members of that house alone"),
            "capacity": may("count", "how many people it holds"),
            "days": may("text", "days on which it is open, in the source's words: 평일, 매일"),
            "opens": may("time", "opens, HH:MM"),
            "closes": may("time", "closes, HH:MM"),
            "open": may("flag", "open now by its days and hours; absent = the source does not say"),
            "distance_m": DISTANCE,
            "lat": LAT,
            "lon": LON,
        },
        refresh_seconds=DAY_S,
        source="openapi.seoul TbGtnHwcwP, TbGtnCwP",
    ),
)

OPERATIONS = (*_WEATHER, *_AIR, *_SHELTER)
"""Every operation of this family."""
