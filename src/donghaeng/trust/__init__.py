"""Masking of never-collected numbers and sealing of personal values."""
