"""A page for people: headings, facts, lists and tables, written as text for a terminal or as Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["Block", "Facts", "Item", "Items", "Page", "Paragraph", "Section", "Table", "to_markdown", "to_text"]

Cell = str | int | float
# Control and bidirectional marks could change what a terminal shows.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|&#]")
_URL = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:)]")
_INDENT = "  "
_LABEL_WIDTH = 22


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with values; one label may have several lines."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list, with lines of its own below it."""

    text: str
    marker: str = "-"
    details: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column names."""

    names: Sequence[str]
    rows: Sequence[Sequence[Cell]]


Block = Paragraph | Facts | Items | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it."""

    title: str
    blocks: Sequence[Block]


@dataclass(slots=True)
class Page:
    """A title, what stands right under it, and sections."""

    title: str
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def add(self, title: str, *blocks: Block) -> None:
        """Add a section; nothing happens when there is nothing to put into it."""
        if blocks:
            self.sections.append(Section(title, blocks))


def to_text(page: Page, width: int) -> str:
    """Return the page for a terminal of that width; no colours, nothing cut."""
    parts = ["\n".join(_wrap(page.title, width, ""))]
    parts += [_text_block(block, width) for block in page.blocks]
    for section in page.sections:
        title = _wrap(section.title, width, "")
        parts.append("\n".join([*title, "─" * max(map(_width, title))]))
        blocks = [_text_block(block, width) for block in section.blocks]
        parts[-1] += "\n" + "\n\n".join(blocks)
    return "\n\n".join(parts) + "\n"


def to_markdown(page: Page) -> str:
    """Return the page as Markdown."""
    parts = [f"# {_escape(page.title)}"]
    parts += [_markdown_block(block) for block in page.blocks]
    for section in page.sections:
        parts.append(f"## {_escape(section.title)}")
        parts += [_markdown_block(block) for block in section.blocks]
    return "\n\n".join(parts) + "\n"


def _text_block(block: Block, width: int) -> str:
    if isinstance(block, Paragraph):
        return "\n".join(_wrap(block.text, width, ""))
    if isinstance(block, Facts):
        size = min(max((_width(label) for label, _ in block.rows), default=0), _LABEL_WIDTH)
        lines: list[str] = []
        for label, value in block.rows:
            head = label + " " * max(size - _width(label), 0) + _INDENT
            lines += _wrap(value, width, head, " " * (size + len(_INDENT)))
        return "\n".join(lines)
    if isinstance(block, Items):
        size = max((_width(item.marker) for item in block.items), default=0) + 1
        lines = []
        for item in block.items:
            head = item.marker + " " * (size - _width(item.marker))
            lines += _wrap(item.text, width, head, " " * size)
            for detail in item.details:
                lines += _wrap(detail, width, " " * size, " " * (size + 2))
        return "\n".join(lines)
    from twingraph.answers.layout import text_table

    return text_table(_tsv(block), width=width).rstrip("\n")


def _markdown_block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _escape(block.text)
    if isinstance(block, Facts):
        return "\n".join(f"- **{_escape(label)}:** {_escape(value)}" for label, value in block.rows)
    if isinstance(block, Items):
        lines = []
        for item in block.items:
            marker = "" if item.marker == "-" else _escape(item.marker) + " "
            lines.append(f"- {marker}{_escape(item.text)}")
            lines += [f"  - {_escape(detail)}" for detail in item.details]
        return "\n".join(lines)
    from twingraph.answers.layout import markdown_table

    return markdown_table(_tsv(block)).rstrip("\n")


def _tsv(table: Table) -> bytes:
    """Return a table as SPARQL's TSV, which the layout of query results takes."""
    lines = ["\t".join(f"?{name}" for name in table.names)]
    lines += ["\t".join(_tsv_cell(cell) for cell in row) for row in table.rows]
    return ("\n".join(lines) + "\n").encode()


def _tsv_cell(cell: Cell) -> str:
    if isinstance(cell, int):
        return str(cell)
    if cell == "":
        return ""
    text = str(cell).replace("\\", "\\\\").replace('"', '\\"').replace("\t", " ").replace("\n", " ")
    return f'"{text}"'


def _clean(text: str) -> str:
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text.replace("\n", " ").replace("\t", " "))


def _escape(text: str) -> str:
    """Return text that Markdown shows as it is, with web addresses as links."""
    parts: list[str] = []
    done = 0
    text = _clean(text)
    for match in _URL.finditer(text):
        parts += [_MARKDOWN.sub(r"\\\g<0>", text[done : match.start()]), f"<{match[0]}>"]
        done = match.end()
    return "".join(parts) + _MARKDOWN.sub(r"\\\g<0>", text[done:])


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for East Asian wide letters."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _wrap(text: str, width: int, head: str, rest: str | None = None) -> list[str]:
    """Break a text at spaces; a word that is too long, such as a web address, stays whole."""
    rest = head if rest is None else rest
    lines: list[str] = []
    line, size, is_empty = head, _width(head), True
    for word in _words(_clean(text)):
        length = _width(word)
        if not is_empty and size + 1 + length > width:
            lines.append(line.rstrip())
            line, size, is_empty = rest, _width(rest), True
        line += word if is_empty else f" {word}"
        size += length + (not is_empty)
        is_empty = False
    return [*lines, line.rstrip()]


def _words(text: str) -> Iterable[str]:
    return text.split(" ")
