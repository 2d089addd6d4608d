"""Choices, counts and free text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from donghaeng.city.services.definition import SlotSpec
from donghaeng.korean.counts import find_counts
from donghaeng.korean.numbers import find_numbers
from donghaeng.korean.sounds import SoundIndex, sound_distance
from donghaeng.understanding.acts import SlotFill
from donghaeng.understanding.slots.base import Scene
from donghaeng.understanding.text import compact

LARGEST_COUNT: Final = 9_999
LONGEST_TEXT: Final = 1_000
SURE: Final = 0.12
"""Sound distance up to which a known word was meant though nothing asked for it."""
SHORTEST_BY_SOUND: Final = 3
"""Syllables that a choice's name needs to be found by sound."""
SOUNDS_LIKE: Final = 0.17
"""Sound distance up to which a word of a lexicon was meant."""

_PARTICLES = re.compile(
    r"(?:을|를|은|는|이|가|도|만|좀|하나|한\s?개|랑|하고|이랑|부터|까지|이요|요|이에요|예요|에요|인데요|인데)$"
)
LONGEST_OBJECT: Final = 40
"""Characters before a verb among which its object is looked for."""
LONGEST_HEAD: Final = 12
"""Syllables of a word that can be a misheard word of a lexicon."""
MOST_HEADS: Final = 12
"""Words of an utterance that are compared with a lexicon by sound."""
LONGEST_ENDING: Final = 8
_OBJECT = re.compile(r"(?P<word>\S+?)(?:을|를|도|이|가)?\s*(?:좀|하나|한\s?개|다)?(?:를)?\s*$")
_EDGE = " .,!?~…\"'"
_COUNT_COUNTERS: Final = frozenset(
    ["개", "대", "점", "장", "짝", "벌", "세트", "채", "통", "자루", "권", "마리"]
    + ["사람", "명", "분", "식구", "인"]
)


def choice(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """The value whose name or words stand in the utterance, the longest first; else one whose name sounds
    like a part of it."""
    packed = compact(utterance)
    best: tuple[int, str, str] | None = None
    for value, meaning in (spec.values or {}).items():
        for said in (meaning.name, *meaning.says):
            words = compact(said)
            if words and words in packed and (best is None or len(words) > best[0]):
                best = (len(words), value, said)
    if best is not None:
        return SlotFill(best[1], words=best[2])
    del scene
    names = {meaning.name: value for value, meaning in (spec.values or {}).items()}
    index = _index(tuple(name for name in names if len(compact(name)) >= SHORTEST_BY_SOUND))
    for match in index.find_in(utterance, limit=1, max_distance=SURE):
        return SlotFill(names[match.name], score=1.0 - match.distance, words=match.name)
    return None


@lru_cache(maxsize=256)
def _index(names: tuple[str, ...]) -> SoundIndex:
    return SoundIndex(names)


def count(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """How many: a number with a counter of things or people, or any number when it was asked for."""
    del spec
    for match in find_counts(utterance):
        number = match.value.value
        if match.value.counter in _COUNT_COUNTERS and isinstance(number, int) and 0 < number <= LARGEST_COUNT:
            return SlotFill(number, words=utterance[match.start : match.end])
    if re.search(r"(?:^|\s)하나(?:를|만|요|예요|이요|인데|\s|$)", utterance):
        return SlotFill(1, words="하나")
    if scene.asked:
        for found in find_numbers(utterance):
            if isinstance(found.value, int) and 0 < found.value <= LARGEST_COUNT:
                return SlotFill(found.value, words=utterance[found.start : found.end])
    return None


def text(utterance: str, spec: SlotSpec, scene: Scene) -> SlotFill | None:
    """The citizen's own words: a word of the slot's lexicon in standard spelling, what stands before the
    slot's verbs, or, when it was asked for, all that was said."""
    known = _from_lexicon(utterance, spec, scene)
    if known is not None:
        return known
    for stem in spec.before:
        said = _before(utterance, stem)
        if said is not None and (word := _bare(said)):
            near = _nearest([word], spec, scene)
            meant = near[1] if near is not None and near[0] <= SURE else word
            return SlotFill(meant, score=0.6, words=said)
    if not scene.asked:
        return None
    answer = _bare(utterance.strip(_EDGE))
    return SlotFill(answer[:LONGEST_TEXT], score=0.5, words=utterance) if answer else None


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
    if near is None or near[0] > (SOUNDS_LIKE if scene.asked else SURE):
        return None
    return SlotFill(near[1], score=1.0 - near[0], words=near[2])


def _nearest(words: Iterable[str], spec: SlotSpec, scene: Scene) -> tuple[float, str, str] | None:
    """``(sound distance, word of the slot's lexicon, what was said)`` of the nearest pair."""
    lexicon = scene.lexicons.get(spec.lexicon or "", {})
    return min(((sound_distance(said, word), word, said) for said in words for word in lexicon), default=None)


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
