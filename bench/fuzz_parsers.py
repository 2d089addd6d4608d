"""Looks for crashes of what bytes of anybody reach, led by coverage.

Needs `pip install atheris`, which no other part does. Every target (``measuring/fuzz_targets.py``) has a
process and its share of the time; bytes that crash one are left as ``crash-…`` in the folder given. The last
line is JSON: by target how many inputs were tried, and the crashes.

    python bench/fuzz_parsers.py --seconds 600
    python bench/fuzz_parsers.py --seconds 60 --target masking --crashes /tmp/crashes
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.progress import track

ONE = "--one"
"""The process of a single target; libFuzzer ends it."""
LONGEST = 4096
SLOW_SECONDS = 10
_RUNS = re.compile(rb"stat::number_of_executed_units:\s*(\d+)|Done (\d+) runs")


def fuzz_one(name: str, options: list[str]) -> None:
    """Fuzz one target for ever; libFuzzer's options say how long."""
    import atheris  # noqa: PLC0415  nothing else of the project has it

    with atheris.instrument_imports(include=["donghaeng"], enable_loader_override=False):
        from donghaeng.measuring.fuzz_targets import TARGETS, tried  # noqa: PLC0415  instrumented here
    target = TARGETS[name]
    atheris.Setup([sys.argv[0], *options], lambda data: tried(target, data))
    atheris.Fuzz()


def main() -> int:
    """Fuzz every target; the status is 1 where one crashed."""
    from donghaeng.measuring.fuzz_targets import TARGETS  # noqa: PLC0415  a target's process instruments it

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument(
        "--target", choices=sorted(TARGETS), action="append", help="only this one; repeatable"
    )
    parser.add_argument("--crashes", type=Path, default=Path(tempfile.gettempdir()), help="folder for them")
    given = parser.parse_args()
    names = given.target or sorted(TARGETS)
    seconds = max(1, given.seconds // len(names))
    runs: dict[str, int] = {}
    crashes: list[str] = []
    for name in track(names, description="targets"):
        with tempfile.TemporaryDirectory() as corpus:
            for number, example in enumerate(TARGETS[name].examples):
                (Path(corpus) / str(number)).write_bytes(example)
            crash = given.crashes / f"crash-{name.replace(' ', '-')}-"
            options = [
                *(corpus, f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOW_SECONDS}"),
                *("-print_final_stats=1", f"-artifact_prefix={crash}"),
            ]
            command = [sys.executable, __file__, ONE, name, *options]
            done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603  our own program
        found = [int(one or other) for one, other in _RUNS.findall(done.stderr)]
        runs[name] = max(found, default=0)
        if done.returncode:
            crashes.append(name)
            print(done.stderr.decode(errors="replace")[-2000:], file=sys.stderr)
    print(json.dumps({"kind": "fuzz", "seconds": seconds, "runs": runs, "crashes": crashes}))
    return int(bool(crashes))


if __name__ == "__main__":
    if sys.argv[1:2] == [ONE]:
        fuzz_one(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main())
