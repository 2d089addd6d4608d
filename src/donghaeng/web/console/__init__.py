"""The console: pages for staff under `/console/`, rendered here and changed in place by htmx."""
