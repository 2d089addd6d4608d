"""Adapters to the city's outside systems; the only code that knows their wire formats."""
