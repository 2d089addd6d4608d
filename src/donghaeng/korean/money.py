"""Sums of money: 삼만 오천 원, 3만5천원, 1달러 20센트. Currencies by ISO 4217."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from donghaeng.korean.numerals import ARABIC, SINO, Number, parse
from donghaeng.korean.spans import Match, plain


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole units of the currency (or a decimal fraction of them)."""

    amount: Number
    currency: str = "KRW"


CURRENCIES: Final = {
    "원": "KRW", "달러": "USD", "달라": "USD", "불": "USD", "미국 달러": "USD",
    "미 달러": "USD", "미화": "USD", "캐나다 달러": "CAD", "홍콩 달러": "HKD", "호주 달러": "AUD",
    "싱가포르 달러": "SGD", "대만 달러": "TWD", "뉴질랜드 달러": "NZD", "유로": "EUR", "파운드": "GBP",
    "엔": "JPY", "엔화": "JPY", "위안": "CNY", "스위스 프랑": "CHF", "프랑": "CHF",
    "루피": "INR", "인도 루피": "INR", "스리랑카 루피": "LKR", "바트": "THB", "동": "VND",
    "페소": "PHP", "멕시코 페소": "MXN", "루블": "RUB", "킵": "LAK", "라리": "GEL",
    "콜론": "CRC", "리라": "TRY", "링깃": "MYR", "루피아": "IDR", "투그릭": "MNT",
    "헤알": "BRL", "디르함": "AED", "크로네": "NOK", "스웨덴 크로나": "SEK", "덴마크 크로네": "DKK",
    "즈워티": "PLN", "코루나": "CZK", "포린트": "HUF", "셰켈": "ILS", "리알": "SAR",
    "숨": "UZS", "텡게": "KZT", "짯": "MMK", "타카": "BDT",
}  # fmt: skip
"""Currency word to ISO code. 동 and 불 need an amount of at least a hundred in front (동 is also a house)."""

_SMALL_CHANGE: Final = {"센트": 100, "페니": 100, "펜스": 100, "전": 100, "마오": 10, "자오": 10}
_SYMBOLS: Final = {"$": "USD", "₩": "KRW", "€": "EUR", "£": "GBP", "¥": "JPY", "￦": "KRW"}
_RISKY: Final = frozenset({"동", "불", "숨", "엔", "전"})

_ANY = "|".join(sorted((re.escape(word).replace(r"\ ", " ?") for word in CURRENCIES), key=len, reverse=True))
_CHANGE = "|".join(_SMALL_CHANGE)
_SUM = re.compile(
    rf"(?<![가-힣0-9.,])(?P<amount>{SINO}) ?(?P<currency>{_ANY})"
    rf"(?: ?(?P<change>{ARABIC}|[일이삼사오육칠팔구십]{{1,5}}) ?(?P<coin>{_CHANGE}))?"
)
_SYMBOL = re.compile(rf"(?P<symbol>[$₩€£¥￦]) ?(?P<amount>{SINO})|(?P<before>{ARABIC}) ?(?P<after>[$₩€£¥￦])")
_OTHER_WON: Final = frozenset({"공원", "구원", "영원", "사원", "이원", "일원", "조원", "오원", "구백원길"})
_NOT_WON = re.compile(r"[룸인장하래칙효자주]")


def find_money(text: str) -> tuple[Match[Money], ...]:
    """Sums of money in ``text``, in order."""
    text = plain(text)
    found: list[Match[Money]] = []
    for match in _SUM.finditer(text):
        word = match["currency"]
        amount = parse(match["amount"])
        if amount is None or (word in _RISKY and amount < 100 and word != "엔"):
            continue
        if word == "원" and (match.group() in _OTHER_WON or _NOT_WON.match(text, match.end())):
            continue
        if match["coin"]:
            amount += (parse(match["change"]) or 0) / _SMALL_CHANGE[match["coin"]]
        found.append(Match(Money(_neat(amount), _code(word)), match.start(), match.end()))
    for match in _SYMBOL.finditer(text):
        amount = parse(match["amount"] or match["before"])
        if amount is not None:
            symbol = match["symbol"] or match["after"]
            found.append(Match(Money(_neat(amount), _SYMBOLS[symbol]), match.start(), match.end()))
    return tuple(sorted(found, key=lambda m: m.start))


def _code(word: str) -> str:
    squeezed = word.replace(" ", "")
    return next(code for name, code in CURRENCIES.items() if name.replace(" ", "") == squeezed)


def _neat(amount: Number) -> Number:
    rounded = round(amount, 4)
    return int(rounded) if rounded == int(rounded) else rounded
