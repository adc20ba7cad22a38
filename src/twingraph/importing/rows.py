"""The cells of a table's row, read as a mapping says."""

from __future__ import annotations

import re

from twingraph.importing.intake import REJECTED_ROW
from twingraph.importing.mapping import Mapping
from twingraph.importing.values import StatedPlace, check_value, read_place, read_tie, to_word

__all__ = ["RowReader"]

#: What cells say where nothing is known.
_NOTHING = frozenset(("", "na", "n/a", "nan", "null", "none", "-", "–", "—", "?", "unknown", "unbekannt"))
_TIE_PARTS = ("start", "end", "renewed", "first_contact", "kind", "status", "union", "note")
_PLACE_PARTS = (
    "country",
    "lat",
    "long",
    "coordinates",
    "wikidata_id",
    "geonames_id",
    "population",
    "level",
    "id",
)


class RowReader:
    """Reads the cells of a row as a mapping says."""

    def __init__(self, mapping: Mapping, header: list[str]) -> None:
        self.mapping = mapping
        self._index = {name: place for place, name in enumerate(header)}

    def missing(self) -> list[str]:
        """Return the mapping's columns that the table does not have."""
        return [column for column in self.mapping.columns.values() if column not in self._index]

    def cell(self, cells: list[str], what: str) -> str:
        """Return the text of a field, or its default where nothing is stated.

        Raises:
            Rejected: a spreadsheet's error or a formula stands there, so that nobody knows what is stated.
        """
        return self.stated(cells, what) or self.mapping.defaults.get(what, "")

    def stated(self, cells: list[str], what: str) -> str:
        """Return the text of a field as `cell` does, but "" where the row states nothing."""
        column = self.mapping.columns.get(what)
        text = " ".join(cells[self._index[column]].split()) if column else ""
        if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
            text = text[1:]
        check_value(text, column)
        return "" if text.casefold() in _NOTHING else text

    def original_row(self, cells: list[str]) -> str:
        """Return the row's number in the table it was left out of, where it is one of a file of rows left out."""
        place = self._index.get(REJECTED_ROW)
        text = cells[place].strip() if place is not None else ""
        return text if re.match(r"[1-9]\d{0,8}\Z", text, re.ASCII) else ""

    def column(self, what: str) -> str | None:
        """Return the table's column of a field."""
        return self.mapping.columns.get(what)

    def place(self, cells: list[str], prefix: str, name: str | None = None) -> StatedPlace:
        """Return one of the two places of a row.

        Raises:
            Rejected: no name, or a value of another kind than it must be.
        """
        own = "partner" if prefix else "name"
        values = {what: self.cell(cells, prefix + what) for what in _PLACE_PARTS}
        text = name if name is not None else self.cell(cells, own)
        return read_place(text, values, lambda what: self.column(own if what == "name" else prefix + what), self.words)

    def words(self, what: str, text: str) -> str:
        """Return our word for a kind, status or level; see `to_word`."""
        return to_word(what, text, self.mapping.values.get(what, {}))

    def tie(self, cells: list[str]) -> dict[str, str]:
        """Return the columns of a claim that are about the tie.

        Raises:
            Rejected: a date, kind or status that can't be read.
        """
        texts = {what: self.cell(cells, what) for what in _TIE_PARTS}
        if texts["end"] and not self.stated(cells, "status"):
            # A default status is said of all rows, an end of this one.
            texts["status"] = ""
        return read_tie(texts, self.column, self.words, self.mapping.date_format)
