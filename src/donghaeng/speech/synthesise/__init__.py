"""Words → speech: engines, clauses and the phrase cache."""
