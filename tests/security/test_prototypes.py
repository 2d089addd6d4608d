"""Prototype pollution: no script of ours writes under a name that comes from outside, and what is looked up
under such a name is a table without a prototype, a Map or an array."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "src" / "donghaeng" / "web"
SCRIPTS = sorted([*(WEB / "page").rglob("*.js"), *(WEB / "console" / "static").rglob("*.js")])

COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.S)
STEP = r"(?:[\w$#.?]*[\w$]|\]|\))\[(?![\"'`\d\]])[^\][]+\]"
WRITE = re.compile(rf"({STEP})\s*(?:=(?![=>])|\+=|-=|\?\?=|\|\|=|&&=|\+\+)")
READ = re.compile(r"([\w$#.]*[\w$])(?:\?\.)?\[([A-Za-z_$][\w$.]*(?:\s*[-+]\s*\d)?)\]")
DYNAMIC_MEMBER = re.compile(r"[{,]\s*\[(?![\"'`])[^\]]+\]\s*:")
FORBIDDEN = {
    "names of prototypes": r"\.__proto__|[\"'`]__proto__|\.prototype\b|\.constructor\b|[\"'`]constructor\b",
    "changes of prototypes": r"setPrototypeOf|defineProperty|defineProperties|Reflect\.set",
    "every name of an object, inherited ones too": r"for\s*\(\s*(?:const|let|var)\s+\w+\s+in\s",
    "objects made of names from outside": r"Object\.fromEntries",
    "text that runs": r"\beval\(|new Function|set(?:Timeout|Interval)\(\s*[\"'`]|document\.write",
}
NUMBERED = {
    *("channel", "samples", "input", "mono", "this.frame", "mixed"),
    *("trials", "trial.shown", "rows", "lines", "this.volumes"),
}
"""Arrays, whose places are counted here and named by nobody."""
WRITTEN = {
    ("capture-worklet.js", "this.frame[this.filled]"),
    ("capture-worklet.js", "mono[i]"),
    ("loudspeaker.js", "channel[i]"),
    ("desk-voice.js", "channel[i]"),
    # A new element; its callers write the names out, as the test below asks.
    ("cards.js", "made[key]"),
}
"""Every write under a name that is computed."""
ASSIGNED = {
    ("browser_voice.js", "Object.assign(utterance,"),
    ("widget.js", "Object.assign(document.createElement(name), properties"),
}
"""Every copy of members onto another object: each onto a new one, of names that are written out."""


def code(path: Path) -> str:
    """A script without its comments."""
    return COMMENT.sub("", path.read_text("utf-8"))


def without_prototype(name: str, text: str) -> bool:
    """Whether ``name`` is made in ``text`` as a table that inherits nothing."""
    made = rf"(?<![\w.]){re.escape(name)}\s*=\s*(?:Object\.freeze\()?\{{\s*__proto__:\s*null\b"
    return re.search(made, text) is not None


def test_there_are_scripts_to_look_at() -> None:
    assert len(SCRIPTS) > 30
    assert {"live.js", "desk.js", "widget.js"} <= {path.name for path in SCRIPTS}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_script_touches_what_objects_are_born_with(what: str) -> None:
    found = [(path.name, hit[0]) for path in SCRIPTS for hit in re.finditer(FORBIDDEN[what], code(path))]
    assert found == []


def test_nothing_is_written_under_a_name_from_outside() -> None:
    found = {(path.name, hit[1]) for path in SCRIPTS for hit in WRITE.finditer(code(path))}
    assert found == WRITTEN
    members = [(path.name, hit[0]) for path in SCRIPTS for hit in DYNAMIC_MEMBER.finditer(code(path))]
    assert members == []


def test_members_are_copied_onto_new_objects_alone() -> None:
    found = {
        (path.name, " ".join(hit[0].split()))
        for path in SCRIPTS
        for hit in re.finditer(r"Object\.assign\((?:[^()]|\([^()]*\))*[{)]", code(path))
    }
    assert {(name, text.partition("{")[0].rstrip(" )")) for name, text in found} == ASSIGNED


def test_properties_of_elements_are_written_out() -> None:
    for path in SCRIPTS:
        for call in re.finditer(r"\belement\(\s*[^,()]+,\s*([^\s{][^,)]*|\{[^}]*\.\.\.[^}]*)", code(path)):
            assert path.name in {"cards.js", "widget.js"}, (path.name, call[0])
            assert "properties" in call[0], "the maker itself"


def test_tables_that_are_looked_into_by_a_name_inherit_nothing() -> None:
    everything = "\n".join(code(path) for path in SCRIPTS)
    for path in SCRIPTS:
        text = code(path)
        for table, name in READ.findall(text):
            if table in NUMBERED or (path.name, f"{table}[{name}]") in WRITTEN:
                continue
            own = without_prototype(table, text)
            imported = re.search(rf"import \{{[^}}]*\b{re.escape(table)}\b", text) is not None
            passed = path.name == "keys.js" and table == "actions"
            assert own or ((imported or passed) and without_prototype(table, everything)), (
                f"{path.name}: {table}[{name}]: begin the table with `__proto__: null`"
            )


@pytest.mark.parametrize(
    "line",
    [
        "kept[key] = value;",
        "this.words[message.type] = message;",
        "all[name] ??= [];",
        "count[word] += 1;",
        "target[one][two] = 3;",
    ],
)
def test_the_patterns_find_what_they_are_for(line: str) -> None:
    assert WRITE.search(line)


def test_the_patterns_leave_alone_what_is_written_out() -> None:
    for line in ('kept["key"] = value;', "rows[0] = 1;", "if (WORDS[kind] === one) x();", "const [a] = b;"):
        assert not WRITE.search(line)
    assert READ.findall("WORDS[seen.status]") == [("WORDS", "seen.status")]
    assert not without_prototype("WORDS", "const WORDS = { a: 1 };")
    assert without_prototype("WORDS", "export const WORDS = {\n  __proto__: null,\n};")
