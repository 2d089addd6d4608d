"""The targets board: goals of the year, each counted from records."""
