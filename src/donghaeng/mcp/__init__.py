"""The catalogue as tools of the Model Context Protocol: a channel beside page, telephone and terminal."""
