"""The `donghaeng` command."""
