"""What an utterance says about the slots of a service: answers, corrections, and what leans on the answer
before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from donghaeng.city.services import Catalogue, SlotSpec
from donghaeng.understanding.acts import Context, SlotFill
from donghaeng.understanding.corrections import named_slot, repair_phone, taken_back, wrong_slot
from donghaeng.understanding.slots import Scene
from donghaeng.understanding.slots.gazetteer import Gazetteer
from donghaeng.understanding.slots.together import recognise_all

FREE_TYPES: Final = frozenset({"text", "person_name"})
WHEN: Final = frozenset({"date", "time", "datetime"})
"""Types that are told in one breath: whoever is asked for a new day may name a new hour too."""

Fills = dict[str, SlotFill]

_FOLLOW_UP = re.compile(
    r"(?:^|\s)(?:그럼|그러면|그라믄|그러믄|그라모|그라면|게민|게믄|경허민|경하민|긂|기럼|그람|그라믄요)\s|^(?:그리고|또|그)\s|(?:은|는)(?:요|예|유)?[?\s]*$"
    r"|(?:은|는)\s?(?:어때|어떨|어떤|우떻|어떻|어떵|워뗘|워떻|우짜|어뜨|어드|없|있)|^(?:거기|여기|그거|그것|고거)\s?말고|건너편|맞은편|반대편"
    r"|(?:다음|담)\s?(?:정류장|정거장|정류소)"
)


_AS_BEFORE = re.compile(
    r"(?:아까|방금|좀\s?전|전에|먼저)\s?(?:그|말한|불러\s?준|알려\s?준|한|쓴)|그\s?(?:번호|주소|이름|전화)(?:\s?그대로|로|하고|요|$)"
    r"|(?:번호|주소|이름|전화)\s?그대로|(?:같은|똑같은)\s?(?:번호|주소|이름|전화|걸로|거)|(?:아까|전)(?:이?랑|하고|과)\s?(?:같|똑같)"
)
"""Words for what was said before: "아까 그 번호로 해 주세요"."""
_SAID_TYPES: Final[Mapping[str, str]] = {
    "번호": "phone",
    "전화": "phone",
    "주소": "address",
    "이름": "person_name",
}
LONGEST_NOUN: Final = 6
"""Characters after words for what was said before in which its noun stands ("아까 말한 그 번호")."""


def _said_before(
    words: str, wanted: Mapping[str, SlotSpec], asked: frozenset[str | None], context: Context
) -> Fills:
    """Values told as those said before in this conversation: the ones named, else the one asked for."""
    found = _AS_BEFORE.search(words)
    if found is None:
        return {}
    named = {
        kind
        for noun, kind in _SAID_TYPES.items()
        if noun in words[found.start() : found.end() + LONGEST_NOUN]
    }
    return {
        name: SlotFill(context.said[name], score=0.9, words=words)
        for name, spec in wanted.items()
        if name in context.said and (spec.type in named if named else name in asked)
    }


def _belongs(name: str, told: frozenset[str], slots: Mapping[str, SlotSpec]) -> bool:
    """Whether a value belongs to a correction of ``told``: a new day may come with a new hour."""
    return name in told or (slots[name].type in WHEN and any(slots[one].type in WHEN for one in told))


def leans(words: str) -> bool:
    """Whether the words lean on what was answered last ("그럼 내일은요", "그 책이 다른 데도 있어요")."""
    return _FOLLOW_UP.search(words) is not None


def takes_any_words(spec: SlotSpec) -> bool:
    """Whether a slot's value may be any words at all."""
    return spec.type in FREE_TYPES and spec.lexicon is None


_HOME: Final = SlotSpec(type="district", name="동네", required=False)


class SlotReader:
    """Reads slot values. Pure: catalogue, places and word lists are given."""

    def __init__(
        self,
        catalogue: Catalogue,
        gazetteer: Gazetteer,
        lexicons: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._lexicons = lexicons

    def scene(self, context: Context) -> Scene:
        """What all recognisers may know."""
        last = self._catalogue.get(context.last_service or context.left_service or "")
        specs = last.slots if last is not None else {}
        told = context.last_slots or context.left_slots
        before: dict[str, Any] = {specs[name].type: value for name, value in told.items() if name in specs}
        return Scene(
            now=context.now,
            gazetteer=self._gazetteer,
            lexicons=self._lexicons,
            here=context.here,
            home_district=context.home_district,
            begun=context.begun,
            answer=context.last_answer,
            before=before,
        )

    def wish(self, words: str, service: str, context: Context) -> Fills:
        """Values in a wish for ``service``."""
        slots = self._catalogue[service].slots
        again = service == context.last_service
        # What was told the last time is no part of a new story.
        before = context.last_slots.items() if again else ()
        values = {name: value for name, value in before if name in slots and not slots[name].tells}
        return recognise_all(words, slots, self.scene(context), values=values)

    def home(self, words: str, context: Context) -> SlotFill | None:
        """The district where the citizen says to live; "우리 동네" alone names none."""
        nowhere = replace(context, home_district=None, here=None)
        fill = recognise_all(words, {"home": _HOME}, self.scene(nowhere)).get("home")
        return fill if fill is not None and fill.value is not None else None

    def again(self, words: str, context: Context) -> Fills:
        """Values that change what the service completed last was asked: "그럼 내일은요", "서울톡이요"."""
        last = context.last_service
        if last is None or last not in self._catalogue:
            return {}
        if taken_back(words) is not None:
            slots = self._catalogue[last].slots
            asks = next(iter(slots)) if len(slots) == 1 else None
            before = replace(context, service=last, slots=context.last_slots, asks=asks, expects="open")
            fills = self.answers(words, last, before)
        else:
            fills = self.wish(words, last, context)
        return {name: fill for name, fill in fills.items() if fill.value is not None or fill.candidates}

    def answers(self, words: str, service: str, context: Context) -> Fills:
        """What the words say about the slots of the service in hand."""
        repaired = self._phone_repaired(words, service, context)
        if repaired:
            return repaired
        back = taken_back(words)
        changed = wrong_slot(words, self._catalogue[service].slots, context.slots) if back is None else None
        if changed is not None:
            fills = self._fills(words, service, context, frozenset({changed}), correcting=True)
            if changed in fills:
                return {changed: fills[changed]}
        if back is None:
            return self._fills(words, service, context, frozenset({context.asks}), correcting=False)
        before, meant = back
        slots = self._catalogue[service].slots
        told = self._told(words, before, service, context)
        wholly = {name for name in context.slots if name in slots and slots[name].type not in FREE_TYPES}
        found: Fills = {}
        for asked in (told, frozenset(), frozenset({context.asks, *wholly})):
            if asked or asked is not told:
                fills = self._fills(meant, service, context, frozenset(asked), correcting=True)
                if asked is told:
                    fills = {name: fill for name, fill in fills.items() if _belongs(name, told, slots)}
                if any(fill.value is not None or fill.candidates for fill in fills.values()):
                    return fills
                found = found or fills
        # What is taken back may be a part of the one value that is told ("공일공에 사천, 아니 사공공공 …").
        if not found:
            return {}
        whole = self._fills(words, service, context, frozenset({context.asks}), correcting=False)
        return whole if any(fill.value is not None for fill in whole.values()) else found

    def _told(self, words: str, before: str, service: str, context: Context) -> frozenset[str]:
        """The slots that a correction names, or whose value it takes back ("박순덕이 아니라 …")."""
        slots = self._catalogue[service].slots
        known = {name: spec for name, spec in slots.items() if name in context.slots}
        named = named_slot(words, slots, known)
        if named is not None:
            return frozenset({named})
        said = recognise_all(before, known, self.scene(context), asked=set(known), values={})
        return frozenset(name for name, fill in said.items() if fill.value == context.slots[name])

    def _phone_repaired(self, words: str, service: str, context: Context) -> Fills:
        """A telephone number that is known with one of its groups said anew."""
        for name, spec in self._catalogue[service].slots.items():
            value = context.slots.get(name)
            repaired = repair_phone(words, value) if spec.type == "phone" and isinstance(value, str) else None
            if repaired is not None and repaired != value:
                return {name: SlotFill(repaired, words=words)}
        return {}

    def _fills(
        self,
        words: str,
        service: str,
        context: Context,
        asked: frozenset[str | None],
        *,
        correcting: bool,
    ) -> Fills:
        """Values for slots that are open, asked for, or (in a correction or at the confirmation) known."""
        slots = self._catalogue[service].slots
        known_too = correcting or context.expects == "confirm"
        when = {slots[name].type for name in asked if name in slots} <= WHEN and bool(asked & set(slots))
        wanted = {
            name: spec
            for name, spec in slots.items()
            if name not in context.slots or name in asked or known_too or (when and spec.type in WHEN)
        }
        found = recognise_all(
            words, wanted, self.scene(context), asked=asked & set(wanted), values=self._values(context)
        )
        found |= _said_before(words, wanted, asked, context)
        return {
            name: fill
            for name, fill in found.items()
            if fill.value is None or fill.value != context.slots.get(name)
        }

    def _values(self, context: Context) -> Mapping[str, Any]:
        """Values so far; of a slot that is offered the first option, for an answer keeps its day."""
        if context.asks is None or not context.option_values or context.asks in context.slots:
            return context.slots
        return {**context.slots, context.asks: context.option_values[0]}
