"""Why an action of the process is refused, in Korean for whoever asked for it."""

from __future__ import annotations

from donghaeng.errors import InputError


class ProcessRefused(InputError):
    """The rules of the process do not allow it."""


class UnknownSubject(ProcessRefused):
    """Nothing of that name goes through the process."""

    http_status = 404


class GateClosed(ProcessRefused):
    """Something that must be there first is missing. ``missing`` names the kinds of evidence."""

    http_status = 409

    def __init__(self, message: str, missing: tuple[str, ...]) -> None:
        super().__init__(message)
        self.missing = missing


class FourEyes(ProcessRefused):
    """Who asks for something does not approve it."""

    http_status = 403


class ProcessConflict(ProcessRefused):
    """Somebody else acted since the page was read, so nothing was done."""

    http_status = 409
