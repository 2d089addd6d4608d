"""Messengers: other programs in which citizens write to the agent."""
