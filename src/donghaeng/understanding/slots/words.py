"""Counts and free text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.counts import find_counts
from donghaeng.korean.endings import COPULA, standard
from donghaeng.korean.numbers import find_numbers
from donghaeng.korean.numerals import NUMBER, Number, parse
from donghaeng.korean.sounds import SoundIndex
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.repairs import repair_in
from donghaeng.understanding.slots.telling import telling, without_asides
from donghaeng.understanding.slots.titles import title_before
from donghaeng.understanding.slots.whereabouts import whereabouts
from donghaeng.understanding.text import compact

LARGEST_COUNT: Final = 9_999
LONGEST_TEXT: Final = 1_000
SURE: Final = 0.12
"""Sound distance up to which a known word was meant though nothing asked for it."""
SOUNDS_LIKE: Final = 0.17
"""Sound distance up to which a word of a lexicon was meant."""

_PARTICLES = re.compile(
    r"(?:을|를|은|는|이|가|도|만|좀|하나|한\s?개|랑|하고|이랑|부터|까지|이요|요|이에요|예요|에요|인데요|인데|이라니까요?|라니까요?)$"
)
LONGEST_OBJECT: Final = 40
"""Characters before a verb among which its object is looked for."""
LONGEST_HEAD: Final = 12
"""Syllables of a word that can be a misheard word of a lexicon."""
MOST_HEADS: Final = 12
"""Words of an utterance that are compared with a lexicon by sound."""
LONGEST_ENDING: Final = 8
_ON_THE_WAY = (
    r"좀|쫌|쪼까|쪼매|쪼깨|쪼께|쪼금|쬐끔|조금|점|호쏠|호끔|하나|한\s?개|다"
    r"|뭐|뭣|머|이제|인자|그냥|기냥|빨리|퍼뜩|얼른|후딱|같은\s?거"
)
"""What stands between a thing and its verb in passing."""
_OBJECT = re.compile(rf"(?P<word>\S+?)(?:을|를|도|이|가)?\s*(?:(?:{_ON_THE_WAY})(?:을|를|만)?\s*){{0,3}}$")
_THAT = (
    r"(?:(?:이|그|저|요|고|조)(?:거|것|건|게|걸|놈|기)|거시기|그\s?뭐냐"
    r"|(?:이|그|저|이런|그런|저런|큰|작은|헌|낡은|오래된|안\s?쓰는|못\s?쓰는|무거운|쓰던|있던|집에\s?있는)\s?(?:거|것|건|게|걸|기|놈)"
    rf"|물건|짐|짐짝|살림|살림살이|무거운|헌|큰|뭔가|아무거나|어떤\s?거|{_ON_THE_WAY})(?:들|만|도|이|은|는|을|를|요)*"
)
_POINTS_AT = re.compile(_THAT)
_POINTS = re.compile(rf"{_THAT}(?:\s{_THAT})*")
"""What points at a thing, or is any thing, without a name."""
_DETERMINERS: Final = frozenset(
    {
        "도보",
        "해설",
        "해설사",
        "코스",
        "문화",
        "관광",
        "시설",
        "자리",
        "장소",
        "구경",
        "곳",
        "데",
        "그",
        "이",
        "저",
        "그런",
        "이런",
        "저런",
        "무슨",
        "어떤",
        "어느",
        "내",
        "제",
        "우리",
        "공공",
    }
)
"""Words that name nothing by themselves: those that stand before a noun, and those for any place."""
_NAMES_NOTHING = re.compile(
    r"^(?:거|걸|건|게|것|데|통|이게|이거|그거|저거|봉투|종|남은|깨진|어떻게|어디|분리수거|분리배출|재활용|쓰레기|있|만한|받을|나라)$|(?:씻어|[가-힣]서|[은는던]데|다고|빼고|에|으로|[류통]로)$"
)
"""What stands before a verb but is no thing: bound nouns, and verbs and places that an object precedes."""
_SENTENCE = re.compile(
    r"\s\S*(?:[어아여려해워와봐돼네데세지죠군니나져쳐켜셔혀펴뻐써떠커러겨]요|니다|어|아|다|해|냐|까)$"
)
"""More than one word that ends as a sentence does: nothing is cut off its end."""
_IS_THERE = re.compile(
    r"(?:에\s?(?:있\S+|그래요?|그렇\S*)|(?:에서|서)\s?그래요?|이?인데요|이?라고요?|쪽이에요|이지요|이죠|입니다)$"
)
"""How an answer to where ends."""
_EDGE = " .,!?~…\"'"
_PEOPLE = re.compile(
    r"(?:^|\s)(?:(?P<one>혼자|저\s?하나|나\s?혼자)|(?P<two>둘이|부부|내외|두\s?내외|영감하고\s?나|남편하고\s?(?:저|나)"
    r"|(?:저|나)(?:하고|랑)\s?(?:남편|아내|집사람|영감|할멈|딸|아들|친구)(?![가-힣]*\s?(?:하고|랑)))|(?P<three>셋이)|(?P<four>넷이)"
    r"|(?P<five>다섯이))"
)
_PEOPLE_COUNTS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_COMPANIONS = re.compile(r"동반|동행|같이|보호자|함께")
_COMPANY = re.compile(
    r"(?:동행인?|동반자|보호자|같이\s?(?:가는|타는)\s?사람|함께\s?(?:가는|타는)\s?사람)\S{0,2}\s?(?P<many>하나|둘|셋|넷)"
    r"|(?P<one>딸|아들|며느리|사위|남편|아내|집사람|영감|할멈|손주|손자|손녀|언니|동생|친구|어머니|아버지|요양보호사|활동지원사"
    r"|보호자)(?:이|가|도|하고|이랑|랑|와|과)\s?(?:같이|함께)"
)
"""Words for those who come along beside the one who speaks."""
_MANY: Final[Mapping[str, int]] = {"하나": 1, "둘": 2, "셋": 3, "넷": 4}
_ONE_NOT_DAYS = re.compile(r"[십백]일$")
"""Said as an answer, 육십일 is a number and no days."""
_SUBJECT = re.compile(r"이(?=\s(?:넘|되|돼|됐|다\s|지[나났난]|훌쩍|훨씬|가까|가깝|코앞|안\s))")
"""The particle of "팔십이 넘었고", which is no two."""
_YEARS: Final = frozenset({"살", "세"})
_AGE = re.compile(
    rf"(?<![가-힣0-9])(?P<before>{NUMBER})(?:을|이나)?\s?먹(?=[었은어고응])"
    r"|(?<![가-힣])(?P<alone>(?:쉰|예순|일흔|여든|아흔)(?:하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉)?)"
    rf"(?={COPULA}|이?지|이\s(?:넘|다)|[\s,.]+(?!개|대|장|번|권|마리|시|곳|군데|미터)|$)"
    rf"|(?:나이|연세|춘추)(?:가|는|도|이|로)?\s(?:올해\s|이제\s)?(?P<after>{NUMBER})(?=$|\s|이|[은인요]|예요|고)"
)
OLDEST: Final = 120
_SEVERAL = re.compile(r"여러|몇\s?(?:개|명|분|대|사람)")
_THINGS_AND_PEOPLE: Final[Mapping[str, int]] = dict.fromkeys(
    ["개", "대", "점", "장", "짝", "벌", "세트", "채", "통", "자루", "권", "마리"]
    + ["사람", "명", "분", "식구", "인"],
    1,
)


@lru_cache(maxsize=256)
def _index(names: tuple[str, ...]) -> SoundIndex:
    return SoundIndex(names)


def count(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """How many: a number with a counter of things or people or with one of the slot's own, a word for so many
    people (둘이서, 부부), or any number when it was asked for. "두세 개" gives candidates, "여러 개" the
    problem ``vague``."""
    repair = repair_in(utterance)
    if repair is not None and (meant := _counted(repair.meant, spec, scene)) is not None:
        return meant
    return _counted(utterance, spec, scene)


def _counted(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    counters = _counters(spec)
    for match in find_counts(utterance):
        size = counters.get(match.value.counter)
        numbers = [int(one.value) // size for one in (match.value, *match.alternatives)] if size else []
        if numbers and match.value.value == int(match.value.value) and 0 < numbers[0] <= LARGEST_COUNT:
            words = utterance[match.start : match.end]
            if match.vague and len(set(numbers)) > 1:
                return SlotFill(None, candidates=tuple(dict.fromkeys(numbers)), score=0.7, words=words)
            return SlotFill(numbers[0], words=words)
    return (_people(utterance, spec) if spec.counters is None else None) or _bare_count(
        utterance, spec, scene
    )


def _counters(spec: SlotSpec) -> Mapping[str, int]:
    """The words after a number that count for the slot, with how many of each make one."""
    return spec.counters if spec.counters is not None else _THINGS_AND_PEOPLE


def _people(utterance: str, spec: SlotSpec) -> SlotFill | None:
    """So many people without a number. With companions the one who speaks is not counted, so their words
    ("둘이서") leave the number open."""
    if _COMPANIONS.search(spec.name):
        along = _COMPANY.search(utterance)
        return SlotFill(_MANY.get(along["many"], 1), words=along.group()) if along is not None else None
    found = _PEOPLE.search(utterance)
    if found is None:
        return None
    return SlotFill(_PEOPLE_COUNTS[str(found.lastgroup)], words=found.group().strip())


def _bare_count(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    one = re.search(r"(?:^|\s)하나(?:를|만|요|예요|이요|인데|\s|$)", utterance)
    if one is not None and (scene.asked or spec.counters is None):
        return SlotFill(1, words=one.group().strip())
    if not scene.asked:
        return _age(utterance) if _YEARS & set(spec.counters or ()) else None
    own = {} if spec.counters is not None else _THINGS_AND_PEOPLE
    others = [
        match
        for match in find_counts(utterance)
        if match.value.counter not in own and not _ONE_NOT_DAYS.search(utterance[match.start : match.end])
    ]
    for found in find_numbers(utterance):
        counts_other = any(other.start <= found.start < other.end for other in others)
        words = utterance[found.start : found.end]
        number: Number | None = found.value
        if _ONE_NOT_DAYS.search(words) or _SUBJECT.match(utterance, found.end - 1):
            number = parse(words.removesuffix("이"))
        if isinstance(number, int) and 0 < number <= LARGEST_COUNT and not counts_other:
            return SlotFill(number, words=words)
    vague = _SEVERAL.search(utterance)
    return SlotFill(None, problem="vague", words=vague.group()) if vague is not None else None


def _age(utterance: str) -> SlotFill | None:
    """So many years told without 살 or 세: "일흔다섯 먹은", "나이가 팔십둘인데", "올해 일흔아홉인디".

    Native numerals from fifty on count nothing else where they stand alone."""
    utterance = standard(utterance)
    found = _AGE.search(utterance)
    if found is None:
        return None
    how = "before" if found["before"] else "alone" if found["alone"] else "after"
    words, end = found[how], found.end(how)
    words = words.removesuffix("이") if _SUBJECT.match(utterance, end - 1) else words
    years = parse(words)
    return SlotFill(years, words=words) if isinstance(years, int) and 0 < years <= OLDEST else None


_WORN = re.compile(
    r"^(?:(?:다\s?쓴|헌|낡은|오래\s?된|오래\s?쓴|못\s?쓰는|안\s?쓰는|고장\s?난|깨진|망가진|부러진|찢어진|빈|쓰던|쓰다\s?만|먹다\s?남은)\s)+"
)
"""What state a thing is in: its name does not change with it."""


def text(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """The citizen's own words: a word of the slot's lexicon in standard spelling, what stands before the
    slot's verbs, or, when it was asked for or takes the whole utterance, all that was said."""
    known = _from_lexicon(utterance, spec, scene) or _before_verbs(utterance, spec, scene)
    if known is not None:
        return known
    if not scene.asked and (spec.whereabouts or spec.tells):
        return (whereabouts if spec.whereabouts else telling)(utterance, scene)
    if not (scene.asked or spec.whole):
        return None
    answer = _own_words(utterance.strip(_EDGE), spec)
    if not answer or (spec.before and set(answer.split()) <= _DETERMINERS):
        return None
    if not spec.whole and _only_points(answer, spec):
        return None
    if spec.lexicon is not None and not spec.whole:
        answer = _WORN.sub("", answer) or answer
    return SlotFill(answer[:LONGEST_TEXT], score=0.5, words=utterance)


def _before_verbs(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """What stands before the slot's verbs and is a name of something."""
    for stem in spec.before:
        said = title_before(utterance, stem) if spec.several_words else _before(utterance, stem)
        if (
            said is not None
            and (word := _bare(said))
            and not _is_described(said, word)
            and _POINTS_AT.fullmatch(word) is None
            and not set(said.split()) <= _DETERMINERS
            and not _NAMES_NOTHING.search(word)
        ):
            near = _nearest([word], spec, scene)
            meant = near[1] if near is not None and near[0] <= SURE else word
            return SlotFill(meant, score=0.6, words=said)
    return None


def _only_points(answer: str, spec: SlotSpec) -> bool:
    """Whether an answer points at a thing without its name, alone or before a verb ("이건 버려야지")."""
    ends = [answer.find(stem) for stem in spec.before if stem in answer]
    said = answer[: min(ends)] if ends else answer
    words = said.strip(_EDGE)
    return bool(words) and any(_POINTS.fullmatch(one) for one in (words, _bare(words)) if one)


def _is_described(said: str, word: str) -> bool:
    """Whether what was said is the stem of a verb that describes a noun ("걷는 코스", "보는 앱")."""
    return len(word) == 1 and said == f"{word}는"


def _own_words(answer: str, spec: SlotSpec) -> str:
    """An answer in the citizen's own words: a story as it was told, anything else without what ends it as a
    sentence in any dialect ("뒷골목이여라", "합정역 앞에 있어요")."""
    if spec.whole or spec.tells:
        answer = without_asides(answer) if spec.tells else answer
        return answer if spec.whole or _SENTENCE.search(answer) else _bare(answer)
    plain = standard(answer).strip(_EDGE)
    if spec.whereabouts and (there := _IS_THERE.search(plain)) is not None:
        return _bare(plain[: there.start()])
    return answer if _SENTENCE.search(plain) else _bare(plain)


def _before(utterance: str, stem: str) -> str | None:
    """The word that stands before a verb's stem, without what may stand between them."""
    at = utterance.find(stem)
    while at >= 0:
        found = _OBJECT.search(utterance[max(0, at - LONGEST_OBJECT) : at])
        if found is not None:
            return found["word"]
        at = utterance.find(stem, at + 1)
    return None


def _from_lexicon(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    lexicon = scene.lexicons.get(spec.lexicon or "", {})
    packed = compact(utterance)
    best: tuple[int, str, str] | None = None
    for word, ways in lexicon.items():
        for way in (word, *ways):
            said = compact(way)
            if said in packed and (best is None or len(said) > best[0]):
                best = (len(said), word, way)
    if best is not None:
        return SlotFill(best[1], words=best[2])
    near = _nearest(_heads(utterance), spec, scene)
    if near is None or (near[0] > SURE and not scene.asked):
        return None
    return SlotFill(near[1], score=1.0 - near[0], words=near[2])


def _nearest(words: Iterable[str], spec: SlotSpec, scene: Scene) -> tuple[float, str, str] | None:
    """``(sound distance, word of the slot's lexicon, what was said)`` of the nearest pair up to
    :data:`SOUNDS_LIKE`."""
    lexicon = scene.lexicons.get(spec.lexicon or "", {})
    index = _index(tuple(lexicon))
    near = ((match, said) for said in words for match in index.search(said, 1, SOUNDS_LIKE))
    return min(((match.distance, match.name, said) for match, said in near), default=None)


def _heads(utterance: str) -> Iterator[str]:
    for word in utterance.split()[:MOST_HEADS]:
        if 2 <= len(word) <= LONGEST_HEAD + LONGEST_ENDING:
            bare = _bare(word)
            if 2 <= len(bare) <= LONGEST_HEAD:
                yield bare


def _bare(words: str) -> str:
    """Words without the particles, counts and copulas at their end."""
    before, after = "", words.strip(_EDGE)
    while after != before:
        end = _PARTICLES.search(after, max(0, len(after) - LONGEST_ENDING))
        before, after = after, (after[: end.start()] if end is not None else after).strip(_EDGE)
    return after
