"""Incidents of AI systems: reported, graded, owned, mended, learnt from."""
