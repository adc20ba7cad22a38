"""A table that is being read, whatever its form: its header and rows, how large it may be, and its cells as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twingraph.errors import DataError

__all__ = ["MAX_CELL", "MAX_FILE", "MAX_LINE", "Sheet", "brief", "check_size", "plain", "with_header"]

#: Longest line of a text file, and largest cell, in characters: no table of towns needs more.
MAX_LINE, MAX_CELL = 1 << 20, 10_000
#: Files that are read at once may be this large; text tables are read row by row, so that they may be larger.
MAX_FILE = 256 << 20
#: What packed files (XLSX, Parquet) may grow to, and how many times their size.
MAX_UNPACKED, MAX_RATIO = 1 << 30, 200
#: How many cells the filled ones of a sheet may span: a million rows of 20 columns.
MAX_SPAN = 20_000_000


class Sheet:
    """A table that is being read: its header, and its rows once.

    Attributes:
        header: names of the columns; ``1``, ``2`` … where the file has none.
        rows: ``(row number, cells)``; a row of the wrong length has the length it has.
        row_word: what its rows are called in a locator: ``row`` or ``record``.
        notes: what of the file is not read, in words.
    """

    def __init__(self, header: list[str], rows: Iterator[tuple[int, list[str]]], row_word: str = "row") -> None:
        self.header = header
        self.rows = rows
        self.row_word = row_word
        self.notes: list[str] = []


def with_header(rows: Iterator[tuple[int, list[str]]], has_header: bool, path: Path) -> Sheet:
    """Return a sheet of rows, of which the first may be its header.

    Raises:
        DataError: there are no rows, or two columns have one name.
    """
    number, first = next(rows, (1, []))
    if not first:
        raise DataError("holds no rows", file=path, row=1)
    if not has_header:

        def again() -> Iterator[tuple[int, list[str]]]:
            yield number, first
            yield from rows

        return Sheet([str(place) for place in range(1, len(first) + 1)], again())
    header = [cell.strip() for cell in first]
    for place, name in enumerate(header):
        if name and name in header[:place]:
            raise DataError("two columns have this name; rename one", file=path, row=number, column=name)
    header = [name or str(place) for place, name in enumerate(header, 1)]
    return Sheet(header, rows)


def check_size(path: Path) -> None:
    """See that a file that is read at once is not too large.

    Raises:
        DataError: it is.
    """
    if path.stat().st_size > MAX_FILE:
        raise DataError(
            f"is larger than {MAX_FILE >> 20} MiB; split it, or save it as CSV, which may be larger", file=path
        )


def plain(value: Any, path: Path, row: int) -> str:
    """Return a cell as text: whole numbers without .0, days without a time of midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (list, tuple)):
        return "; ".join(plain(one, path, row) for one in value)
    text = str(value)
    if len(text) > MAX_CELL:
        raise DataError(f"a cell is longer than {MAX_CELL:,} characters", file=path, row=row)
    return text.removesuffix(" 00:00:00").removesuffix("T00:00:00")


def brief(error: BaseException) -> str:
    """Return the first line of what a library says of an error."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200]
