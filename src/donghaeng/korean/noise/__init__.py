"""Korean as it is misheard: from a clean sentence to what a recogniser writes of an older person's words."""

from donghaeng.korean.noise.vary import variants, vary

__all__ = ["variants", "vary"]
