"""Rows as text for people: a table for the terminal and one for Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from twingraph.answers.columns import plain_value, split_rows
from twingraph.vocab import PREFIXES

__all__ = ["aligned_table", "markdown_rows", "markdown_table", "safe_text", "shorten_iri", "text_table"]

_GAP = "  "
# Narrower columns than this make words unreadable; then each row becomes a block of lines instead.
_NARROWEST = 10
_LOCAL = re.compile(r"[\w.%-]+\Z")
_NAMESPACES = sorted(((space, prefix) for prefix, space in PREFIXES.items()), key=lambda item: -len(item[0]))
# Line breaks would break the table; other control and bidirectional marks can change what a terminal shows.
_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"[\\`*_\[\]<>|&]")


@lru_cache(maxsize=4096)
def shorten_iri(iri: str) -> str:
    """Return ``prefix:name`` where a known prefix fits, else the IRI.

    >>> shorten_iri("http://www.wikidata.org/entity/Q64")
    'wd:Q64'
    """
    for namespace, prefix in _NAMESPACES:
        if iri.startswith(namespace) and _LOCAL.match(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def text_table(tsv: bytes, *, width: int | None = None) -> str:
    """Return rows as an aligned table; no value is ever cut.

    Args:
        tsv: the rows in SPARQL's TSV.
        width: columns of the terminal. Cells are wrapped to fit; where that would make columns too
            narrow, every row is written as a block of ``name  value`` lines. None: as wide as needed.
    """
    names, rows = split_rows(tsv)
    texts = [[_plain(cell) for cell in row] for row in rows] if names else []
    numeric = [bool(texts) and all(_is_number(row[index]) for row in rows if row[index]) for index in range(len(names))]
    return aligned_table(names, texts, numeric, width)


def aligned_table(
    names: Sequence[str], texts: Sequence[Sequence[str]], numeric: Sequence[bool], width: int | None
) -> str:
    """Return rows of texts as `text_table` does; columns that are `numeric` are aligned to the right."""
    natural = [max([_width(name), *(_width(row[index]) for row in texts)]) for index, name in enumerate(names)]
    words = [
        max([_width(word) for cell in (name, *(row[index] for row in texts)) for word in cell.split(" ")])
        for index, name in enumerate(names)
    ]
    widths = natural if width is None else _fit_words(natural, words, width) or _fit(natural, width)
    if widths is None:
        return _blocks(names, texts, width or 0)
    lines = [
        _line(names, widths, [False] * len(names)),
        _GAP.join("─" * size for size in widths),
    ]
    for row in texts:
        lines.append(_line(row, widths, numeric))
    if not texts:
        lines.append("(no rows)")
    return "\n".join(line for block in lines for line in block.split("\n")) + "\n"


def markdown_table(tsv: bytes) -> str:
    """Return rows as a Markdown table; web addresses are links with a short text."""
    names, rows = split_rows(tsv)
    return _markdown_lines(names, [[_markdown_cell(cell) for cell in row] for row in rows])


def markdown_rows(names: Sequence[str], texts: Sequence[Sequence[str]]) -> str:
    """Return rows of texts as a Markdown table in which nothing is markup."""
    return _markdown_lines(names, [[_escape(text) for text in row] for row in texts])


def _markdown_lines(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [
        "| " + " | ".join(_escape(name) for name in names) + " |",
        "|" + " --- |" * len(names),
    ]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _plain(cell: str) -> str:
    if not cell:
        return ""
    value = plain_value(cell)[1]
    if cell[0] == "<":
        value = shorten_iri(value)
    return safe_text(value)


def safe_text(value: str) -> str:
    """Return a text without anything that would break a table or change what a terminal shows."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", _BREAKS.sub(" ", value))


def _markdown_cell(cell: str) -> str:
    text = _escape(_plain(cell))
    if cell.startswith(("<http://", "<https://")):
        return f"[{text}](<{cell[1:-1]}>)"
    return text


def _escape(text: str) -> str:
    return _MARKDOWN.sub(lambda match: "\\" + match[0], text)


def _is_number(cell: str) -> bool:
    return plain_value(cell)[0] in ("integer", "float")


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _fit_words(natural: Sequence[int], words: Sequence[int], width: int) -> list[int] | None:
    """Return column widths that fit without breaking a word, taking from the widest first; None if there are none."""
    sizes = list(natural)
    excess = sum(sizes) + len(_GAP) * (len(sizes) - 1) - width
    while excess > 0:
        wide = [index for index, size in enumerate(sizes) if size > words[index]]
        if not wide:
            return None
        widest = max(wide, key=lambda index: sizes[index])
        sizes[widest] -= 1
        excess -= 1
    return sizes


def _fit(natural: Sequence[int], width: int) -> list[int] | None:
    """Return column widths that fit, taking from the widest first; None where that is unreadable."""
    sizes = list(natural)
    room = width - len(_GAP) * (len(sizes) - 1)
    if sum(min(size, _NARROWEST) for size in sizes) > room:
        return None
    while sum(sizes) > room:
        widest = max(sizes)
        next_widest = max([size for size in sizes if size < widest], default=_NARROWEST)
        group = [index for index, size in enumerate(sizes) if size == widest]
        excess = sum(sizes) - room
        step = min(widest - max(next_widest, _NARROWEST), -(-excess // len(group))) or 1
        for index in group:
            sizes[index] -= step
    return sizes


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    wrapped = [_wrap(cell, size) for cell, size in zip(cells, widths, strict=True)]
    lines = []
    for index in range(max((len(part) for part in wrapped), default=0)):
        parts = []
        for part, size, right in zip(wrapped, widths, numeric, strict=True):
            text = part[index] if index < len(part) else ""
            space = " " * (size - _width(text))
            parts.append(space + text if right else text + space)
        lines.append(_GAP.join(parts).rstrip())
    return "\n".join(lines)


def _wrap(text: str, size: int) -> list[str]:
    """Break a text at spaces, and inside words that are too long; widths are those of a terminal."""
    if _width(text) <= size:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if _width(joined) <= size:
            line = joined
            continue
        if line:
            lines.append(line)
        line = ""
        for char in word:
            if line and _width(line + char) > size:
                lines.append(line)
                line = ""
            line += char
    return [*lines, line] if line else lines


def _blocks(names: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    label = max(_width(name) for name in names)
    beside = width - label - len(_GAP) >= _NARROWEST
    blocks = []
    for row in rows:
        lines = []
        for name, text in zip(names, row, strict=True):
            if beside:
                lines.append(_line([name, text], [label, width - label - len(_GAP)], [False, False]))
            else:
                lines += [name, *("  " + part for part in _wrap(text, max(width - 2, 2)))]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks or ["\n".join([*names, "(no rows)"])]) + "\n"
