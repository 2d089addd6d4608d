"""What one version of a draft holds, as it is stored. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from donghaeng.office.drafts.composing import compose
from donghaeng.office.drafts.editing import Row, Rows, lines_of, reshaped, rows_of
from donghaeng.office.drafts.fields import facts_of
from donghaeng.office.drafts.merging import clashes, merged, settled
from donghaeng.office.drafts.model import About, Extract, Look, Method
from donghaeng.office.drafts.template import Template

MOST_PASSAGES: Final = 40
LONGEST_TYPED: Final = 20_000
"""Characters of one field."""


@dataclass(frozen=True, slots=True)
class Content:
    """One version."""

    typed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By field, as it was typed, whether it fits or not."""
    passages: tuple[Extract, ...] = ()
    rows: Rows = ()
    """The text with the official's own changes; empty before it is composed."""
    composed: tuple[str, ...] = ()
    """The lines that the template made last, by which the official's own changes are known."""
    method: Method = "templates"

    @property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return [row.text for row in self.rows]

    def title(self, template: Template) -> str:
        """What it is called."""
        return self.typed.get("title", "").strip() or template.title

    def edited(self, text: str, *others: Rows) -> Content:
        """With an edited text; ``others`` tell the looks of lines that come from elsewhere."""
        return replace(self, rows=reshaped(lines_of(text), self.rows, *others))


def as_json(content: Content) -> dict[str, Any]:
    """What is stored."""
    return {
        "typed": dict(content.typed),
        "passages": [[one.text, one.source, one.place] for one in content.passages],
        "rows": [[row.text, row.look.value, row.level, row.body] for row in content.rows],
        "composed": list(content.composed),
        "method": content.method,
    }


def from_json(told: Mapping[str, Any]) -> Content:
    """What was stored."""
    return Content(
        MappingProxyType(dict(told["typed"])),
        tuple(Extract(*one) for one in told["passages"]),
        tuple(Row(text, Look(look), level, body) for text, look, level, body in told["rows"]),
        tuple(told["composed"]),
        told["method"],
    )


def composed(template: Template, content: Content, about: About, *, afresh: bool) -> tuple[Content, int]:
    """With the text that the template makes of the facts now, and how many places keep the official's own
    words although the facts changed them too.

    Args:
        template: the kind of document.
        content: facts, passages, and the text so far.
        about: for the composing.
        afresh: leave the official's own changes out.

    Raises:
        DraftIncomplete: a fact is missing or of another kind.
    """
    made = rows_of(compose(template, facts_of(template, content.typed), content.passages, about))
    lines = [row.text for row in made]
    if afresh or not content.rows:
        return replace(content, rows=made, composed=tuple(lines), method="templates"), 0
    parts = merged(content.composed, content.lines, lines)
    own = settled(parts, lambda number: "mine")
    rows = reshaped(own, content.rows, made)
    return replace(content, rows=rows, composed=tuple(lines)), len(clashes(parts))


def merged_fields(
    before: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str], names: Sequence[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Two people's facts put together field by field, and theirs where both changed one (mine stands)."""
    together, both = {}, {}
    for name in names:
        was, my, their = (told.get(name, "") for told in (before, mine, theirs))
        if len({was, my, their}) == 3:
            both[name] = their
        together[name] = their if my == was else my
    return together, both
