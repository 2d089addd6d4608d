"""Donghaeng (동행): a citizen says it in Korean, the city does it, the agent answers aloud."""

__version__ = "0.1.0"
