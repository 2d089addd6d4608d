"""Hand-over to people: queue and call-back records."""
