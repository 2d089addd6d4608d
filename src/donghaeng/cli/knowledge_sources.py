"""Where documents come from: files, the files in folders, and addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from donghaeng.errors import InputError
from donghaeng.knowledge.documents.limits import LIMITS, check_size

_SCHEMES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file of this machine."""

    name: str
    """How its document is called."""
    path: Path

    def read(self) -> bytes:
        """All of it.

        Raises:
            InputError: it cannot be read, or is too large to be.
        """
        try:
            check_size(self.name, self.path.stat().st_size, LIMITS)
            return self.path.read_bytes()
        except OSError as error:
            raise InputError(
                f"{self.name}: cannot be read ({error.strerror})", remedy="look at it"
            ) from error


@dataclass(frozen=True, slots=True)
class AddressSource:
    """An address, which is also the name of its document."""

    name: str


Source = FileSource | AddressSource


def sources_of(given: Sequence[str], *, allow_fetch: bool) -> tuple[list[Source], list[InputError]]:
    """The documents that are named, and what is wrong with others: absent, or named as another one is.

    Args:
        given: files, folders and addresses.
        allow_fetch: whether addresses are fetched.
    """
    found: dict[str, Source] = {}
    errors: list[InputError] = []
    for one in given:
        try:
            for source in _sources(one, allow_fetch=allow_fetch):
                if source.name in found and source != found[source.name]:
                    message = f"{source.name}: another file has that name too"
                    errors.append(InputError(message, remedy="add the folder above both"))
                found.setdefault(source.name, source)
        except InputError as error:
            errors.append(error)
    return list(found.values()), errors


def read_addresses(file: Path) -> list[str]:
    """The addresses of a file, one a line; empty lines and those after ``#`` are left out.

    Raises:
        InputError: the file cannot be read, or a line is no address.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: cannot be read", remedy="give a text file") from error
    found = []
    for number, line in enumerate(lines, start=1):
        address = line.strip()
        if not address or address.startswith("#"):
            continue
        if not address.lower().startswith(_SCHEMES):
            raise InputError(f"{file}:{number}: {address!r} is no address", remedy="write https://…")
        found.append(address)
    return found


def _sources(given: str, *, allow_fetch: bool) -> Iterator[Source]:
    if given.lower().startswith(_SCHEMES):
        if not allow_fetch:
            raise InputError(
                f"{given}: addresses are not fetched here",
                remedy="set DONGHAENG_ALLOW_FETCH=1, or save the file",
            )
        yield AddressSource(given)
        return
    path = Path(given)
    if path.is_dir():
        files = [one for one in sorted(path.rglob("*")) if _is_plain(one, path)]
        if not files:
            raise InputError(f"{given}: no file in it", remedy="give a folder with documents")
        above = path.resolve().name
        yield from (FileSource(f"{above}/{one.relative_to(path).as_posix()}", one) for one in files)
    elif path.is_file():
        yield FileSource(path.name, path)
    else:
        raise InputError(f"{given}: no such file", remedy="give a file or folder that exists")


def _is_plain(file: Path, folder: Path) -> bool:
    """A file that is meant: not hidden, no link that may lead elsewhere, no lock of an office program."""
    hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
    return not hidden and not file.is_symlink() and file.is_file()
