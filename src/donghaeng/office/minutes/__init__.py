"""Minutes of a meeting: who said what and when → agenda, decisions, and actions with owner and date.

By rules and words of the catalogue, without a language model. Every item leads to its moment, and an official
reads and corrects them all.
"""
