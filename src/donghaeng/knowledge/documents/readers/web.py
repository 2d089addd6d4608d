"""HTML (selectolax) and Markdown (markdown-it). What a reader of the page would not see is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from selectolax.lexbor import LexborHTMLParser, LexborNode

from donghaeng.knowledge.documents.blocks import Block, cleaned, heading, paragraph, table
from donghaeng.knowledge.documents.readers.tables import decoded

_UNSEEN: Final = (
    "script, style, template, noscript, head, nav, iframe, object, svg, form, [hidden], [aria-hidden=true]"
)
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?:\.0*)?(?:;|$|\s)|"
    r"text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_DIVIDING: Final = "h1, h2, h3, h4, h5, h6, p, li, table, div, section, article, dl, blockquote"
_BLOCKS: Final = frozenset(("p", "li", "dt", "dd", "blockquote", "pre", "figcaption", "caption", "address"))


def read_html(data: bytes) -> list[Block]:
    """Blocks of a web page.

    Raises:
        DocumentRefused: its letters cannot be read.
    """
    page = LexborHTMLParser(decoded(data))
    for node in page.css(_UNSEEN):
        node.decompose()
    for node in page.css("[style]"):
        if _HIDING.search(node.attributes.get("style") or ""):
            node.decompose()
    return [block for block in _below(page.body) if block.text] if page.body is not None else []


def _below(node: LexborNode) -> Iterator[Block]:
    loose: list[str] = []
    for child in node.iter(include_text=True):
        tag = child.tag
        if tag == "-text":
            loose.append(child.text(deep=False))
            continue
        inline = tag not in _HEADINGS and tag not in _BLOCKS and tag != "table" and not _holds_blocks(child)
        if inline:
            loose.append(child.text(separator=" "))
            continue
        yield paragraph(" ".join(loose))
        loose = []
        if tag in _HEADINGS:
            yield heading(child.text(separator=" "), _HEADINGS[tag])
        elif tag == "table":
            yield from table(
                [[cell.text(separator=" ") for cell in row.css("th, td")] for row in child.css("tr")]
            )
        elif tag in _BLOCKS and not _holds_blocks(child):
            yield paragraph(child.text(separator=" "))
        else:
            yield from _below(child)
    yield paragraph(" ".join(loose))


def _holds_blocks(node: LexborNode) -> bool:
    return any(below.mem_id != node.mem_id for below in node.css(_DIVIDING))


def read_markdown(data: bytes) -> list[Block]:
    """Blocks of Markdown or plain text; HTML in it is not read.

    Raises:
        DocumentRefused: its letters cannot be read.
    """
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(decoded(data))
    blocks: list[Block] = []
    level, rows = 0, list[list[str]]()
    for token in tokens:
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
            case "heading_close":
                level = 0
            case "tr_open":
                rows.append([])
            case "table_close":
                blocks += table(rows)
                rows = []
            case "inline" if rows:
                rows[-1].append(_words(token.children or []))
            case "inline" | "fence" | "code_block":
                text = _words(token.children or []) if token.type == "inline" else token.content
                if cleaned(text):
                    blocks.append(heading(text, level) if level else paragraph(text))
    return blocks


def _words(children: Iterable[Token]) -> str:
    return "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children)
