"""Which service an utterance asks for: a cheap stage for most turns, an embedding stage for the rest."""
