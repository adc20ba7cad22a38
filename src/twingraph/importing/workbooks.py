"""Workbooks (XLSX): checked as packed files before they are opened, so that none fills the memory."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from twingraph.errors import DataError
from twingraph.importing.sheets import (
    MAX_LINE,
    MAX_RATIO,
    MAX_SPAN,
    MAX_UNPACKED,
    Sheet,
    brief,
    check_size,
    plain,
    with_header,
)

__all__ = ["open_workbook"]

#: A row or a cell of a sheet: the letters of its column, its row, and a slash where nothing is in it.
_CELL = re.compile(
    rb"<(?:\w+:)?(?:c|row)(?:\s+(?:r\s*=\s*[\"']([A-Za-z]{0,3})(\d{1,7})[\"']|"
    rb"(?!r\s*=)[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*')))+\s*(/?)>"
)
#: The type of a cell that holds an error.
_ERROR = re.compile(rb"(<(?:\w+:)?c\b[^<>]*?\st\s*=\s*[\"'])e(?=[\"'])")
#: A cell with a formula: prefix, attributes, formula, the element of its value.
_FORMULA = re.compile(
    rb"<((?:\w+:)?)c\b([^<>]*?)>\s*<\1f\b[^<>]*?(?:/>|>([^<]*)</\1f>)(?:\s*(<\1v[^<>]*?(?:/>|>\s*</\1v>)))?\s*</\1c>"
)
_TYPE = re.compile(rb"\st\s*=\s*([\"'])(.*?)\1")
_DAMAGED = "is damaged or cut off: it is no workbook; save it again as XLSX or CSV"


def _check_archive(path: Path) -> None:
    """See that a packed file is whole and unpacks to a sensible size.

    Raises:
        DataError: it is damaged or a bomb.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise DataError(_DAMAGED, file=path) from None
    size = sum(entry.file_size for entry in entries)
    packed = max(path.stat().st_size, 1)
    if size > MAX_UNPACKED or (size > 64 << 20 and size / packed > MAX_RATIO) or len(entries) > 10_000:
        raise DataError(f"would unpack to {size / (1 << 20):,.0f} MiB, more than any table of towns needs", file=path)
    with path.open("rb") as file:
        for entry in entries:
            try:
                _check_cells(_unpacked(file, entry), path)
            except (zlib.error, ValueError):
                raise DataError(f"{_DAMAGED} (its part {entry.filename[:80]})", file=path) from None


def _unpacked(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part, as far as it really goes: what the archive says of its size may be untrue.

    Raises:
        ValueError: it is not packed as parts of workbooks are, or larger than the archive says.
        zlib.error: it is damaged.
    """
    file.seek(entry.header_offset)
    head = file.read(30)
    if len(head) < 30 or head[:4] != b"PK\x03\x04" or entry.flag_bits & 1:
        raise ValueError
    file.seek(sum(struct.unpack("<HH", head[26:30])), 1)
    left, size = entry.compress_size, 0
    packed = entry.compress_type == zipfile.ZIP_DEFLATED
    if not packed and entry.compress_type != zipfile.ZIP_STORED:
        raise ValueError
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while left and (part := file.read(min(left, 1 << 16))):
        left -= len(part)
        while part:
            out, part = (unpacker.decompress(part, 1 << 20), unpacker.unconsumed_tail) if packed else (part, b"")
            size += len(out)
            if size > entry.file_size:
                raise ValueError
            yield out


def _check_cells(chunks: Iterator[bytes], path: Path) -> None:
    """See that the cells of a sheet span no more than can be held; the library holds the empty ones between them, too.

    Raises:
        DataError: they span more.
    """
    width = height = count = 0
    last, rest = b"A", b""
    for chunk in chunks:
        text = rest + chunk
        cut = max(text.rfind(b"<"), 0)
        rest = text[cut:]
        for column, row, closed in _CELL.findall(text[:cut]):
            if closed:
                continue
            count += bool(column)
            height = max(height, int(row))
            number = 0
            for letter in column.upper():
                number = number * 26 + letter - 64
            if number > width:
                width, last = number, column.upper()
        if width * height > MAX_SPAN:
            raise DataError(
                f"its cells reach to {last.decode()}{height} ({count:,} of {width * height:,} are filled); "
                "delete what stands far from the table, or save it as CSV",
                file=path,
            )
        if len(rest) > MAX_LINE:
            if b">" not in rest:
                raise ValueError
            rest = b""


def _stated_only(path: Path) -> io.BytesIO | None:
    """Return a workbook in which each cell states what it shows, or None where that is so already.

    Errors become their text (``#REF!``), formulas without a stored value the formula: the library reads both as empty,
    and what is empty states nothing.
    """
    with zipfile.ZipFile(path) as archive:
        sheets = [entry for entry in archive.infolist() if "worksheets/" in entry.filename]
        if not any(_told(part) != part for entry in sheets for part in _parts(archive, entry)):
            return None
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as told:
            for entry in archive.infolist():
                with told.open(entry.filename, "w", force_zip64=True) as file:
                    for part in _parts(archive, entry):
                        file.write(_told(part) if entry in sheets else part)
    out.seek(0)
    return out


def _parts(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part in pieces that end with a row, as far as it has rows."""
    rest = b""
    with archive.open(entry) as file:
        while chunk := file.read(1 << 20):
            text = rest + chunk
            cut = text.rfind(b"row>") + 4
            if cut < 4:
                cut = len(text) if len(text) > 4 * MAX_LINE else 0
            yield text[:cut]
            rest = text[cut:]
    yield rest


def _told(part: bytes) -> bytes:
    return _FORMULA.sub(_told_formula, _ERROR.sub(rb"\1str", part))


def _told_formula(match: re.Match[bytes]) -> bytes:
    prefix, attributes, formula, value = match.groups()
    kind = _TYPE.search(attributes)
    if value is not None and kind and kind[2] == b"str":
        # Its value is known: an empty text.
        return match[0]
    attributes = _TYPE.sub(b"", attributes)
    return b'<%bc%b t="inlineStr"><%bis><%bt>=%b</%bt></%bis></%bc>' % (
        *(prefix, attributes, prefix, prefix, formula or b"(shared)"),
        *(prefix, prefix, prefix),
    )


def open_workbook(path: Path, sheet: str | None, has_header: bool) -> Sheet:
    """Open a sheet of a workbook: the one that is named, or the first that is shown and has rows.

    Raises:
        DataError: it is no workbook, too large when unpacked, or has no such sheet.
    """
    check_size(path)
    _check_archive(path)
    import fastexcel

    try:
        told = _stated_only(path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise DataError(_DAMAGED, file=path) from None
    try:
        book = fastexcel.read_excel(told.getvalue() if told else path)
    except Exception as error:  # The library raises its own and its language's errors.
        raise DataError(f"is no workbook that can be read ({brief(error)})", file=path) from None
    if sheet is not None and sheet not in book.sheet_names:
        raise DataError(f"has no sheet {sheet!r}; its sheets are {', '.join(book.sheet_names)}", file=path)
    try:
        opened, others = _choose_sheet(book, sheet)
        chosen, table = opened.name, opened.to_polars()
    except Exception as error:
        raise DataError(f"the sheet can't be read ({brief(error)})", file=path) from None

    def rows() -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(table.iter_rows(), 1):
            texts = [plain(cell, path, number) for cell in cells]
            if any(text.strip() for text in texts):
                yield number, texts

    try:
        found = with_header(rows(), has_header, path)
    except DataError as error:
        if not others:
            raise
        raise DataError(
            f"the sheet {chosen!r}: {error.detail}; take another with --sheet: {', '.join(others)}",
            file=path,
            row=error.row,
            column=error.column,
        ) from None
    if others:
        found.notes.append(f"only the sheet {chosen!r} was read; others, for --sheet: {', '.join(others)}")
    return found


def _choose_sheet(book: Any, wanted: str | None) -> tuple[Any, list[str]]:
    """Return the sheet that is read, and in words the others that have rows."""
    sheets = {}
    for name in book.sheet_names:
        try:
            sheets[name] = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        except Exception:
            # A sheet of another kind, such as a diagram, holds no rows.
            if name == wanted or len(book.sheet_names) == 1:
                raise
    shown = [name for name, one in sheets.items() if one.visible == "visible"]
    filled = [name for name in shown if sheets[name].height]
    chosen = wanted if wanted is not None else next(iter(filled or shown or sheets))
    others = [
        f"{name!r} ({'' if name in shown else 'hidden, '}{one.height:,} row{'s' * (one.height > 1)})"
        for name, one in sheets.items()
        if one.height and name != chosen
    ]
    return sheets[chosen], others
