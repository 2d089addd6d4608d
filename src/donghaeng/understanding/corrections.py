"""Words that take back what was said: "토요일 말고 일요일", "가운데가 오육칠팔", "주소가 틀렸어요"."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.numerals import parse_digits
from donghaeng.understanding.text import compact

_END_OF_NO = r"(?:요|여|예|라|라고|라니까|라니까요|야|고|고요)?"
_INSTEAD = re.compile(
    r"^(?P<before>.*)(?:말고|말구|말앙|말곡|말고예|말고요|말구유|아니라|아니고|아니구|아이고|아이라|아녀|아니여|아닌데)"
    r"(?:[,\s]+(?!(?:요|유|예|이요)$)|(?<=[가-힣][니이말][고구라])(?!요|유|예|이요)(?=[가-힣]{2}))(?P<meant>.+)$"
)
_UNFIT = re.compile(
    r"(?:은|는|이|가)?\s(?:너무\s|좀\s|영\s)?(?:일러|이르|늦|바쁘|바빠|바뻐|약속이|일이\s?있|안\s?맞|못\s?가|못\s?하|빨라|빠르|멀|안\s?되|안\s?돼|힘들|곤란|어렵)\S*[,\s]+"
    r"(?P<meant>.+(?:으로|로|루)\s?(?:좀\s?)?(?:바꿔|바까|바꾸|고쳐|해|하|혀).*)$"
)
_NO = re.compile(
    rf"(?:^|\s)(?:아니{_END_OF_NO}|아뇨|아녀|아이다|아이라|아니오|와니|안이|안니|아늬|"
    rf"(?:그게|그기|그건|그거|고것이)\s?(?:아니|아이|아녀){_END_OF_NO}|"
    r"틀렸어요?|틀렸네요?|틀렸는데요?|틀렸구만|잘못됐어요?|잘못\s?들었어요?)[,\s]+(?P<meant>.+)$"
)
_WRONG = re.compile(
    r"틀렸|틀린|틀려|틀리|잘못|바꿔|바꾸|바까|고쳐|고치|고칠|수정|아니에요|아니예요|아닌데|아니다|아닙니다|아니여|"
    r"다시(?:말|할|하|불|잡|정)|다른데|달라요|다릅니다"
)
_TYPE_WORDS: Final[Mapping[str, str]] = {
    "address": "주소|호수|번지",
    "date": "날짜|날을|날이|날은|날만|일자",
    "datetime": "날짜|시간|시각",
    "time": "시간|시각",
    "phone": "전화번호|연락처|번호|전화",
    "count": "개수|갯수|수량",
    "money": "금액|가격",
    "person_name": "이름|성함|성명",
    "station": "역이름|역이|역을|역은",
    "stop": "정류장|정류소",
    "route": "버스번호|노선|번호",
    "district": "동네|구이름",
    "place": "장소|위치",
    "birth_date": "생일|생년월일",
}
"""What citizens call a slot of each type, beside its name in the service file."""
_TELLING: Final = frozenset(
    {"address", "count", "date", "datetime", "district", "dong", "phone", "place", "station", "stop", "time"}
)
"""Types whose values are not any words."""
_GROUP = re.compile(
    r"(?P<which>앞|가운데|중간|뒷|뒤|끝|마지막)(?:\s?(?:에|엣|쪽|번호|자리|네|거|것))*\s?(?:은|는|이|가)?\s+"
    r"(?P<digits>[공영빵일이삼사오육륙칠팔구\d\s]{3,12})"
)
_DIGIT = r"[공영빵일이삼사오육륙칠팔구\d]"
_DIGITS_LAST = re.compile(rf"(?P<digits>{_DIGIT}(?:\s?{_DIGIT}){{2,3}}?)\s?(?:이|가|은|는)?$")
_DIGITS_FIRST = re.compile(
    rf"^(?P<digits>{_DIGIT}(?:\s?{_DIGIT}){{2,3}}?)(?:\s?(?:이|예|요|로|여|라|래|우)|\s|$)"
)
_MIDDLE: Final = frozenset({"가운데", "중간"})


def meant_instead(words: str) -> str | None:
    """What follows the words that take something back; None where nothing is taken back."""
    found = taken_back(words)
    return found[1] if found is not None else None


def taken_back(words: str) -> tuple[str, str] | None:
    """What is taken back and what is meant instead: "팔이" and "구예요" of "팔이 아니라 구예요"."""
    instead = _INSTEAD.match(words)
    if instead is not None:
        return instead["before"].strip(), instead["meant"]
    found = _NO.search(words) or _UNFIT.search(words)
    return (words[: found.start()].strip(), found["meant"]) if found is not None else None


def wrong_slot(words: str, slots: Mapping[str, SlotSpec], known: Collection[str]) -> str | None:
    """The slot among ``known`` that the words call wrong or want changed without giving a value."""
    packed = compact(words)
    if not _WRONG.search(packed):
        return None
    return _first_named(packed, slots, known)


def names_slot(words: str, slots: Mapping[str, SlotSpec], filled: Collection[str]) -> bool:
    """Whether the words name one of the slots that they fill ("날짜는 일요일로"), or want one changed to what
    they say ("세 시로 바꿔 주세요": nobody is to be put through)."""
    if named_slot(words, slots, filled) is not None:
        return True
    return _WRONG.search(compact(words)) is not None and any(slots[name].type in _TELLING for name in filled)


def named_slot(words: str, slots: Mapping[str, SlotSpec], among: Collection[str]) -> str | None:
    """The slot among some that the words name ("이름이 박순덕이 아니라")."""
    return _first_named(compact(words), slots, among)


def _first_named(packed: str, slots: Mapping[str, SlotSpec], among: Collection[str]) -> str | None:
    found = []
    for name in among:
        spec = slots.get(name)
        if spec is None:
            continue
        own = re.escape(compact(spec.name))
        match = re.search(f"{own}|{_TYPE_WORDS.get(spec.type, own)}", packed)
        if match is not None:
            found.append((match.start(), name))
    return min(found)[1] if found else None


def _exchanged(words: str, groups: list[str]) -> str | None:
    """The number with the group that is taken back exchanged for the one that is meant: "삼삼사사가 아니고
    삼삼사오예요"."""
    back = taken_back(words)
    if back is None:
        return None
    wrong = _digits_at(_DIGITS_LAST, back[0])
    meant = _digits_at(_DIGITS_FIRST, back[1])
    if wrong is None or meant is None or len(wrong) != len(meant) or groups.count(wrong) != 1:
        return None
    return "-".join(meant if group == wrong else group for group in groups)


def _digits_at(pattern: re.Pattern[str], words: str) -> str | None:
    found = pattern.search(words)
    return parse_digits(re.sub(r"\s", "", found["digits"])) if found is not None else None


def repair_phone(words: str, value: str) -> str | None:
    """``value`` with one group of digits replaced: "가운데가 오육칠팔이에요"; None where no group is named.

    Args:
        value: the number so far, ``010-1234-5678``.
    """
    groups = value.split("-")
    if len(groups) < 3:
        return None
    exchanged = _exchanged(words, groups)
    if exchanged is not None:
        return exchanged
    found = _GROUP.search(words)
    if found is None:
        return None
    digits = parse_digits(found["digits"].strip().removesuffix("이"))
    place = 1 if found["which"] in _MIDDLE else (0 if found["which"] == "앞" else 2)
    if digits is None or len(digits) != len(groups[place]):
        digits = parse_digits(found["digits"].strip())
    if digits is None or len(digits) != len(groups[place]):
        return None
    groups[place] = digits
    return "-".join(groups)
