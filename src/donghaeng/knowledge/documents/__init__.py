"""A city's documents as they come: told apart by what they hold, read in a process of their own, split."""
