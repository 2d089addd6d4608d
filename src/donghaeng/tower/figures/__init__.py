"""Live figures: counted from the event log, rolled up by hour and day, drawn, told in words, watched."""
