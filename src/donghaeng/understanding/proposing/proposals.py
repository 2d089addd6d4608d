"""The third stage: asks a model where the first two found nothing sure, and believes only what holds.

Whatever the model does (silence, nonsense, orders from the utterance), the acts are those understood
without it, or acts that hold against catalogue and utterance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from donghaeng.city.services import Catalogue
from donghaeng.errors import LanguageModelFailed
from donghaeng.language_models.protocol import LanguageModel
from donghaeng.trust.standing_in import stand_in
from donghaeng.understanding.acts import Act, Context
from donghaeng.understanding.proposing.answer import parse
from donghaeng.understanding.proposing.checking import Checker
from donghaeng.understanding.proposing.prompt import Prompts, readable
from donghaeng.understanding.proposing.worth import is_worth_asking

Outcome = Literal["taken", "same", "invalid"]
"""``taken``: the proposal stands; ``same``: the acts stay as they were; ``invalid``: no proposal. A failure
is told by its own reason (:class:`~donghaeng.errors.LanguageModelFailed`)."""


class Proposals:
    """Looks at acts again with the help of a model. Pure but for the model that it is given.

    It stands behind the :class:`~donghaeng.understanding.acts.Understanding`, not around it: a turn that
    the recogniser heard in several ways is understood several times, and the model is asked once.

    Args:
        catalogue: the services there are.
        model: what proposes; it limits its own time.
        checker: turns what was proposed into acts.
        observe: told the outcome of every question, for figures; never words.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        model: LanguageModel,
        checker: Checker,
        *,
        observe: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._catalogue = catalogue
        self._model = model
        self._checker = checker
        self._prompts = Prompts(catalogue)
        self._observe = observe

    async def reconsider(self, utterance: str, context: Context, acts: Sequence[Act]) -> tuple[Act, ...]:
        """``acts``, or what the model proposed in their place. Raises nothing that a model can cause."""
        words = readable(utterance)
        if not is_worth_asking(words, acts, context, self._catalogue):
            return tuple(acts)
        shown = stand_in(words)
        try:
            answer = await self._model.complete(self._prompts.about(shown.text, context))
        except LanguageModelFailed as failure:
            self._observe(failure.reason)
            return tuple(acts)
        proposal = parse(answer)
        if proposal is None:
            return self._told("invalid", tuple(acts))
        proposal = proposal.with_words(shown.restored)
        found = self._checker.check(proposal, words, context, acts)
        return self._told("same" if found == tuple(acts) else "taken", found)

    def _told(self, outcome: Outcome, acts: tuple[Act, ...]) -> tuple[Act, ...]:
        self._observe(outcome)
        return acts
