"""Korean as it is really said and misheard: from a clean sentence to what a recogniser writes of it."""

from donghaeng.korean.noise.manners import Habit, Manners, Region
from donghaeng.korean.noise.vary import variants, vary

__all__ = ["Habit", "Manners", "Region", "variants", "vary"]
