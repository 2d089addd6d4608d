"""Sentence embedders: the packaged default and a fake for tests."""
