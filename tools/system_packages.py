"""System packages that the tests need: look, install with apt-get where allowed, else say what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.errors import SetupError

APT_TRIES = 2


@dataclass(frozen=True, slots=True)
class SystemPackage:
    """A Debian package: ``why`` the tests need it, and what shows that it (or its like) is there.

    Present when any of ``commands`` is on the path or any of ``files`` (glob patterns from /) matches.
    """

    name: str
    why: str
    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


PACKAGES = (
    SystemPackage("chromium", "page tests in a real browser", commands=("chromium", "chromium-browser")),
    SystemPackage(
        "fonts-nanum", "Korean letters in the page's pictures", files=("usr/share/fonts/**/Nanum*",)
    ),
    SystemPackage("espeak-ng", "the last fallback voice", commands=("espeak-ng",)),
    SystemPackage("baresip-core", "a real SIP telephone that calls the agent", commands=("baresip",)),
    SystemPackage("sip-tester", "many quick SIP calls, and broken ones", commands=("sipp",)),
    SystemPackage(
        "clamav-daemon", "a real virus scanner that looks through uploads", files=("usr/sbin/clamd",)
    ),
    SystemPackage("sox", "recordings with noise, other rates and other codecs", commands=("sox",)),
    SystemPackage(
        "postgresql",
        "the repositories on PostgreSQL",
        files=("usr/lib/postgresql/*/bin/postgres", "usr/bin/postgres", "usr/local/pgsql/bin/postgres"),
    ),
)


def is_present(package: SystemPackage, root: Path = Path("/")) -> bool:
    """Whether the package, or another that gives the same, is installed."""
    if any(shutil.which(command) for command in package.commands):
        return True
    return any(next(root.glob(pattern), None) is not None for pattern in package.files)


def absent(packages: Iterable[SystemPackage], root: Path = Path("/")) -> list[SystemPackage]:
    """The packages that are not installed, in the order given."""
    return [package for package in packages if not is_present(package, root)]


def advice(packages: Sequence[SystemPackage]) -> str:
    """What a person without root has to ask for, with the reason for each."""
    reasons = "\n".join(f"  {package.name:<12} {package.why}" for package in packages)
    names = " ".join(package.name for package in packages)
    return (
        f"The tests need these system packages:\n{reasons}\nInstall them with:\n  apt-get install -y {names}"
    )


Run = Callable[[Sequence[str]], int]


def run_command(command: Sequence[str]) -> int:
    """Run apt-get without questions; its words go to this process's output. Returns the exit status."""
    environment: Mapping[str, str] = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, stdin=subprocess.DEVNULL, env=environment, check=False).returncode


def install(packages: Sequence[SystemPackage], run: Run = run_command) -> None:
    """Install with apt-get: the lists are brought up to date first, and all is tried twice.

    Raises:
        SetupError: apt-get failed twice.
    """
    names = [package.name for package in packages]
    for _ in range(APT_TRIES):
        updated = run(["apt-get", "-q", "update"]) == 0
        command = ["apt-get", "-q", "-y", "--no-install-recommends", "install", *names]
        if updated and run(command) == 0:
            return
    raise SetupError(
        f"apt-get could not install {' '.join(names)}",
        remedy="read its words above; check the network and /etc/apt/sources.list, then try again",
    )


def main() -> int:
    """Exit status 0 when all are there, 1 when apt-get failed, 2 when somebody else has to install them."""
    lacking = absent(PACKAGES)
    if not lacking:
        return 0
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.stderr.write(advice(lacking) + "\n")
        return 2
    sys.stdout.write(f"Installing system packages: {' '.join(package.name for package in lacking)}\n")
    sys.stdout.flush()
    try:
        install(lacking)
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    still_lacking = absent(lacking)
    if still_lacking:
        sys.stderr.write(
            "apt-get ended well, but these are not to be found:\n" + advice(still_lacking) + "\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
