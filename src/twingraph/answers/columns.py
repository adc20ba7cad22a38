"""Columns with proper types from the rows of a SELECT, and data frames made of them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from twingraph.vocab import XSD

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["Column", "Scalar", "split_rows", "to_pandas", "to_polars", "typed_columns"]

Scalar = str | int | float | bool | datetime.date | datetime.datetime
ColumnType = Literal["string", "integer", "float", "boolean", "date", "datetime", "datetime_utc"]

_INTEGERS = (
    *("integer", "int", "long", "short", "byte"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
    *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
)
_TYPES: dict[str, ColumnType] = {
    **{f"^^<{XSD}{name}>": "integer" for name in _INTEGERS},
    **{f"^^<{XSD}{name}>": "float" for name in ("decimal", "double", "float")},
    f"^^<{XSD}boolean>": "boolean",
    f"^^<{XSD}date>": "date",
    f"^^<{XSD}dateTime>": "datetime",
}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_BARE_INTEGER = re.compile(r"[+-]?\d+\Z", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: values of one type; None where a variable is not bound."""

    name: str
    type: ColumnType
    values: Sequence[Scalar | None]


def split_rows(tsv: bytes) -> tuple[list[str], list[list[str]]]:
    """Return the variables and the cells, as terms in SPARQL's TSV syntax; "" where not bound."""
    header, *lines = tsv.decode().split("\n")
    names = [name[1:] for name in header.split("\t")] if header else []
    return names, [line.split("\t") for line in lines[:-1]]


def typed_columns(tsv: bytes) -> list[Column]:
    """Return the columns of a result, each of the narrowest type that holds all its values.

    Integers and decimals together are floats. Any other mixture, a value that its datatype does not
    allow, and an integer beyond 64 bits make the column a string column: nothing is lost.
    """
    names, rows = split_rows(tsv)
    cells: Sequence[Sequence[str]] = list(zip(*rows, strict=True)) if rows else [[] for _ in names]
    return [_column(name, column) for name, column in zip(names, cells, strict=False)]


def plain_value(cell: str) -> tuple[ColumnType, str]:
    """Return the type that a cell asks for and its value without quotes, brackets and datatype."""
    first = cell[0]
    if first == '"':
        end = cell.rfind('"')
        value = cell[1:end]
        if "\\" in value:
            value = _ESCAPE.sub(_unescape, value)
        return _TYPES.get(cell[end + 1 :], "string"), value
    if first == "<" and not cell.startswith("<<"):
        return "string", cell[1:-1]
    if first in "tf":
        return "boolean", cell
    if first in "_<":
        return "string", cell
    return ("integer" if _BARE_INTEGER.match(cell) else "float"), cell


def _column(name: str, cells: Sequence[str]) -> Column:
    decoded = [plain_value(cell) if cell else None for cell in cells]
    found = {item[0] for item in decoded if item is not None}
    values = [None if item is None else item[1] for item in decoded]
    kind: ColumnType = "string"
    if found == {"integer", "float"}:
        kind = "float"
    elif len(found) == 1:
        kind = found.pop()
    if kind == "string":
        return Column(name, "string", values)
    if kind == "datetime" and any(_has_zone(value) for value in values if value is not None):
        kind = "datetime_utc"
    convert = _CONVERTERS[kind]
    try:
        return Column(name, kind, [None if value is None else convert(value) for value in values])
    except (ValueError, KeyError):
        return Column(name, "string", values)


def _unescape(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def _has_zone(value: str) -> bool:
    return value.endswith("Z") or value[-6:-5] in ("+", "-")


def _integer(value: str) -> int:
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError(value)
    return number


def _date(value: str) -> datetime.date:
    # A date with a time zone has no counterpart in a data frame.
    if not _ISO_DATE.match(value):
        raise ValueError(value)
    return datetime.date.fromisoformat(value)


def _datetime(value: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise ValueError(value)
    return moment


def _datetime_utc(value: str) -> datetime.datetime:
    moment = datetime.datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment.astimezone(datetime.UTC)


_CONVERTERS: dict[ColumnType, Callable[[str], Scalar]] = {
    "integer": _integer,
    "float": float,
    "boolean": _BOOLEANS.__getitem__,
    "date": _date,
    "datetime": _datetime,
    "datetime_utc": _datetime_utc,
}


def to_polars(columns: Sequence[Column]) -> polars.DataFrame:
    """Return a polars data frame: String, Int64, Float64, Boolean, Date, Datetime (with UTC if zoned)."""
    import polars as pl

    types: dict[ColumnType, Any] = {
        "string": pl.String,
        "integer": pl.Int64,
        "float": pl.Float64,
        "boolean": pl.Boolean,
        "date": pl.Date,
        "datetime": pl.Datetime("us"),
        "datetime_utc": pl.Datetime("us", "UTC"),
    }
    return pl.DataFrame([pl.Series(col.name, col.values, dtype=types[col.type]) for col in columns])


def to_pandas(columns: Sequence[Column]) -> pandas.DataFrame:
    """Return a pandas data frame whose columns can hold missing values without changing type.

    The types are string, Int64, Float64, boolean and datetime64; dates are datetime64 at midnight.
    """
    try:
        import pandas as pd
    except ImportError as error:
        from twingraph.errors import ResultFormatError

        raise ResultFormatError("pandas is not installed; pip install 'twingraph[pandas]'") from error

    types: dict[ColumnType, str] = {
        "string": "string",
        "integer": "Int64",
        "float": "Float64",
        "boolean": "boolean",
        "date": "datetime64[s]",
        "datetime": "datetime64[us]",
        "datetime_utc": "datetime64[us, UTC]",
    }
    return pd.DataFrame({col.name: pd.Series(list(col.values), dtype=types[col.type]) for col in columns})
