"""A yes that goes on: "네, 그렇게 해 주이소", "하모, 보내 줘요".

What follows a sure yes must be made of nothing but words that ask to go ahead (``catalogue/lexicon/
going_ahead.yaml``) and of the service's own; one other word, and the yes is not sure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from donghaeng.city.services.positions import read_yaml
from donghaeng.korean.jamo import join, split
from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.commands import CommandLexicon
from donghaeng.understanding.text import compact

LONGEST_AGREEING: Final = 40
"""Syllables of a yes with what follows it; a longer one says more than yes."""
LONGEST_YES: Final = 6
"""Syllables of a yes before what follows it, run together."""
SHORTEST_NOUN: Final = 2
"""Syllables of a word that may be one of the service's own."""

_LISTS: Final = frozenset({"manner", "do", "action", "undoing", "give", "end", "please", "thanks"})
_NOT: Final = re.compile(
    r"안해|안할|못해|못할|지마|지말|지맙|말고|말구|아니|아이다|아녀|바꿔|바까|고쳐|틀려|틀렸|취소말"
)
_SEEN: Final = re.compile(r"(?:알겠|알았|알갔)(?:어|습|심|수)?(?:요|니다|더|다|네|소|유)*")
"""Words of having understood, which a request to go ahead makes a yes."""
_UNDOING: Final = "취소"
_PARTICLE: Final = re.compile(r"(?:으로|하고|이요|을|를|은|는|이|가|로|요|에|좀)$")
_YES_BEFORE_MORE: Final = frozenset({"야", "여", "이", "잉"})
"""A yes where more follows, and a call or a hesitation where nothing does."""


@dataclass(frozen=True, slots=True)
class GoingAhead:
    """Words that ask to go ahead."""

    words: frozenset[str]
    """Those that go with whatever was read back."""
    undoing: frozenset[str]
    """Those that go with the question whether to take a request back."""
    give: frozenset[str]
    """Endings of a request ("주세요"), in ``words`` too."""
    acting: frozenset[str]
    """What is done and asked for, in ``words`` too."""

    def agrees(self, words: str, commands: CommandLexicon, about: str, *, undoes: bool) -> bool:
        """Whether ``words`` begin with a yes and say nothing else than to go ahead.

        Args:
            words: the utterance.
            commands: tells what a yes is.
            about: the words of the service in hand and of its values: naming them adds nothing.
            undoes: whether the open question is whether to take a request back.
        """
        packed = compact(words)
        if "?" in words or len(packed) > LONGEST_AGREEING or _NOT.search(packed):
            return False
        if not undoes and _UNDOING in packed:
            return False
        rest = self._after_yes(words.split(), commands)
        if rest is None:
            return self._agrees_run_together(packed, commands, undoes=undoes)
        known = compact(about)
        left = [token for token in rest if not _is_yes(token, commands) and not _is_known(token, known)]
        together = self._made_of("".join(map(compact, left)), undoes=undoes)
        return together or self._agrees_run_together(packed, commands, undoes=undoes)

    def _agrees_run_together(self, packed: str, commands: CommandLexicon, *, undoes: bool) -> bool:
        """The same without regard to spaces, which recognisers put anywhere ("맞심 더 그래 해 주이소")."""
        seen = _SEEN.match(packed)
        if seen is not None and packed.endswith(tuple(self.give)):
            return self._made_of(packed[seen.end() :], undoes=undoes)
        begun = (packed[:end] for end in range(1, min(len(packed), LONGEST_YES) + 1))
        said = (yes for yes in begun if _is_yes(yes, commands) and not self._asks(yes))
        return any(self._made_of(packed[len(yes) :], undoes=undoes) for yes in said)

    def _after_yes(self, tokens: list[str], commands: CommandLexicon) -> list[str] | None:
        """What follows the yes at the beginning, which a space may part; None where there is none."""
        if tokens and (
            _is_yes(tokens[0], commands) or (compact(tokens[0]) in _YES_BEFORE_MORE and len(tokens) > 1)
        ):
            return tokens[1:]
        parted = "".join(tokens[:2])
        return tokens[2:] if _is_yes(parted, commands) and not self._asks(parted) else None

    def _asks(self, words: str) -> bool:
        """Whether ``words`` ask for something done: no yes by itself."""
        return compact(words) in self.acting or any(len(word) > 1 and word in words for word in self.acting)

    def takes_back(self, words: str) -> bool:
        """Whether ``words`` ask to take something back ("취소해 주세요"), and nothing else."""
        packed = compact(words)
        asks = packed.endswith(tuple(self.give)) and any(word in packed for word in self.undoing)
        return asks and _NOT.search(packed) is None and self._made_of(packed, undoes=True)

    def _made_of(self, packed: str, *, undoes: bool) -> bool:
        """Whether ``packed`` can be cut into the listed words and nothing else; linear in its length."""
        pieces = _alike_all(self.words | self.undoing if undoes else self.words)
        packed = _alike(packed)
        longest = max(map(len, pieces))
        reached = {0}
        for start in range(min(len(packed), LONGEST_AGREEING)):
            if start in reached:
                reached |= {
                    end
                    for end in range(start + 1, min(len(packed), start + longest) + 1)
                    if packed[start:end] in pieces
                }
        return len(packed) in reached


_INITIALS: Final = dict(zip("ㄲㅋㄸㅌㅃㅍㅆㅉㅊ", "ㄱㄱㄷㄷㅂㅂㅅㅈㅈ", strict=True))
_VOWELS: Final = dict(zip("ㅔㅖㅒㅙㅞㅢ", "ㅐㅐㅐㅚㅚㅣ", strict=True))


@lru_cache(maxsize=2048)
def _alike(word: str) -> str:
    """A word as a recogniser may hear it: sounds that it takes for one another written as one."""
    parts = ((char, split(char)) for char in word)
    return "".join(
        join(_INITIALS.get(found[0], found[0]), _VOWELS.get(found[1], found[1]), found[2]) if found else char
        for char, found in parts
    )


@lru_cache(maxsize=8)
def _alike_all(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_alike, words))


def load_going_ahead(file: Path) -> GoingAhead:
    """Read the lists.

    Raises:
        CatalogueError: a list is absent, unknown or no text.
    """
    document = read_yaml(file)
    if not isinstance(document.data, dict) or set(document.data) != _LISTS:
        raise document.error([], "does not hold the lists", remedy=f"write {', '.join(sorted(_LISTS))}")
    lists = {}
    for name, text in document.data.items():
        if not isinstance(text, str) or not text.split():
            raise document.error([name], f"{name!r} is no text", remedy="write words, a space between two")
        lists[name] = frozenset(text.split())
    undoing = lists.pop("undoing")
    acting = lists["do"] | lists["action"] | lists["give"]
    return GoingAhead(frozenset().union(*lists.values()), undoing, lists["give"], acting)


def _is_yes(token: str, commands: CommandLexicon) -> bool:
    found = commands.find(token)
    return bool(found) and found[0].whole and found[0].name == ActKind.CONFIRM


def _is_known(token: str, known: str) -> bool:
    bare = _PARTICLE.sub("", compact(token))
    pointed = bare.removeprefix("그")
    return any(len(noun) >= SHORTEST_NOUN and noun in known for noun in (bare, pointed))
