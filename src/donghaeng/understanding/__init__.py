"""What the citizen did with an utterance: acts with scores. Pure; models come in as arguments."""
