"""Operations of other systems that a catalogue brings along: ``operation.yaml`` beside a ``service.yaml``.

Such an operation is called ``imported.<service id>``. The file says where the system answers, how arguments
are sent and where the rows stand in what comes back; ``donghaeng services new`` drafts it from an OpenAPI
document or from the tools of an MCP server, and people complete it. All else is as for any operation.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from donghaeng.city import operations
from donghaeng.city.operations import Effect, Operation
from donghaeng.city.services.blanks import blanks
from donghaeng.city.services.loading import OPERATION_FILE
from donghaeng.city.services.positions import read_yaml
from donghaeng.errors import CatalogueError

PROVIDER = "imported"
BY_NATURE = "by nature"
"""``idempotency`` of a write that does nothing more when it comes twice."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$", max_length=40)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Parameter(_Part):
    """One parameter of the operation, and how it is sent."""

    type: str = Field(description="type of the value: text, count, number, flag, date, datetime, phone …")
    says: str = Field(description="what it holds")
    optional: bool = False
    place: Literal["path", "query", "header", "body"] = Field(default="body", alias="in")
    sent_as: str = Field(description="its name there; a.b for b inside the object a of a body")


class Column(_Part):
    """One field of the rows, and where it stands in what the system sends."""

    type: str
    says: str
    optional: bool = True
    path: str = Field(description="its name in a row; a.b for b inside a")


class Key(_Part):
    """Where the system wants its key; the key itself stands in DONGHAENG_OPERATION_KEYS."""

    place: Literal["header", "query"] = Field(alias="in")
    name: str
    prefix: str = ""


class ImportedOperation(_Part):
    """What ``operation.yaml`` may say."""

    kind: Literal["openapi", "mcp"]
    effect: Literal["read", "write"]
    source: str = Field(description="where it was imported from, for `services list` and citations")
    address: str = Field(description="base address; of an MCP server its address, or `stdio: command`")
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: str = ""
    tool: str = Field(default="", description="name of the tool of an MCP server")
    key: Key | None = None
    idempotency: str | None = Field(
        default=None,
        description="how a write that is sent again is told from a second one: `header NAME` or `argument "
        "NAME` for the one that carries the key, or `by nature`",
    )
    parameters: dict[Name, Parameter] = Field(default_factory=dict)
    rows: str = Field(default="", description="where the rows stand in the answer; all of it when empty")
    row: dict[Name, Column] = Field(default_factory=dict)
    receipt: str | None = Field(default=None, description="where a write's receipt number stands")
    example: list[dict[str, Any]] = Field(
        default_factory=list, description="rows that the sandbox city answers with"
    )

    @model_validator(mode="after")
    def _consistent(self) -> ImportedOperation:
        if self.effect == "write" and (self.idempotency is None or self.receipt is None):
            raise ValueError(
                "a write needs `idempotency` and `receipt`: nothing is sent twice or without one"
            )
        if self.kind == "mcp" and not self.tool:
            raise ValueError("an operation of an MCP server needs `tool`")
        if self.kind == "openapi" and not self.path.startswith("/"):
            raise ValueError("an operation over HTTP needs `path`, beginning with /")
        unknown = sorted({name for row in self.example for name in row} - set(self.row))
        if unknown:
            raise ValueError(f"`example` has fields that `row` has not: {', '.join(unknown)}")
        return self

    def declared(self, service: str) -> Operation:
        """The operation as service files see it."""
        return Operation(
            name=f"{PROVIDER}.{service}",
            effect=Effect(self.effect),
            parameters={
                name: operations.Field(one.type, one.says, one.optional)
                for name, one in self.parameters.items()
            },
            row={name: operations.Field(one.type, one.says, one.optional) for name, one in self.row.items()},
            source=self.source,
        )


Imported = Mapping[str, ImportedOperation]
"""Imported operations by their whole name, ``imported.<service id>``."""


def load_imported(folder: Path) -> dict[str, ImportedOperation]:
    """Every ``operation.yaml`` of a catalogue.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    found, errors = read_imported(folder)
    if errors:
        raise errors[0]
    return found


def read_imported(folder: Path) -> tuple[dict[str, ImportedOperation], list[CatalogueError]]:
    """Read what can be read, and list everything that is wrong with the rest."""
    found: dict[str, ImportedOperation] = {}
    errors: list[CatalogueError] = []
    for file in sorted((folder / "services").glob(f"*/{OPERATION_FILE}")):
        try:
            document = read_yaml(file)
        except CatalogueError as error:
            errors.append(error)
            continue
        wrong = [*blanks(document)]
        try:
            found[f"{PROVIDER}.{file.parent.name}"] = ImportedOperation.model_validate(document.data)
        except ValidationError as error:
            wrong += [
                document.error([str(part) for part in one["loc"]], _words(one)) for one in error.errors()
            ]
        errors += wrong
    return found, errors


def declared(imported: Imported) -> dict[str, Operation]:
    """The operations as service files see them, by name."""
    return {name: one.declared(name.removeprefix(f"{PROVIDER}.")) for name, one in imported.items()}


def _words(problem: Any) -> str:
    where = ".".join(str(part) for part in problem["loc"]) or OPERATION_FILE
    return f"{where}: {problem['msg'].removeprefix('Value error, ')}"
