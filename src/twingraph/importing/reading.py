"""Rows of tables in any of the forms people have: CSV, TSV, XLSX, Parquet, JSON, JSON Lines.

Rows come one after the other as text by column, with the number a person finds them under. Sizes are bounded, so that
no file, however made, fills the memory.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from twingraph.errors import DataError
from twingraph.importing.sheets import MAX_CELL, MAX_LINE, Sheet, brief, check_size, plain, with_header
from twingraph.importing.workbooks import open_workbook

__all__ = ["FORMS", "Sheet", "open_table", "read_json"]

FORMS = "CSV or TSV (.csv, .tsv, .txt), XLSX, Parquet, JSON or JSON Lines (.json, .jsonl, .ndjson, .geojson)"


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
            return open_workbook(path, sheet, has_header)
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

    return with_header(rows(), has_header, path)


def _open_parquet(path: Path) -> Sheet:
    check_size(path)
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
        raise DataError(f"is no Parquet file that can be read ({brief(error)})", file=path) from None

    def rows() -> Iterator[tuple[int, list[str]]]:
        step, number = 100_000, 0
        while number < count:
            try:
                part = frame.slice(number, step).collect()
            except BaseException as error:
                if isinstance(error, (KeyboardInterrupt, SystemExit)):
                    raise
                raise DataError(f"is damaged ({brief(error)})", file=path, row=number + 1) from None
            for cells in part.iter_rows():
                number += 1
                yield number, [plain(cell, path, number) for cell in cells]

    return Sheet(header, rows(), "record")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises:
        DataError: too large, not UTF-8, broken (with the line), nested too deep.
    """
    check_size(path)
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
        raise DataError(f"the JSON can't be read ({brief(error)})", file=path) from None


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
                raise DataError(f"the JSON is broken or cut off ({brief(error)})", file=path, row=number) from None
            except ValueError as error:
                raise DataError(f"the JSON can't be read ({brief(error)})", file=path, row=number) from None


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
            yield f"{prefix}{key}", plain(value, path, number)
