"""What the agent does next: a state, a policy and wording. Pure."""
