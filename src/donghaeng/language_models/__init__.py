"""Language models behind one small protocol: off unless the settings name an address; they never decide."""
