"""The report on mistakes as an official reads it (Markdown, in Korean) or a program (JSON)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from donghaeng.errors import InputError
from donghaeng.measuring.cases import JsonObject
from donghaeng.measuring.confusions import Confusions, Pull

NO_SERVICE = "해당하는 서비스 없음"
"""Name of the class of what no service covers."""


def write_report(path: Path, found: Confusions, title: str, names: Mapping[str, str]) -> None:
    """Write a report: JSON where the file's name ends in ``.json``, else Markdown.

    Args:
        path: the file.
        found: the report.
        title: what was measured.
        names: names of the classes, where they have other names than their labels.

    Raises:
        InputError: the file cannot be written.
    """
    as_json = path.suffix == ".json"
    text = json.dumps(_as_json(found, title, names), ensure_ascii=False, indent=1) if as_json else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((text or markdown(found, title, names)).rstrip() + "\n", encoding="utf-8")
    except OSError as error:
        remedy = "choose a file that can be written"
        raise InputError(f"{path}: cannot be written ({error.strerror})", remedy=remedy) from None


def _as_json(found: Confusions, title: str, names: Mapping[str, str]) -> JsonObject:
    labels = {one.label for one in found.classes}
    return {
        "title": title,
        "names": {label: name for label, name in names.items() if label in labels},
        **asdict(found),
    }


def markdown(found: Confusions, title: str, names: Mapping[str, str]) -> str:
    """The report as an official reads it."""

    def name(label: str) -> str:
        return f"{names[label]} ({label})" if names.get(label, label) != label else label

    share = found.right / found.cases if found.cases else 0.0
    lines = [
        f"# 혼동 보고 · {title}",
        "",
        f"문장 {found.cases:,}개 가운데 {found.right:,}개({share:.1%})가 맞았어요. "
        f"틀린 짝은 {found.pairs_in_all:,}가지예요.",
        "끌어당긴 말: 그 말을 빼면 잘못 고른 쪽으로 기우는 정도(로그 승산)가 괄호 안만큼 줄어요. "
        "비어 있으면 어느 한 낱말 때문이 아니거나, 서비스를 고르기 전에 정해진 것이에요.",
        "",
        "## 무엇을 무엇으로 잘못 알아들었나",
        "",
    ]
    if found.pairs:
        lines += ["| 맞는 것 | 잘못 고른 것 | 번 | 끌어당긴 말 |", "|---|---|---:|---|"]
        lines += [
            _row(name(pair.right), name(pair.wrong), str(pair.count), _words(pair.words))
            for pair in found.pairs
        ]
        lines.append("")
    for pair in found.pairs:
        lines += [f"### {name(pair.right)} → {name(pair.wrong)}, {pair.count}번", ""]
        lines += [
            f"- {example.text}" + (f" — {_words(example.words)}" if example.words else "")
            for example in pair.examples
        ]
        lines.append("")
    lines += [
        "## 하나씩",
        "",
        "| 이름 | 문장 | 찾아낸 몫 (recall) | 고른 것 중 맞은 몫 (precision) | F1 |",
        "|---|---:|---:|---:|---:|",
    ]
    perfect = [one for one in found.classes if one.f1 == 1.0]
    lines += [
        _row(name(one.label), str(one.cases), _share(one.recall), _share(one.precision), f"{one.f1:.3f}")
        for one in found.classes
        if one.f1 < 1.0
    ]
    if perfect:
        lines += ["", f"모두 맞은 것 {len(perfect)}가지: {', '.join(name(one.label) for one in perfect)}"]
    return "\n".join(lines)


def _words(words: Sequence[Pull]) -> str:
    return ", ".join(f"'{pull.word}' ({pull.weight:+.1f})" for pull in words)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
