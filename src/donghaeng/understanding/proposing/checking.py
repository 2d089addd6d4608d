"""What remains of a proposal after catalogue, utterance and dialogue state were asked.

A model names a service and quotes words; every value is read from those words by the recognisers that
read all others. What does not hold is left out, without a trace in what the citizen hears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from donghaeng.city.services import Catalogue
from donghaeng.city.services.definition import SlotSpec
from donghaeng.city.slots import SLOT_TYPES
from donghaeng.trust.masking import MASK
from donghaeng.understanding.acts import Act, ActKind, Alternative, Context, SlotFill
from donghaeng.understanding.proposing.answer import Proposal, Quotation
from donghaeng.understanding.proposing.worth import may_be_proposed
from donghaeng.understanding.slots import RECOGNISERS, Scene
from donghaeng.understanding.slots.gazetteer import Gazetteer

PROPOSED_SCORE: Final = 0.3
"""Score of everything that a model proposed, however sure it says it is: below what any act is believed
from without a question (:data:`~donghaeng.understanding.proposing.worth.UNSURE_BELOW`)."""
MOST_ALTERNATIVES: Final = 2
"""Services that one narrower question may name."""
BY_MODEL: Final = "language model"
"""``Act.found_by`` of a proposed act, and its ``detail``, which the record of a conversation keeps."""


class Checker:
    """Turns proposals into acts.

    Args:
        catalogue: the services there are.
        gazetteer: the places that recognisers look up.
        lexicons: word lists of text slots, by name.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        gazetteer: Gazetteer,
        lexicons: Mapping[str, Mapping[str, Sequence[str]]],
    ) -> None:
        self._catalogue = catalogue
        self._gazetteer = gazetteer
        self._lexicons = lexicons

    def check(self, proposal: Proposal, words: str, context: Context, acts: Sequence[Act]) -> tuple[Act, ...]:
        """The acts to go on with; ``acts`` themselves where nothing of the proposal holds.

        A wish becomes a question ("… 말씀이세요?"), never a service that begins by itself, and takes no
        service away that was understood without the model. A value fills only slots that are open.
        """
        found = self._found(proposal, words, context, acts)
        return (found,) if found is not None else tuple(acts)

    def _found(self, proposal: Proposal, words: str, context: Context, acts: Sequence[Act]) -> Act | None:
        in_hand = context.service
        service = proposal.service or None
        if proposal.act == "ask" and service is not None and service != in_hand:
            return self._asked(service, proposal.slots, words, context, acts)
        if in_hand is not None and (service == in_hand or (proposal.act, service) == ("fill", None)):
            return self._filled(in_hand, proposal.slots, words, context, acts)
        if proposal.act == "out_of_scope" and in_hand is None and acts[0].kind is ActKind.UNCLEAR:
            return Act(ActKind.OUT_OF_SCOPE, PROPOSED_SCORE, detail=BY_MODEL, found_by=BY_MODEL)
        return None

    def _asked(
        self,
        service: str,
        quotations: Sequence[Quotation],
        words: str,
        context: Context,
        acts: Sequence[Act],
    ) -> Act | None:
        known = _alternatives(acts)
        if not may_be_proposed(service, self._catalogue) or any(one.service == service for one in known):
            return None
        slots = self._said(service, words, context)
        slots |= self._quoted(service, quotations, words, context, frozenset(slots))
        proposed = Alternative(service, PROPOSED_SCORE, slots)
        offered = (*known[: MOST_ALTERNATIVES - 1], proposed)
        return Act(ActKind.UNSURE, PROPOSED_SCORE, detail=BY_MODEL, alternatives=offered, found_by=BY_MODEL)

    def _filled(
        self,
        in_hand: str,
        quotations: Sequence[Quotation],
        words: str,
        context: Context,
        acts: Sequence[Act],
    ) -> Act | None:
        """A value for the service in hand, where the words gave none."""
        if not may_be_proposed(in_hand, self._catalogue):
            return None
        if acts[0].kind not in (ActKind.UNCLEAR, ActKind.OUT_OF_SCOPE):
            return None
        closed = frozenset(context.slots) - {context.asks}
        slots = self._quoted(in_hand, quotations, words, context, closed)
        if not slots:
            return None
        return Act(ActKind.FILL, PROPOSED_SCORE, in_hand, slots, detail=BY_MODEL, found_by=BY_MODEL)

    def _said(self, service: str, words: str, context: Context) -> dict[str, SlotFill]:
        """What the whole utterance says without a model, as for any wish."""
        found = {
            name: self._recognise(words, spec, context, asked=False)
            for name, spec in self._catalogue[service].slots.items()
        }
        return {name: fill for name, fill in found.items() if fill is not None}

    def _quoted(
        self,
        service: str,
        quotations: Sequence[Quotation],
        words: str,
        context: Context,
        closed: frozenset[str],
    ) -> dict[str, SlotFill]:
        """What the recognisers read in the quotations, slot by slot; the first quotation of a slot counts."""
        specs = self._catalogue[service].slots
        fills: dict[str, SlotFill] = {}
        for quotation in quotations:
            name = quotation.slot
            quote = whole_words(quotation.words, words)
            if name in closed or name in fills or name not in specs or quote is None:
                continue
            fill = self._recognise(quote, specs[name], context, asked=True)
            if fill is not None and fill.value is not None:
                fills[name] = fill
        return fills

    def _recognise(self, words: str, spec: SlotSpec, context: Context, *, asked: bool) -> SlotFill | None:
        scene = Scene(
            now=context.now,
            gazetteer=self._gazetteer,
            lexicons=self._lexicons,
            asked=asked,
            here=context.here,
            home_district=context.home_district,
        )
        read = RECOGNISERS[spec.type](words, spec, scene)
        if read is None or not all(_is_valid(spec, value) for value in (read.value, *read.candidates)):
            return None
        return SlotFill(
            read.value, read.candidates, read.problem, min(read.score, PROPOSED_SCORE), read.words
        )


def whole_words(quote: str, words: str) -> str | None:
    """The words of ``words`` that a quotation touches, whole: a number is never cut in two.

    None when the quotation is empty, does not stand in ``words`` letter by letter, or touches what was
    masked.
    """
    quote = quote.strip()
    start = words.find(quote) if quote else -1
    if start < 0:
        return None
    end = start + len(quote)
    start = words.rfind(" ", 0, start) + 1
    stop = words.find(" ", end)
    touched = words[start : stop if stop >= 0 else len(words)]
    return None if MASK in touched else touched


def _alternatives(acts: Sequence[Act]) -> tuple[Alternative, ...]:
    """The services that were understood without a model, however unsurely."""
    first = acts[0]
    if first.kind is ActKind.ASK and first.service is not None:
        return (Alternative(first.service, first.score, first.slots),)
    return first.alternatives


def _is_valid(spec: SlotSpec, value: Any) -> bool:
    if value is None:
        return True
    return SLOT_TYPES[spec.type].is_valid(value) and (spec.values is None or value in spec.values)
