"""A third stage of understanding: a language model proposes where the first two found nothing sure. Pure."""
