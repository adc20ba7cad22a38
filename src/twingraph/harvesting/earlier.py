"""What earlier harvests brought: what of it stays, what has changed, what is gone."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from twingraph.errors import DataError
from twingraph.importing.intake import Intake, RejectedRow
from twingraph.importing.values import Rejected
from twingraph.sourcedata.cells import Faults
from twingraph.sourcedata.tables import PARTNERSHIP_CLAIMS, PLACES, Table, read_rows
from twingraph.spreadsheets import unsafe_cell

__all__ = ["Changes", "Earlier"]

_SEEN = re.compile(r"first seen (\d{4}-\d{2}-\d{2}), last seen (\d{4}-\d{2}-\d{2})")
_GONE = "gone from Wikidata since "
#: Part of a locator, where another statement says the same word for word.
_NAMED = re.compile(r"(?<=, P190), statement [\w.-]+")
_COMPARED = (
    *("name", "country", "id", "partner", "partner_country", "partner_id", "then_country"),
    *("start", "end", "status"),
)
_COMPARED_PLACES = ("names", "lat", "long", "population", "level", "wikidata_id", "geonames_id", "note")


@dataclass(slots=True)
class Changes:
    """Ids of statements that differ from the harvest before.

    Attributes:
        new: not known so far.
        back: known, but gone or left out the last time.
        ended: over now.
        changed: another place, date, rank, end cause or reference.
        left_out: came in the last time and can't be taken now; their rank has become deprecated, for instance.
        gone: no longer there.
        places: ids of places with other coordinates, inhabitants, names, type or ids.
        outside: how many claims of other countries stay as they were.
    """

    new: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """The source as earlier harvests left it.

    Attributes:
        claims: rows by id of the claim.
        rejected: rows that were left out, by id of the statement.
        places: rows of its places.
    """

    claims: dict[str, dict[str, str]]
    rejected: dict[str, RejectedRow]
    places: list[dict[str, str]]

    @classmethod
    def read(cls, data: Path, source: str) -> Earlier:
        """Read the source from a data folder; empty where there is none yet.

        Raises:
            DataError: a file can't be read.
        """
        folder = data / "sources" / source
        claims = {row["claim"]: row for row in _rows(folder / "partnership_claims.csv", PARTNERSHIP_CLAIMS)}
        places = _rows(folder / "places.csv", PLACES)
        rejected = {row.cells["statement"]: row for row in _rejected(data / "rejected" / f"{source}.csv")}
        return cls(claims, rejected, places)

    def first_seen(self, key: str) -> str:
        """Return the day on which a statement was first seen; "" where it is new."""
        seen = _SEEN.search(self._cells(key).get("note", ""))
        return seen[1] if seen else ""

    def items_in_doubt(self, found: Container[str], country: str | None) -> set[str]:
        """Return the items of missing statements of which no row says whether they lie in the country asked for."""
        if country is None:
            return set()
        return {_item(cells) for key in self._missing(found) if not (cells := self._cells(key)).get("country")}

    def missing_inside(self, found: Container[str], country: str | None) -> list[str]:
        """Return the missing statements whose item was in the country asked for, or may have been."""
        if country is None:
            return []
        return [key for key in self._missing(found) if self._cells(key).get("country", "") in ("", country.upper())]

    def compare(
        self,
        intake: Intake,
        found: Container[str],
        now: str,
        country: str | None,
        inside: Container[str],
        elsewhere: Container[str],
    ) -> Changes:
        """Tell what has changed; add to the intake what stays of other countries, and what is gone with the reason.

        Args:
            intake: what the new harvest brought.
            found: ids of all statements of the new harvest.
            now: its day.
            country: the one that was asked for; None: the whole world.
            inside: items that lie in that country although no row says so.
            elsewhere: missing statements that are there, but of an item that no longer lies in that country.
        """
        changes = Changes(left_out=[key for row in intake.rejected if (key := row.cells["statement"]) in self.claims])
        for row in intake.claims:
            key, former = row["claim"], self.claims.get(row["claim"])
            if former is None:
                (changes.back if key in self.rejected else changes.new).append(key)
            elif _is_over(row) and not _is_over(former):
                changes.ended.append(key)
            elif _differ(row, former):
                changes.changed.append(key)
        stay = []
        for key in self._missing(found):
            cells = self._cells(key)
            state = cells.get("country", "")
            is_outside = country is not None and (
                key in elsewhere or (state != country.upper() if state else _item(cells) not in inside)
            )
            if key in self.claims:
                if is_outside:
                    stay.append(self.claims[key])
                else:
                    changes.gone.append(key)
                    intake.reject(0, Rejected(f"{_GONE}{now}; {cells.get('note', '')}"), {"statement": key, **cells})
            else:
                reason = self.rejected[key].reason
                if not (is_outside or reason.startswith(_GONE)):
                    reason = f"{_GONE}{now}; {reason}"
                intake.reject(0, Rejected(reason, self.rejected[key].column), cells)
        changes.outside = len(stay)
        changes.places = self._changed_places(intake)
        self._keep(intake, stay)
        _tell_apart(intake.claims)
        return changes

    def _changed_places(self, intake: Intake) -> list[str]:
        former = {row["id"]: row for row in self.places}
        return [
            row["id"]
            for row in intake.places
            if row["id"] in former
            and any(row.get(name, "") != former[row["id"]].get(name, "") for name in _COMPARED_PLACES)
        ]

    def _keep(self, intake: Intake, claims: list[dict[str, str]]) -> None:
        named = {(row["id"], row["name"], row["country"]) for row in claims}
        named |= {(row["partner_id"], row["partner"], row["partner_country"]) for row in claims}
        named -= {(row["id"], row["name"], row["country"]) for row in intake.places}
        intake.claims += claims
        intake.places += [row for row in self.places if (row["id"], row["name"], row["country"]) in named]

    def _cells(self, key: str) -> Mapping[str, str]:
        if key in self.claims:
            return self.claims[key]
        return self.rejected[key].cells if key in self.rejected else {}

    def _missing(self, found: Container[str]) -> list[str]:
        return sorted(key for key in {**self.claims, **self.rejected} if key not in found)


def _item(cells: Mapping[str, str]) -> str:
    return cells.get("id") or cells.get("item") or ""


def _is_over(row: Mapping[str, str]) -> bool:
    # An end that lies ahead is none yet.
    return row.get("status") == "ended"


def _differ(row: Mapping[str, str], former: Mapping[str, str]) -> bool:
    return _said(row) != _said(former) or len({_SEEN.sub("", cells.get("note", "")) for cells in (row, former)}) > 1


def _said(row: Mapping[str, str]) -> tuple[str, ...]:
    return (_unnamed(row["locator"]), *(row.get(name, "") for name in _COMPARED))


def _unnamed(locator: str) -> str:
    before, semicolon, rest = locator.partition(";")
    return f"{_NAMED.sub('', before)}{semicolon}{rest}"


def _tell_apart(claims: list[dict[str, str]]) -> None:
    """Name the statement in the locators of claims that say the same: tables take no row that repeats another."""
    same: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
    for row in claims:
        row["locator"] = _unnamed(row["locator"])
        same[_said(row)].append(row)
    for rows in same.values():
        for row in rows if len(rows) > 1 else ():
            item, comma, rest = row["locator"].partition(", P190")
            row["locator"] = f"{item}{comma}, statement {row['claim']}{rest}"


def _rows(file: Path, table: Table) -> list[dict[str, str]]:
    if not file.is_file():
        return []
    faults = Faults()
    rows = [cells for _, cells in read_rows(file, table, faults)]
    if faults:
        raise faults[0]
    return rows


def _rejected(file: Path) -> Iterator[RejectedRow]:
    if not file.is_file():
        return
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                cells = {
                    name: unsafe_cell(text) for name, text in row.items() if name and isinstance(text, str) and text
                }
                reason, column = cells.pop("reason", ""), cells.pop("rejected_column", "")
                cells.pop("rejected_row", "")
                if cells.get("statement"):
                    yield RejectedRow(0, column, reason, cells)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"can't be read ({error}); mend it or remove it", file=file) from None
