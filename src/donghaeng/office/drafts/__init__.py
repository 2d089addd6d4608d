"""Drafts of official documents, filled from facts and passages by templates, without a language model.

Nothing is ever sent: a draft is a file that an official reads, corrects and signs.
"""
