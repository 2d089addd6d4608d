"""Make ``.venv`` what the lock files say, visibly and resumably: ``python3 -m tools.bootstrap run|test``.

Standard library only. pip does the work in small batches of pinned, hash-checked packages, so an interrupted
installation goes on where it stopped, and nothing is ever compiled.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TextIO

from tools.errors import SetupError
from tools.lockfile import Pin, batches, installed_versions, missing, parse_lock, remove_interrupted
from tools.progress import Display, clock_text, read_step
from tools.stamp import digest, read_stamps, write_stamps

CHECKOUT = Path(__file__).resolve().parents[1]
ENVIRONMENT = CHECKOUT / ".venv"
WORKSPACE = CHECKOUT / ".cache" / "bootstrap"
"""Downloads in flight: on the checkout's own disk, because ``/tmp`` may be small memory."""

LOCKS = {"run": "requirements/run.txt", "test": "requirements/test.txt"}
INCLUDES = {"run": ("run",), "test": ("run", "test")}
"""What an installed profile satisfies: the test lock holds every pin of the run lock."""

DISK_BYTES = {"run": 1_800_000_000, "test": 2_800_000_000}
"""Free bytes that a fresh installation wants: the packages and the downloads in flight."""

PACKED_HERE = frozenset({"kiwipiepy-model"})
"""Published without a wheel; mere data, so packing it needs ``setuptools`` (requirements/build.in) and no
compiler. ``requirements/lock.sh`` names them too."""

NEWEST_PYTHON = (3, 14)
REDRAW_SECONDS = 0.2
OUTPUT_TAIL_LINES = 15

REMEDIES = (
    (
        ("No space left on device", "Errno 28"),
        "free some disk space, then run the same command again: it goes on where it stopped",
    ),
    (
        ("DO NOT MATCH THE HASHES",),
        "a download differs from the lock file: try again, and ask whoever runs your package mirror "
        "or proxy if it happens twice",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLError"),
        "your network replaces certificates: point PIP_CERT at your organisation's certificate file",
    ),
    (
        (
            "Failed to establish a new connection",
            "Temporary failure in name resolution",
            "Name or service not known",
            "Connection refused",
            "ConnectTimeoutError",
            "Read timed out",
            "ReadTimeoutError",
            "NewConnectionError",
            "ProxyError",
            "Connection aborted",
            "Network is unreachable",
        ),
        "the package index cannot be reached: check the network (behind a proxy set HTTPS_PROXY, with a "
        "mirror set PIP_INDEX_URL), then run the same command again: it goes on where it stopped",
    ),
    (
        ("No matching distribution found", "Could not find a version"),
        "either the package index or mirror cannot be reached or lacks this version (check the network, "
        "HTTPS_PROXY and PIP_INDEX_URL), or there is no ready-made package for this machine: Donghaeng needs "
        "64-bit Linux (x86_64 or aarch64) with glibc 2.28 or newer and Python 3.11 to 3.14",
    ),
)
"""Signs in pip's output → what helps; the first that fits is shown."""


def remedy_for(output: str) -> str:
    """What a person can do about a failed pip run, judged by its output."""
    for signs, remedy in REMEDIES:
        if any(sign in output for sign in signs):
            return remedy
    return "read pip's words above; `make clean` and the same command again start afresh"


def check_python(version: tuple[int, int], has_ensurepip: bool) -> None:
    """Refuse a Python without ready-made packages or without the venv module.

    Raises:
        SetupError: with the command that mends it.
    """
    if version > NEWEST_PYTHON:
        newest = ".".join(map(str, NEWEST_PYTHON))
        raise SetupError(
            f"Python {version[0]}.{version[1]} is newer than the packages that Donghaeng needs",
            remedy=f"name a Python from 3.11 to {newest}: make run PYTHON=python{newest}",
        )
    if not has_ensurepip:
        raise SetupError(
            "this Python cannot make virtual environments: its venv module is not installed",
            remedy=f"apt-get install python{version[0]}.{version[1]}-venv, then the same command again",
        )


def check_disk(profile: str, missing_share: float, free_bytes: int) -> None:
    """Refuse to begin what the disk cannot hold; ``missing_share`` (0 to 1) is how much is yet to come.

    Raises:
        SetupError: with both figures.
    """
    wanted = int(DISK_BYTES[profile] * missing_share)
    if free_bytes < wanted:
        raise SetupError(
            f"not enough disk space in {CHECKOUT}: "
            f"{free_bytes / 1e9:.1f} GB free, {wanted / 1e9:.1f} GB needed",
            remedy="free some space or put the checkout on another disk",
        )


def base_python() -> Path:
    """The Python behind this process, outside any virtual environment (which may be the one to replace)."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    outside = Path(sys.base_prefix) / "bin" / version
    return outside if outside.is_file() else Path(sys.executable)


def environment_python() -> Path:
    """The interpreter inside the environment."""
    return ENVIRONMENT / "bin" / "python"


def environment_version() -> str | None:
    """``3.11`` for a usable environment, None where there is none, it is broken, or it was made elsewhere."""
    try:
        made_with = (ENVIRONMENT / "pyvenv.cfg").read_text(encoding="utf-8")
        pip_line = (ENVIRONMENT / "bin" / "pip").open(encoding="utf-8").readline()
        probe = subprocess.run(
            [environment_python(), "-I", "-c", "import pip, sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    lies_here = str(ENVIRONMENT / "bin") in pip_line
    return probe.stdout.strip() if made_with and lies_here else None


def make_environment(say: TextIO) -> None:
    """Create ``.venv`` unless a usable one of this Python is there.

    Raises:
        SetupError: the venv module fails.
    """
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if environment_version() == wanted:
        return
    check_python(sys.version_info[:2], importlib.util.find_spec("ensurepip") is not None)
    say.write(f"Making .venv with Python {wanted}\n")
    say.flush()
    made = subprocess.run(
        [base_python(), "-I", "-m", "venv", "--clear", ENVIRONMENT],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise SetupError(
            f"could not make {ENVIRONMENT}: {(made.stderr or made.stdout).strip()}",
            remedy=f"apt-get install python{wanted}-venv, or check that the folder may be written",
        )


def site_packages() -> Path:
    """Where the environment's packages lie."""
    return ENVIRONMENT / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def pip_environment(environ: Mapping[str, str], workspace: Path) -> dict[str, str]:
    """The variables for pip: index and proxy settings stay, nothing is written outside the checkout."""
    variables = dict(environ)
    variables["TMPDIR"] = str(workspace)
    variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    variables["PIP_NO_INPUT"] = "1"
    variables["PIP_USER"] = "0"
    if "PIP_CACHE_DIR" not in environ:
        variables["PIP_NO_CACHE_DIR"] = "1"
    return variables


def run_pip(arguments: Sequence[str | Path], display: Display) -> None:
    """Run pip and show what it does.

    Raises:
        SetupError: pip failed; its last lines are in the message.
    """
    command = [environment_python(), "-I", "-m", "pip", "install", "--progress-bar", "off", *arguments]
    lines: queue.Queue[str | None] = queue.Queue()
    output: list[str] = []
    fetched_before = display.megabytes
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=pip_environment(os.environ, WORKSPACE),
        cwd=CHECKOUT,
    ) as pip:
        assert pip.stdout is not None
        threading.Thread(target=_pump, args=(pip.stdout, lines), daemon=True).start()
        try:
            while (line := _next_line(lines)) is not None:
                if line:
                    output.append(line)
                    if step := read_step(line):
                        display.label = step.label
                display.megabytes = max(display.megabytes, fetched_before + _megabytes_in(WORKSPACE))
                display.draw()
        except BaseException:
            pip.terminate()
            raise
    if pip.returncode != 0:
        told = "".join(output[-OUTPUT_TAIL_LINES:]).rstrip()
        raise SetupError(f"pip could not install:\n{told}", remedy=remedy_for("".join(output)))


def _pump(stream: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _next_line(lines: queue.Queue[str | None]) -> str | None:
    """The next line, "" when none came in time for a redraw, None at the end."""
    try:
        return lines.get(timeout=REDRAW_SECONDS)
    except queue.Empty:
        return ""


def _megabytes_in(folder: Path) -> float:
    """What lies there as packages; pip moves and deletes while we look, so what vanishes counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith((".whl", ".tar.gz")):
                with suppress(FileNotFoundError):
                    total += (Path(place) / name).stat().st_size
    return total / 1e6


def install_pins(pins: Sequence[Pin], display: Display) -> None:
    """Install the pins batch by batch, hash-checked, from wheels alone; then those without one.

    Raises:
        SetupError: pip failed.
    """
    wheels = [pin for pin in pins if pin.name not in PACKED_HERE]
    for batch in [*batches(wheels), *([pin] for pin in pins if pin.name in PACKED_HERE)]:
        chosen = WORKSPACE / "batch.txt"
        chosen.write_text("".join(pin.text for pin in batch), encoding="utf-8")
        packed = [option for pin in batch if pin.name in PACKED_HERE for option in ("--no-binary", pin.name)]
        how = ["--no-deps", "--require-hashes", "--no-build-isolation", "--only-binary", ":all:", *packed]
        run_pip([*how, "-r", chosen], display)
        display.done += len(batch)
        display.draw()


def install_project(display: Display) -> None:
    """Install this checkout itself, editable: its command and its plug-in entry points.

    Raises:
        SetupError: pip failed.
    """
    display.label = "donghaeng"
    run_pip(["--no-deps", "--no-build-isolation", "--no-index", "--editable", CHECKOUT], display)
    display.done += 1
    display.draw()


@contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout against a second bootstrap, which waits; sweep up what an interruption left."""
    WORKSPACE.mkdir(parents=True, exist_ok=True)
    with (WORKSPACE.parent / "bootstrap.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.rmtree(WORKSPACE)
        WORKSPACE.mkdir()
        try:
            yield
        finally:
            shutil.rmtree(WORKSPACE, ignore_errors=True)


def profile_digest(profile: str) -> str:
    """What the stamp of a profile must say for the environment to be up to date."""
    files = [CHECKOUT / LOCKS[profile], CHECKOUT / "pyproject.toml"]
    return digest(f"{sys.version_info[0]}.{sys.version_info[1]}", CHECKOUT, files)


def bootstrap(profile: str, say: TextIO) -> None:
    """Bring ``.venv`` up to a profile; returns at once where it is.

    Raises:
        SetupError: something outside has to be mended first.
    """
    if read_stamps(ENVIRONMENT).get(profile) == profile_digest(profile) and environment_python().exists():
        return
    with alone():
        make_environment(say)
        remove_interrupted(site_packages())
        lock = CHECKOUT / LOCKS[profile]
        pins = parse_lock(lock.read_text(encoding="utf-8"), LOCKS[profile])
        wanted = missing(pins, installed_versions(site_packages()))
        check_disk(profile, len(wanted) / len(pins), shutil.disk_usage(CHECKOUT).free)
        live = say.isatty() and os.environ.get("TERM") != "dumb"
        display = Display(say, total=len(pins) + 1, live=live, done=len(pins) - len(wanted))
        try:
            install_pins(wanted, display)
            install_project(display)
        finally:
            display.close()
        stamps = read_stamps(ENVIRONMENT)
        stamps.update({name: profile_digest(name) for name in INCLUDES[profile]})
        write_stamps(ENVIRONMENT, stamps)
        say.write(f"Installed in {clock_text(display.clock() - display.started)}\n")


def main(arguments: Sequence[str]) -> int:
    """Exit status 0 when the environment is ready, 1 when something must be mended, 2 on wrong usage."""
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        sys.stderr.write(f"usage: python3 -m tools.bootstrap {'|'.join(LOCKS)}\n")
        return 2
    try:
        bootstrap(arguments[0], sys.stdout)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped; the same command goes on where it stopped.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
