"""Rows of tables in any of the forms people have: CSV, TSV, XLSX, Parquet, JSON, JSON Lines.

Rows come one after the other as text by column, with the number a person finds them under. Sizes are bounded, so that
no file, however made, fills the memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from twingraph.errors import DataError

__all__ = ["FORMS", "Sheet", "check_archive", "open_table", "read_json"]

FORMS = "CSV or TSV (.csv, .tsv, .txt), XLSX, Parquet, JSON or JSON Lines (.json, .jsonl, .ndjson, .geojson)"
#: Longest line of a text file, and largest cell, in characters: no table of towns needs more.
MAX_LINE, MAX_CELL = 1 << 20, 10_000
#: Files that are read at once may be this large; text tables are read row by row, so that they may be larger.
MAX_FILE = 256 << 20
#: What packed files (XLSX, Parquet) may grow to, and how many times their size.
MAX_UNPACKED, MAX_RATIO = 1 << 30, 200
#: How many cells the filled ones of a sheet may span: a million rows of 20 columns.
MAX_SPAN = 20_000_000
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


def open_table(
    path: Path,
    *,
    encoding: str = "utf-8",
    delimiter: str | None = None,
    sheet: str | None = None,
    has_header: bool = True,
    records: str | None = None,
) -> Sheet:
    """Open a table by the ending of its name.

    Args:
        path: the file.
        encoding: of a text table; UTF-8 and UTF-16 with their marks are found without it.
        delimiter: of a text table; found from its first line without it.
        sheet: name of the sheet of a workbook; by default the first with rows that is not hidden.
        has_header: whether the first row names the columns.
        records: in JSON, the key under which the list of records stands.

    Raises:
        DataError: no such file, not of these forms, broken, too large; with row and column where they are known.
    """
    if not path.is_file():
        what = "does not exist" if not path.exists() else "is a folder" if path.is_dir() else "is no regular file"
        raise DataError(f"{what}; give a file: {FORMS}", file=path)
    suffix = path.suffix.lower()
    try:
        if path.stat().st_size == 0:
            raise DataError("is empty", file=path)
        if suffix in (".csv", ".tsv", ".txt", ".tab"):
            return _open_text(path, encoding, delimiter or ("\t" if suffix in (".tsv", ".tab") else None), has_header)
        if suffix in (".xlsx", ".xlsm"):
            return _open_workbook(path, sheet, has_header)
        if suffix == ".parquet":
            return _open_parquet(path)
        if suffix in (".json", ".jsonl", ".ndjson", ".geojson"):
            return _open_json(path, records)
    except PermissionError:
        raise DataError("no permission to read it; change its mode or owner", file=path) from None
    except OSError as error:
        raise DataError(f"can't be read ({error.strerror or error})", file=path) from None
    raise DataError(f"its ending {suffix!r} is not known; give {FORMS}", file=path)


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """Yield the lines of a text file, each decoded on its own, so that a fault has its row."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield from _wide_lines(path, "utf-16")
            return
        if _is_wide(encoding):
            yield from _wide_lines(path, encoding)
            return
        if start.startswith(b"PK\x03\x04"):
            raise DataError("is a packed file, such as a workbook, under another name; give it its ending", file=path)
        if start.startswith(b"\xef\xbb\xbf"):
            file.seek(3)
        row = 0
        while raw := file.readline(MAX_LINE):
            row += 1
            if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
                raise DataError(f"is longer than {MAX_LINE:,} bytes; this is no table of towns", file=path, row=row)
            if b"\x00" in raw:
                raise DataError(
                    "holds a NUL byte; save the table as UTF-8 text, or name its encoding: --encoding utf-16-le",
                    file=path,
                    row=row,
                )
            try:
                yield raw.decode(encoding)
            except UnicodeDecodeError as error:
                raise DataError(
                    f"byte 0x{raw[error.start]:02x} is not {encoding.upper()}; save it as UTF-8, or name its encoding: "
                    "--encoding cp1252 for tables from Windows",
                    file=path,
                    row=row,
                ) from None
            except LookupError:
                raise DataError(f"there is no encoding {encoding!r}; try utf-8 or cp1252", file=path) from None


def _is_wide(encoding: str) -> bool:
    """Return whether letters take several bytes each, so that lines can't be told before decoding."""
    try:
        return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    except LookupError:
        return False


def _wide_lines(path: Path, encoding: str) -> Iterator[str]:
    row = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            while line := file.readline(MAX_LINE):
                row += 1
                if len(line) == MAX_LINE and not line.endswith("\n"):
                    raise DataError(f"is longer than {MAX_LINE:,} letters; this is no table", file=path, row=row)
                yield line
    except UnicodeError:
        raise DataError(f"is not {encoding.upper()} as it seems; save it as UTF-8", file=path, row=row + 1) from None


def _open_text(path: Path, encoding: str, delimiter: str | None, has_header: bool) -> Sheet:
    lines = _lines(path, encoding)
    first = next(lines, "")
    above = 0
    # Excel's own hint, which it does not show.
    if hint := re.match(r"sep=(.)\s*\Z", first, re.IGNORECASE):
        delimiter, first, above = delimiter or hint[1], next(lines, ""), 1
    if not first.strip():
        raise DataError("its first line is empty; it should name the columns", file=path, row=above + 1)
    if "\r" in first.strip() and not first.endswith("\n"):
        raise DataError(
            "its lines end with a carriage return alone, as on old Macs; save it as UTF-8 text with usual line ends",
            file=path,
            row=above + 1,
        )
    delimiter = delimiter or max(",;\t|", key=first.count)

    def again() -> Iterator[str]:
        yield first
        yield from lines

    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(again(), delimiter=delimiter, strict=True)

    def rows() -> Iterator[tuple[int, list[str]]]:
        while True:
            number = reader.line_num + above + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                text = str(error)
                if "field larger" in text:
                    text = f"a cell is longer than {MAX_CELL:,} characters, or a quote is never closed"
                elif "unexpected end" in text:
                    text = "the file ends inside a quoted cell; it may be cut off, or a quote is not closed"
                elif "new-line character" in text:
                    text = "a carriage return stands in a cell or ends a line alone; save it with usual line ends"
                elif "expected after" in text:
                    text = 'a quote stands inside a quoted cell; double it: ""'
                raise DataError(f"can't be read as a table: {text}", file=path, row=number) from None
            if any(cell.strip() for cell in cells):
                yield number, cells

    return _with_header(rows(), has_header, path)


def _with_header(rows: Iterator[tuple[int, list[str]]], has_header: bool, path: Path) -> Sheet:
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


_DAMAGED = "is damaged or cut off: it is no workbook; save it again as XLSX or CSV"


def check_archive(path: Path) -> None:
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


def _check_size(path: Path) -> None:
    if path.stat().st_size > MAX_FILE:
        raise DataError(
            f"is larger than {MAX_FILE >> 20} MiB; split it, or save it as CSV, which may be larger", file=path
        )


def _open_workbook(path: Path, sheet: str | None, has_header: bool) -> Sheet:
    _check_size(path)
    check_archive(path)
    import fastexcel

    try:
        told = _stated_only(path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise DataError(_DAMAGED, file=path) from None
    try:
        book = fastexcel.read_excel(told.getvalue() if told else path)
    except Exception as error:  # The library raises its own and its language's errors.
        raise DataError(f"is no workbook that can be read ({_brief(error)})", file=path) from None
    if sheet is not None and sheet not in book.sheet_names:
        raise DataError(f"has no sheet {sheet!r}; its sheets are {', '.join(book.sheet_names)}", file=path)
    try:
        opened, others = _choose_sheet(book, sheet)
        chosen, table = opened.name, opened.to_polars()
    except Exception as error:
        raise DataError(f"the sheet can't be read ({_brief(error)})", file=path) from None

    def rows() -> Iterator[tuple[int, list[str]]]:
        for number, cells in enumerate(table.iter_rows(), 1):
            texts = [_plain(cell, path, number) for cell in cells]
            if any(text.strip() for text in texts):
                yield number, texts

    try:
        found = _with_header(rows(), has_header, path)
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


def _plain(value: Any, path: Path, row: int) -> str:
    """Return a cell as text: whole numbers without .0, days without a time of midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (list, tuple)):
        return "; ".join(_plain(one, path, row) for one in value)
    text = str(value)
    if len(text) > MAX_CELL:
        raise DataError(f"a cell is longer than {MAX_CELL:,} characters", file=path, row=row)
    return text.removesuffix(" 00:00:00").removesuffix("T00:00:00")


def _brief(error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200]


def _open_parquet(path: Path) -> Sheet:
    _check_size(path)
    import polars as pl

    try:
        frame = pl.scan_parquet(path)
        header = list(frame.collect_schema())
        count = frame.select(pl.len()).collect().item()
        if count > 20_000_000:
            raise DataError(f"has {count:,} rows, more than there can be partnerships", file=path)
    except DataError:
        raise
    except BaseException as error:  # A broken file can end in a panic of the library.
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        raise DataError(f"is no Parquet file that can be read ({_brief(error)})", file=path) from None

    def rows() -> Iterator[tuple[int, list[str]]]:
        step, number = 100_000, 0
        while number < count:
            try:
                part = frame.slice(number, step).collect()
            except BaseException as error:
                if isinstance(error, (KeyboardInterrupt, SystemExit)):
                    raise
                raise DataError(f"is damaged ({_brief(error)})", file=path, row=number + 1) from None
            for cells in part.iter_rows():
                number += 1
                yield number, [_plain(cell, path, number) for cell in cells]

    return Sheet(header, rows(), "record")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises:
        DataError: too large, not UTF-8, broken (with the line), nested too deep.
    """
    _check_size(path)
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise DataError(f"is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8", file=path) from None
    except json.JSONDecodeError as error:
        raise DataError(
            f"the JSON is broken or cut off ({error.msg}, column {error.colno})", file=path, row=error.lineno
        ) from None
    except RecursionError:
        raise DataError("the JSON is nested too deep", file=path) from None
    except ValueError as error:
        raise DataError(f"the JSON can't be read ({_brief(error)})", file=path) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the values of a JSON object by their keys.

    Raises:
        ValueError: a key stands in it twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        values = ", ".join(repr(value)[:40] for key, value in pairs if key == twice)
        raise ValueError(f"the key {twice[:40]!r} stands twice in one object, with {values}; keep one")
    return found


def _open_json(path: Path, records: str | None) -> Sheet:
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        return _from_records(_json_lines(path), path)
    found = read_json(path)
    if records is not None:
        if not isinstance(found, dict) or records not in found:
            raise DataError(f"has no key {records!r}", file=path)
        found = found[records]
    elif isinstance(found, dict):
        lists = [key for key, value in found.items() if isinstance(value, list) and value]
        if len(lists) != 1:
            raise DataError("is no list of records; name the key of the list as 'records' in the mapping", file=path)
        found = found[lists[0]]
    if not isinstance(found, list):
        raise DataError("is no list of records", file=path)
    return _from_records(enumerate(found, 1), path)


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(_lines(path, "utf-8"), 1):
        if line.strip():
            try:
                yield number, json.loads(line, object_pairs_hook=_once)
            except (json.JSONDecodeError, RecursionError) as error:
                raise DataError(f"the JSON is broken or cut off ({_brief(error)})", file=path, row=number) from None
            except ValueError as error:
                raise DataError(f"the JSON can't be read ({_brief(error)})", file=path, row=number) from None


def _from_records(records: Iterable[tuple[int, Any]], path: Path) -> Sheet:
    rows: list[tuple[int, dict[str, str]]] = []
    header: dict[str, None] = {}
    for number, record in records:
        if not isinstance(record, dict):
            raise DataError("is no record with named values", file=path, row=number)
        flat = dict(_flatten(record, path, number))
        header.update(dict.fromkeys(flat))
        rows.append((number, flat))
        if len(header) > 1_000:
            raise DataError("the records have more than 1,000 different keys", file=path, row=number)
    names = list(header)
    if not rows:
        raise DataError("holds no records", file=path)
    return Sheet(names, ((number, [flat.get(name, "") for name in names]) for number, flat in rows), "record")


def _flatten(record: dict[str, Any], path: Path, number: int, prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in record.items():
        if isinstance(value, dict) and prefix.count(".") < 4:
            yield from _flatten(value, path, number, f"{prefix}{key}.")
        elif isinstance(value, list) and any(isinstance(one, (dict, list)) for one in value):
            yield f"{prefix}{key}", json.dumps(value, ensure_ascii=False)[:MAX_CELL]
        else:
            yield f"{prefix}{key}", _plain(value, path, number)
