"""Reading what is spelled digit by digit: telephones, receipts, plates, buses; and what is never read."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.numerals import digits, sino
from donghaeng.korean.reading.latin import spell
from donghaeng.korean.reading.numbers import Found, after, in_fours, say_whole

_PIECES = re.compile(r"\d+|[A-Za-z]+|[가-힣]+")


def silent(match: Found) -> str:
    """Resident, card and account numbers, whole or masked: never aloud."""
    del match
    return ""


def masked(match: Found) -> str:
    """A partly hidden telephone number: the groups that are shown (``010-****-5678`` → 공일공, 오육칠팔)."""
    return ", ".join(digits(group) for group in re.findall(r"(?<![\d*])\d+(?![\d*])", match.group()))


def telephone(match: Found) -> str:
    """``02-2133-1234`` → 공이, 이일삼삼, 일이삼사; ``+82 10-…`` → 국가번호 팔이, 일공, …"""
    groups = [digits(group) for group in re.findall(r"\d+", match.group())]
    if match.group().startswith("+"):
        groups[0] = f"국가번호 {groups[0]}"
    return ", ".join(groups)


def mobile(match: Found) -> str:
    """Eleven or ten digits without marks: ``01012345678`` → 공일공, 일이삼사, 오육칠팔."""
    written = match.group()
    head = 2 if written.startswith("02") else 3
    return ", ".join(digits(group) for group in (written[:head], written[head:-4], written[-4:]))


def code(match: Found) -> str:
    """``DH-2026-000123`` → 디에이치, 이공이육, 공공공일, 이삼."""
    return ", ".join(_piece(piece) for piece in _PIECES.findall(match.group()))


def _piece(piece: str) -> str:
    if piece[0].isdigit():
        return in_fours(piece)
    return spell(piece) if piece[0].isascii() else piece


def plate(match: Found) -> str:
    """``12가3456`` → 십이 가, 삼사오육."""
    series, letter, number = re.fullmatch(r"(\d{2,3})([가-힣])\s?(\d{4})", match.group()).groups()  # type: ignore[union-attr]
    return f"{sino(int(series))} {letter}, {digits(number)}"


def lot(match: Found) -> str:
    """Two numbers joined by a hyphen: ``110-1`` → 백십 다시 일; a leading zero shows a code (``14-011``)."""
    numbers = match.group().split("-")
    if any(number.startswith("0") and number != "0" for number in numbers):
        return ", ".join(digits(number) for number in numbers)
    return " 다시 ".join(say_whole(number) for number in numbers)


def village_bus(match: Found) -> str:
    """The number of a village bus, written with its district: 마포``08`` → 공팔."""
    return " " + digits(match.group())


def lettered_bus(match: Found) -> str:
    """``N26`` → 엔 이십육 번; ``M7106번`` → 엠 칠일공육: 번 is added only where it is not written."""
    letter, number = match.group()[0], match.group()[1:]
    words = digits(number) if len(number) > 3 else sino(int(number))
    said = f"{spell(letter)} {words}"
    return said if re.match(r"\s?번", after(match)) else f"{said} 번"


def basement(match: Found) -> str:
    """``B2층``, ``B1F`` → 지하 이 층, 지하 일 층."""
    floor = int("".join(char for char in match.group() if char.isdigit()))
    return f"지하 {sino(floor)} 층"


def historic_day(match: Found) -> str:
    """``3·1절``, ``5·18`` → 삼일, 오일팔: dates that have become names."""
    return digits(match.group())


_TEL = r"[-.\s)]{1,2}"
RULES: Final = (
    (
        "silent",
        r"(?<!\d)(?:\d{6}\s?-\s?[1-8*●○][\d*●○xX]{0,6}|[\d*●○]{4}(?:-[\d*●○]{4}){3}|\d{3,6}-[\d*]{2,6}-\*{3,8}"
        r"|[\d]*[*●○]{3,}[\d*●○]*(?!-))(?![\d*●○])",
        silent,
    ),
    ("masked", r"(?<!\d)\d{2,3}-(?:[\d*]{2,3}\*-\d{4}|\d{3,4}-\*{4}|\*{3,4}-\*{4})", masked),
    (
        "telephone",
        rf"(?<![\d-])(?:\+\d{{1,3}}[\s-]?\(?\d{{1,4}}|\(?\d{{2,4}}){_TEL}\d{{3,4}}[-.]\d{{4}}(?![\d-])"
        r"|(?<![\d-])(?:1[5-8]\d\d[- ]\d{4}|0\d{1,2}-\d{3,4}|0\d{1,2} \d{3,4} \d{4})(?![\d-])",
        telephone,
    ),
    ("mobile", r"(?<!\d)(?:01[016-9]\d{7,8}|02\d{7,8}|0[3-6]\d{8,9})(?!\d)", mobile),
    (
        "code",
        r"(?<![A-Za-z0-9])(?:[가-힣]{2}-)?[A-Z]{1,6}-\d{2,20}(?:-[A-Z0-9]{1,20}){0,9}(?![A-Za-z0-9-])"
        r"|(?<![\d-])\d+(?:-\d+){2,}(?![\d-])",
        code,
    ),
    ("plate", r"(?<!\d)\d{2,3}(?![월일년])[가-힣]\s?\d{4}(?![\d년])", plate),
    ("lot", r"(?<![\d-])\d{1,5}-\d{1,4}(?![\d-])", lot),
    ("village_bus", r"(?<=[가-힣]{2})0\d(?=번|\s|[.,]|$)", village_bus),
    ("lettered_bus", r"(?<![A-Za-z0-9])(?:N\d{2}|[MG]\d{4})(?![A-Za-z0-9])", lettered_bus),
    ("basement", r"(?<![A-Za-z0-9])B\d{1,2}(?:층|F)(?![A-Za-z])", basement),
    ("historic_day", r"(?<!\d)(?:3·1|4·19|5·18|6·25|6·10|8·15)(?!\d)", historic_day),
)
"""Rules in the order in which they are tried; see :mod:`donghaeng.korean.reading`."""
