"""Files that staff hand in: received within limits, and looked through before anything reads them."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from starlette.requests import Request

from donghaeng.errors import ScannerUnavailable, VirusFound
from donghaeng.trust.virus_scanner import chunks_of
from donghaeng.web import problems
from donghaeng.web.attempts import source_of
from donghaeng.web.bodies import read_body
from donghaeng.web.services import services_of

_log = structlog.get_logger(__name__)


async def read_upload(request: Request, limit: int, seconds: float | None = None) -> bytes:
    """A file that is the whole body.

    Args:
        request: whose body it is.
        limit: bytes at most.
        seconds: for receiving it, as in :func:`~donghaeng.web.bodies.read_body`.

    Raises:
        ProblemError: as :func:`~donghaeng.web.bodies.read_body`; it holds a virus, or nobody could look.
    """
    data = await read_body(request, limit, seconds)
    await look_through(request, chunks_of(data))
    return data


async def look_through(request: Request, chunks: Iterable[bytes]) -> None:
    """Have a file that came looked through, where the operator names a scanner.

    Args:
        request: by which it came.
        chunks: the file in pieces.

    Raises:
        ProblemError: it holds a virus, or nobody could look.
    """
    scanner = services_of(request).virus_scanner
    if scanner is not None:
        try:
            await scanner.check_chunks(chunks)
        except VirusFound as error:
            _log.warning("upload.virus", reason=error.name, source=source_of(request.scope))
            raise problems.of_error(error) from None
        except ScannerUnavailable as error:
            _log.error("upload.not_scanned", remedy=error.remedy)
            raise problems.of_error(error) from None
