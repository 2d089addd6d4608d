"""A recording of hours → turns with their moments: decoded apart, cut at pauses, heard piece by piece."""
