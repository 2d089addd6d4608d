"""The officials' document boxes: kept apart set by set, asked, compared, and put behind assistants."""
