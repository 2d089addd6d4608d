"""One reader a kind of file: bytes → blocks. Each raises what its library raises; `reading` words it."""
