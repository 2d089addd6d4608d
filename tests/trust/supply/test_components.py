"""What is needed is found by the packages' own words, each once, whatever circles they make."""

from __future__ import annotations

from email.message import Message
from importlib.metadata import Distribution, PackageNotFoundError

from donghaeng.trust.supply.components import installed


class Made(Distribution):
    """A package that is installed nowhere."""

    def __init__(self, name: str, *requires: str, licence: str = "MIT") -> None:
        self._message = Message()
        self._message["Name"], self._message["Version"] = name, "1.0"
        self._message["License-Expression"] = licence
        for one in requires:
            self._message["Requires-Dist"] = one

    def read_text(self, filename: str) -> str | None:
        return self._message.as_string() if filename == "METADATA" else None

    def locate_file(self, path: object) -> object:  # type: ignore[override]
        raise AssertionError(path)


PACKAGES = {
    "app": (
        "App",
        "Left_Part>=1",
        "right; python_version >= '3'",
        "never; python_version < '3'",
        "opt; extra == 'x'",
    ),
    "left-part": ("left-part", "right[more]"),
    "right": ("right", "app", "deep; extra == 'more'", "absent"),
    "deep": ("deep",),
    "opt": ("opt",),
    "never": ("never",),
}


def find(name: str) -> Distribution:
    if name not in PACKAGES:
        raise PackageNotFoundError(name)
    return Made(*PACKAGES[name])


def test_everything_that_is_needed_is_found_once() -> None:
    found = {package.name: package for package in installed("App", find=find)}
    assert sorted(found) == ["app", "deep", "left-part", "right"]
    assert found["app"].needs == ("left-part", "right")
    assert "deep" in found["right"].needs


def test_optional_parts_count_where_they_are_asked_for() -> None:
    assert "opt" in [package.name for package in installed("app", extras=frozenset({"x"}), find=find)]


def test_our_own_packages_are_there() -> None:
    found = {package.name: package for package in installed()}
    assert {"donghaeng", "click", "faster-whisper", "numpy"} <= found.keys()
    assert "click" in found["donghaeng"].needs
    assert "pytest" not in found
