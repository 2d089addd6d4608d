"""Writes values into the text of a YAML file so that what did not change stays as it is written. Pure."""

from __future__ import annotations

from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from donghaeng.city.services.positions import plain_of

_WIDE: Final = 10_000


def rewritten(text: str, data: Any) -> str:
    """``text`` with the values of ``data``: comments, quotes and order stay where nothing changed.

    Args:
        text: YAML that can be read, or nothing.
        data: plain values.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = yaml.load(text) if text.strip() else None
    if tree is not None and _same(plain_of(tree), data):
        return text
    stream = StringIO()
    yaml.dump(_merged(tree, data), stream)
    return stream.getvalue()


def _merged(tree: Any, data: Any) -> Any:
    if tree is not None and _same(plain_of(tree), data):
        return tree
    if isinstance(tree, CommentedMap) and isinstance(data, dict):
        merged = {name: _merged(tree.get(name), value) for name, value in data.items()}
        kept = [name for name in tree if name in merged]
        if kept != [name for name in merged if name in tree]:
            return CommentedMap(merged)
        for name in [one for one in tree if one not in merged]:
            del tree[name]
        for place, (name, value) in enumerate(merged.items()):
            if name in tree:
                tree[name] = value
            else:
                tree.insert(place, name, value)
        return tree
    if isinstance(tree, CommentedSeq) and isinstance(data, list):
        return [_merged(tree[at] if at < len(tree) else None, one) for at, one in enumerate(data)]
    return data


def _same(one: Any, other: Any) -> bool:
    """Equal, in the same order, and true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)
