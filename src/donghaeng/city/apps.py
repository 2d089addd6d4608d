"""Public apps and sites that the agent can open: the table and the search in it.

The table is ``catalogue/lexicon/public_apps.yaml``. Its names are also the values of the slot ``app``. A
telephone number is told only where its entry says that it is verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from donghaeng.city.local import LocalOperation, LocalOperations
from donghaeng.city.operations import Answer, City
from donghaeng.city.services.positions import Document, read_yaml

APPS_FILE: Final = "public_apps.yaml"
"""The table's file in ``catalogue/lexicon``."""

_Words = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
_OFFICE: Final = "구청"
_MARKETS: Final = {"android": "play.google.com", "ios": "apps.apple.com"}


class PublicApp(BaseModel):
    """One app or site."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    purpose: Annotated[str, StringConstraints(min_length=5, max_length=80)] = Field(
        description="what it is for, in a plain sentence or two"
    )
    says: list[_Words] = Field(min_length=1, description="other ways in which people ask for it")
    url: str | None = Field(default=None, description="the operator's official address, https")
    android: str | None = Field(default=None, description="address in Google's market")
    ios: str | None = Field(default=None, description="address in Apple's market")
    phone: str | None = Field(
        default=None, pattern=r"^[0-9-]{3,13}$", description="telephone of the operator"
    )
    verified: bool = Field(description="number and address stand in `source`; else the number is not told")
    source: str = Field(min_length=1)

    @field_validator("purpose")
    @classmethod
    def _sentence(cls, text: str) -> str:
        if not text.endswith("."):
            raise ValueError("is no sentence: it ends with a full stop")
        return text

    @field_validator("url", "android", "ios")
    @classmethod
    def _address(cls, address: str | None) -> str | None:
        parts = urlsplit(address or "")
        if address is not None and (
            parts.scheme != "https" or not parts.hostname or parts.username or "." not in parts.hostname
        ):
            raise ValueError("is no https address")
        return address

    @field_validator("android", "ios")
    @classmethod
    def _market(cls, address: str | None, info: Any) -> str | None:
        if address is not None and urlsplit(address).hostname != _MARKETS[info.field_name]:
            raise ValueError(f"is not at {_MARKETS[info.field_name]}")
        return address


class PublicApps(Mapping[str, PublicApp]):
    """The table by official name."""

    def __init__(self, apps: Mapping[str, PublicApp]) -> None:
        self._apps = dict(apps)
        self._ways = {
            _key(way): name for name, app in self._apps.items() for way in (*app.says, app.id, name)
        }

    def __getitem__(self, name: str) -> PublicApp:
        return self._apps[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def find(self, asked: str, *, district: str | None = None) -> str | None:
        """The official name of what was asked for; "구청" alone is the office of ``district``."""
        key = _key(asked)
        if district is not None and key.startswith(_OFFICE):
            key = _key(district.removesuffix("구") + _OFFICE)
        return self._ways.get(key)

    def row(self, name: str) -> dict[str, Any]:
        """An entry as the operation ``apps.find`` gives it; None for what is unknown or not to be told."""
        app = self._apps[name]
        return {
            "id": app.id,
            "name": name,
            "purpose": app.purpose,
            "url": app.url,
            "site": urlsplit(app.url).hostname if app.url else None,
            "android": app.android,
            "ios": app.ios,
            "phone": app.phone if app.verified else None,
        }


def app_operations(apps: PublicApps) -> LocalOperations:
    """What the table carries out, by name of the operation."""

    async def find(city: City, arguments: Mapping[str, Any], now: datetime) -> Answer:
        del city, now
        name = apps.find(str(arguments["app"]), district=arguments.get("district"))
        return Answer(rows=() if name is None else (apps.row(name),))

    return MappingProxyType({"apps.find": LocalOperation(find, lambda given: ("open_app",))})


def load_public_apps(file: Path) -> PublicApps:
    """Read the table.

    Raises:
        CatalogueError: the first thing that is wrong, with file and line.
    """
    document = read_yaml(file)
    entries = document.data if isinstance(document.data, dict) else {}
    if not entries:
        raise document.error([], "holds no apps", remedy="see the table's first lines")
    apps: dict[str, PublicApp] = {}
    for name, entry in entries.items():
        try:
            apps[str(name)] = PublicApp.model_validate(entry)
        except ValidationError as error:
            problem = error.errors()[0]
            at = [part for part in problem["loc"] if isinstance(part, str | int)]
            message = problem["msg"].removeprefix("Value error, ")
            raise document.error([name, *at], f"{'.'.join(map(str, [name, *at]))}: {message}") from None
    _refuse_twice(document, apps)
    return PublicApps(apps)


def _refuse_twice(document: Document, apps: Mapping[str, PublicApp]) -> None:
    """No id and no way of saying belongs to two entries."""
    owner: dict[tuple[str, str], str] = {}
    for name, app in apps.items():
        said: list[tuple[list[str | int], str, str]] = [([name, "id"], "id", app.id), ([name], "way", name)]
        said += [([name, "says", index], "way", way) for index, way in enumerate(app.says)]
        for path, kind, value in said:
            other = owner.setdefault((kind, _key(value)), name)
            if other != name:
                raise document.error(
                    path, f"{value!r} stands under {other!r} too", remedy="leave it to one of them"
                )


def _key(words: str) -> str:
    return "".join(words.split()).lower()
