"""The composition root: the only part that knows every other."""

from donghaeng.app.application import Application, open_application, open_for_tests, seoul_now

__all__ = ["Application", "open_application", "open_for_tests", "seoul_now"]
