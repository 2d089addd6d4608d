"""Runs of conversation tests as JUnit XML, which every build server shows.

Four elements of one file are written here with the standard library; a library for reading and merging such
files would bring nothing that is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as Xml

from donghaeng.conversation.scenario_report import plain, report
from donghaeng.conversation.scenario_runner import Verdict
from donghaeng.errors import InputError

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow (W3C XML 1.0, production 2)."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a scenario."""

    suite: str
    """The service, or the name of the scenario's file."""
    verdict: Verdict
    number: int = 1
    repeated: bool = False


def write_junit(file: Path, runs: Sequence[Run]) -> None:
    """Write ``runs`` to ``file``: a suite for each service, a case for each run, with the conversation.

    Raises:
        InputError: the file cannot be written.
    """
    root = Xml.Element("testsuites", _counts("donghaeng conversation tests", runs))
    for suite in dict.fromkeys(run.suite for run in runs):
        own = [run for run in runs if run.suite == suite]
        below = Xml.SubElement(root, "testsuite", _counts(suite, own))
        for run in own:
            _case(below, run)
    Xml.indent(root)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        Xml.ElementTree(root).write(file, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        remedy = "choose a file that can be written"
        raise InputError(f"{file}: cannot be written ({error.strerror})", remedy=remedy) from None


def _case(suite: Xml.Element, run: Run) -> None:
    verdict = run.verdict
    name = f"{verdict.scenario} (run {run.number})" if run.repeated else verdict.scenario
    case = Xml.SubElement(
        suite,
        "testcase",
        {"classname": _clean(run.suite), "name": _clean(name), "time": f"{verdict.seconds:.3f}"},
    )
    talk = _clean(plain(report(verdict, name)))
    if not verdict.passed:
        step = f"turn {verdict.failed_step}: " if verdict.failed_step is not None else ""
        Xml.SubElement(case, "failure", {"message": _clean(f"{step}{verdict.why}")}).text = talk
    else:
        Xml.SubElement(case, "system-out").text = talk


def _counts(name: str, runs: Sequence[Run]) -> dict[str, str]:
    return {
        "name": _clean(name),
        "tests": str(len(runs)),
        "failures": str(sum(not run.verdict.passed for run in runs)),
        "errors": "0",
        "time": f"{sum(run.verdict.seconds for run in runs):.3f}",
    }


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
