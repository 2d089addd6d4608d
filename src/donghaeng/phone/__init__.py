"""Telephones: lines that carry a live session, and the protocols of telephone systems."""
