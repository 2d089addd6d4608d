"""Choices: the value whose words were said, in any ending, and what a yes or no is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.jamo import join, split
from donghaeng.korean.sounds import SoundIndex
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.slots.repairs import repair_in
from donghaeng.understanding.text import compact

SURE: Final = 0.12
"""Sound distance up to which a name was meant."""
SHORTEST_BY_SOUND: Final = 3
"""Syllables that a choice's name needs to be found by sound."""

_YES_OR_NO: Final = frozenset({"yes", "no"})
_DENIED = re.compile(
    r"(?:^|\s)(?:안|못|아니|아뇨|아녀|아이라|아이다)(?=$|\s|[가-힣])|[가-힣]지\s?(?:않|못|말)|없(?!나|을까|을라나|냐|는가|능교|소|습니까)|말고|필요\s?없|싫|됐어|괜찮"
)
_UNABLE = re.compile(
    r"못\s?(?:걸|걷|움직|일어)\S*"
    r"|(?:걷|걸음|움직이|일어나)[지질]?[을를도]?\s?못(?:\s?(?:걸|걷|하|해|움직|일어)\S*|\S*)"
)
"""What somebody cannot do denies nothing that was asked."""
_AFFIRMED = re.compile(
    r"^\s*(?:네|예|응|어|그려|그래|그럼|맞|하모|암)(?:요)?(?=$|\s|[,.!]|[가-힣])|있어|있는|있지|있당|필요해|해\s?주|탑니다"
    r"|타요|타유|타지|탄다|좋아|주세요|합니다|할게"
)
_CLAUSE_OVER = re.compile(
    r"\S(?:고|데|(?<!에)서|지만|니까|니께|(?<![필중금])요|니다|니더|예|유|여|(?<!어)디|까|죠|구먼|당께)(?:요|예|유)?[\s,.!?]+"
)
"""The end of a clause: what comes after it says something else."""
_SUBJECT = re.compile(r"(?P<noun>[가-힣]{2,})(?:은|는|이|가|도|을|를|랑|하고)(?=\s)")
_SPEAKERS_TEXT: Final = "그거 그것 이거 이것 지금 오늘 아직 이번 본인 우리 저희 집에"
_SPEAKERS: Final = frozenset(_SPEAKERS_TEXT.split())
"""Subjects that stand for no other thing."""
_NOT_NOUNS = re.compile(r"(?:하|타|가|오|있|없|되|보|쓰|걷|먹)$")
"""Stems before 는 that describe a noun, which is then what the clause is about."""
_CONTRACTED: Final = {"ㅕ": "ㅣ", "ㅘ": "ㅗ", "ㅝ": "ㅜ", "ㅙ": "ㅚ"}
_AFTER_STEM = "기고지은는네더다던음면니나게자질는었았을"
"""Syllables that begin an ending after a verb's stem."""
_AFTER_ONE = "기고지은네더다던면니게"
"""The same after a stem of one syllable, which may begin other words."""


def choice(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """The value whose name or words stand in the utterance, the longest first; else one whose verb was said
    with another ending ("얼기만 했네예"); else one whose name sounds like a part of it. A choice of ``yes``
    and ``no`` also knows "휠체어 안 타요" and, asked, a bare yes."""
    values = spec.values or {}
    if set(values) == _YES_OR_NO:
        utterance = _UNABLE.sub(" ", utterance)
    repair = repair_in(utterance)
    if repair is not None and (meant := _chosen(repair.meant, spec)) is not None:
        return meant
    fill = _named(utterance, spec) if repair is not None else _chosen(utterance, spec)
    if set(values) == _YES_OR_NO:
        return _yes_or_no(utterance, fill, spec, scene)
    return fill


def _chosen(utterance: str, spec: SlotSpec) -> SlotFill | None:
    return _named(utterance, spec) or _inflected(utterance, spec) or _sounding(utterance, spec)


def _named(utterance: str, spec: SlotSpec) -> SlotFill | None:
    packed = compact(utterance)
    best: tuple[int, str, str] | None = None
    for value, meaning in (spec.values or {}).items():
        for said in (meaning.name, *meaning.says):
            words = compact(said)
            if words and words in packed and (best is None or len(words) > best[0]):
                best = (len(words), value, said)
    return SlotFill(best[1], words=best[2]) if best is not None else None


def _sounding(utterance: str, spec: SlotSpec) -> SlotFill | None:
    names = {meaning.name: value for value, meaning in (spec.values or {}).items()}
    index = _index(tuple(name for name in names if len(compact(name)) >= SHORTEST_BY_SOUND))
    for match in index.find_in(utterance, limit=1, max_distance=SURE):
        words = utterance[match.start : match.end]
        return SlotFill(names[match.name], score=1.0 - match.distance, words=words)
    return None


@lru_cache(maxsize=256)
def _index(names: tuple[str, ...]) -> SoundIndex:
    return SoundIndex(names)


def _inflected(utterance: str, spec: SlotSpec) -> SlotFill | None:
    """The value one of whose verbs was said with another ending; none where two values were."""
    found = {}
    for value, meaning in (spec.values or {}).items():
        pattern = _any_ending((meaning.name, *meaning.says))
        match = pattern.search(utterance) if pattern is not None else None
        if match is not None:
            found[value] = match.group().strip()
    if len(found) != 1:
        return None
    ((value, words),) = found.items()
    return SlotFill(value, score=0.8, words=words)


@lru_cache(maxsize=256)
def _any_ending(says: Sequence[str]) -> re.Pattern[str] | None:
    """Finds the verbs of ``says`` by their stems; None where they have none."""
    forms = [form for said in says for stem in _stem(said) for form in _forms(stem)]
    return re.compile(rf"(?<![가-힣])(?:{'|'.join(dict.fromkeys(forms))})") if forms else None


def _stem(said: str) -> Iterator[str]:
    """The stem of a verb in the past, or before 어: 얼었 → 얼, 터졌 → 터지, 깨져 → 깨지."""
    form = said.removesuffix("요")
    before, last = form[:-1], form[-1:]
    if " " in before or not before:
        return
    if last in "었았어아":
        yield before
        return
    letters = split(last)
    if letters is None or letters[2] not in ("", "ㅆ"):
        return
    initial, vowel, final = letters
    if final or vowel in ("ㅕ", "ㅝ"):
        yield before + join(initial, _CONTRACTED.get(vowel, vowel))


def _forms(stem: str) -> Iterator[str]:
    """What a stem looks like before other endings: 얼기, 언; 터지, 터진, 터질."""
    initial, vowel, final = split(stem[-1]) or ("", "", "")
    if not initial:
        return
    if final == "ㄹ":
        yield rf"{stem[:-1]}{join(initial, vowel, 'ㄴ')}(?=\s(?:거|것|게|건|기|데|모양))"
    if final:
        yield f"{stem}[{_AFTER_ONE if len(stem) == 1 else _AFTER_STEM}]"
    elif len(stem) > 1:
        yield f"{stem}[{_AFTER_STEM}]"
        yield from (f"{stem[:-1]}{join(initial, vowel, closing)}" for closing in "ㄴㄹㅁ")


def _yes_or_no(utterance: str, fill: SlotFill | None, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """The value turned round where the words beside it deny what it is about; a bare yes or no where it was
    asked. Whoever asks whether there is none ("공짜 연극 없소") denies nothing, nor does what is said of
    something else ("따라오는 사람은 없어요")."""
    if fill is not None:
        if fill.value == "no":
            return fill
        beside = _about_own(_DENIED, _beside(utterance, fill, spec), spec)
        denied = beside is not None or _denied_later(utterance, fill, spec)
        return replace(fill, value="no", words=utterance) if denied else fill
    if not scene.asked:
        return None
    if (found := _about_own(_DENIED, utterance, spec)) is not None:
        return SlotFill("no", words=found.group())
    if (found := _about_own(_AFFIRMED, utterance, spec)) is not None:
        return SlotFill("yes", words=found.group())
    return None


def _denied_later(utterance: str, fill: SlotFill, spec: SlotSpec) -> bool:
    """Whether a later clause has words for no ("휠체어는 있는데 오늘은 안 타요")."""
    at = utterance.find(fill.words)
    after = _CLAUSE_OVER.search(utterance, at + len(fill.words) - 1) if at >= 0 else None
    rest = utterance[after.end() :] if after is not None else ""
    later = _named(rest, spec) if rest else None
    if later is None or later.value != "no" or later.words not in rest:
        return False
    return _about_own(re.compile(re.escape(later.words)), rest, spec) is not None


def _beside(utterance: str, fill: SlotFill, spec: SlotSpec) -> str:
    """The clause of the words for yes, without them: "돈 안 내고" denies nothing that is free, and what
    another clause denies is something else."""
    meaning = (spec.values or {})["yes"]
    at = utterance.find(fill.words)
    if at >= 0:
        starts = [found.end() for found in _CLAUSE_OVER.finditer(utterance) if found.end() <= at]
        ends = (found.end() for found in _CLAUSE_OVER.finditer(utterance, at + len(fill.words) - 1))
        utterance = utterance[starts[-1] if starts else 0 : next(ends, len(utterance))]
    for said in sorted((meaning.name, *meaning.says), key=len, reverse=True):
        utterance = utterance.replace(said, " ")
    return utterance


def _about_own(pattern: re.Pattern[str], utterance: str, spec: SlotSpec) -> re.Match[str] | None:
    """The first match that is not said of another thing than the slot's own."""
    own = _own_words(spec)
    for found in pattern.finditer(utterance):
        clause = _CLAUSE_OVER.split(utterance[: found.start() + 1])[-1]
        nouns = [
            match["noun"]
            for match in _SUBJECT.finditer(clause + " ")
            if match["noun"] not in _SPEAKERS and _NOT_NOUNS.search(match["noun"]) is None
        ]
        if not nouns or any(word in noun for noun in nouns for word in own):
            return found
    return None


def _own_words(spec: SlotSpec) -> set[str]:
    """The first words of a slot's values and its name: what it is about."""
    said = [meaning for value in (spec.values or {}).values() for meaning in (value.name, *value.says)]
    words = [*spec.name.split(), *(word.split()[0].rstrip("을를이가은는도") for word in said)]
    return {word for word in words if len(word) > 1}
