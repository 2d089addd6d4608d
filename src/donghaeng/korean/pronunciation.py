"""Standard pronunciation (표준발음법) of spoken Korean, written in Hangul as it is heard.

``pronounce("육사일일 번 버스는 삼 분 뒤에 와요")`` → ``"육싸이릴 번 버스는 삼 분 뒤에 와요"``. Articles (항)
of the standard are named beside each rule. Words that spelling does not decide are in
:mod:`donghaeng.korean.pronunciation_words`. Pure.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from donghaeng.korean.jamo import join, split
from donghaeng.korean.pronunciation_words import (
    AT_START,
    INSERTS_N,
    KEEPS_LATERAL,
    NO_STATION,
    RESPELLED,
    UI_NOUNS,
)

_NEUTRAL: Final = {
    **dict.fromkeys(("ㄲ", "ㅋ", "ㄳ", "ㄺ"), "ㄱ"),
    **dict.fromkeys(("ㅅ", "ㅆ", "ㅈ", "ㅊ", "ㅌ", "ㅎ"), "ㄷ"),
    **dict.fromkeys(("ㅍ", "ㅄ", "ㄿ"), "ㅂ"),
    **dict.fromkeys(("ㄵ", "ㄶ"), "ㄴ"),
    **dict.fromkeys(("ㄼ", "ㄽ", "ㄾ", "ㅀ"), "ㄹ"),
    "ㄻ": "ㅁ",
}
"""제8–11항: only seven consonants are heard at the end of a syllable."""
_CARRIED: Final = {
    "ㄳ": ("ㄱ", "ㅆ"),
    "ㄵ": ("ㄴ", "ㅈ"),
    "ㄺ": ("ㄹ", "ㄱ"),
    "ㄻ": ("ㄹ", "ㅁ"),
    "ㄼ": ("ㄹ", "ㅂ"),
    "ㄽ": ("ㄹ", "ㅆ"),
    "ㄾ": ("ㄹ", "ㅌ"),
    "ㄿ": ("ㄹ", "ㅍ"),
    "ㅄ": ("ㅂ", "ㅆ"),
    "ㄶ": ("", "ㄴ"),
    "ㅀ": ("", "ㄹ"),
}
"""제14항: of two consonants the second goes to the next syllable (ㅅ tense); ㄶ, ㅀ lose ㅎ (제12항 4)."""
_TENSE: Final = {"ㄱ": "ㄲ", "ㄷ": "ㄸ", "ㅂ": "ㅃ", "ㅅ": "ㅆ", "ㅈ": "ㅉ"}
_ASPIRATED: Final = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅂ": "ㅍ", "ㅈ": "ㅊ"}
_NASAL: Final = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}
_H_CODAS: Final = {"ㅎ": "", "ㄶ": "ㄴ", "ㅀ": "ㄹ"}
_H_MEETS: Final = {
    **dict.fromkeys(("ㄱ", "ㄲ", "ㅋ", "ㄳ"), ("", "ㅋ")),
    **dict.fromkeys(("ㄷ", "ㅅ", "ㅆ", "ㅊ", "ㅌ"), ("", "ㅌ")),
    **dict.fromkeys(("ㅂ", "ㅍ", "ㅄ"), ("", "ㅍ")),
    "ㅈ": ("", "ㅊ"),
    "ㄵ": ("ㄴ", "ㅊ"),
    "ㄺ": ("ㄹ", "ㅋ"),
    "ㄼ": ("ㄹ", "ㅍ"),
}
"""제12항 1, 붙임: what a consonant and a following ㅎ become."""
_VERB_CLUSTERS: Final = {"ㄵ": "ㄴ", "ㄻ": "ㅁ", "ㄼ": "ㄹ", "ㄾ": "ㄹ"}
"""제24, 25항: after these ㄱㄷㅅㅈ are tense."""
_DIGITS: Final = frozenset("영공일이삼사오육칠팔구십백천만억조")
_TENSE_NUMERALS: Final = ("열", "여덜", "열려덜", "스물려덜")


class _Syllable(NamedTuple):
    onset: str
    vowel: str
    coda: str


def pronounce(text: str) -> str:
    """Spoken Korean as pronounced. Characters other than Hangul syllables stay and part the words they stand
    between, except the single space, across which a phrase is joined as in fluent speech."""
    return "".join(
        piece if not piece or not split(piece[0]) else _phrase(piece) for piece in _PHRASES.split(text)
    )


_PHRASES = re.compile(r"([가-힣]+(?: [가-힣]+)*)")


@lru_cache(maxsize=4096)
def _phrase(text: str) -> str:
    words = [_respell(word) for word in text.split(" ")]
    _tense_after_words(words)
    letters = [[_Syllable(*_parts(char)) for char in word] for word in words]
    flat: list[_Syllable] = [syllable for word in letters for syllable in word]
    starts = set()
    position = 0
    for word in letters:
        starts.add(position)
        position += len(word)
    for index in range(len(flat)):
        following = flat[index + 1] if index + 1 < len(flat) else None
        if following is None:
            flat[index] = flat[index]._replace(coda=_NEUTRAL.get(flat[index].coda, flat[index].coda))
        elif index + 1 in starts:
            flat[index], flat[index + 1] = _meet_across(flat[index], following)
        else:
            flat[index], flat[index + 1] = _meet(flat[index], following)
    out: list[str] = []
    for index, syllable in enumerate(flat):
        if index in starts and index:
            out.append(" ")
        out.append(join(syllable.onset, _plain_vowel(syllable), syllable.coda))
    return "".join(out)


def _parts(char: str) -> tuple[str, str, str]:
    parts = split(char)
    assert parts is not None
    return parts


def _plain_vowel(syllable: _Syllable) -> str:
    """제5항: 져 쪄 쳐 → 저 쩌 처; ㅖ is ㅔ except in 예, 례; ㅢ after a consonant is ㅣ."""
    onset, vowel, _ = syllable
    if onset in "ㅈㅉㅊ":
        return {"ㅕ": "ㅓ", "ㅑ": "ㅏ", "ㅛ": "ㅗ", "ㅠ": "ㅜ", "ㅖ": "ㅔ"}.get(vowel, vowel)
    if vowel == "ㅖ" and onset not in "ㅇㄹㄴ":
        return "ㅔ"
    if vowel == "ㅢ" and onset != "ㅇ":
        return "ㅣ"
    return vowel


def _meet(left: _Syllable, right: _Syllable) -> tuple[_Syllable, _Syllable]:
    """Two syllables of one word."""
    if right.onset == "ㅇ":
        coda, onset = _link(left.coda, right.vowel)
    elif right.onset == "ㅎ" and left.coda in _H_MEETS:
        coda, onset = _H_MEETS[left.coda]
        suffix = right.vowel == "ㅣ" or (right.vowel == "ㅕ" and right.coda in ("", "ㅆ"))
        if left.coda == "ㄷ" and suffix:  # 제17항 붙임: 닫혀 → 다처, but 맏형 → 마텽
            onset = "ㅊ"
    elif left.coda in _H_CODAS:
        coda, onset = _after_h(left.coda, right.onset)
    elif left.coda in _VERB_CLUSTERS and right.onset in "ㄱㄷㅅㅈ":
        coda, onset = _VERB_CLUSTERS[left.coda], _TENSE[right.onset]
    else:
        coda, onset = _assimilate(_NEUTRAL.get(left.coda, left.coda), right.onset)
    return left._replace(coda=coda), right._replace(onset=onset)


def _link(coda: str, vowel: str) -> tuple[str, str]:
    """제13, 14, 17항: the final consonant becomes the onset of a syllable without one."""
    if coda in ("", "ㅇ"):
        return coda, "ㅇ"
    if coda == "ㅎ":
        return "", "ㅇ"
    if vowel in "ㅣㅕ" and coda in ("ㄷ", "ㅌ", "ㄾ"):
        return ("ㄹ" if coda == "ㄾ" else ""), ("ㅈ" if coda == "ㄷ" else "ㅊ")
    return _CARRIED.get(coda, ("", coda))


def _after_h(coda: str, onset: str) -> tuple[str, str]:
    """제12항: ㅎ, ㄶ, ㅀ before a consonant."""
    rest = _H_CODAS[coda]
    if onset in _ASPIRATED and onset != "ㅂ":
        return rest, _ASPIRATED[onset]
    if onset == "ㅅ":
        return rest, "ㅆ"
    if coda == "ㅎ":
        return _assimilate("ㄷ", onset)
    return _assimilate(rest, onset)


def _assimilate(coda: str, onset: str) -> tuple[str, str]:
    """제18–20, 23항 for one of the seven final consonants and an onset that is a consonant."""
    if coda in _NASAL:
        if onset in "ㄴㅁ":
            return _NASAL[coda], onset
        if onset == "ㄹ":
            return _NASAL[coda], "ㄴ"
        return coda, _TENSE.get(onset, onset)
    if onset == "ㄹ" and coda in ("ㅁ", "ㅇ"):
        return coda, "ㄴ"
    if (coda, onset) in (("ㄴ", "ㄹ"), ("ㄹ", "ㄴ")):
        return "ㄹ", "ㄹ"
    return coda, onset


def _meet_across(left: _Syllable, right: _Syllable) -> tuple[_Syllable, _Syllable]:
    """Two words: stops before them make nasal, tense and aspirated as in one breath (제12, 18항 붙임).

    Nothing is linked and ㄹ is not doubled (서울 날씨): said carefully, as here, words keep their beginnings,
    and a recogniser follows them better.
    """
    coda = _NEUTRAL.get(left.coda, left.coda)
    onset = right.onset
    if onset == "ㅎ" and coda in _NASAL:
        coda, onset = _H_MEETS[coda]
    elif coda in _NASAL and onset != "ㅇ":
        coda, onset = _assimilate(coda, onset)
    return left._replace(coda=coda), right._replace(onset=onset)


_RESPELL = re.compile(
    "|".join(
        ("(?<![가-힣])" if word in AT_START else "") + word
        for word in sorted(RESPELLED, key=len, reverse=True)
    )
)
_COMPOUND = re.compile(r"(?<=[가-힣])(?:" + "|".join(INSERTS_N) + ")")
_STATION = re.compile(
    r"(?<=[가-힣][가-힣])역(?=$|에|은|이|을|과|까지|부터|으로|입구|앞|근처|사거리|정류장|출구|방|쪽|도|하고|역)"
)
_NOT_NOUNS_BEFORE_STATION = frozenset({"대방", "영통"})
_NASAL_SUFFIX = re.compile(r"(?<=[가-힣])([란량력료례론령])(?=$|[은는이가을를에과와도의])")
_PROMISE = re.compile(r"(?<=[가-힣])(?:게(?=요|$)|수록|걸(?=요|$)|세라)")
_PROMISE_TENSE = {"게": "께", "수록": "쑤록", "걸": "껄", "세라": "쎄라"}
_LONG = frozenset({"길게", "멀게", "달게", "말게", "물게"})


def _coda(char: str) -> str:
    return _parts(char)[2]


def _with_onset(char: str, onset: str) -> str:
    _, vowel, coda = _parts(char)
    return join(onset, vowel, coda)


def _respell(word: str) -> str:
    """One word with what its spelling hides: exceptions, 의, inserted ㄴ, tense endings."""
    word = _respell_ui(word)
    word = _COMPOUND.sub(lambda found: _insert_n(word, found), word)
    if "역" in word:
        word = _STATION.sub(lambda found: _station(word, found), word)
    word = _RESPELL.sub(lambda found: RESPELLED[found.group()], word)
    word = _NASAL_SUFFIX.sub(lambda found: _suffix(word, found), word)
    return _PROMISE.sub(lambda found: _promise(word, found), word)


def _respell_ui(word: str) -> str:
    """제5항 다만 4: 의 is 이 inside a word and may be 에 as a particle, which is easier to follow."""
    if "의" not in word[1:]:
        return word
    last = "의" if word.endswith("의") and word[-2:] not in UI_NOUNS else ""
    body = word.removesuffix("의") if last else word
    return body[:1] + body[1:].replace("의", "이") + ("에" if last else "")


def _insert_n(word: str, found: re.Match[str]) -> str:
    piece = found.group()
    coda = _coda(word[found.start() - 1])
    if not coda or found.start() < 2:
        return piece
    return _with_onset(piece[0], "ㄹ" if coda == "ㄹ" else "ㄴ") + piece[1:]


def _station(word: str, found: re.Match[str]) -> str:
    before = word[: found.start()]
    coda = _coda(before[-1])
    if not coda or (before[-1] + "역" in NO_STATION and before not in _NOT_NOUNS_BEFORE_STATION):
        return "역"
    return "력" if coda == "ㄹ" else "녁"


def _suffix(word: str, found: re.Match[str]) -> str:
    """제20항 다만: ㄴ of a longer word keeps before a suffix in ㄹ (생산량 → 생산냥)."""
    at = found.start()
    if at < 2 or _coda(word[at - 1]) != "ㄴ" or word[at - 1 : at + 1] in KEEPS_LATERAL:
        return found.group()
    return _with_onset(found.group(), "ㄴ")


def _promise(word: str, found: re.Match[str]) -> str:
    """제27항 붙임: -(으)ㄹ게, -(으)ㄹ수록, -(으)ㄹ걸."""
    if _coda(word[found.start() - 1]) != "ㄹ" or word in _LONG:
        return found.group()
    return _PROMISE_TENSE[found.group()]


_DEPENDENT = re.compile(r"^(?:것|거|게|건|걸|겁|데|수|줄|바|적|때|듯|뿐|정도|지|자리|곳|사람|방법|시간)")


def _tense_after_words(words: list[str]) -> None:
    """제27항 (할 것 → 할껏) and numerals in ㄹ before a counter (열 시 → 열씨, 칠 도 → 칠또)."""
    for index in range(1, len(words)):
        left, right = words[index - 1], words[index]
        onset = _parts(right[0])[0]
        if onset not in _TENSE:
            continue
        final = _coda(left[-1])
        sino = left[-1] in "일칠팔" and onset in "ㄷㅅㅈ" and _DIGITS.issuperset(left)
        native = left in _TENSE_NUMERALS
        adnominal = final == "ㄹ" and not _DIGITS.issuperset(left) and bool(_DEPENDENT.match(right))
        if sino or native or (adnominal and _is_adnominal(left)):
            words[index] = _with_onset(right[0], _TENSE[onset]) + right[1:]


_NOUNS_IN_RIEUL = re.compile(
    r"(?:서울|오늘|내일|물|길|말|일|월|달|날|글|별|불|풀|술|쌀|칠|팔|호텔|병실|교실|화장실|시설|건물|출발)$"
)


def _is_adnominal(word: str) -> bool:
    return not _NOUNS_IN_RIEUL.search(word)
