"""Numbers in a sentence, and none in its ordinary words (이 근처, 사이, 일요일, 구청).

A number word is believed when it has a counter, when what follows can only follow a noun, and when the
whole is not an everyday word. One-syllable number words that are also other words (이, 일, 사, 오, 열 …)
need a counter or a copula.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from donghaeng.korean.counts import Count, find_counts
from donghaeng.korean.numerals import ARABIC, NATIVE, NUMBER, SINO, Number, parse, parse_digits
from donghaeng.korean.spans import WORD_END, Match, Taken, plain

_MINUS = r"(?:마이너스|음수(?= )|(?<![0-9\w)])-(?= ?[0-9])) ?"
_SIGN = rf"(?P<sign>{_MINUS})?"
_FREE = r"(?<![가-힣0-9.,])"
_COPULA = r"(?:입니다|이에요|예요|이예요|이요|요|이야|야|이다|이고|이라|번이|이지)"
_DECIMALS = "(?:영|공)?[영공일이삼사오육칠팔구]+"
_POINT = re.compile(
    rf"{_FREE}{_SIGN}(?P<whole>{SINO}) ?점 ?(?P<above>{_DECIMALS})"
    rf"(?=$|[^가-힣]|{_COPULA}|다|점|을|를|은|는|에)"
)
_FRACTION = re.compile(
    rf"{_FREE}{_SIGN}(?:(?P<whole>{SINO})(?:와|과) ?)?(?P<below>{SINO}) ?분의 ?"
    rf"(?P<minus>{_MINUS})?(?P<above>{SINO})"
)
_SLASH = re.compile(
    r"(?<![0-9/.\-])(?P<minus>- ?)?(?:(?P<whole>[0-9]{1,9}) )?(?P<above>[0-9]{1,9})/"
    r"(?P<below>[0-9]{1,9})(?![0-9/])"
    r"(?P<sign>)"
)
_POWER = re.compile(
    r"(?<![0-9.])(?P<minus>-)?(?P<base>[0-9]+(?:\.[0-9]+)?)(?:(?P<e>[eE])|\^)(?P<power>(?:--|[+-])?[0-9]{1,3})(?![0-9])"
)
_GROUPED = re.compile(r"(?<![0-9.,])-?[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]+)?(?![0-9,])")
_PLAIN = re.compile(
    r"(?<![0-9.,/:])(?<![0-9]-)(?P<sign>- ?|마이너스 ?)?"
    r"(?P<digits>(?>[0-9]{1,3}(?:,[0-9]{3}){1,6}(?!,?[0-9])|[0-9]{1,20}(?![0-9]))(?:\.[0-9]{1,15})?|\.[0-9]{1,15})(?![0-9/:])"
)
_UNIT_WORD = re.compile(r"(?:[a-zA-Z㎖㎏㎞㎡%]|미터|킬로|그램|리터)")
_WORDS = re.compile(rf"{_FREE}{_SIGN}(?P<words>(?>{NUMBER}))")
_HALF = re.compile(r"(?<![가-힣])(?:절반|반)(?=을|이 넘|$)")
_ONE_OF = re.compile(
    rf"{_FREE}(?P<all>{NATIVE}) 중(?:에)? ?(?:의)? ?(?P<some>{NATIVE})(?=$|[^가-힣]|는|은|가|이|만|도)"
)
_CALENDAR = re.compile(rf"{_FREE}{NUMBER} ?월 ?{NUMBER} ?일{WORD_END}")
_CLASS = re.compile(rf"{_FREE}{NUMBER}(?:등석|학년|호선|미터|킬로미터|센티미터|그램|리터)")
_DOZEN = re.compile(rf"{_FREE}(?P<words>{NUMBER}) ?(?:다스|타스)")

_AMBIGUOUS_TEXT: Final = """
    이 일 사 오 구 만 조 천 백 영 공 경 령 억 열 쉰
    한 두 세 네 서 너 석 넉 닷 엿 스무 빵 일은
"""
_AMBIGUOUS: Final = frozenset(_AMBIGUOUS_TEXT.split())
_NEVER_ALONE: Final = frozenset({"네", "세", "만", "이만", "한", "영", "너", "서", "이"})
"""Whole utterances that are no answer with a number: 네 is a yes, 이만 a goodbye."""
_EVERYDAY_TEXT: Final = """
    이사 이만 오이 공영 일일 사이 구이 만일 오일 구조 공사 공구 조사 사구 영구 조이 천사 백사
    천만 사조 이조 공이 구만 사사 일이 이천 조공 천일 오구 오공 사공 공조 공백 영이
    영사 사경 일조 이구 구사 오사 오조 이경 사만 육이 팔조 일경 공천 조영 공일 이이
    오오 이일 사일 일사 이오
"""
_EVERYDAY: Final = frozenset(_EVERYDAY_TEXT.split())
"""Digit words that together are everyday words or names; they are numbers only with a counter or copula."""
_COPULA_REST = re.compile(r"(?:다|고|라|야|요|에요|예요|며|었|지|거든)(?![가-힣])")
_ONE_AFTER = re.compile(r"(?:은|이|을|이란|과|보다|입니다|이다)(?![가-힣])|[만억조](?!에)")
_END = re.compile(WORD_END)
_NUMBER = re.compile(NUMBER)
_ALL_DIGITS = re.compile(ARABIC)
_SURE_AFTER = re.compile(rf"(?: ?{_COPULA})(?:$|[^가-힣])")
_NOT_AFTER = re.compile(r"도 (?:안|못|없|모르)|하고 나|면 된|네요|네$|지만|다가")


def find_numbers(text: str) -> tuple[Match[Number], ...]:
    """Numbers said or written in ``text``, in order: whole, negative, decimal, fractions, powers.

    Positions are those of the NFC form of ``text``. Never raises; what is no number is left alone.
    """
    text = plain(text)
    whole = text.strip(" .?!")
    value = parse(whole) if _NUMBER.fullmatch(whole) else None
    if value is not None and whole not in _NEVER_ALONE and not _ALL_DIGITS.fullmatch(whole):
        start = text.index(whole)
        return (Match(value, start, start + len(whole)),)
    found: list[Match[Number]] = []
    taken = Taken(len(text))
    for pattern in (_CALENDAR, _CLASS):
        for match in pattern.finditer(text):
            taken.take(match.start(), match.end())
    for finder in _FINDERS:
        found += [match for match in finder(text) if taken.take(match.start, match.end)]
    return tuple(sorted(found, key=lambda m: m.start))


def _fractions(text: str) -> list[Match[Number]]:
    out = []
    for pattern in (_FRACTION, _SLASH):
        for match in pattern.finditer(text):
            words = _numerator(match["above"], text, match.end("above"))
            above, below = parse(words), parse(match["below"])
            whole = parse(match["whole"]) if match["whole"] else 0
            if above is None or whole is None or not below:
                continue
            value = Fraction(whole) + Fraction(above) / Fraction(below)
            negative = bool(match["sign"]) != bool(match["minus"])
            out.append(_match(match, _plain(-value if negative else value)))
    return out


def _numerator(words: str, text: str, end: int) -> str:
    """A numerator without the copula (일이다), the particle 만 or the 조 of 조각 that look like its end."""
    words = _without_copula(words, text, end)
    return words[:-1] if len(words) > 1 and words[-1] in "만조" else words


def _without_copula(words: str, text: str, end: int) -> str:
    """``words`` without a last 이 that belongs to 이다, 이에요 … and is no two."""
    return words[:-1] if len(words) > 1 and words[-1] == "이" and _COPULA_REST.match(text, end) else words


def _points(text: str) -> list[Match[Number]]:
    out = []
    for match in _POINT.finditer(text):
        said = _without_copula(match["above"], text, match.end())
        whole, decimals = parse(match["whole"]), parse_digits(said)
        if whole is None or decimals is None or whole != int(whole):
            continue
        value = float(f"{int(whole)}.{decimals}")
        out.append(_match(match, -value if match["sign"] else value))
    return out


def _powers(text: str) -> list[Match[Number]]:
    out = []
    for match in _POWER.finditer(text):
        base, power = float(match["base"]), int(match["power"].replace("--", "").lstrip("+"))
        try:
            value = base * 10.0**power if match["e"] else base**power
        except (OverflowError, ZeroDivisionError):
            continue
        if isinstance(value, float) and abs(value) < 1e300:
            out.append(_match(match, _plain(-value if match["minus"] else value)))
    return out


def _grouped(text: str) -> list[Match[Number]]:
    return [_match(m, _plain(float(m.group().replace(" ", "")))) for m in _GROUPED.finditer(text)]


def _one_of(text: str) -> list[Match[Number]]:
    out = []
    for match in _ONE_OF.finditer(text):
        whole, some = parse(match["all"]), parse(match["some"])
        if whole and some:
            out.append(_match(match, _plain(Fraction(some) / Fraction(whole))))
    return out


def _dozens(text: str) -> list[Match[Number]]:
    pairs = ((match, parse(match["words"])) for match in _DOZEN.finditer(text))
    return [_match(match, 12 * value) for match, value in pairs if value is not None]


def _halves(text: str) -> list[Match[Number]]:
    return [_match(match, 0.5) for match in _HALF.finditer(text)]


def _counted(text: str) -> list[Match[Number]]:
    return [
        Match(m.value.value, m.start, m.end, tuple(o.value for o in m.alternatives), m.vague)
        for m in find_counts(text)
        if not _ALL_DIGITS.fullmatch(m.value.words) and not _ends_in_one(m, text)
    ]


def _ends_in_one(match: Match[Count], text: str) -> bool:
    """Whether the 일 after 십, 백, 천 is rather a one (이십일은 홀수다) than days (이십일 동안)."""
    glued = match.value.counter == "일" and text[match.end - 2] in "십백천만억조경"
    return glued and _ONE_AFTER.match(text, match.end) is not None


def _words(text: str) -> list[Match[Number]]:
    out = []
    for match in _WORDS.finditer(text):
        words = _without_copula(match["words"], text, match.end())
        end = match.end() - len(match["words"]) + len(words)
        if _ALL_DIGITS.fullmatch(words) or not _END.match(text, end):
            continue
        if not match["sign"] and not _believable(words, text, end):
            continue
        value = parse(words)
        if value is not None:
            out.append(Match(-value if match["sign"] else value, match.start(), end))
    return out


def _believable(words: str, text: str, end: int) -> bool:
    if words[0].isdigit():
        return not _UNIT_WORD.match(text, end)
    if _NOT_AFTER.match(text, end):
        return False
    if words in _AMBIGUOUS or words in _EVERYDAY:
        return bool(_SURE_AFTER.match(text, end))
    return True


def _written(text: str) -> list[Match[Number]]:
    out = []
    for match in _PLAIN.finditer(text):
        if _UNIT_WORD.match(text, match.end()):
            continue
        digits = match["digits"]
        value = float(digits.replace(",", "")) if "." in digits else parse(digits)
        if value is not None:
            out.append(_match(match, -value if match["sign"] else value))
    return out


def _match(match: re.Match[str], value: Number) -> Match[Number]:
    return Match(value, match.start(), match.end())


def _plain(value: Fraction | float) -> Number:
    """A whole number where it is one, else a float."""
    return int(value) if value == int(value) else float(value)


_FINDERS: Final[tuple[Callable[[str], list[Match[Number]]], ...]] = (
    _fractions,
    _points,
    _powers,
    _one_of,
    _grouped,
    _dozens,
    _counted,
    _words,
    _written,
    _halves,
)
