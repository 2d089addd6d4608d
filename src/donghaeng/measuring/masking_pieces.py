"""Made-up numbers, names and addresses in the forms in which people write and say them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from donghaeng.trust.segments import is_card

_DIGITS: Final = "공일이삼사오육칠팔구"
_STYLES: Final = ("dashed", "plain", "spaced", "wide", "spoken", "linked", "slow")
"""Written with hyphens, in one piece, with blanks, full-width; spoken by group, with words between the
groups, digit by digit."""
_LINKS: Final = (" 다시 ", "에 ", " 그리고 ", " 하이픈 ")
_SURNAMES: Final = "김이박최정강조윤장임한오서신권황안송류홍"
_GIVEN: Final = (
    "영희",
    "말순",
    "순자",
    "철수",
    "복남",
    "옥분",
    "미란",
    "덕수",
    "정숙",
    "동현",
    "춘자",
    "용식",
)
_ROADS: Final = (
    "양화로",
    "통일로",
    "신림로",
    "도봉로",
    "자하문로",
    "올림픽로",
    "월드컵로",
    "당산로",
    "세종대로",
)
_DISTRICTS: Final = ("", "마포구 ", "서울시 은평구 ", "관악구 ", "서울특별시 종로구 ", "구로구 ", "송파구 ")
_LOTS: Final = ("구로동", "봉천동", "화곡동", "상계동", "면목동")
_BLOCKS: Final = ("래미안아파트", "시영아파트", "주공아파트", "푸르지오")


def piece(kind: str, chance: Random, style: str | None = None) -> str:
    """A made-up piece of a kind, in ``style`` or any."""
    return _MAKERS[kind](chance, style or chance.choice(_STYLES))


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _say(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _styled(groups: list[str], chance: Random, style: str) -> str:
    if style == "spoken":
        return " ".join(_say(group) for group in groups)
    if style == "linked":
        return chance.choice(_LINKS).join(_say(group) for group in groups)
    if style == "slow":
        return " ".join(_say(digit) for group in groups for digit in group)
    if style == "wide":
        return "-".join("".join(chr(ord("０") + int(digit)) for digit in group) for group in groups)
    return {"dashed": "-", "plain": "", "spaced": " "}[style].join(groups)


def _front(chance: Random) -> str:
    return f"{chance.randint(30, 99)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"


def _resident(chance: Random, style: str) -> str:
    return _styled([_front(chance), chance.choice("1234") + _digits(chance, 6)], chance, style)


def _alien(chance: Random, style: str) -> str:
    return _styled([_front(chance), chance.choice("5678") + _digits(chance, 6)], chance, style)


def _tail(chance: Random, style: str) -> str:
    return _styled([chance.choice("1234") + _digits(chance, 6)], chance, style)


def _resident_apart(chance: Random, style: str) -> str:
    return f"{_birth_front(chance, style)}이고 뒷자리는 {_tail(chance, style)}"


def _birth_front(chance: Random, style: str) -> str:
    front = _front(chance)
    return front if style in {"plain", "dashed", "spaced", "wide"} else _say(front)


def _card(chance: Random, style: str) -> str:
    body = chance.choice("4539") + _digits(chance, 14)
    right = next(body + check for check in "0123456789" if is_card(body + check))
    # A few as a recogniser mishears them: the check digit no longer fits.
    number = right if chance.random() < 0.8 else right[:-1] + str((int(right[-1]) + 1) % 10)
    return _styled([number[at : at + 4] for at in range(0, 16, 4)], chance, style)


def _account(chance: Random, style: str) -> str:
    sizes = chance.choice([(3, 3, 6), (4, 3, 6), (3, 4, 4, 2), (4, 2, 7), (6, 2, 6), (3, 6, 2, 3)])
    return _styled([chance.choice("123579") + _digits(chance, size - 1) for size in sizes], chance, style)


def _secret(chance: Random, style: str) -> str:
    digits = chance.choice("123456789") + _digits(chance, chance.choice([3, 3, 5]))
    return _say(digits) if style in {"spoken", "linked"} else digits


def _passport(chance: Random, style: str) -> str:
    letter = chance.choice("MSR")
    old = chance.random() < 0.5
    number = _digits(chance, 8) if old else f"{_digits(chance, 3)}A{_digits(chance, 4)}"
    if style in {"spoken", "slow"}:
        return {"M": "엠", "S": "에스", "R": "알"}[letter] + " " + _say(_digits(chance, 8))
    return letter + number


def _licence(chance: Random, style: str) -> str:
    groups = [f"{chance.randint(11, 26)}", _digits(chance, 2), _digits(chance, 6), _digits(chance, 2)]
    if chance.random() < 0.2:
        return chance.choice(["서울", "경기", "부산"]) + " " + "-".join(groups[1:])
    return _styled(groups, chance, style)


def _phone(chance: Random, style: str) -> str:
    middle = chance.choice("23456789") + _digits(chance, 3)
    start = chance.choice(["010", "010", "010", "010", "02", "031", "070"])
    if start in {"02", "031"}:
        middle = middle[: chance.choice([3, 4])]
    return _styled([start, middle, _digits(chance, 4)], chance, style)


def _email(chance: Random, style: str) -> str:
    user = chance.choice(["hong", "soonja", "kim.yh", "park_ms", "lee"]) + str(chance.randint(1, 99))
    host = chance.choice(["naver.com", "gmail.com", "hanmail.net", "seoul.go.kr"])
    if style in {"spoken", "linked"}:
        return f"{user} 골뱅이 {chance.choice(['네이버', '지메일', '다음'])} 닷 {chance.choice(['컴', '넷'])}"
    return f"{user}@{host}"


def _address(chance: Random, style: str) -> str:
    district = chance.choice(_DISTRICTS)
    spoken = style in {"spoken", "linked", "slow"}
    number = chance.randint(2, 400)
    house = _say_count(number) if spoken else str(number)
    form = chance.randrange(4)
    if form == 0:
        return f"{district}{chance.choice(_ROADS)} {house}"
    if form == 1:
        return f"{district}{chance.choice(_ROADS)} {chance.randint(2, 60)}길 {number}"
    if form == 2:
        return f"{district}{chance.choice(_LOTS)} {number}-{chance.randint(1, 60)}번지"
    block, flat = chance.randint(101, 130), chance.randint(101, 1904)
    if spoken:
        return f"{chance.choice(_BLOCKS)} {_say_count(block)} 동 {_say_count(flat)} 호"
    return f"{district}{chance.choice(_BLOCKS)} {block}동 {flat}호"


def _say_count(number: int) -> str:
    """A number below ten thousand in Sino-Korean: 1203 → 천이백삼."""
    said = ""
    for power, word in ((1000, "천"), (100, "백"), (10, "십"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            said += ("" if digit == 1 and word else _DIGITS[digit]) + word
    return said


def _name(chance: Random, _style: str) -> str:
    return chance.choice(_SURNAMES) + chance.choice(_GIVEN)


def _receipt(chance: Random, style: str) -> str:
    day = f"2026{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    serial = f"{chance.randint(1, 400):04}"
    if style == "spoken":
        return f"에스이엘 {_say(day)} 다시 {_say(serial)}"
    return chance.choice([f"SEL-{day}-{serial}", f"DH/SEL-{day}-{serial}", f"SEL-{day[2:]}-{serial}"])


def _route(chance: Random, style: str) -> str:
    number = chance.choice(["6411", "7016", "271", "143", "9401", "5712", "602", "3012"])
    if style in {"spoken", "linked", "slow"}:
        return f"{_say(number)} 번"
    return chance.choice([f"{number}번", f"{number} 번", "마포08번", "N26번"])


def _stop(chance: Random, style: str) -> str:
    number = f"{chance.randint(1, 25):02}{_digits(chance, 3)}"
    if style in {"spoken", "slow"}:
        return _say(number)
    return chance.choice([number, f"{number[:2]}-{number[2:]}", f"강남역 {chance.randint(1, 12)}번 출구"])


def _money(chance: Random, style: str) -> str:
    value = chance.randint(3, 99_999) * 10 ** chance.choice([1, 2, 3, 5])
    if style in {"spoken", "slow"}:
        return f"{_say_count(chance.randint(2, 999))}만 {_say_count(chance.randint(2, 9) * 1000)} 원"
    return f"{value:,}원" if chance.random() < 0.7 else f"{value} 원"


def _date(chance: Random, style: str) -> str:
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    if style in {"spoken", "slow"}:
        return f"{_say_count(month)} 월 {_say_count(day)} 일"
    forms = [
        f"2026-{month:02}-{day:02}",
        f"2026. {month}. {day}.",
        f"{month}월 {day}일",
        f"2026년 {month}월 {day}일",
    ]
    return chance.choice(forms)


def _time(chance: Random, style: str) -> str:
    hour, minute = chance.randint(1, 12), chance.choice([0, 10, 30, 45])
    if style == "dashed":
        return f"{hour:02}:{minute:02}-18:00"
    return f"오후 {hour}시" + (f" {minute}분" if minute else "")


def _count(chance: Random, _style: str) -> str:
    return chance.choice(["두 장", "3통", "네 명", "5명", "한 사람", "세 권", "10개", "열두 명"])


def _age(chance: Random, style: str) -> str:
    age = chance.randint(60, 95)
    return f"{_say_count(age)} 살" if style in {"spoken", "slow"} else f"{age}세"


def _unit(chance: Random, style: str) -> str:
    number = chance.randint(101, 130)
    return f"{_say_count(number)} 동" if style in {"spoken", "slow"} else f"{number}동"


def _birth(chance: Random, style: str) -> str:
    year, month, day = chance.randint(1935, 1965), chance.randint(1, 12), chance.randint(1, 28)
    if style in {"spoken", "slow"}:
        return f"{_say_count(year % 100)}년 {_say_count(month)}월 {_say_count(day)}일"
    return chance.choice(
        [f"{year}년 {month}월 {day}일", f"{year}-{month:02}-{day:02}", f"{year}.{month:02}.{day:02}"]
    )


def _customer(chance: Random, style: str) -> str:
    return _styled(["2" + _digits(chance, 8)], chance, style)


def _plate(chance: Random, _style: str) -> str:
    return f"{chance.randint(10, 399)}{chance.choice('가나다마바')} {chance.randint(1000, 9999)}"


def _isbn(chance: Random, _style: str) -> str:
    body = "97889" + _digits(chance, 7)
    check = -sum(int(digit) * (1 + 2 * (place % 2)) for place, digit in enumerate(body)) % 10
    return f"{body}{check}"


def _zip(chance: Random, _style: str) -> str:
    return f"0{_digits(chance, 4)}"


_MAKERS: Final[dict[str, Callable[[Random, str], str]]] = {
    "resident": _resident, "alien": _alien, "resident_tail": _tail,
    "resident_apart": _resident_apart, "birth_front": _birth_front,
    "card": _card,
    "account": _account, "secret": _secret, "passport": _passport, "licence": _licence, "phone": _phone,
    "email": _email, "address": _address, "name": _name, "receipt": _receipt, "route": _route, "stop": _stop,
    "money": _money, "date": _date, "time": _time, "count": _count, "age": _age, "unit": _unit,
    "birth": _birth, "customer": _customer, "plate": _plate, "isbn": _isbn, "zip": _zip,
}  # fmt: skip
