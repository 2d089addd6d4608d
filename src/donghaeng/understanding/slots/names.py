"""Names of persons: without particle, copula or 님, and never a sentence or a number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.endings import standard
from donghaeng.korean.jamo import join, split
from donghaeng.korean.person_names import GIVEN_SYLLABLES, LONG_SURNAMES, SURNAMES
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene

LONGEST_NAME: Final = 20
"""Characters of a foreign name; Korean ones have two to five syllables."""
KOREAN_SYLLABLES: Final = (2, 5)
USUAL_SYLLABLES: Final = 3
"""Of two readings (이순이 + 요, 이순 + 이요) the one of three syllables is the likelier name."""

_SURNAME_AND_NAME = re.compile(
    r"성(?:은|이|씨는)\s*(?P<family>[가-힣]{1,2}?)(?:가|씨)?(?:이고|이구|고|구|이요|요|이에요|에요|예요)?[\s,]+"
    r"이름(?:은|이)\s*(?P<given>.+)$"
)
_BY_NAME = re.compile(
    r"^.*?(?:(?:성함|성명|존함|이름)\s?(?:석|세|두)\s?자(?:는|가|은)?|(?:제|내|우리|저희|본인|어머니|아버지)?\s?"
    r"(?:이름|성함|성명|존함)(?:은요|는요|은|이|요)?)\s*"
)
"""Words that tell that a name follows."""
_INTRODUCED = re.compile(r"^.*?(?:^|\s)(?:제가|저는|나는|내는|난|저|나|내가|지는|지가)\s+")
"""Words that a name may follow."""
_ENDING = re.compile(
    r"\s*(?:(?P<vowel>이)?(?:라고|라|라구|라꼬|락|(?<=이)래)\s*(?:(?:합|해|허|혀|하|헌|헙|한|불러|적어|써|카|캐|캅)[가-힣\s]{0,9}"
    r"|요|예|고)?"
    r"|(?P<vowel2>이)?(?:고|에요|예요|여요|요|고요|구요|여|유|오|올시다|예|네요|야|어라|랑께|당께|인데요|라우|지라|시더|세요|셔요|십니다|시고|시고요)"
    r"|입니다|임니다|입니더|임더|인데요?|이라예|라예|으로\s?(?:해|적어|예약해)\s?(?:주세요|줘요)"
    r"|로\s?(?:해|적어|예약해)\s?(?:주세요|줘요))$"
)
_COPULA_APART = re.compile(
    r"(?<=[가-힣]{3}) (?=(?:이?우다|이라예|이래요|이?라우|이?여유|이여|이유|이?에요|이?예요|입니다"
    r"|이?고요?|이?라고)(?:게|양)?(?=[\s,.]|$))"
)
"""Before a copula that was written as a word of its own."""
_CLAUSE = re.compile(
    r"(?P<stem>[가-힣]{2,5}?)(?P<vowel>이)?(?:고요?|구요|며|인데요?|인디)[,\s]+(?=\S)(?!하|해|합|혀|헌|헙|허|불|적|써|카|캐)"
)
"""A name that ends a clause, with more to follow ("김복순이고 전화는 …")."""
_STANDING = re.compile(
    rf"(?:^|[\s,.])(?P<name>(?:{'|'.join(LONG_SURNAMES)})[가-힣]{{2}}|[가-힣]{{3}}"
    r"|[가-힣] [가-힣]{2}|[가-힣]{2} [가-힣])"
    r"(?P<copula>(?:이?(?:고|구)(?:요|유|예)?|이?며|이?(?:에|예|여)요|이?여유?|이?유|입니다|임니다|입니더|임더|이?우다|이?외다|이?올시다"
    r"|이?어라|이?(?:랑|당)께|인디|인데요?|이?시고요?|이?세요|이?라고?|이?라예|이?라우|이?래요|이?오|이?요))(?=[\s,.!?]|$)"
)
"""A surname and two more syllables that are a clause by themselves."""
_PARTICLE_BEFORE = re.compile(
    r"(?<![가-힣])(?!(?:\S*(?:이름|성함|성명|존함|분|사람|어머니|아버지|어머님|아버님|할머니|할아버지|엄마|아빠|남편|아내|집사람|할멈|영감)"
    r"|저|나|내|제|지)(?:은|는|이|가|도|께서는?)\s)[가-힣]+(?:은|는|이|가|을|를|도|에|에서)\s+$"
)
"""A word before that makes what follows a predicate of something else ("미세먼지가 심한가요")."""
_NEXT_TOPIC = re.compile(
    r"[,\s]+(?:제\s|내\s|우리\s|집\s?)?(?:전화|번호|연락처|연락은|핸드폰|휴대폰|휴대전화|폰|주소|주민(?:등록)?번호|나이|생일|생년|사는\s?(?:데|곳|디))"
)
"""What is told after a name, without a word between."""
_LIVES = re.compile(
    r"사는\s+(?P<name>[가-힣]{3})(?=이?라고|인데|인디|이에요|예요|에요|입니다|이여|이?고[\s,])"
)
"""A name that is told with where its bearer lives ("신림동 사는 박말순인데")."""
_TITLE = re.compile(r"\s*(?:님|씨|여사|할머니|할아버지|선생님?|어르신|올시다)$")
_HANGUL = re.compile("[가-힣]+")
_FOREIGN = re.compile(r"[A-Za-z가-힣]+(?:\s[A-Za-z가-힣]+){0,3}")
_NUMBER = re.compile(r"[0-9]|^[공영일이삼사오육륙칠팔구십백천]{2,}$")
_LOOSE: Final = dict(zip("ㄲㄸㅃㅆㅉ", "ㄱㄷㅂㅅㅈ", strict=True))
_WITHOUT_GLIDE: Final = {"ㅘ": "ㅏ", "ㅙ": "ㅐ", "ㅝ": "ㅓ", "ㅞ": "ㅔ", "ㅒ": "ㅐ"}
_WITH_GLIDES: Final = frozenset("과곽관광권궐와완왕원월화환황훤")
"""Syllables of names with such a vowel."""
_NO_NAME_ENDS: Final = (
    "니다",
    "어요",
    "아요",
    "해요",
    "까요",
    "는데",
    "려고",
    "세요",
    "네요",
    "지요",
    "군요",
    "거든",
    "면서",
)
_NO_NAME_ENDS_MORE: Final = (
    "는지",
    "한다",
    "싶어",
    "주세",
    "할게",
    "할께",
    "없어",
    "있어",
    "몰라",
    "했는",
    "습니",
    "대요",
)
_NO_NAMES_TEXT: Final = """
    몰라 몰라요 글쎄 글쎄요 아니 아니요 아뇨 그래 그래요 그냥 여기 여기요 저기 저기요 상담사 상담원 사람
    소파 오늘 내일 모레 지금 나중 나중에 이름 성함 성명 누구 뭐라고 뭐라고요 잠깐 잠깐만 잠시만 다시
    천천히 우리 우리집 엄마 아버지 어머니 할머니 할아버지 아들 딸 며느리 본인 취소 처음 처음으로 그만 됐어
    됐어요 싫어 싫어요 괜찮아 맞아 맞아요 좋아 좋아요 고마워 고맙습니다 감사 감사합니다 안녕 안녕하세요
    여보세요 전화 전화번호 주소 날짜 시간 버스 지하철 병원 약국 오전 오후 아침 점심 저녁 하나 둘 셋 혼자
    부부 예약 신청 접수 날씨 도와줘 도와주세요 마포구 서울 서울시 동네 집 그거 이거 저거 그게 이게 무슨
    어디 언제 왜요 뭐요 월요일 화요일 수요일 목요일 금요일 토요일 일요일
"""
_NO_NAMES: Final = frozenset(_NO_NAMES_TEXT.split())


def person_name(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """A person's name; taken only when it was asked for or introduced ("제 이름은 …이라고 합니다").

    A name may end as a copula of some dialect does (김미래), so that dialects are looked at only where the
    words as they stand give no name of the usual length.
    """
    del spec
    utterance = _COPULA_APART.sub("", utterance)
    fill = _named(utterance, scene)
    plain = standard(utterance)
    if plain == utterance or (fill is not None and len(fill.value or "") <= USUAL_SYLLABLES):
        return fill
    meant = _named(plain, scene)
    return replace(meant, words=utterance) if meant is not None and meant.value is not None else fill


def _named(utterance: str, scene: Scene) -> SlotFill | None:
    words = utterance.strip(" .,!?~…")
    apart = _SURNAME_AND_NAME.search(words)
    introduced = _BY_NAME.match(words) or _INTRODUCED.match(words)
    living = _LIVES.search(words) if introduced is None else None
    if living is not None and living["name"][0] in SURNAMES:
        return _fill(living["name"], living["name"], certain=False)
    standing = _standing(words, scene) if apart is None else None
    if standing is not None:
        return standing
    if not scene.asked and introduced is None and apart is None:
        return None
    if apart is not None:
        given = _best_stem(apart["given"], taken=len(apart["family"]))
        return _fill(apart["family"] + given, apart.group(), certain=True) if given else None
    rest = words[introduced.end() :] if introduced is not None else words
    clause = _CLAUSE.match(rest)
    if clause is None:
        rest = _NEXT_TOPIC.split(rest)[0] or rest
    name = _usual(_stems(clause)) if clause is not None else _best_stem(rest)
    rest = rest[: clause.end()].rstrip(" ,") if clause is not None else rest
    if not name:
        return None
    by_name = _BY_NAME.match(words) is not None
    fill = _fill(name, rest, certain=introduced is not None and introduced.group().strip() != "")
    # After "저" anything may follow; what nobody asked for must be a name in itself.
    return fill if scene.asked or by_name or (fill is not None and fill.score == 1.0) else None


def _standing(words: str, scene: Scene) -> SlotFill | None:
    """The last name that is a clause by itself ("… 오백이 호고, 강순옥이에요"); where nobody asked, only one
    of which every syllable is usual in a given name."""
    found = None
    for clause in _STANDING.finditer(words):
        name = clause["name"].replace(" ", "")
        if name != clause["name"] and not scene.asked:
            continue
        family = 2 if name.startswith(LONG_SURNAMES) else 1
        usual = all(char in GIVEN_SYLLABLES for char in name[family:])
        if _PARTICLE_BEFORE.search(words[: clause.start("name")]):
            continue
        if family + len(name[family:]) > len(name) or (family == 1 and name[0] not in SURNAMES):
            continue
        if usual or (scene.asked and clause.end() < len(words)):
            found = _fill(name, clause.group().strip(" ,."), certain=usual) or found
    return found


def _stems(clause: re.Match[str]) -> list[str]:
    return [clause["stem"], *([clause["stem"] + "이"] if clause["vowel"] else [])]


def _usual(stems: Sequence[str], taken: int = 0) -> str:
    """Of several readings the one of the usual length."""
    return min(stems, key=lambda stem: abs(len(stem.replace(" ", "")) + taken - USUAL_SYLLABLES), default="")


def _best_stem(words: str, taken: int = 0) -> str:
    """The words without what may follow a name; of several readings the one of the usual length."""
    stems = []
    stripped = words.strip(" .,!?~…")
    for ending in (None, _ENDING.search(stripped)):
        if ending is None:
            stems.append(stripped)
            continue
        stems.append(stripped[: ending.start()])
        if ending["vowel"] or ending["vowel2"]:
            stems.append(stripped[: ending.start()] + "이")
        stems.pop(0)
    bare = [_TITLE.sub("", stem.strip()).strip() for stem in stems]
    known = [stem for stem in bare if stem]
    return _usual(known, taken)


def as_names_go(name: str) -> str:
    """A Korean name of the usual length with its sounds as names have them: no tense consonant, and at the
    end a vowel such as ㅘ only in the syllables where names have it (대법원 인명용 한자표)."""
    if _HANGUL.fullmatch(name) is None or len(name) != USUAL_SYLLABLES:
        return name
    heard = "".join([*map(_loose, name[:-1]), _plain(_loose(name[-1]))])
    return heard if heard[0] in SURNAMES else name


def _loose(char: str) -> str:
    initial, vowel, final = split(char) or (char, "", "")
    return join(_LOOSE.get(initial, initial), vowel, final)


def _plain(char: str) -> str:
    initial, vowel, final = split(char) or (char, "", "")
    return char if char in _WITH_GLIDES else join(initial, _WITHOUT_GLIDE.get(vowel, vowel), final)


def _fill(name: str, words: str, *, certain: bool) -> SlotFill | None:
    name = as_names_go(name)
    joined = name.replace(" ", "")
    if (
        joined in _NO_NAMES
        or _NUMBER.search(joined)
        or joined.endswith((*_NO_NAME_ENDS, *_NO_NAME_ENDS_MORE))
    ):
        return None
    short, long = KOREAN_SYLLABLES
    pieces = name.split()
    if _HANGUL.fullmatch(joined) and short <= len(joined) <= long and len(pieces) <= USUAL_SYLLABLES:
        usual = joined[0] in SURNAMES or joined.startswith(LONG_SURNAMES)
        if len(pieces) > 1 and not (usual and len(pieces[0]) <= 2):
            return SlotFill(name, score=0.6, words=words) if certain else None
        return SlotFill(joined, score=1.0 if usual else 0.7, words=words)
    if certain and _FOREIGN.fullmatch(name) and len(name) <= LONGEST_NAME:
        return SlotFill(name, score=0.6, words=words)
    latin = name.isascii() and _FOREIGN.fullmatch(name) is not None and len(name) <= LONGEST_NAME
    return SlotFill(name, score=0.6, words=words) if latin and len(joined) > 1 else None
