"""The understanding engine: emergencies, steering words, the open question, then the catalogue.

The order is the order of consequence: an emergency outranks everything, a person is always reachable, the
open question is believed before a new request unless the words are clearly about another service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from donghaeng.city.operations import Effect
from donghaeng.city.services import Catalogue
from donghaeng.city.services.definition import EMERGENCY
from donghaeng.understanding.acts import ABOUT_ANSWER, Act, ActKind, Alternative, Context, SlotFill
from donghaeng.understanding.agreeing import GoingAhead
from donghaeng.understanding.asking_back import AskingBack
from donghaeng.understanding.calibration import FoundBy, calibrated
from donghaeng.understanding.calling_back import called_back, times_call
from donghaeng.understanding.choosing import chosen
from donghaeng.understanding.clauses import ClauseReader
from donghaeng.understanding.commands import ENOUGH, CommandLexicon
from donghaeng.understanding.corrections import meant_instead, names_slot, taken_back, wrong_slot
from donghaeng.understanding.emergencies import EmergencyFinder
from donghaeng.understanding.learnt_acts import NOTHING, LearntActs
from donghaeng.understanding.ranking.ranker import NONE, ServiceRanker
from donghaeng.understanding.reading import FREE_TYPES, WHEN, SlotReader, leans, takes_any_words
from donghaeng.understanding.respelling import Respeller
from donghaeng.understanding.several import asks, questions
from donghaeng.understanding.slots.gazetteer import Gazetteer
from donghaeng.understanding.steering import COUNSELLOR, as_act, possible_acts, steer
from donghaeng.understanding.text import compact, tidy, without_fillers, without_politeness
from donghaeng.understanding.thresholds import (
    ALARMED_IN_SERVICE,
    AS_LIKELY,
    DIGRESSION,
    LEARNT,
    LONGEST_LEARNT,
    MAYBE,
    OUT_OF_SCOPE,
    OVER_FREE_TEXT,
    OVER_SERVICE,
    SHORTEST_LEARNT,
    SHORTEST_WISH,
    SURE_OF_WRITE,
    SURELY_SAID,
)
from donghaeng.understanding.together import FREE_QUESTION, wishes_together
from donghaeng.understanding.wishing import ASKED, Wish, likeliest

POLITE: Final = frozenset({ActKind.THANKS, ActKind.GREETING, ActKind.CONFIRM, ActKind.DENY, ENOUGH})
"""Acts that people say before a request: "고마워요, 그런데 약국은 어디예요"."""
QUESTION: Final = "question"
"""Its slot that takes the whole of the words."""
WORD: Final = "word"
"""Its slot for a word whose meaning is asked for."""
MY_REQUESTS: Final = "my_requests"

_BEFORE = re.compile(
    r"아까|방금|좀\s?전|조금\s?전|지난번|저번|(?:신청|예약|접수|신고)\s?(?:한|했던|하신|해\s?놓|해\s?둔)"
)
"""Words about something that was done before, not about what is in hand."""


class CatalogueUnderstanding:
    """Understands utterances in the light of a catalogue. Pure but for the embedder that it is given."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        commands: CommandLexicon,
        emergencies: EmergencyFinder,
        ranker: ServiceRanker,
        alarms: ServiceRanker,
        learnt: LearntActs,
        gazetteer: Gazetteer,
        lexicons: Mapping[str, Mapping[str, Sequence[str]]],
        going_ahead: GoingAhead,
        asking_back: AskingBack,
        respeller: Respeller,
    ) -> None:
        self._catalogue = catalogue
        self._asking_back = asking_back
        self._respeller = respeller
        self._commands = commands
        self._emergencies = emergencies
        self._ranker = ranker
        self._alarms = alarms
        self._learnt = learnt
        self._reader = SlotReader(catalogue, gazetteer, lexicons)
        self._clauses = ClauseReader(
            catalogue,
            commands=commands,
            learnt=learnt,
            ranker=ranker,
            slots=self._reader,
            going_ahead=going_ahead,
        )

    @property
    def ranker(self) -> ServiceRanker:
        """What ranks the services: shared with whoever measures it."""
        return self._ranker

    def understand(self, utterance: str, context: Context) -> tuple[Act, ...]:
        """Read one utterance; at least one act, the most important first."""
        heard = tidy(utterance)
        utterance = self._respeller.respelled(utterance)
        words = tidy(utterance)
        kind = self._emergencies.find(heard) or (self._emergencies.find(words) if words != heard else None)
        if kind is not None:
            found_by = FoundBy.ALARM_PATTERN
            return (Act(ActKind.EMERGENCY, calibrated(found_by), detail=kind, found_by=found_by),)
        if not any(char.isalnum() for char in words):
            return (Act(ActKind.SILENCE, found_by=FoundBy.WHOLE),)
        steering = steer(self._commands.find(words), words, context)
        steering = self._clauses.act(utterance, context, steering)
        if steering is not None and not (
            self._may_answer(steering, words, context) or self._wishes_rather(steering, words, context)
        ):
            return (self._with_home(called_back(steering, words, context, self._reader), words, context),)
        if context.expects == "choice" and context.options:
            index = self._chosen(words, context)
            if index is not None:
                found_by = FoundBy.OPEN_QUESTION
                return (Act(ActKind.CHOOSE, calibrated(found_by), detail=str(index), found_by=found_by),)
        back = self._asked_back(words, context)
        act = back or called_back(self._request(words, context), words, context, self._reader)
        if steering is not None and act.kind is ActKind.UNCLEAR:
            return (steering,)
        several = (
            wishes_together(words, context, self._ranker, self._catalogue, self._reader)
            if act.kind is ActKind.ASK and back is None
            else ()
        )
        return several or (act,)

    def _asked_back(self, words: str, context: Context) -> Act | None:
        """A question about what was answered last, where it has no subject of its own and nothing is in hand;
        or for a word of the glossary, at any time."""
        if FREE_QUESTION not in self._catalogue:
            return None
        nothing_open = context.service is None and context.expects == "open"
        about = context.answered and nothing_open and self._asking_back.leans(words)
        word = self._asking_back.unknown_word(words) if not about else None
        if not about and word is None:
            return None
        fills = {QUESTION: SlotFill(words, words=words)}
        if word is not None and WORD in self._catalogue[FREE_QUESTION].slots:
            fills[WORD] = SlotFill(word, words=words)
        found_by, detail = FoundBy.PART, ABOUT_ANSWER if about else None
        return Act(ActKind.ASK, calibrated(found_by), FREE_QUESTION, fills, detail, found_by=found_by)

    def _with_home(self, act: Act, words: str, context: Context) -> Act:
        """A wish to be remembered with the district that it names."""
        if act.kind is not ActKind.REMEMBER:
            return act
        home = self._reader.home(words, context)
        return act if home is None else replace(act, slots={"home_district": home})

    def _chosen(self, words: str, context: Context) -> int | None:
        """The option meant: by its value where that is a time, else by its words or its place."""
        service = self._catalogue.get(context.service or "")
        spec = service.slots.get(context.asks or "") if service is not None else None
        if service is not None and spec is not None and spec.type in WHEN:
            fill = self._reader.answers(words, service.id, context).get(context.asks or "")
            if fill is not None and fill.value is not None:
                values = list(context.option_values)
                return values.index(fill.value) if fill.value in values else None
        return chosen(words, context.options)

    def _wishes_rather(self, steering: Act, words: str, context: Context) -> bool:
        """Whether words with a steering word in them ask for a service, where nothing is in hand that could
        be steered."""
        if context.accepted and steering.kind is ActKind.CANCEL and _BEFORE.search(words):
            return self._ranker.rank(without_fillers(words)).best[0] == MY_REQUESTS
        if context.service is not None or steering.kind is ActKind.ASK:
            return False
        if steering.found_by is not FoundBy.PART and steering.kind is not ActKind.CANCEL:
            return False
        service, score = self._ranker.rank(without_fillers(words)).best
        return service in self._catalogue and score >= OVER_SERVICE

    def _may_answer(self, steering: Act, words: str, context: Context) -> bool:
        """Whether a yes may be a value of the slot asked for ("이"), or a steering word a part of one ("네
        사람이요")."""
        service = self._catalogue.get(context.service or "")
        spec = service.slots.get(context.asks or "") if service is not None else None
        if service is None or spec is None or context.expects != "slot" or takes_any_words(spec):
            return False
        if steering.found_by is FoundBy.CLAUSE and spec.type not in FREE_TYPES:
            answer = self._reader.answers(words, service.id, context).get(context.asks or "")
            return answer is not None and answer.value is not None
        return steering.kind is ActKind.CONFIRM

    def _request(self, words: str, context: Context) -> Act:
        plain = without_fillers(words)
        in_hand = context.service if context.service in self._catalogue else None
        fills = self._reader.answers(plain, in_hand, context) if in_hand is not None else {}
        wrong = self._called_wrong(plain, fills, context)
        if wrong is not None:
            return wrong
        rank = self._ranker.rank_cheaply if self._is_answered(fills, context) else self._ranker.rank
        service, score, stands_out = likeliest(plain, self._ranker, self._reader.scene(context), rank)
        asked = service in self._catalogue and (score >= ASKED or stands_out)
        if service == EMERGENCY:
            alarmed = asked if in_hand is None else score >= ALARMED_IN_SERVICE
            alarm = self._emergency(plain, score) if alarmed else None
            if alarm is not None:
                return alarm
            asked = False
        wish = Wish(service, score, asked)
        learnt = self._learnt_act(plain, context, asked=asked, fills=fills)
        if learnt is not None:
            return learnt
        if in_hand is not None and not self._digresses(plain, wish, fills, context):
            return self._in_hand(plain, in_hand, wish, fills, context)
        if asked and not self._leans_rather(words, service, score, context):
            return self._ask(words, service, score, context)
        return self._follow_up(words, service, context) or self._leftover(plain, service, score, context)

    def _leans_rather(self, words: str, service: str, score: float, context: Context) -> bool:
        """Whether the words change what was answered last rather than ask for ``service``: a free question
        holds the words of any service, and whoever called a person was asked for a number."""
        if context.last_service == COUNSELLOR and (
            score < SURE_OF_WRITE or times_call(words, context, self._reader)
        ):
            return bool(self._reader.again(words, context))
        if service == context.last_service:
            return taken_back(words) is not None and bool(self._reader.again(words, context))
        if taken_back(words) is not None and score < OVER_SERVICE and self._reader.again(words, context):
            return True
        if not leans(words):
            return False
        if score >= SURE_OF_WRITE and service != FREE_QUESTION and self._reader.wish(words, service, context):
            return False
        return bool(self._reader.again(words, context))

    def _in_hand(
        self, words: str, in_hand: str, wish: Wish, fills: Mapping[str, SlotFill], context: Context
    ) -> Act:
        """Words that are about the service in hand, unless they ask for what no service covers or may ask for
        another one."""
        answered = any(fill.value is not None or fill.candidates for fill in fills.values())
        if not answered and asks(words):
            if wish.service == NONE and wish.score >= OUT_OF_SCOPE:
                found_by = FoundBy.RANKING
                return Act(ActKind.OUT_OF_SCOPE, calibrated(found_by, wish.score), found_by=found_by)
            unsure = self._unsure(words, context) if wish.asked and wish.service != in_hand else None
            if unsure is not None:
                return unsure
        return self._fill_act(words, in_hand, fills, context)

    def _called_wrong(self, words: str, fills: Mapping[str, SlotFill], context: Context) -> Act | None:
        """A correction that names a slot and gives no value for it."""
        service = self._catalogue.get(context.service or "")
        if service is None or any(fill.value is not None for fill in fills.values()):
            return None
        wrong = wrong_slot(words, service.slots, context.slots)
        if wrong is None:
            return None
        found_by = FoundBy.CORRECTION
        return Act(ActKind.CORRECT, calibrated(found_by), service.id, detail=wrong, found_by=found_by)

    def _learnt_act(
        self, words: str, context: Context, *, asked: bool, fills: Mapping[str, SlotFill]
    ) -> Act | None:
        """An act that examples make likely where no pattern lists the words; values, corrections and requests
        that were found in them are believed before it."""
        syllables = len(compact(words))
        if not SHORTEST_LEARNT <= syllables <= LONGEST_LEARNT or not self._only_free(fills, context):
            return None
        if meant_instead(words) is not None and not context.slots.keys().isdisjoint(fills):
            return None
        name, chance = self._learnt.guess(words, possible_acts(context))
        if name == NOTHING or (name in POLITE and (asked or self._goes_on(words, context))):
            return None
        if chance < (OVER_SERVICE if asked or fills else LEARNT):
            return None
        score = calibrated(FoundBy.LEARNT, chance)
        return as_act(name, score, FoundBy.LEARNT, words, context)

    def _goes_on(self, words: str, context: Context) -> bool:
        """Whether something else follows a polite word."""
        rest = without_politeness(words)
        return rest != words and self._learnt.guess(rest, possible_acts(context))[0] == NOTHING

    def _only_free(self, fills: Mapping[str, SlotFill], context: Context) -> bool:
        """Whether ``fills`` are nothing but words taken for a slot that takes any words."""
        service = self._catalogue.get(context.service or "")
        return service is None or all(takes_any_words(service.slots[name]) for name in fills)

    def _ask(self, words: str, service: str, score: float, context: Context) -> Act:
        writes = self._catalogue[service].effect is Effect.WRITE
        if writes and score < SURE_OF_WRITE:
            return self._unsure(words, context) or Act(ActKind.UNCLEAR, found_by=FoundBy.NOTHING)
        follows = service == context.last_service and leans(words)
        return Act(
            ActKind.ASK,
            calibrated(FoundBy.RANKING, score),
            service,
            self._reader.wish(words, service, context),
            "follow_up" if follows else None,
            found_by=FoundBy.RANKING,
        )

    def _unsure(self, words: str, context: Context) -> Act | None:
        """The one or two services that the words may ask for, without deciding."""
        known = self._catalogue.keys() - {EMERGENCY}
        ranked = [one for one in self._ranker.rank(words).services if one[0] in known]
        likely = [one for one in ranked[:2] if one[1] >= MAYBE and one[1] >= AS_LIKELY * ranked[0][1]]
        if not likely:
            return None
        alternatives = tuple(
            Alternative(
                service, calibrated(FoundBy.RANKING, score), self._reader.wish(words, service, context)
            )
            for service, score in likely
        )
        together = min(1.0, sum(score for _, score in likely))
        score = calibrated(FoundBy.UNDECIDED, together)
        return Act(ActKind.UNSURE, score, alternatives=alternatives, found_by=FoundBy.UNDECIDED)

    def _leftover(self, words: str, service: str, score: float, context: Context) -> Act:
        """Words that ask for no service clearly enough."""
        if service == NONE and score >= OUT_OF_SCOPE and len(compact(words)) >= SHORTEST_WISH:
            found_by = FoundBy.RANKING
            return Act(ActKind.OUT_OF_SCOPE, calibrated(found_by, score), found_by=found_by)
        unsure = self._unsure(words, context)
        if unsure is not None:
            return unsure
        return Act(ActKind.UNCLEAR, calibrated(FoundBy.NOTHING, 1.0 - score), found_by=FoundBy.NOTHING)

    def _emergency(self, words: str, score: float) -> Act | None:
        """The likeliest kind of an emergency told in words that no pattern lists; None where it is over."""
        kind, _ = self._alarms.rank(words).best
        if self._emergencies.calms(words, kind):
            return None
        found_by = FoundBy.ALARM_LEARNT
        return Act(ActKind.EMERGENCY, calibrated(found_by, score), detail=kind, found_by=found_by)

    def _is_answered(self, fills: Mapping[str, SlotFill], context: Context) -> bool:
        """Whether the open question got a value that not any words could be: no other wish is looked for
        behind it, and the vectors need not be asked."""
        answer, service = fills.get(context.asks or ""), self._catalogue.get(context.service or "")
        if answer is None or answer.value is None or service is None or context.expects != "slot":
            return False
        return service.slots[context.asks or ""].type not in FREE_TYPES

    def _digresses(
        self,
        words: str,
        wish: Wish,
        fills: Mapping[str, SlotFill],
        context: Context,
    ) -> bool:
        """Whether the words ask for another service instead of being about the one in hand."""
        if wish.service in (NONE, context.service) or wish.service not in self._catalogue:
            return False
        slots = self._catalogue[context.service or ""].slots
        if context.expects == "confirm":
            return wish.asked and meant_instead(words) is None and not names_slot(words, slots, fills)
        answer = fills.get(context.asks or "")
        if answer is None:
            return wish.score >= DIGRESSION
        if wish.score < OVER_FREE_TEXT:
            return False
        spec = slots[context.asks or ""]
        if spec.type in FREE_TYPES:
            named = spec.type == "person_name" and answer.score >= SURELY_SAID
            return questions(words) if named else asks(words)
        return answer.value is None or questions(words)

    def _fill_act(self, words: str, service: str, fills: Mapping[str, SlotFill], context: Context) -> Act:
        if not fills:
            return Act(ActKind.UNCLEAR, calibrated(FoundBy.NOTHING), service, found_by=FoundBy.NOTHING)
        strength = min(fill.score for fill in fills.values())
        if any(name in context.slots for name in fills):
            score = calibrated(FoundBy.CORRECTION, strength)
            return Act(ActKind.CORRECT, score, service, fills, found_by=FoundBy.CORRECTION)
        found_by = FoundBy.OPEN_QUESTION if context.asks in fills else FoundBy.VALUES
        return Act(ActKind.FILL, calibrated(found_by, strength), service, fills, found_by=found_by)

    def _follow_up(self, words: str, service: str, context: Context) -> Act | None:
        """What leans on the service completed last: other values for it, or one of them corrected."""
        last, values = context.last_service, self._reader.again(words, context)
        if last is None or not values:
            return None
        corrected = taken_back(words) is not None and self._catalogue[last].effect is not Effect.WRITE
        if corrected or service == last or leans(words) or last == COUNSELLOR:
            score = calibrated(FoundBy.VALUES)
            return Act(ActKind.ASK, score, last, values, "follow_up", found_by=FoundBy.VALUES)
        return None
