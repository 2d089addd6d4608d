"""Who is to do what by when. Pure.

An action stands on somebody's word. It is dropped where the next speaker declines it, gets its day from what
is said next (언제까지 됩니까? 모레까지 하겠습니다), and is not written twice when the addressee repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from donghaeng.korean.morphemes import Join
from donghaeng.office.minutes.due import due
from donghaeng.office.minutes.heard import Heard
from donghaeng.office.minutes.model import Action, Meeting
from donghaeng.office.minutes.people import Named, named
from donghaeng.office.minutes.sentences import Force, Sentence
from donghaeng.office.minutes.wording import line, nouns
from donghaeng.office.minutes.words import MinutesWords

_I: Final = re.compile(
    r"(?:^|\s)(?:제가|저희가|저희는|저는|내가|제 쪽에서"
    r"|저희 (?:과|팀|부서|쪽|회사|기관)(?:가|이|에서|는|은))\s"
)
_WHEN: Final = re.compile(r"언제|며칠|어느 분|누가|누구|맡아 주실|하실 분|기한")
_ASSIGNED: Final = re.compile(
    r"(?:기로|(?:는|ᆫ|은|ㄴ|한|할)\s(?:것|걸|거)(?:으)?로)\s?(?:하|정)|맡기겠습니다|지정하겠습니다"
)
_MUST: Final = re.compile(r"야 (?:합니다|해요|됩니다|하겠습니다|할 것|하고요)$|야겠습니다$|(?:바라|부탁)")
_SO: Final = re.compile(r"그렇게|그대로|그러(?:죠|지요|겠|세요|도록)|그럽|그럴게")
_OFF: Final = re.compile(
    r"취소하|안 [가-힣]{1,6}도 (?:됩|돼|괜찮)|안 하셔도|하지 않아도 됩|하지 않으셔도"
    r"|없던 일로|빼겠습니다|빼기로|그만두"
)
_HOURS: Final = re.compile(r"시간\s?(?:안에|이내|내로|내에)")
_AGREED_TO: Final = re.compile(r"(?:것|걸|거)(?:으)?로 하겠습니다|기로 하겠습니다|합의하겠습니다")
NEAR: Final = 3
"""Turns within which a bare day belongs to the action before it."""


class Actions:
    """Collects the actions of one meeting."""

    def __init__(
        self, meeting: Meeting, heard: Sequence[Heard], chair: str, words: MinutesWords, join: Join
    ) -> None:
        self._meeting = meeting
        self._heard = heard
        self._chair = chair
        self._words = words
        self._join = join
        self._found: list[Action] = []
        self._assigned: set[int] = set()

    @property
    def assigned(self) -> frozenset[int]:
        """Turns whose settling words give somebody a task."""
        return frozenset(self._assigned)

    def find(self) -> list[Action]:
        """Every action, in order of its moment."""
        for turn, one in enumerate(self._heard):
            for place, sentence in enumerate(one.sentences):
                self._take(turn, place, sentence)
        return self._found

    def _take(self, turn: int, place: int, sentence: Sentence) -> None:
        words, who = self._words, self._heard[turn].who
        if _OFF.search(sentence.text) and self._call_off(turn, sentence):
            return
        if sentence.negated or sentence.says(words.wishing):
            return
        if sentence.verb < 0 or sentence.stem == "가능":
            day, _ = self._due(sentence, loose=False)
            self._amend(turn, day, who)
            return
        called = named(sentence.text, self._meeting.people, words)
        called = [one for one in called if not self._is_left_out(sentence, one)]
        others = [one for one in called if one.name != who]
        bare = sentence.text.rstrip(" .?!,")
        if sentence.force is Force.REQUEST or (others and _MUST.search(bare)):
            self._request(turn, place, sentence, others)
        elif others and sentence.force in (Force.PROPOSAL, Force.PROMISE, Force.STATEMENT):
            self._assign(turn, sentence, others)
        elif sentence.force is Force.PROMISE:
            self._promise(turn, place, sentence)
        elif sentence.force is Force.QUESTION and _I.search(sentence.text):
            self._offer(turn, sentence)

    def _request(self, turn: int, place: int, sentence: Sentence, called: Sequence[Named]) -> None:
        day, cut = self._due(sentence, loose=True)
        if _SO.search(sentence.text) and not called:
            self._amend(turn, day, None)
            return
        if day is None and sentence.stem in self._words.procedural:
            return
        if not called and self._is_bare(sentence, cut) and self._amend(turn, day, None):
            return
        accepted = self._accepted(turn)
        owner = called[-1].name if called else accepted
        if owner is None and self._heard[turn].who == self._chair and day is not None:
            owner = self._before(turn)
        if owner is None or self._refused(turn):
            return
        if self._heard[turn].who != self._chair and accepted is None:
            return
        self._add(turn, place, sentence, owner, (day, cut), called)

    def _assign(self, turn: int, sentence: Sentence, called: Sequence[Named]) -> None:
        """오 주무관이 맡기로 하죠; 관장님이 알아보시죠."""
        day, cut = self._due(sentence, loose=True)
        firm = sentence.force is Force.PROPOSAL or _ASSIGNED.search(sentence.text) is not None
        firm = firm or (sentence.force is Force.PROMISE and day is not None)
        firm = firm or (sentence.force is Force.STATEMENT and day is not None and "까지" in sentence.text)
        person = [one for one in called if not sentence.text[: one.end].endswith(",")]
        procedural = sentence.stem in self._words.procedural and day is None
        if not firm or not person or procedural or self._refused(turn):
            return
        self._assigned.add(turn)
        self._add(turn, 0, sentence, person[-1].name, (day, cut), called)

    def _promise(self, turn: int, place: int, sentence: Sentence) -> None:
        who = self._heard[turn].who
        own = _I.search(sentence.text) is not None
        day, cut = self._due(sentence, loose=own or who != self._chair)
        if not own and _HOURS.search(sentence.text):
            day = None
        if self._answers_request(turn, sentence):
            self._amend(turn, day, who, replace_day=False)
            return
        if self._is_idle(sentence, day, own=own, chair=who == self._chair):
            return
        bare = self._is_bare(sentence, cut)
        if bare and self._amend(turn, day, who, same_turn=self._corrects(turn, place)):
            return
        meant = own or day is not None or self._asked(turn) or self._taken_up(turn)
        if meant and not self._refused(turn):
            self._add(turn, place, sentence, who, (day, cut), ())

    def _is_idle(self, sentence: Sentence, day: date | None, *, own: bool, chair: bool) -> bool:
        """Whether a promise is only manners: an agreement, what the chair does in the room, a vague will."""
        words = self._words
        if chair and not own and (day is None or sentence.stem in words.procedural):
            return True
        if not own and _AGREED_TO.search(sentence.text):
            return True
        vague = sentence.says(words.soft) or sentence.stem in words.procedural
        return day is None and (vague or _SO.search(sentence.text) is not None)

    def _offer(self, turn: int, sentence: Sentence) -> None:
        """제가 할까요? and a yes."""
        day, cut = self._due(sentence, loose=True)
        after = self._next(turn)
        if after is not None and after.begins(self._words.accepting) and not self._refused(turn):
            self._add(turn, 0, sentence, self._heard[turn].who, (day, cut), ())

    def _add(  # noqa: PLR0917  what one action is made of
        self,
        turn: int,
        place: int,
        sentence: Sentence,
        owner: str,
        until: tuple[date | None, tuple[int, int]],
        called: Sequence[Named],
    ) -> None:
        day, cut = until
        cuts = [(one.start, one.end) for one in called]
        if cut[1]:
            cuts.append(cut)
        what = line(sentence, self._join, cuts)
        if self._is_bare(sentence, cut) and (about := self._about(turn, place)):
            what = f"{about} {what}"
        self._found.append(Action(what, owner, day, self._heard[turn].at, turn))

    def _due(self, sentence: Sentence, *, loose: bool) -> tuple[date | None, tuple[int, int]]:
        return due(sentence.text, self._meeting.started, loose=loose)

    def _is_left_out(self, sentence: Sentence, one: Named) -> bool:
        return sentence.text[one.end :].lstrip().startswith(("말고", "대신"))

    def _is_bare(self, sentence: Sentence, cut: tuple[int, int]) -> bool:
        """Whether it names no work of its own (화요일까지 드리겠습니다)."""
        if sentence.stem not in self._words.generic:
            return False
        held = [
            one
            for one in sentence.morphemes[: sentence.verb]
            if one.tag.startswith("NN") and one.tag != "NNB" and not cut[0] <= one.start < cut[1]
        ]
        return not held

    def _about(self, turn: int, place: int) -> str:
        """What a bare promise is about: the subject of the question or sentence before."""
        mine = self._heard[turn].sentences[:place]
        before = self._heard[turn - 1].sentences if turn else ()
        for sentence in [*reversed(mine), *reversed(before)]:
            match = re.search(r"(?:^|\s)([가-힣0-9 ]{2,20}?)(?:은|는|을|를|이|가)\s", sentence.text + " ")
            if match and nouns(sentence.morphemes):
                return match[1].strip()
        return ""

    def _next(self, turn: int) -> Heard | None:
        following = self._heard[turn + 1] if turn + 1 < len(self._heard) else None
        return following if following is not None and following.who != self._heard[turn].who else None

    def _before(self, turn: int) -> str | None:
        previous = self._heard[turn - 1].who if turn else None
        return previous if previous != self._heard[turn].who else None

    def _accepted(self, turn: int) -> str | None:
        """Who says yes to a request: the next speaker."""
        after = self._next(turn)
        if after is None or self._declines(after):
            return None
        promised = any(one.force is Force.PROMISE and not one.negated for one in after.sentences)
        return after.who if after.begins(self._words.accepting) or promised else None

    def _refused(self, turn: int) -> bool:
        after = self._next(turn)
        return after is not None and self._declines(after)

    def _declines(self, one: Heard) -> bool:
        return any(sentence.says(self._words.refusing) for sentence in one.sentences[:2])

    def _answers_request(self, turn: int, sentence: Sentence) -> bool:
        """Whether a promise only repeats what its speaker was asked in the turn before."""
        last = self._found[-1] if self._found else None
        who = self._heard[turn].who
        if last is None or last.owner != who or turn - last.turn != 1 or self._heard[last.turn].who == who:
            return False
        asked = {one.form for other in self._heard[last.turn].sentences for one in other.morphemes}
        held = set(nouns(sentence.morphemes))
        return not held or sentence.stem in asked or bool(held & asked)

    def _asked(self, turn: int) -> bool:
        previous = self._heard[turn - 1] if turn else None
        if previous is None or previous.who == self._heard[turn].who or not previous.sentences:
            return False
        last = previous.sentences[-1]
        return last.force is Force.QUESTION and _WHEN.search(last.text) is not None

    def _taken_up(self, turn: int) -> bool:
        """Whether the chair says 그렇게 해 주세요 to a promise."""
        after = self._next(turn)
        if after is None or not after.sentences:
            return False
        return any(one.force is Force.REQUEST and _SO.search(one.text) for one in after.sentences[:2])

    def _corrects(self, turn: int, place: int) -> bool:
        before = self._heard[turn].sentences[: place + 1]
        return any(one.text.startswith(self._words.correcting) or "아니요" in one.text for one in before)

    def _amend(
        self,
        turn: int,
        day: date | None,
        who: str | None,
        *,
        replace_day: bool = True,
        same_turn: bool = False,
    ) -> bool:
        """Give the action just before another day; whether there was one."""
        if day is None or not self._found:
            return False
        last = self._found[-1]
        near = last.turn == turn if same_turn else 0 <= turn - last.turn <= NEAR
        if not near or (who is not None and last.owner != who):
            return False
        if last.turn == turn and not same_turn and last.due is not None:
            return False
        if last.due is None or replace_day:
            self._found[-1] = replace(last, due=day)
        return True

    def _call_off(self, turn: int, sentence: Sentence) -> bool:
        """Drop what is not to be done after all."""
        held = set(nouns(sentence.morphemes))
        for place in range(len(self._found) - 1, -1, -1):
            one = self._found[place]
            said = {noun for other in self._heard[one.turn].sentences for noun in nouns(other.morphemes)}
            if held & said and one.turn < turn:
                del self._found[place]
                return True
        return False
