"""Engines on other machines, behind the protocols that such engines share."""
