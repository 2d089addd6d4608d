"""The lock files are whole, name no place to fetch from, and fit pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from tools.errors import SetupError
from tools.lockfile import (
    Pin,
    batches,
    installed_versions,
    missing,
    normalise,
    parse_lock,
    remove_interrupted,
)

CHECKOUT = Path(__file__).resolve().parents[2]
RUN_LOCK = CHECKOUT / "requirements/run.txt"
TEST_LOCK = CHECKOUT / "requirements/test.txt"

SAMPLE = """\
# a comment
Ruamel_Yaml==0.19.1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:cc
"""


def project() -> dict[str, object]:
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_pins_keep_their_lines() -> None:
    first, second = parse_lock(SAMPLE)
    assert (first.name, first.version) == ("ruamel-yaml", "0.19.1")
    assert first.text == "Ruamel_Yaml==0.19.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
    assert (second.name, second.version) == ("colorama", "0.4.6")
    assert "sys_platform == 'win32'" in second.text


@pytest.mark.parametrize("line", ["click>=8", "click==8.5.1", "-e .", "--index-url x", "<<<<<<< HEAD"])
def test_what_is_not_a_hashed_pin_is_refused(line: str) -> None:
    with pytest.raises(SetupError, match="make lock"):
        parse_lock(SAMPLE + line + "\n")


@given(
    st.lists(
        st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,8}([._-][A-Za-z0-9]{1,4})?", fullmatch=True),
        unique_by=normalise,
    )
)
def test_joined_batches_are_the_lock(names: list[str]) -> None:
    text = "".join(f"{name}==1.0 \\\n    --hash=sha256:00\n" for name in names)
    pins = parse_lock(text)
    assert [pin.name for pin in pins] == [normalise(name) for name in names]
    assert "".join(pin.text for batch in batches(pins) for pin in batch) == text


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK], ids=lambda path: path.name)
def test_lock_names_no_place_to_fetch_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert not re.search(r"://|--(?!hash=sha256:)\w|/opt|/tmp|/work", text)


def test_test_lock_holds_the_run_lock() -> None:
    run = {(pin.name, pin.version) for pin in parse_lock(RUN_LOCK.read_text(encoding="utf-8"))}
    test = {(pin.name, pin.version) for pin in parse_lock(TEST_LOCK.read_text(encoding="utf-8"))}
    assert run < test
    assert {"pytest", "mypy", "types-psutil"}.isdisjoint(name for name, _ in run)


@pytest.mark.parametrize(("lock", "extras"), [(RUN_LOCK, []), (TEST_LOCK, ["test", "wyoming"])])
def test_lock_fits_the_project(lock: Path, extras: list[str]) -> None:
    described = project()
    wanted = list(described["dependencies"])
    for extra in extras:
        wanted += described["optional-dependencies"][extra]
    pinned = {pin.name: pin.version for pin in parse_lock(lock.read_text(encoding="utf-8"))}
    for text in wanted:
        requirement = Requirement(text)
        version = pinned.get(normalise(requirement.name))
        assert version is not None, f"{text} is not locked: make lock"
        assert requirement.specifier.contains(version), f"{text} is locked at {version}: make lock"


def make_package(site: Path, name: str, *, complete: bool) -> Path:
    info = site / f"{name}.dist-info"
    info.mkdir()
    (info / "RECORD").write_text("")
    if complete:
        (info / "INSTALLER").write_text("pip\n")
    return info


def test_interrupted_packages_do_not_count_and_are_removed(tmp_path: Path) -> None:
    make_package(tmp_path, "SQLAlchemy-2.1.9", complete=True)
    broken = make_package(tmp_path, "huggingface_hub-2.4.0", complete=False)
    assert installed_versions(tmp_path) == {"sqlalchemy": "2.1.9"}
    assert remove_interrupted(tmp_path) == ["huggingface_hub-2.4.0.dist-info"]
    assert not broken.exists()
    assert installed_versions(tmp_path) == {"sqlalchemy": "2.1.9"}


def test_missing_are_absent_or_of_another_version() -> None:
    pins = [Pin(name, "2", "") for name in ("there", "older", "absent")]
    assert [pin.name for pin in missing(pins, {"there": "2", "older": "1"})] == ["older", "absent"]
