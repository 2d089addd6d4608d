"""Engines that turn speech into words, and the guards around them."""
