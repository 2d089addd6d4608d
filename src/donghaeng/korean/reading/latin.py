"""Reading Latin letters, addresses of the internet and other marks aloud in Korean."""

from __future__ import annotations

import re
from typing import Final

from donghaeng.korean.numerals import digits

Found = re.Match[str]

_LETTER_NAMES = """
에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 엔 오 피 큐 알 에스 티 유 브이 더블유 엑스 와이 제트
"""
LETTERS: Final = dict(zip("abcdefghijklmnopqrstuvwxyz", _LETTER_NAMES.split(), strict=True))
"""Korean names of the letters."""

WORDS: Final = {
    "ai": "인공지능",
    "app": "앱",
    "ars": "자동응답 전화",
    "bus": "버스",
    "call": "콜",
    "card": "카드",
    "center": "센터",
    "chatbot": "챗봇",
    "email": "이메일",
    "gmail": "지메일",
    "help": "헬프",
    "home": "홈",
    "kakao": "카카오",
    "naver": "네이버",
    "no": "넘버",
    "ok": "오케이",
    "qr": "큐알",
    "seoul": "서울",
    "sms": "문자",
    "vs": "대",
    "wifi": "와이파이",
    "www": "더블유 더블유 더블유",
}
"""Latin words that have a Korean name; lower case. Everything else is spelled."""

DUST: Final = {
    "PM2.5": "초미세먼지",
    "PM10": "미세먼지",
    "QR코드": "큐알 코드",
    "Wi-Fi": "와이파이",
    "e-mail": "이메일",
}
"""Written names with digits or hyphens in them."""

MARKS: Final = {
    "&": " 그리고 ",
    "+": " 플러스 ",
    "=": "는 ",
    "×": " 곱하기 ",
    "÷": " 나누기 ",
    "@": " 골뱅이 ",
    "#": " 샵 ",
    "~": "에서 ",
    "㈜": "주식회사 ",
}
"""Marks that are words. Marks that are pauses are listed in :mod:`donghaeng.korean.reading`."""


def spell(letters: str) -> str:
    """``DH`` → 디에이치; other characters are dropped."""
    return "".join(LETTERS.get(letter, "") for letter in letters.lower())


def word(match: Found) -> str:
    """A Latin word: its Korean name or its letters."""
    written = match.group()
    return WORDS.get(written.lower()) or spell(written)


_WEB_PIECES = re.compile(r"[A-Za-z]+|\d+|[@./_-]")
_WEB_MARKS = {"@": "골뱅이", ".": "닷", "/": "슬래시", "_": "밑줄", "-": "하이픈"}


def web(match: Found) -> str:
    """``ai.seoul.go.kr`` → 인공지능 닷 서울 닷 지오 닷 케이알; scheme and last slash are left out."""
    address = re.sub(r"^https?://", "", match.group()).rstrip("/.")
    said: list[str] = []
    for piece in _WEB_PIECES.findall(address):
        if piece.isdigit():
            said.append(digits(piece))
        else:
            said.append(_WEB_MARKS.get(piece) or WORDS.get(piece.lower()) or spell(piece))
    return " ".join(said)


def named(match: Found) -> str:
    """``PM2.5`` → 초미세먼지."""
    return DUST[match.group()]


def mark(match: Found) -> str:
    """A mark that is a word."""
    return MARKS[match.group()]


def score(match: Found) -> str:
    """The colon between two numbers: ``3:2`` → 삼 대 이."""
    del match
    return " 대 "


_TOP_LEVEL = r"(?:kr|com|net|org|io|info|gov|edu)"
RULES_BEFORE_NUMBERS: Final = (
    (
        "web",
        r"https?://[A-Za-z0-9._~/%?=&#-]+|www\.[A-Za-z0-9._/-]+|[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,253}"
        rf"|(?<![A-Za-z0-9])[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{0,4}}\.{_TOP_LEVEL}(?![A-Za-z])(?:/[A-Za-z0-9._/-]*)?"
        r"|(?<=[가-힣A-Za-z0-9])\.[A-Za-z][A-Za-z0-9]{1,3}(?![A-Za-z0-9])",
        web,
    ),
    ("named", "|".join(re.escape(name) for name in DUST), named),
)
RULES_AFTER_NUMBERS: Final = (
    ("score", r"(?<=\d)\s?:\s?(?=\d)", score),
    ("word", r"[A-Za-z]+", word),
    ("mark", "[" + re.escape("".join(MARKS)) + "]", mark),
)
"""Rules in the order in which they are tried; see :mod:`donghaeng.korean.reading`."""
