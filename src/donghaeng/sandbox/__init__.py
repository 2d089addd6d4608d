"""The sandbox city: a stand-in that speaks the providers' true wire formats."""
