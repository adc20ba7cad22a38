"""Checks of single cells, each with the fault it finds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from twingraph.dates import EdtfDate, parse_edtf
from twingraph.errors import DataError
from twingraph.sourcedata.model import Dataset, WrittenPlace

__all__ = [
    "Faults",
    "check_country",
    "check_edtf",
    "check_edtf_cells",
    "is_known_country",
    "read_date",
    "read_place",
    "split_list",
]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
COUNTRY = re.compile(r"[A-Z]{2}(?:[A-Z]{2})?\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


# What the IRIREF production of SPARQL and Turtle forbids, and what can't be opened as a page.
URL = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+\Z")
#: No source states a later day; a later one is a slip of the pen.
LAST_DAY = "2100-12-31"


class Faults(list[DataError]):
    """The faults found so far; `add` for one in a cell.

    Attributes:
        files: the files that have a fault. What refers to them is not checked, since a row that is missing
            here may only not have been read.
    """

    def __init__(self) -> None:
        super().__init__()
        self.files: set[Path] = set()

    def append(self, error: DataError) -> None:
        """Note one fault."""
        self.files.add(error.file)
        super().append(error)

    def extend(self, errors: Iterable[DataError]) -> None:
        """Note several faults."""
        for error in errors:
            self.append(error)

    def add(self, message: str, file: Path, row: int | None = None, column: str | None = None) -> None:
        """Note one fault."""
        self.append(DataError(message, file=file, row=row, column=column))


def read_place(text: str) -> WrittenPlace:
    """Read ``Name@CC`` as a written place; the country may be left out where it is open.

    Raises:
        ValueError: no name, or the country is no code.
    """
    name, at, country = text.rpartition("@")
    if not at:
        name, country = text, ""
    name, country = name.strip(), country.strip()
    if not name or (country and not COUNTRY.match(country)):
        raise ValueError(f"{text!r} is no place; write Name@CC with the country's two-letter code: Kiel@DE")
    return WrittenPlace(name, country)


def split_list(text: str) -> list[str]:
    """Return the values of a cell that parts them by ``;``."""
    return [part.strip() for part in text.split(";") if part.strip()]


def read_date(text: str) -> EdtfDate:
    """Read an EDTF date that a source can state.

    Raises:
        ValueError: no date, or one after the year 2100.
    """
    date = parse_edtf(text)
    if (date.latest or date.earliest or "") > LAST_DAY:
        raise ValueError(f"{text!r} lies after the year {LAST_DAY[:4]}; mend the year")
    return date


def check_edtf(text: str, file: Path, row: int | None, column: str, faults: Faults) -> bool:
    """Return whether `text` is a date; note the fault if it is none."""
    try:
        read_date(text)
    except ValueError as error:
        faults.add(str(error), file, row, column)
        return False
    return True


def check_edtf_cells(cells: dict[str, str], columns: tuple[str, ...], file: Path, row: int, faults: Faults) -> bool:
    """Return whether all these cells are dates or empty, and do not end before they start."""
    good = True
    for column in columns:
        if cells[column] and not check_edtf(cells[column], file, row, column, faults):
            good = False
    start, end = cells.get("start", ""), cells.get("end", "")
    if good and start and end:
        first, last = parse_edtf(start).earliest, parse_edtf(end).latest
        if first and last and first > last:
            faults.add(f"it ends ({end}) before it starts ({start})", file, row, "end")
            return False
    return good


def is_known_country(code: str, dataset: Dataset, faults: Faults) -> bool:
    """Return whether a code is in ``countries.csv``, or may be, since that table could not be read whole."""
    if code in dataset.countries:
        return True
    return bool(COUNTRY.match(code)) and dataset.folder / "gazetteer" / "countries.csv" in faults.files


def check_country(code: str, dataset: Dataset, file: Path, row: int, column: str, faults: Faults) -> None:
    """Note a fault unless the code is empty or in the gazetteer."""
    if code and not is_known_country(code, dataset, faults):
        what = "is not in gazetteer/countries.csv; mend it or add it there"
        if not COUNTRY.match(code):
            what = "is no country code; write two capital letters (DE), or four for a former state (DDDE)"
        faults.add(f"{code!r} {what}", file, row, column)
