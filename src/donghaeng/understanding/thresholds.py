"""From which probability or length on the engine takes words for something; found on labelled words, see
``docs/measurements.md``. Pure."""

from __future__ import annotations

from typing import Final

ALARMED_IN_SERVICE: Final = 0.6
"""Probability from which words tell of an emergency, though no pattern lists them, while a service is in
hand: most of what is said then is about it. Where nothing is, an emergency is asked for like a service."""
DIGRESSION: Final = 0.62
"""Probability from which another service interrupts a question that the words do not answer."""
OVER_FREE_TEXT: Final = 0.8
"""The same where the question takes any words at all."""
OUT_OF_SCOPE: Final = 0.65
"""Probability of ``none`` from which the wish is understood to be no service."""
SHORTEST_WISH: Final = 3
"""Syllables of an utterance that may wish for anything."""
SURE_OF_WRITE: Final = 0.5
"""Probability from which a service that writes is taken in hand without asking back."""
MAYBE: Final = 0.15
"""Probability from which a service is worth a narrower question where none counts as asked for."""
AS_LIKELY: Final = 0.5
"""Share of the likeliest service's probability that the next one needs to be offered beside it."""
LEARNT: Final = 0.5
"""Probability from which a learnt act counts where no pattern matched."""
OVER_SERVICE: Final = 0.75
"""The same where a service counts as asked for, or the words answer the open question."""
SHORTEST_LEARNT: Final = 3
"""Syllables that an utterance needs to be a learnt act: in fewer, one sound makes another word."""
LONGEST_LEARNT: Final = 32
"""Syllables of an utterance that may be a learnt act; longer ones say more than that."""
SURELY_SAID: Final = 0.99
"""Score of a value that was said word for word."""
DAY_ALONE: Final = 0.6
"""Score of a moment of which only the day was said: "오늘" is no time for a call."""
