"""Engines that find speech in sound."""
