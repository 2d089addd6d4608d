"""Ears and mouth: voice activity, turn-taking, recognisers, synthesisers."""
