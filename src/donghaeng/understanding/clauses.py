"""What an utterance of several sentences does where one of them steers and the others explain.

"아이고 마 됐다. 아들이 데리러 온단다, 그만두입시더" gives up; "고맙심더, 들어가이소" ends the conversation.
The sentence of the most consequence counts, and only where none of the others asks for a service or answers
the open question.
"""

from __future__ import annotations

import re
from typing import Final

from donghaeng.city.services import Catalogue
from donghaeng.city.services.definition import EMERGENCY
from donghaeng.city.slots import write_value
from donghaeng.korean.reading import read_aloud
from donghaeng.understanding.acts import Act, ActKind, Context
from donghaeng.understanding.agreeing import GoingAhead
from donghaeng.understanding.calibration import FoundBy, calibrated
from donghaeng.understanding.choosing import chosen
from donghaeng.understanding.commands import ENOUGH, PERSON, CommandLexicon
from donghaeng.understanding.corrections import taken_back
from donghaeng.understanding.emergencies import reassures
from donghaeng.understanding.learnt_acts import LearntActs
from donghaeng.understanding.ranking.ranker import ServiceRanker
from donghaeng.understanding.reading import SlotReader, takes_any_words
from donghaeng.understanding.several import asks
from donghaeng.understanding.steering import AMBIGUOUS, as_act, fitting, possible_acts
from donghaeng.understanding.text import compact, tidy

MY_REQUESTS: Final = "my_requests"
"""The service whose confirmation is about taking something back."""
MOST_CLAUSES: Final = 8
"""Sentences that are looked at; nobody steers by the ninth."""
CLAUSE_LEARNT: Final = 0.85
"""Probability from which a sentence among others is a learnt act."""
SHORTEST_LEARNT: Final = 4
"""Syllables that it needs for that."""
WISHED: Final = 0.6
"""Probability from which a sentence that asks something asks for a service."""
SURELY_WISHED: Final = 0.9
"""The same of a sentence that only tells something."""

_BY_CONSEQUENCE: Final = (
    PERSON,
    ActKind.CANCEL,
    ActKind.FORGET,
    ActKind.GOODBYE,
    ActKind.START_OVER,
    ActKind.CONTINUE,
    ActKind.DENY,
    ActKind.BACK,
    ActKind.REMEMBER,
    ActKind.DO_NOT_CALL,
    ActKind.STOP_SEEING,
    ActKind.LET_SEE,
    ActKind.WHO_SEES,
    ActKind.TO_PAGE,
    ActKind.SLOWER,
    ActKind.FASTER,
    ActKind.LOUDER,
    ActKind.QUIETER,
    ActKind.REPEAT,
    ActKind.WHAT_ARE_YOU,
    ActKind.HELP,
    ActKind.SKIP,
    ActKind.DONT_KNOW,
)
"""Acts that a sentence among others may be, those that change most first."""
_BESIDE_CORRECTIONS: Final = frozenset({ActKind.REPEAT, ActKind.HELP, ActKind.BACK})
"""Acts whose words stand in corrections too ("다시 보니까 터진 게 아니고 얼기만 했네요")."""
_ENDING: Final = frozenset({ActKind.CANCEL, ActKind.GOODBYE, PERSON})
"""Acts that hold though a value was said before them: what is said last counts."""

_STOPS = re.compile(r"(?<!\d)[.,!?~…;\n]+|[.,!?~…;\n]+(?!\s*\d)")
_SENTENCE = re.compile(r"(?<=[가-힣][요죠다더까네소쇼유여오자데라예잉제서]) ")
_LEADING = re.compile(
    r"^(?P<lead>(?:아니요?|아뇨|아녀|아이다|아이고|아이구|에이|네|예|응|마|고마|그래|그럼|그라모|인자|이제)"
    r"(?: (?:아니요?|아뇨|마))*) "
    r"(?P<rest>.+)$"
)
_GOES_ON = re.compile(
    r"(?:계속|마저|이어서?|이어가|하던|허던|하단|하다만|허다만|멈췄던|멈춘|중단한|아까(?:그|하|거))"
    r".{0,14}(?:해|하|혀|허|헙|합|할|헐|진행|가|부탁|줘|주|줍|신청|접수|예약|불러|되|돼)"
)
_REFUSES = re.compile(
    r"^(?:아니|아뇨|아녀|아이다|에이|됐)|"
    r"(?:안|못)\s?(?:해|할|하)|말(?:아|고|라)|마(?:세요|이소|소|쇼|라)|지\s?맙"
)
_CHANGES = re.compile(
    r"말고|말구|아니라|아니고|아니구|아이고(?=\s?\S+(?:요|이라|다)$)|바꿔|바꾸|바까|고쳐|고치|틀렸|틀려|틀린|다른|대신"
)
"""Words that put something else in the place of what was read back."""


class ClauseReader:
    """Reads what single sentences and a yes that goes on do. Pure: everything is given."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        commands: CommandLexicon,
        learnt: LearntActs,
        ranker: ServiceRanker,
        slots: SlotReader,
        going_ahead: GoingAhead,
    ) -> None:
        self._catalogue = catalogue
        self._commands = commands
        self._learnt = learnt
        self._ranker = ranker
        self._slots = slots
        self._going_ahead = going_ahead

    def act(self, utterance: str, context: Context, steering: Act | None) -> Act | None:
        """What ``utterance`` does, given the steering word that was found in it as a whole."""
        if context.expects == "confirm":
            yes = self._agreement(tidy(utterance), context, steering)
            if yes is not None:
                return yes
        if steering is not None and (steering.found_by is FoundBy.WHOLE or steering.service is not None):
            return steering
        return self._of_clauses(utterance, context) or steering

    def _agreement(self, words: str, context: Context, steering: Act | None) -> Act | None:
        """A sure yes to what was read back, with nothing beside it that would change a value."""
        service = self._catalogue.get(context.service or "")
        if service is None:
            return None
        undoes = service.id == MY_REQUESTS
        about = [
            service.name,
            *(way.confirm or "" for way in service.ways),
            *(
                read_aloud(write_value(service.slots[name], value))
                for name, value in context.slots.items()
                if name in service.slots
            ),
        ]
        if undoes:
            about += [one.name for one in self._catalogue.values()]
        if not self._going_ahead.agrees(words, self._commands, " ".join(about), undoes=undoes):
            return self._undoing(words, steering) if undoes else None
        if any(fill.value is not None for fill in self._slots.answers(words, service.id, context).values()):
            return None
        return Act(ActKind.CONFIRM, calibrated(FoundBy.WHOLE), found_by=FoundBy.WHOLE)

    def _undoing(self, words: str, steering: Act | None) -> Act | None:
        """To "취소할까요?", "취소해 주세요" is a yes; a bare "취소" may mean to leave it."""
        if steering is None or steering.kind is not ActKind.CANCEL or _REFUSES.search(words):
            return None
        score = calibrated(FoundBy.WHOLE) if self._going_ahead.takes_back(words) else AMBIGUOUS
        return Act(ActKind.CONFIRM, score, found_by=FoundBy.WHOLE)

    def _of_clauses(self, utterance: str, context: Context) -> Act | None:
        """The act of the sentence of the most consequence; None where none steers, or one asks or answers."""
        clauses = cut(utterance)
        if context.waits is not None and self._takes_up(clauses, utterance, context):
            return Act(ActKind.CONTINUE, calibrated(FoundBy.CLAUSE), found_by=FoundBy.CLAUSE)
        if len(clauses) < 2:
            return None
        acts = [self._act_of(clause, context) for clause in clauses]
        found = min((name for name in acts if name in _BY_CONSEQUENCE), key=_consequence, default=None)
        if found is None or not self._means(found, clauses, acts, context):
            return None
        others = [clause for clause, name in zip(clauses, acts, strict=True) if name is None]
        if any(self._wishes(clause, context) for clause in others):
            return None
        said_last = acts[-1] == found and found in _ENDING and not self._takes_any(context)
        if others and not said_last and self._answers(" ".join(others), context):
            return None
        return as_act(found, calibrated(FoundBy.CLAUSE), FoundBy.CLAUSE, tidy(utterance), context)

    def _means(self, found: str, clauses: list[str], acts: list[str | None], context: Context) -> bool:
        """Whether the act of one sentence can be meant among the others."""
        if found in _BESIDE_CORRECTIONS:
            return taken_back(" ".join(clauses)) is None
        return found != ActKind.DENY or self._only_denies(clauses, acts, context)

    def _only_denies(self, clauses: list[str], acts: list[str | None], context: Context) -> bool:
        """Whether a no stands to a question that takes one, without a yes or another value beside it."""
        if context.expects not in ("confirm", "choice") or ActKind.CONFIRM in acts:
            return False
        if _CHANGES.search(" ".join(clauses)):
            return False
        if context.service is None or context.service not in self._catalogue:
            return True
        others = " ".join(clause for clause, name in zip(clauses, acts, strict=True) if name is None)
        return not others or not self._slots.answers(others, context.service, context)

    def _takes_up(self, clauses: list[str], utterance: str, context: Context) -> bool:
        """Whether words after an emergency or a hand-over go on with what waits, or tell that all is well."""
        if not (_GOES_ON.search(compact(utterance)) or reassures(utterance)):
            return False
        acts = [self._act_of(clause, context) for clause in clauses]
        last = _GOES_ON.search(compact(clauses[-1])) is not None  # "그 전화 끊었어요. 하던 거 계속할게요"
        if any(name in _ENDING for name in (acts[-1:] if last else acts)) or PERSON in acts:
            return False
        return not any(self._wishes(clause, context) for clause in clauses)

    def _act_of(self, clause: str, context: Context) -> str | None:
        """The steering word that a sentence is, or the act that examples make very likely."""
        for command in fitting(self._commands.find(clause), context):
            if command.whole or command.name == PERSON:
                return command.name
        if len(compact(clause)) < SHORTEST_LEARNT:
            return None
        name, chance = self._learnt.guess(clause, possible_acts(context))
        if chance < CLAUSE_LEARNT or name == PERSON:
            # "사람이요" is one of the people who come as well as one who is asked for.
            return None
        return name if name in _BY_CONSEQUENCE or name == ENOUGH else None

    def _wishes(self, clause: str, context: Context) -> bool:
        """Whether a sentence asks for a service that is neither in hand nor waits."""
        service, score = self._ranker.rank_cheaply(clause).best
        if service not in self._catalogue or service in (context.service, context.waits, EMERGENCY):
            return False
        return score >= (WISHED if asks(clause) else SURELY_WISHED)

    def _answers(self, words: str, context: Context) -> bool:
        """Whether words hold a value for the open question; one that takes any words is answered by any."""
        if context.expects == "choice" and chosen(words, context.options) is not None:
            return True
        if context.expects != "slot" or context.service is None or context.service not in self._catalogue:
            return False
        fill = self._slots.answers(words, context.service, context).get(context.asks or "")
        return fill is not None and (fill.value is not None or bool(fill.candidates))

    def _takes_any(self, context: Context) -> bool:
        """Whether the open question takes any words: what is said then may be told of somebody else."""
        service = self._catalogue.get(context.service or "")
        spec = service.slots.get(context.asks or "") if service is not None else None
        return context.expects == "slot" and spec is not None and takes_any_words(spec)


def cut(utterance: str) -> list[str]:
    """The sentences of an utterance, by its signs and by how sentences end; a yes, a no or a sigh before one
    stands alone."""
    found = []
    for piece in _STOPS.split(utterance):
        for sentence in _SENTENCE.split(tidy(piece)):
            lead = _LEADING.match(sentence)
            found += [lead["lead"], lead["rest"]] if lead is not None else [sentence]
    return [clause for clause in found if any(char.isalnum() for char in clause)][:MOST_CLAUSES]


def _consequence(name: str) -> int:
    return _BY_CONSEQUENCE.index(name)
