"""Words that a recogniser wrote wrongly, put right before anything reads them: a noisy channel.

Of a syllable in surroundings that no known word has, the sound-alikes are weighed by a language model of
Korean; one that makes the words far likelier is what was said (Kernighan, Church and Gale, "A spelling
correction program based on a noisy channel model", COLING 1990). The same model joins the pieces of a word
and finds words that are written as they sound ("저놔" for 전화).
Numbers stay as they were heard: another number is another request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import compress, pairwise, product
from typing import Final

from donghaeng.korean.jamo import is_syllable, join, split
from donghaeng.korean.morphemes import Likelihood, Place
from donghaeng.korean.noise.sound_likes import confusable
from donghaeng.korean.pronunciation import pronounce
from donghaeng.korean.sounds import SoundIndex
from donghaeng.understanding.parting import parted

SOUNDS_ALIKE: Final = 0.15
"""Cost up to which a sound may be another one (:mod:`donghaeng.korean.sound_costs`)."""
LIKELIER: Final = 10.0
"""Gain in log likelihood from which other words were said (docs/measurements.md)."""
NO_SYLLABLE: Final = 5.0
"""The same for a syllable that no known word has."""
LONGEST: Final = 120
"""Syllables up to which an utterance is respelled."""
MOST_DOUBTED: Final = 8
"""Syllables without known surroundings up to which single ones are doubted: of more, these are other words
than the catalogue's, not misheard ones."""
MOST_REPAIRED: Final = 2
"""Syllables of an utterance that are put right."""
SHORTEST_BY_SOUND: Final = 2
"""Syllables of a word that may be written as it sounds."""
LONG_BY_SOUND: Final = 4
"""Syllables of such a word that no number makes by chance ("기초 영금은")."""
LONG_WORD: Final = 4
"""Syllables from which a whole word is looked for by its sound ("기초형금" for 기초연금)."""
NEAR: Final = 0.08
"""How far it may sound from what was heard (:mod:`donghaeng.korean.sounds`)."""
MOST_NEAR: Final = 3
"""Such words that are weighed."""
BY_SOUND: Final = 3.0
"""Gain from which it is that word."""
JOINED_TO_A_WORD: Final = 2.0
"""Gain from which two pieces are the known word that they make together."""
JOINED: Final = 7.0
"""The same where they make a word that is not known."""
LONGEST_PIECE: Final = 2
"""Syllables of the shorter one of two such pieces."""

_NUMBERS: Final = frozenset("공영일이삼사오육륙칠팔구십백천만억한두세네열스물0123456789")
_EDGE: Final = "\0"
_VOICED: Final = ("ㄴ", "ㄹ", "ㅁ")
_PLACED: Final = {
    **dict.fromkeys(product("ㄴㅁ", "ㄱㄲㅋ"), "ㅇ"),
    **dict.fromkeys(product("ㄴ", "ㅁㅂㅃㅍ"), "ㅁ"),
    **dict.fromkeys(product("ㄱ", "ㄴㅁ"), "ㅇ"),
    **dict.fromkeys(product("ㅂ", "ㄴㅁ"), "ㅁ"),
    **dict.fromkeys(product("ㄷㅅㅈㅊㅌ", "ㄴㅁ"), "ㄴ"),
}
"""What the end of a syllable becomes in fluent speech before the sound that follows (제18항; ㄴ and ㅁ made
where the next sound is made are not standard, 제21항). Recognisers write it down: "기초영금" for 기초연금."""
MOST_PLACED: Final = 3
"""Places of a word at which that may have happened."""
_PARTICLES: Final = r"(?:으로|에서|부터|까지|하고|이랑|이나|[은는이가을를에의도만로과와랑])"
_STEM = re.compile(rf"([가-힣]{{3,}}?){_PARTICLES}?")
_WEAK_H = re.compile(r"[가-힣](?=[하-힣])")
_WORD = re.compile(r"[가-힣]+")
_FROM_TO = re.compile(r"(?P<origin>[가-힣]{2,}(?:에서|부터))(?P<to>[가-힣]{2,}(?:까지|으로|로|에))")
"""A way that was run together: "합정동에서회기동까지"."""


class Respeller:
    """Puts misheard words right. Pure: known words and the language model are given."""

    def __init__(self, sentences: Iterable[str], likely: Likelihood, place: Place) -> None:
        """Learn which words and surroundings of syllables ``sentences`` have."""
        words: set[str] = set()
        for sentence in sentences:
            words.update(_WORD.findall(sentence))
        self._words = frozenset(words)
        self._surroundings = frozenset(around for word in words for around in _around(word))
        self._syllables = frozenset("".join(words))
        stems = sorted({stem for word in words for stem in _stems(word)})
        bare = {min(_stems(stem), key=len) for stem in stems}
        self._long_words = SoundIndex(sorted(word for word in bare if len(word) >= LONG_WORD))
        self._by_sound = {
            sound: word
            for word in stems
            if len(word) >= SHORTEST_BY_SOUND
            for sound in _sounds(word)
            if sound not in words
        }
        self._likely = lru_cache(maxsize=4_096)(likely)
        self._parted = lru_cache(maxsize=4_096)(lambda word: parted(word, place))

    def respelled(self, text: str) -> str:
        """``text`` as it was probably said; unchanged where nothing is much likelier."""
        if len(text) > LONGEST:
            return text
        apart = _FROM_TO.sub(r"\g<origin> \g<to>", text)
        words = " ".join(one if one in self._words else self._parted(one) for one in apart.split(" "))
        tokens = self._joined(words.split(" "))
        for _ in range(MOST_REPAIRED):
            index, word = self._repaired(tokens)
            if word is None:
                break
            tokens[index] = word
            tokens = self._joined(tokens)
        return " ".join(tokens)

    def _joined(self, tokens: list[str]) -> list[str]:
        """The words with those joined that a space parted."""
        joined: list[str] = []
        for index, token in enumerate(tokens):
            after = tokens[index + 1 : index + 2]
            one = self._one_word(joined[-1], token, joined[-2:-1], after) if joined else None
            if one is None:
                joined.append(token)
            else:
                joined[-1] = one
        return joined

    def _one_word(self, left: str, right: str, before: list[str], after: list[str]) -> str | None:
        """The word that two pieces are; None where they are two words."""
        if not (is_syllable(left[-1:]) and is_syllable(right[:1])):
            return None
        together = self._by_sound.get(left + right, left + right)
        if {left[-1], right[0]} & _NUMBERS and (together == left + right or len(together) < LONG_BY_SOUND):
            return None
        known = together in self._words
        if not known and (min(len(left), len(right)) > LONGEST_PIECE or {left, right} <= self._words):
            return None
        gain = self._gain([*before, left, right, *after], [*before, together, *after])
        return together if gain > (JOINED_TO_A_WORD if known else JOINED) else None

    def _gain(self, heard: list[str], meant: list[str]) -> float:
        return self._likely(" ".join(meant)) - self._likely(" ".join(heard))

    def _repaired(self, tokens: list[str]) -> tuple[int, str | None]:
        """The word that another one makes far likelier, by its place, and that other one."""
        doubted = [
            (index, at)
            for index, token in enumerate(tokens)
            for at, around in enumerate(_around(token))
            if token[at] not in _NUMBERS and is_syllable(token[at]) and around not in self._surroundings
        ]
        best, found, word = 0.0, 0, None
        for index, meant, needed in self._proposed(tokens, doubted):
            before, after = tokens[max(index - 1, 0) : index], tokens[index + 1 : index + 2]
            gain = self._gain([*before, tokens[index], *after], [*before, meant, *after]) - needed
            if gain > best:
                best, found, word = gain, index, meant
        return found, word

    def _proposed(
        self, tokens: list[str], doubted: list[tuple[int, int]]
    ) -> Iterator[tuple[int, str, float]]:
        """Other words by their place, with the gain that each needs."""
        for index in sorted({index for index, _ in doubted}):
            said = _WORD.match(tokens[index])
            for heard in _stems(said.group()) if said is not None else ():
                known = self._by_sound.get(heard)
                if known is not None:
                    yield index, known + tokens[index][len(known) :], BY_SOUND
                for match in self._near(heard):
                    yield index, match + tokens[index][len(heard) :], LIKELIER
        if len(doubted) > MOST_DOUBTED:
            return
        for index, at in doubted:
            needed = LIKELIER if tokens[index][at] in self._syllables else NO_SYLLABLE
            for word in _sound_alikes(tokens[index], at):
                yield index, word, needed

    def _near(self, heard: str) -> list[str]:
        """Long words that sound nearly like what was heard."""
        if len(heard) < LONG_WORD or heard in self._words:
            return []
        found = self._long_words.search(heard, limit=MOST_NEAR, max_distance=NEAR)
        return [match.name for match in found if match.name != heard]


def _around(word: str) -> list[str]:
    """Each syllable of a word with its neighbours."""
    padded = [_EDGE, *(char if is_syllable(char) else _EDGE for char in word), _EDGE]
    return ["".join(padded[at : at + 3]) for at in range(len(word))]


def _stems(word: str) -> set[str]:
    """A word, and what it may be without a particle, three syllables or more."""
    found = _STEM.fullmatch(word)
    return {word, found.group(1)} if found else {word}


def _sounds(word: str) -> tuple[str, ...]:
    """How a word sounds: by the standard, and as it is mostly said: with the ends of syllables like what
    follows, and without ㅎ after ㄴ, ㄹ, ㅁ (저나)."""
    standard = pronounce(word)
    sounds = dict.fromkeys((standard, *_placed(word), *_placed(standard)))
    if _WEAK_H.search(word) is None:
        return tuple(sounds)
    letters = [split(char) or (char, "", "") for char in word]
    for at in range(len(letters) - 1):
        (initial, vowel, final), (onset, next_vowel, coda) = letters[at : at + 2]
        if onset == "ㅎ" and final in _VOICED:
            letters[at], letters[at + 1] = (initial, vowel, ""), (final, next_vowel, coda)
    said = "".join(join(*parts) for parts in letters)
    plain = "".join(
        join(one, "ㅏ" if two == "ㅘ" and one != "ㅇ" else two, three) for one, two, three in letters
    )
    return (*sounds, said, plain)


def _placed(word: str) -> Iterator[str]:
    """The word with ends of syllables like what follows, at each choice of such places."""
    letters = [split(char) or (char, "", "") for char in word]
    changed = [
        (at, join(left[0], left[1], _PLACED[left[2], right[0]]))
        for at, (left, right) in enumerate(pairwise(letters))
        if (left[2], right[0]) in _PLACED
    ]
    for taken in product((True, False), repeat=len(changed[:MOST_PLACED])):
        placed = list(word)
        for at, syllable in compress(changed, taken):
            placed[at] = syllable
        yield "".join(placed)


def _sound_alikes(word: str, at: int) -> Iterator[str]:
    """The word with one sound of its syllable ``at`` as another that sounds alike; never a number."""
    likes = confusable(SOUNDS_ALIKE)
    letters = split(word[at]) or ("", "", "")
    for part in (0, 1):
        for other in likes.get(letters[part], ()):
            initial, vowel = (other, letters[1]) if part == 0 else (letters[0], other)
            changed = join(initial, vowel, letters[2])
            if changed not in _NUMBERS:
                yield f"{word[:at]}{changed}{word[at + 1 :]}"
