"""Reading quantities aloud: whole numbers, decimals, fractions, ranges, money, units and counters."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.counters import PATTERN as COUNTER
from donghaeng.korean.counters import count
from donghaeng.korean.numerals import LARGEST, digits, sino

Found = re.Match[str]

NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+(?![,\d])|\d+)(?:\.\d+)?"
"""A written number: digits, thousands commas, decimals."""
TILDE: Final = r"\s?[~∼〜～–]\s?"
"""What joins the ends of a range."""
DASH: Final = r"\s?[~∼〜～–-]\s?"
"""The same with the hyphen, where it cannot be a minus."""
BIG: Final = r"(?:\s?(?:[십백천]?만|[십백천]?억|[십백천]?조|[백천](?![가-힣])|천(?=\s?원)|백(?=\s?원)))"
"""Words for powers of ten that follow digits: 3만, 5천 원, 10억."""
CURRENCY: Final = {
    "₩": "원",
    "￦": "원",
    "$": "달러",
    "€": "유로",
    "¥": "엔",
    "£": "파운드",
    "KRW": "원",
    "USD": "달러",
    "EUR": "유로",
    "JPY": "엔",
    "CNY": "위안",
}
"""Signs that stand before an amount and are said after it."""
UNITS: Final = {
    "km": "킬로미터",
    "m": "미터",
    "cm": "센티미터",
    "mm": "밀리미터",
    "km2": "제곱킬로미터",
    "m2": "제곱미터",
    "cm2": "제곱센티미터",
    "m3": "세제곱미터",
    "ha": "헥타르",
    "kg": "킬로그램",
    "g": "그램",
    "mg": "밀리그램",
    "μg": "마이크로그램",
    "µg": "마이크로그램",
    "ug": "마이크로그램",
    "t": "톤",
    "L": "리터",
    "l": "리터",
    "mL": "밀리리터",
    "ml": "밀리리터",
    "cc": "씨씨",
    "kWh": "킬로와트시",
    "kW": "킬로와트",
    "MW": "메가와트",
    "W": "와트",
    "V": "볼트",
    "Hz": "헤르츠",
    "kHz": "킬로헤르츠",
    "MHz": "메가헤르츠",
    "dB": "데시벨",
    "hPa": "헥토파스칼",
    "ppm": "피피엠",
    "ppb": "피피비",
    "kcal": "킬로칼로리",
    "cal": "칼로리",
    "KB": "킬로바이트",
    "MB": "메가바이트",
    "GB": "기가바이트",
    "TB": "테라바이트",
    "mmHg": "밀리미터 에이치지",
    "h": "시간",
    "s": "초",
    "min": "분",
    "°C": "도",
    "°F": "도",
    "°": "도",
    "%p": "퍼센트포인트",
    "%": "퍼센트",
    "‰": "퍼밀",
}
"""Unit symbols after Unicode NFKC (㎞ → km, ℃ → °C) and the words for them."""
_SPEED = {"h": "시속", "s": "초속", "min": "분속"}
_SYMBOL = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
UNIT: Final = rf"(?:{_SYMBOL})(?:/(?:{_SYMBOL}))?(?![A-Za-z0-9])"

_GROUP_ENDS = re.compile(r"(?<=[만억조경해])(?=.)")
_DIGIT_CONTEXT = re.compile(
    r"(?:(?:끝|뒷|앞|[두세네])\s?자리|뒷번호|[가-힣] ?번호|국번|전화)[는은가이를을도]?\s?:?\s*$"
)
_SECRET_CONTEXT = re.compile(r"(?:인증|비밀|계좌|카드|주민(?:등록)?)\s?번호[는은가이를을도]?\s?:?\s*$")
_SHORT_NUMBERS = """
107 109 110 111 112 113 114 116 117 118 119 120 122 125 128 129 131 132 182
1330 1331 1332 1333 1339 1345 1350 1355 1357 1366 1388 1389 1391 1393 1394 1397 1398 1399
"""
_NAMED_TELEPHONES = frozenset(_SHORT_NUMBERS.split())
"""Public short numbers that are said digit by digit where they stand alone (일일구, 일이공)."""
_STREET_BEFORE = re.compile(r"[가-힣](?:(?<!바)(?<!따)(?<!새)(?<!서)(?<!별)(?<!스)로|길|동|리)\s*$")
_CALL_NEXT = re.compile(r"(?:번)?(?:에|으로|로)?\s?(?:바로\s?)?(?:전화|신고|연락|문의)")
_BUS_BEFORE = re.compile(r"(?:버스|노선)[는은]?\s?:?\s*(?:\d{1,4}\s?[,·]\s?)*$")
_BUS_AFTER = re.compile(r"\s?(?:버스|번|(?:[,·]\s?\d{1,4}\s?)+번)")
_NOUN_NEXT = re.compile(r"(?!로|에|은|는|이|가|을|를|과|와|의|도|만|번|나|입|예|부터|까지|처럼|라|인)[가-힣]")
_CALL_AROUND = re.compile(r"전화|신고|상담|콜|통화|문의")
_MINUS_BEFORE = re.compile(r"(?:^|[\s(~])$")
SHORTEST_CODE: Final = 4
"""After 번호 a number of so many digits is a code; a shorter one (대기번호 12) is a number."""
LONGEST_NUMBER: Final = len(str(LARGEST))
"""Digits of the largest number that has words."""
LONGEST_COUNT: Final = 4
"""A number of more digits is said without regard to its counter."""
_WINDOW = 16
"""Characters of context looked at on each side."""


def before(match: Found) -> str:
    """Up to 16 characters before the match."""
    return match.string[max(0, match.start() - _WINDOW) : match.start()]


def after(match: Found) -> str:
    """Up to 16 characters after the match."""
    return match.string[match.end() : match.end() + _WINDOW]


def is_secret(match: Found) -> bool:
    """Whether the match is a number that is never said: after 비밀번호, 인증번호, 계좌번호, 카드번호 …"""
    return match.group()[0] in "0123456789(+" and bool(_SECRET_CONTEXT.search(before(match)))


def say_whole(written: str) -> str:
    """Sino-Korean words with a space after 만, 억 …: ``334,810`` → 삼십삼만 사천팔백십; too long → digits."""
    plain = written.replace(",", "")
    number = int(plain) if len(plain) <= LONGEST_NUMBER else LARGEST + 1
    if number > LARGEST:
        return in_fours(written)
    return _GROUP_ENDS.sub(" ", sino(number))


def say_number(written: str) -> str:
    """A whole or decimal number: ``36.5`` → 삼십육 점 오, ``0.05`` → 영 점 영오."""
    whole, dot, decimals = written.partition(".")
    words = say_whole(whole)
    return f"{words} 점 {digits(decimals, zero='영')}" if dot else words


def in_fours(written: str) -> str:
    """Digit by digit with pauses: ``20260012`` → 이공이육, 공공일이; ``000123`` → 공공공, 일이삼."""
    plain = "".join(char for char in written if char.isdigit())
    size = 3 if len(plain) == 6 else 4 if len(plain) > 5 else 5
    return ", ".join(digits(plain[at : at + size]) for at in range(0, len(plain), size))


def say_unit(unit: str) -> str:
    """The words of a unit symbol that is no speed: ``kg/m3`` → 킬로그램 퍼 세제곱미터."""
    return " 퍼 ".join(UNITS[part] for part in unit.split("/"))


def say_measure(amount: str, unit: str) -> str:
    """An amount already in words with its unit symbol: 시속 육십 킬로미터, 세제곱미터당 십이 마이크로그램."""
    first, _, second = unit.partition("/")
    if second in _SPEED:
        return f"{_SPEED[second]} {amount} {UNITS[first]}"
    if second == "m3":
        return f"세제곱미터당 {amount} {UNITS[first]}"
    if first == "°F":
        return f"화씨 {amount} 도"
    return f"{amount} {say_unit(unit)}"


_WITH_UNIT = re.compile(rf"({NUMBER})(여?)\s?({UNIT})")


def unit(match: Found) -> str:
    """``1.2km`` → 일 점 이 킬로미터."""
    amount, odd, symbol = _WITH_UNIT.fullmatch(match.group()).groups()  # type: ignore[union-attr]
    return say_measure(say_number(amount) + odd, symbol)


_RANGE = re.compile(rf"({NUMBER})\s?({UNIT}|{COUNTER})?{TILDE}([-−]?)({NUMBER})\s?({UNIT}|{COUNTER})")


def unit_range(match: Found) -> str:
    """``20~30분`` → 이십 분에서 삼십 분; the unit is said twice, as the ear needs it."""
    low, low_unit, negative, high, high_unit = _RANGE.fullmatch(match.group()).groups()  # type: ignore[union-attr]
    first = _quantity(low, low_unit or high_unit, match)
    sign = _negative(high_unit) if negative else ""
    return f"{first}에서 {sign}{_quantity(high, high_unit, match)}"


def _quantity(amount: str, unit_or_counter: str, match: Found) -> str:
    if unit_or_counter in UNITS or "/" in unit_or_counter:
        return say_measure(say_number(amount), unit_or_counter)
    return f"{_counted(amount, unit_or_counter, match)} {unit_or_counter}"


def _counted(amount: str, counter: str, match: Found) -> str:
    if "." in amount:
        return say_number(amount)
    plain = amount.replace(",", "")
    if counter == "번" and (plain.startswith("0") or _is_digitwise_bus(plain, match)):
        return digits(plain)
    if len(plain) > LONGEST_COUNT:
        return say_whole(plain)
    number = int(plain)
    return count(number, counter, before(match), after(match))


def _is_digitwise_bus(plain: str, match: Found) -> bool:
    if len(plain) >= 4:
        return True
    return plain in _NAMED_TELEPHONES and bool(_CALL_AROUND.search(before(match) + after(match)))


_WITH_COUNTER = re.compile(rf"({NUMBER})(여)?\s?({COUNTER})")


def counted(match: Found) -> str:
    """``3명`` → 세 명, ``6411번`` → 육사일일 번, ``20여 명`` → 이십여 명."""
    amount, odd, counter = _WITH_COUNTER.fullmatch(match.group()).groups()  # type: ignore[union-attr]
    if odd:
        return f"{say_number(amount)}여 {counter}"
    return f"{_counted(amount, counter, match)} {counter}"


_MONEY_PART = re.compile(rf"({NUMBER})\s?([십백천만억조]*)")
_SIGN = re.compile("|".join(re.escape(sign) for sign in sorted(CURRENCY, key=len, reverse=True)))


def money(match: Found) -> str:
    """``₩3만`` → 삼만 원, ``$ 30억`` → 삼십억 달러: the sign is said last."""
    sign = _SIGN.match(match.group()).group()  # type: ignore[union-attr]
    return f"{_with_powers(match.group()[len(sign) :].strip())} {CURRENCY[sign]}"


def powers(match: Found) -> str:
    """``3만 5천 원`` → 삼만 오천 원, ``1만 원`` → 만 원, ``2.5억`` → 이 점 오억."""
    return _with_powers(match.group())


_POWERS_RANGE = re.compile(rf"({NUMBER}){TILDE}({NUMBER})({BIG}+)")


def powers_range(match: Found) -> str:
    """``10~20만`` → 십만에서 이십만."""
    low, high, power = _POWERS_RANGE.fullmatch(match.group()).groups()  # type: ignore[union-attr]
    return f"{_with_powers(low + power)}에서 {_with_powers(high + power)}"


def one_to_one(match: Found) -> str:
    """``1대 1`` → 일대일."""
    del match
    return "일대일"


def _with_powers(written: str) -> str:
    words: list[str] = []
    for amount, power in _MONEY_PART.findall(written):
        said = (
            ""
            if amount == "1" and power[:1] in ("만", "천", "백", "십") and not words
            else say_number(amount)
        )
        words.append(said + power)
    return " ".join(words)


_FRACTION = re.compile(r"(?:(\d+)\s?([과와])\s?)?(√?)(\d+)\s?(/|분의)\s?(√?)(\d+)(?:\s?(" + UNIT + "))?")


def fraction(match: Found) -> str:
    """``1/2`` → 이분의 일, ``2과3/4L`` → 이과 사분의 삼 리터, ``1/√3`` → 루트 삼분의 일."""
    found = _FRACTION.fullmatch(match.group())
    assert found is not None
    whole, joint, first_root, first, slash, second_root, second, symbol = found.groups()
    top, bottom = (second_root, second), (first_root, first)
    if slash == "/":
        top, bottom = bottom, top
    said = f"{_rooted(*bottom)}분의 {_rooted(*top)}"
    if whole:
        said = f"{say_whole(whole)}{joint} {said}"
    return say_measure(said, symbol) if symbol else said


def _rooted(root: str, number: str) -> str:
    return ("루트 " if root else "") + say_whole(number)


def minus(match: Found) -> str:
    """A hyphen before a number: 영하 before degrees, else 마이너스."""
    return _negative("도" if _DEGREES.match(after(match)) else "")


_DEGREES = re.compile(rf"{NUMBER}(?:{TILDE}[-−]?{NUMBER})?\s?(?:°C|도)")


def _negative(unit_or_counter: str) -> str:
    return "영하 " if unit_or_counter in ("°C", "도") else "마이너스 "


def negated_root(match: Found) -> str:
    """``√2`` → 루트 이."""
    return "루트 " + say_number(match.group()[1:])


def bare(match: Found) -> str:
    """A number without unit: a cardinal, unless what stands around it makes it digits."""
    written = match.group()
    left, right = before(match), after(match)
    if written.isdigit():
        if len(written) > 1 and written[0] == "0":
            return in_fours(written)
        if len(written) >= SHORTEST_CODE and _DIGIT_CONTEXT.search(left):
            return in_fours(written)
        if written in _NAMED_TELEPHONES and (_CALL_NEXT.match(right) or not _STREET_BEFORE.search(left)):
            return digits(written) + (" " if _NOUN_NEXT.match(right) else "")
        if len(written) == 4 and (_BUS_BEFORE.search(left) or _BUS_AFTER.match(right)):
            return digits(written)
    return say_number(written)


RULES: Final = (
    ("money", rf"(?:{_SIGN.pattern})\s?{NUMBER}{BIG}*", money),
    (
        "fraction",
        r"(?:(?<!\d)\d+\s?[과와]\s?)?√?(?<![\d.])\d+\s?(?:/|분의)\s?√?\d+(?![\d/])(?:\s?" + UNIT + ")?",
        fraction,
    ),
    (
        "unit_range",
        rf"{NUMBER}\s?(?:(?P<range_unit>{UNIT}|{COUNTER}){TILDE}[-−]?{NUMBER}\s?(?P=range_unit)"
        rf"|{TILDE}[-−]?{NUMBER}\s?(?:{UNIT}|{COUNTER}))",
        unit_range,
    ),
    ("powers_range", rf"{NUMBER}{TILDE}{NUMBER}{BIG}+", powers_range),
    ("one_to_one", r"(?<!\d)1\s?대\s?1(?!\d)", one_to_one),
    ("powers", rf"{NUMBER}{BIG}(?:\s?{NUMBER}{BIG})*", powers),
    ("unit", rf"{NUMBER}여?\s?{UNIT}", unit),
    ("counted", rf"{NUMBER}여?\s?(?:{COUNTER})", counted),
    ("minus", r"(?<![^\s(~])[-−](?=[\d√])", minus),
    ("root", rf"√{NUMBER}", negated_root),
    ("bare", NUMBER, bare),
)
"""Rules in the order in which they are tried; see :mod:`donghaeng.korean.reading`."""
