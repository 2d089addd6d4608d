"""Files are read in a process of their own: what hangs, grows or crashes there harms nobody.

The process has bounds of its own (address space, size of files), is ended when a file takes too long, and
begun anew for the next one.
"""

from __future__ import annotations

import importlib
import multiprocessing
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeVar

from donghaeng.errors import DocumentFault, DocumentRefused
from donghaeng.knowledge.documents.blocks import Document
from donghaeng.knowledge.documents.limits import LIMITS, Limits, check_size

START_SECONDS: Final = 60.0
"""Time that a process may take to load the readers."""
Made = TypeVar("Made")
Answer = tuple[Any] | tuple[DocumentFault, str, str | None]
"""What came of a file: what was made of it, or fault, message and remedy of an error."""


class Apart(Generic[Made]):
    """Does one kind of work on files, one after the other, in another process. Not thread-safe.

    Args:
        work: ``module:function``, which only the other process imports; is called with name, data, limits
            and what :meth:`ask` was given more.
        limits: what a file may cost.
    """

    def __init__(self, work: str, limits: Limits = LIMITS) -> None:
        self._work = work
        self._limits = limits
        self._process: multiprocessing.process.BaseProcess | None = None
        self._line: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, name: str, data: bytes, *more: Any) -> Made:
        """Have the work done on a file.

        Raises:
            DocumentRefused: as the work; or it took too long or ended the process.
        """
        check_size(name, len(data), self._limits)
        line = self._running()
        try:
            line.send((name, data, *more))
            if not line.poll(self._limits.seconds):
                self.close()
                raise DocumentRefused(
                    "too_slow",
                    f"{name}: not read within {self._limits.seconds:.0f} s",
                    remedy="split the file",
                )
            answer: Answer = line.recv()
        except (EOFError, OSError) as error:
            self.close()
            raise DocumentRefused(
                "reader_ended",
                f"{name}: the file cannot be read: its reader ended",
                remedy="open it and save it again",
            ) from error
        if len(answer) == 1:
            made: Made = answer[0]
            return made
        fault, message, remedy = answer
        raise DocumentRefused(fault, message, remedy=remedy)

    def close(self) -> None:
        """End the process."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._line = self._process = None

    def _running(self) -> Connection:
        if self._line is not None and self._process is not None and self._process.is_alive():
            return self._line
        self.close()
        # Spawned, not forked: nothing of this process, no key, no connection, is in the other one.
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._work, self._limits), daemon=True)
        self._process.start()
        theirs.close()
        if not self._line.poll(START_SECONDS):
            self.close()
            message = "the reader of documents does not start"
            raise DocumentRefused("not_started", message, remedy="`donghaeng doctor`")
        self._line.recv()
        return self._line


class DocumentReader(Apart[Document]):
    """Reads files one after the other in another process. Not thread-safe.

    ``with DocumentReader() as reader: document = reader.read("안내.hwpx", data)``
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        super().__init__("donghaeng.knowledge.documents.reading:read", limits)

    def read(self, name: str, data: bytes) -> Document:
        """Read a file; see :func:`donghaeng.knowledge.documents.reading.read`.

        Raises:
            DocumentRefused: as there; or reading took too long or ended the process.
        """
        return self.ask(name, data)


def _serve(line: Connection, work: str, limits: Limits) -> None:
    """The other process: work on what comes, until the line is closed."""
    module, _, function = work.partition(":")
    do: Callable[..., Any] = getattr(importlib.import_module(module), function)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _bound(limits)
    line.send("ready")
    while True:
        try:
            name, data, *more = line.recv()
        except EOFError:
            return
        answer: Answer
        try:
            answer = (do(name, data, limits, *more),)
        except DocumentRefused as error:
            answer = error.fault, error.message, error.remedy
        line.send(answer)


def _bound(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  not there on Windows

    bounds = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CORE: 0,
        # A reader may put the file itself into a temporary one.
        resource.RLIMIT_FSIZE: 2 * limits.file_bytes,
    }
    for which, most in bounds.items():
        _, hard = resource.getrlimit(which)
        resource.setrlimit(which, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
