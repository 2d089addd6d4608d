"""What staff are told of outside the console: by an address of the city, or by e-mail."""
