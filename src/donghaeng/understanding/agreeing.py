"""A yes that goes on: "네, 그렇게 해 주이소", "하모, 보내 줘요".

What follows a sure yes must be made of nothing but words that ask to go ahead (``catalogue/lexicon/
going_ahead.yaml``) and of the service's own; one other word, and the yes is not sure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from donghaeng.city.services.positions import read_yaml
from donghaeng.understanding.acts import ActKind
from donghaeng.understanding.commands import CommandLexicon
from donghaeng.understanding.text import compact

LONGEST_AGREEING: Final = 40
"""Syllables of a yes with what follows it; a longer one says more than yes."""
SHORTEST_NOUN: Final = 2
"""Syllables of a word that may be one of the service's own."""

_LISTS: Final = frozenset({"manner", "do", "action", "undoing", "give", "end", "please", "thanks"})
_NOT: Final = re.compile(
    r"안해|안할|못해|못할|지마|지말|지맙|말고|말구|아니|아이다|아녀|바꿔|바까|고쳐|틀려|틀렸|취소말"
)
_UNDOING: Final = "취소"
_PARTICLE: Final = re.compile(r"(?:으로|하고|이요|을|를|은|는|이|가|로|요|에|좀)$")
_YES_BEFORE_MORE: Final = frozenset({"야", "이", "잉"})
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
        rest = _after_yes(words.split(), commands)
        if rest is None or (not undoes and _UNDOING in packed):
            return False
        known = compact(about)
        left = [token for token in rest if not _is_yes(token, commands) and not _is_known(token, known)]
        return self._made_of("".join(map(compact, left)), undoes=undoes)

    def takes_back(self, words: str) -> bool:
        """Whether ``words`` ask to take something back ("취소해 주세요"), and nothing else."""
        packed = compact(words)
        asks = packed.endswith(tuple(self.give)) and any(word in packed for word in self.undoing)
        return asks and _NOT.search(packed) is None and self._made_of(packed, undoes=True)

    def _made_of(self, packed: str, *, undoes: bool) -> bool:
        """Whether ``packed`` can be cut into the listed words and nothing else; linear in its length."""
        pieces = self.words | self.undoing if undoes else self.words
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
    return GoingAhead(frozenset().union(*lists.values()), undoing, lists["give"])


def _after_yes(tokens: list[str], commands: CommandLexicon) -> list[str] | None:
    """What follows the yes at the beginning; None where there is none."""
    if not tokens:
        return None
    if _is_yes(tokens[0], commands) or (compact(tokens[0]) in _YES_BEFORE_MORE and len(tokens) > 1):
        return tokens[1:]
    return None


def _is_yes(token: str, commands: CommandLexicon) -> bool:
    found = commands.find(token)
    return bool(found) and found[0].whole and found[0].name == ActKind.CONFIRM


def _is_known(token: str, known: str) -> bool:
    bare = _PARTICLE.sub("", compact(token))
    return len(bare) >= SHORTEST_NOUN and bare in known
