"""The catalogue: every service folder, read and validated."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from donghaeng.city.services.blanks import blanks
from donghaeng.city.services.definition import ServiceDefinition
from donghaeng.city.services.positions import Document, read_yaml
from donghaeng.errors import CatalogueError

SERVICE_FILE = "service.yaml"
TESTS_FILE = "tests.yaml"
OPERATION_FILE = "operation.yaml"
"""How an operation that the service brings along is sent and read (:mod:`donghaeng.city.imported`)."""


@dataclass(frozen=True, slots=True)
class Catalogue(Mapping[str, ServiceDefinition]):
    """Services by id, in the order of their ids."""

    services: Mapping[str, ServiceDefinition]
    folder: Path
    version: str
    """Hash of every file read; conversations finish on the version they began with."""
    documents: Mapping[str, Document] = field(default_factory=dict, repr=False)
    tested: frozenset[str] = frozenset()
    """Services with conversation tests beside them."""

    def __getitem__(self, service: str) -> ServiceDefinition:
        return self.services[service]

    def __iter__(self) -> Iterator[str]:
        return iter(self.services)

    def __len__(self) -> int:
        return len(self.services)


def load_catalogue(folder: Path) -> Catalogue:
    """Read ``folder/services/*/service.yaml``.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    catalogue, errors = read_catalogue(folder)
    if errors:
        raise errors[0]
    return catalogue


def read_catalogue(folder: Path) -> tuple[Catalogue, list[CatalogueError]]:
    """Read what can be read, and list everything that is wrong with the rest."""
    services: dict[str, ServiceDefinition] = {}
    documents: dict[str, Document] = {}
    errors: list[CatalogueError] = []
    digest = hashlib.sha256()
    root = folder / "services"
    files = sorted(root.glob(f"*/{SERVICE_FILE}"))
    if not files:
        errors.append(CatalogueError(root, 1, "holds no services", remedy="see docs/add-a-service.md"))
    for file in files:
        try:
            document = read_yaml(file)
            errors += blanks(document)
            service = service_of(document)
        except CatalogueError as error:
            errors.append(error)
            continue
        except ExceptionGroup as group:
            errors.extend(error for error in group.exceptions if isinstance(error, CatalogueError))
            continue
        services[service.id] = service
        documents[service.id] = document
        digest.update(file.read_bytes())
        beside = file.with_name(OPERATION_FILE)
        digest.update(beside.read_bytes() if beside.is_file() else b"")
    for lexicon in sorted((folder / "lexicon").glob("*.yaml")):
        digest.update(lexicon.read_bytes())
    tested = {name for name, document in documents.items() if (document.file.parent / TESTS_FILE).is_file()}
    return Catalogue(services, folder, digest.hexdigest()[:16], documents, frozenset(tested)), errors


def service_of(document: Document) -> ServiceDefinition:
    """The service that a file declares.

    Raises:
        CatalogueError: it is no mapping, or its id is not its folder's name.
        ExceptionGroup: all that the model refuses, each a :class:`~donghaeng.errors.CatalogueError`.
    """
    if not isinstance(document.data, dict):
        raise document.error([], "is not a mapping", remedy="start with `id: …`")
    try:
        service = ServiceDefinition.model_validate(document.data)
    except ValidationError as error:
        raise ExceptionGroup(str(document.file), _located(document, error)) from None
    folder = document.file.parent.name
    if service.id != folder:
        raise document.error(["id"], f"id {service.id!r} is not its folder's name", remedy=f"id: {folder}")
    return service


def _located(document: Document, error: ValidationError) -> list[CatalogueError]:
    return [
        document.error(
            [part for part in problem["loc"] if not (isinstance(part, str) and part.startswith("function-"))],
            f"{'.'.join(str(part) for part in problem['loc']) or 'service'}: {_words(problem['msg'])}",
            remedy=_REMEDIES.get(problem["type"]),
        )
        for problem in error.errors()
    ]


def _words(message: str) -> str:
    return message.removeprefix("Value error, ")


_REMEDIES = {
    "extra_forbidden": "remove it or see docs/service.schema.json for the keys there are",
    "missing": "add it",
    "literal_error": "use one of the values named",
    "too_short": "add more",
}
