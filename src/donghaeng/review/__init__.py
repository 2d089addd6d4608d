"""Learning from failure: what went wrong, what a reviewer makes of it, and what that changes."""
