"""The city as services, slots, places and providers."""
