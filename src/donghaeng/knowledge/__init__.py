"""Passages of the city's documents: finding the one that answers a question, or saying that none does."""
