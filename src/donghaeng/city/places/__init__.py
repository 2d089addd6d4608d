"""Stops, stations, districts and other places by name and position."""
