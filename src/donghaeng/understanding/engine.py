"""The understanding engine: emergencies, steering words, the open question, then the catalogue.

The order is the order of consequence: an emergency outranks everything, a person is always reachable, the
open question is believed before a new request unless the words are clearly about another service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from donghaeng.city.services import Catalogue, SlotSpec
from donghaeng.understanding.acts import Act, ActKind, Context, SlotFill
from donghaeng.understanding.choosing import chosen
from donghaeng.understanding.commands import PERSON, Command, CommandLexicon
from donghaeng.understanding.emergencies import EmergencyFinder
from donghaeng.understanding.ranking.ranker import NONE, ServiceRanker
from donghaeng.understanding.slots import RECOGNISERS, Scene
from donghaeng.understanding.slots.gazetteer import Gazetteer
from donghaeng.understanding.text import tidy, without_fillers

COUNSELLOR: Final = "counsellor"
ASKED: Final = 0.45
"""Probability from which a service counts as asked for when nothing else is in hand."""
ALARMED: Final = 0.55
"""Probability from which words tell of a kind of emergency though no pattern lists them."""
LIKELY: Final = 0.3
"""Probability from which a service counts as asked for when it leads clearly: misheard words thin out the
evidence for every service alike."""
CLEAR_LEAD: Final = 1.5
"""How many times likelier than the next, ``none`` included, a service must be for that."""
DIGRESSION: Final = 0.62
"""Probability from which another service interrupts a question that the words do not answer."""
OVER_FREE_TEXT: Final = 0.8
"""The same where the question takes any words at all."""
OUT_OF_SCOPE: Final = 0.55
"""Probability of ``none`` from which the wish is understood to be no service."""
FREE_TYPES: Final = frozenset({"text", "person_name"})

_INSTEAD = re.compile(r"(?:말고|아니라|아니고|아니구)[,\s]+(?P<meant>.+)$")
_NO = re.compile(r"(?:^|\s)(?:아니|아뇨|아니요|아니오|아니여|그게\s?아니[라고]*|아이다)[,\s]+(?P<meant>.+)$")
_PIECES = re.compile(r"(?<=[요다죠까네데고])[\s,.?!]+")
_FOLLOW_UP = re.compile(r"^(?:그럼|그러면|그리고|또)\s|(?:은|는)(?:요)?[?\s]*$|(?:은|는)\s?어때")


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
        gazetteer: Gazetteer,
        lexicons: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        self._catalogue = catalogue
        self._commands = commands
        self._emergencies = emergencies
        self._ranker = ranker
        self._alarms = alarms
        self._gazetteer = gazetteer
        self._lexicons = lexicons

    @property
    def ranker(self) -> ServiceRanker:
        """What ranks the services: shared with whoever measures it."""
        return self._ranker

    def understand(self, utterance: str, context: Context) -> tuple[Act, ...]:
        """Read one utterance; at least one act, the most important first."""
        words = tidy(utterance)
        kind = self._emergencies.find(words)
        if kind is not None:
            return (Act(ActKind.EMERGENCY, detail=kind),)
        if not any(char.isalnum() for char in words):
            return (Act(ActKind.SILENCE),)
        commands = self._commands.find(words)
        steering = self._steering(commands, words, context)
        if steering is not None:
            return (steering,)
        if context.expects == "choice" and context.options:
            index = chosen(words, context.options)
            if index is not None:
                return (Act(ActKind.CHOOSE, detail=str(index)),)
        return (self._request(words, context),)

    def _steering(self, commands: Sequence[Command], words: str, context: Context) -> Act | None:
        for command in commands:
            if command.name == PERSON:
                topic = {"topic": SlotFill(words)} if len(words) > LONGEST_BARE_REQUEST else {}
                return Act(ActKind.ASK, command.score, COUNSELLOR, topic)
            kind = ActKind(command.name)
            if kind is ActKind.CONFIRM and context.asks and context.expects == "slot":
                continue
            return Act(kind, command.score)
        return None

    def _request(self, words: str, context: Context) -> Act:
        plain = without_fillers(words)
        alarm = self._alarm(plain)
        if alarm is not None:
            return alarm
        service, score, stands_out = self._best_service(plain)
        in_hand = context.service
        if in_hand is not None and in_hand in self._catalogue:
            fills = self._answers(plain, in_hand, context)
            if not self._digresses(service, score, fills, context):
                return self._fill_act(plain, in_hand, fills, context)
        if service in self._catalogue and (score >= ASKED or stands_out):
            follows = service == context.last_service and _FOLLOW_UP.search(plain) is not None
            detail = "follow_up" if follows else None
            return Act(ActKind.ASK, score, service, self._slots(plain, service, context), detail)
        follow_up = self._follow_up(plain, service, context)
        if follow_up is not None:
            return follow_up
        if service == NONE and score >= OUT_OF_SCOPE:
            return Act(ActKind.OUT_OF_SCOPE, score)
        return Act(ActKind.UNCLEAR, 1.0 - score)

    def _alarm(self, words: str) -> Act | None:
        """An emergency told in words that no pattern lists; not looked for where the n-grams alone are sure
        of a service."""
        if self._ranker.rank(words).settled_by == "cheap":
            return None
        kind, score = self._alarms.rank(words).best
        return Act(ActKind.EMERGENCY, score, detail=kind) if kind != NONE and score >= ALARMED else None

    def _best_service(self, words: str) -> tuple[str, float, bool]:
        """The likeliest service, its probability, and whether it stands out among unlikely ones; a long
        utterance is also read sentence by sentence, for the request may stand anywhere in it."""
        ranked = self._ranker.rank(words)
        best = ranked.best
        stands_out = best[0] != NONE and best[1] >= LIKELY and ranked.lead >= CLEAR_LEAD
        if stands_out or (best[1] >= ASKED and best[0] != NONE):
            return *best, stands_out
        pieces = [piece for piece in _PIECES.split(words) if len(piece) >= SHORTEST_PIECE]
        if len(pieces) < 2:
            return *best, False
        found = [self._ranker.rank(piece).best for piece in pieces[:MOST_PIECES]]
        services = [one for one in found if one[0] != NONE and one[1] >= PIECE_ASKED]
        return *max(services, key=lambda one: one[1], default=best), False

    def _digresses(self, service: str, score: float, fills: Mapping[str, SlotFill], context: Context) -> bool:
        if service in (NONE, context.service) or service not in self._catalogue:
            return False
        asked = fills.get(context.asks or "")
        if asked is None:
            return score >= DIGRESSION
        free = self._catalogue[context.service or ""].slots[context.asks or ""].type in FREE_TYPES
        return score >= OVER_FREE_TEXT and (free or asked.value is None)

    def _fill_act(self, words: str, service: str, fills: Mapping[str, SlotFill], context: Context) -> Act:
        if not fills:
            return Act(ActKind.UNCLEAR, service=service)
        known = [name for name in fills if name in context.slots]
        kind = ActKind.CORRECT if known else ActKind.FILL
        del words
        return Act(kind, min(fill.score for fill in fills.values()), service, fills)

    def _answers(self, words: str, service: str, context: Context) -> dict[str, SlotFill]:
        """What the words say about the slots of the service in hand."""
        correction = _INSTEAD.search(words) or _NO.search(words)
        if correction is None:
            return self._fills(words, service, context, frozenset({context.asks}), correcting=False)
        meant = correction["meant"]
        fills = self._fills(meant, service, context, frozenset(), correcting=True)
        if fills:
            return fills
        slots = self._catalogue[service].slots
        open_now = {name for name in context.slots if name in slots and slots[name].type not in FREE_TYPES}
        return self._fills(meant, service, context, frozenset({context.asks, *open_now}), correcting=True)

    def _fills(
        self,
        words: str,
        service: str,
        context: Context,
        asked: frozenset[str | None],
        *,
        correcting: bool,
    ) -> dict[str, SlotFill]:
        """Values for slots that are open, asked for, or (in a correction or at the confirmation) known."""
        known_too = correcting or context.expects == "confirm"
        fills: dict[str, SlotFill] = {}
        for name, spec in self._catalogue[service].slots.items():
            if name in context.slots and name not in asked and not known_too:
                continue
            value = context.slots.get(name)
            fill = self._recognise(words, spec, context, asked=name in asked, value=value)
            if fill is not None and (fill.value is None or fill.value != value):
                fills[name] = fill
        return fills

    def _slots(self, words: str, service: str, context: Context) -> dict[str, SlotFill]:
        found = {
            name: self._recognise(words, spec, context, asked=False)
            for name, spec in self._catalogue[service].slots.items()
        }
        return {name: fill for name, fill in found.items() if fill is not None}

    def _recognise(
        self, words: str, spec: SlotSpec, context: Context, *, asked: bool, value: Any = None
    ) -> SlotFill | None:
        scene = Scene(
            now=context.now,
            gazetteer=self._gazetteer,
            lexicons=self._lexicons,
            asked=asked,
            value=value,
            here=context.here,
            home_district=context.home_district,
        )
        return RECOGNISERS[spec.type](words, spec, scene)

    def _follow_up(self, words: str, service: str, context: Context) -> Act | None:
        last = context.last_service
        if last is None or last not in self._catalogue:
            return None
        fills = self._slots(words, last, context)
        values = {name: fill for name, fill in fills.items() if fill.value is not None or fill.candidates}
        if values and (service == last or _FOLLOW_UP.search(words) or last == COUNSELLOR):
            return Act(ActKind.ASK, ASKED, last, values, "follow_up")
        return None


LONGEST_BARE_REQUEST: Final = 14
"""Characters of a request for a person that says nothing about its topic."""
SHORTEST_PIECE: Final = 5
"""Characters that a part of an utterance needs to ask for something."""
MOST_PIECES: Final = 6
PIECE_ASKED: Final = 0.6
"""Probability from which a part of a longer utterance asks for a service."""
