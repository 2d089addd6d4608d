"""The agent's own sentences, for tests of what a live line says itself."""

from __future__ import annotations

from pathlib import Path

from donghaeng.dialogue.phrases import load_phrases

PHRASES = load_phrases(Path(__file__).parents[1] / "catalogue" / "lexicon" / "phrases.yaml")
