"""The runtime of one conversation: does the effects, records the events, resumes."""
