"""Read the gazetteer and the judgements."""

from __future__ import annotations

import re
from pathlib import Path

from twingraph.sourcedata import tables
from twingraph.sourcedata.cells import (
    COUNTRY,
    DAY,
    LANGUAGE,
    Faults,
    check_country,
    check_edtf,
    check_edtf_cells,
    split_list,
)
from twingraph.sourcedata.model import Country, Dataset, Judgement, Match, Municipality, PlaceName, SourcePlace

__all__ = ["read_countries", "read_judgements", "read_matches", "read_municipalities", "read_places"]

_QID = re.compile(r"Q[1-9][0-9]{0,11}\Z")
_GEONAMES = re.compile(r"[1-9]\d{0,9}\Z", re.ASCII)
_KEY = re.compile(r"(?:Q[1-9][0-9]{0,11}|m[a-z2-7]{6,12})\Z")


def read_countries(dataset: Dataset, faults: Faults) -> None:
    """Read ``countries.csv`` into the dataset."""
    path = dataset.folder / "gazetteer" / "countries.csv"
    for row, cells in tables.read_rows(path, tables.COUNTRIES, faults):
        code = cells.pop("country")
        if not COUNTRY.match(code):
            faults.add(f"{code!r} is no country code of two or four capital letters", path, row, "country")
        elif code in dataset.countries:
            faults.add(f"the country {code} has a row already; delete one", path, row, "country")
        elif check_edtf_cells(cells, ("start", "end"), path, row, faults):
            dataset.countries[code] = Country(code, **cells)


def read_municipalities(dataset: Dataset, faults: Faults) -> None:
    """Read ``municipalities.csv`` and ``names.csv`` into the dataset."""
    path = dataset.folder / "gazetteer" / "municipalities.csv"
    identifiers: dict[str, int] = {}
    for row, cells in tables.read_rows(path, tables.MUNICIPALITIES, faults):
        before = len(faults)
        key = cells["key"]
        if not _KEY.match(key):
            faults.add(f"{key!r} is no key; write a QID or m and six of a-z, 2-7", path, row, "key")
        elif key in dataset.municipalities:
            faults.add(f"the municipality {key} has a row already; delete one", path, row, "key")
        check_country(cells["country"], dataset, path, row, "country", faults)
        if not LANGUAGE.match(cells["language"]):
            faults.add(f"{cells['language']!r} is no language tag", path, row, "language")
        _check_coordinates(cells, path, row, faults)
        if cells["wikidata_id"] and not _QID.match(cells["wikidata_id"]):
            faults.add(f"{cells['wikidata_id']!r} is no QID; write Q and digits", path, row, "wikidata_id")
        if cells["geonames_id"] and not _GEONAMES.match(cells["geonames_id"]):
            faults.add(f"{cells['geonames_id']!r} is no GeoNames id; write digits", path, row, "geonames_id")
        for what in ("wikidata_id", "geonames_id"):
            value, origin = cells[what], cells[what.replace("_id", "_source")]
            if value and not origin:
                faults.add("an id needs its source", path, row, what.replace("_id", "_source"))
            if value and value in identifiers:
                faults.add(f"{value} stands in row {identifiers[value]} already", path, row, what)
            if value:
                identifiers[value] = row
        if len(faults) == before:
            dataset.municipalities[key] = Municipality(**cells, row=row)
    names = dataset.folder / "gazetteer" / "names.csv"
    if names.exists() or names.is_symlink():
        for row, cells in tables.read_rows(names, tables.NAMES, faults):
            if cells["municipality"] not in dataset.municipalities:
                if path not in faults.files:
                    faults.add(
                        f"there is no municipality {cells['municipality']!r} in municipalities.csv",
                        names,
                        row,
                        "municipality",
                    )
            elif not LANGUAGE.match(cells["language"]):
                faults.add(f"{cells['language']!r} is no language tag", names, row, "language")
            elif cells["source"] not in dataset.sources:
                faults.add(f"there is no source {cells['source']!r}", names, row, "source")
            else:
                dataset.names.append(PlaceName(**cells))


def _check_coordinates(cells: dict[str, str], path: Path, row: int, faults: Faults) -> None:
    for column, limit in (("lat", 90), ("long", 180)):
        if not cells[column]:
            continue
        if not re.match(r"-?\d{1,3}(?:\.\d{1,15})?\Z", cells[column], re.ASCII):
            faults.add(f"{cells[column]!r} is no number; write degrees as 52.2281", path, row, column)
        elif abs(float(cells[column])) > limit:
            faults.add(f"{cells[column]} is outside -{limit} to {limit} degrees", path, row, column)
    if bool(cells["lat"]) != bool(cells["long"]):
        faults.add("lat and long go together; fill or empty both", path, row, "long" if cells["lat"] else "lat")
    if cells["lat"] and not cells.get("coordinates_source", "-"):
        faults.add("coordinates need their source", path, row, "coordinates_source")


def read_judgements(dataset: Dataset, faults: Faults) -> None:
    """Read ``judgements.csv``, if there is one, into the dataset."""
    path = dataset.folder / "resolution" / "judgements.csv"
    if not (path.exists() or path.is_symlink()):
        return
    decided: dict[tuple[str, str, str, str], tuple[str, int]] = {}
    said: dict[tuple[str, ...], tuple[str, int]] = {}
    for row, cells in tables.read_rows(path, tables.JUDGEMENTS_TABLE, faults):
        is_open = cells["judgement"] == "unsure" and not cells["municipality"]
        if not is_open and cells["municipality"] not in dataset.municipalities:
            if dataset.folder / "gazetteer" / "municipalities.csv" not in faults.files:
                faults.add(
                    f"there is no municipality {cells['municipality']!r} in the gazetteer", path, row, "municipality"
                )
            continue
        if cells["source"] and cells["source"] not in dataset.sources:
            faults.add(f"there is no source {cells['source']!r}", path, row, "source")
            continue
        if not DAY.match(cells["judged_on"]) or not check_edtf(cells["judged_on"], path, row, "judged_on", faults):
            if not DAY.match(cells["judged_on"]):
                faults.add("write the day as YYYY-MM-DD", path, row, "judged_on")
            continue
        key = (cells["source"], cells["name"], cells["country"], cells["id"])
        if cells["judgement"] == "positive":
            if key in decided and decided[key][0] != cells["municipality"]:
                faults.add(
                    f"row {decided[key][1]} decides the same name for another municipality; keep one positive",
                    path,
                    row,
                    "judgement",
                )
            decided[key] = (cells["municipality"], row)
        before = said.setdefault((*key, cells["municipality"]), (cells["judgement"], row))
        if {before[0], cells["judgement"]} == {"positive", "negative"}:
            faults.add(f"row {before[1]} says the opposite; keep one of them", path, row, "judgement")
        dataset.judgements.append(Judgement(**cells, row=row))


def read_places(source: str, path: Path, dataset: Dataset, faults: Faults) -> None:
    """Read a source's ``places.csv``, if there is one, into the dataset."""
    if not (path.exists() or path.is_symlink()):
        return
    seen: dict[tuple[str, ...], int] = {}
    for row, cells in tables.read_rows(path, tables.PLACES, faults):
        before = len(faults)
        check_country(cells["country"], dataset, path, row, "country", faults)
        _check_coordinates(cells, path, row, faults)
        if cells["language"] and not LANGUAGE.match(cells["language"]):
            faults.add(f"{cells['language']!r} is no language tag", path, row, "language")
        if cells["population"] and not re.match(r"\d{1,10}\Z", cells["population"], re.ASCII):
            faults.add(f"{cells['population']!r} is no whole number; write digits", path, row, "population")
        if cells["wikidata_id"] and not _QID.match(cells["wikidata_id"]):
            faults.add(f"{cells['wikidata_id']!r} is no QID; write Q and digits", path, row, "wikidata_id")
        if cells["geonames_id"] and not _GEONAMES.match(cells["geonames_id"]):
            faults.add(f"{cells['geonames_id']!r} is no GeoNames id; write digits", path, row, "geonames_id")
        key = (cells["name"], cells["country"], cells["id"])
        if key in seen:
            faults.add(f"row {seen[key]} is about the same place; keep one, or give each its id", path, row, "name")
        seen[key] = row
        if len(faults) == before:
            names = tuple(split_list(cells.pop("names")))
            dataset.source_places.append(SourcePlace(source, **cells, names=names, row=row))


def read_matches(dataset: Dataset, faults: Faults) -> None:
    """Read ``matches.csv``, if there is one, into the dataset; rows of sources that are gone are passed over."""
    path = dataset.folder / "resolution" / "matches.csv"
    if not (path.exists() or path.is_symlink()):
        return
    for row, cells in tables.read_rows(path, tables.MATCHES, faults):
        if cells["source"] not in dataset.sources:
            continue
        if cells["municipality"] and cells["municipality"] not in dataset.municipalities:
            if dataset.folder / "gazetteer" / "municipalities.csv" not in faults.files:
                faults.add(
                    f"there is no municipality {cells['municipality']!r} in the gazetteer; run twingraph resolve",
                    path,
                    row,
                    "municipality",
                )
            continue
        candidates = tuple(split_list(cells.pop("candidates")))
        dataset.matches.append(Match(**cells, candidates=candidates, row=row))
