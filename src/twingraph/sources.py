"""Read ``data/``: every source, the gazetteer and the judgements, checked row by row.

All faults are collected and raised together, so that a person mends a file in one go. What needs the
whole (does a name resolve, do claims disagree) is left to resolution and conclusions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from twingraph import tables
from twingraph.dates import parse_edtf
from twingraph.errors import DataError, InvalidDataError
from twingraph.model import (
    Country,
    Dataset,
    Judgement,
    Municipality,
    OtherClaim,
    PartnershipClaim,
    PlaceName,
    Source,
    WrittenPlace,
)
from twingraph.statements import PROPERTIES, SUBJECTS

__all__ = ["METADATA", "read_dataset", "read_place"]

_SOURCE_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_CLAIM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_COUNTRY = re.compile(r"[A-Z]{2}(?:[A-Z]{2})?\Z")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*\Z")
_QID = re.compile(r"Q[1-9][0-9]{0,11}\Z")
_KEY = re.compile(r"(?:Q[1-9][0-9]{0,11}|m[a-z2-7]{6,12})\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
# What the IRIREF production of SPARQL and Turtle forbids, and what can't be opened as a page.
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+\Z")
#: Keys of ``source.toml``: type of the value, and its meaning for the data dictionary.
METADATA: dict[str, tuple[type, str]] = {
    "title": (str, "Title as the source has it. Needed."),
    "publisher": (str, "Who publishes it. Needed."),
    "url": (str, "The page a reader can open. Needed for all but documents."),
    "language": (str, "Language of the names as written. Needed."),
    "type": (str, "Type of source, from the list below. Needed."),
    "speaks_for": (list, "Municipalities whose own voice it is, each as `Name@CC`."),
    "date": (str, "Its own date, if it states one. EDTF."),
    "inferred_date": (str, "Its date, if that can only be inferred. EDTF."),
    "inference": (str, "How that date was inferred."),
    "retrieved": (str, "The day it was read."),
    "checked_how": (str, "How its claims were checked against it; left out if they were not."),
    "licence": (str, "Its licence, if known."),
}


class _Faults(list[DataError]):
    """The faults found so far; `add` for one in a cell."""

    def add(self, message: str, file: Path, row: int | None = None, column: str | None = None) -> None:
        self.append(DataError(message, file=file, row=row, column=column))


def read_dataset(folder: Path, on_source: Callable[[str], None] | None = None) -> Dataset:
    """Read all of ``data/``.

    Args:
        folder: the folder with ``sources/``, ``gazetteer/`` and, if any, ``resolution/``.
        on_source: called with each source's id before it is read, for progress.

    Raises:
        DataError: the folder is missing or is no data folder.
        InvalidDataError: one or more faults in the files, each with file, row and column.
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise DataError(f"the data folder {what}; name one with --data", file=folder)
    for part in ("sources", "gazetteer"):
        if not (folder / part).is_dir():
            raise DataError(
                f"the folder {part}/ is missing in it; a data folder has sources/ and gazetteer/", file=folder
            )
    faults = _Faults()
    dataset = Dataset(folder)
    _read_countries(dataset, faults)
    for path in sorted((folder / "sources").iterdir(), key=lambda p: p.name):
        if path.name.startswith("."):
            continue
        if not path.is_dir():
            if path.suffix in (".csv", ".toml"):
                faults.add("a source is a folder of its own; move the file into sources/<source>/", path)
            continue
        if on_source:
            on_source(path.name)
        _read_source(path, dataset, faults)
    _read_municipalities(dataset, faults)
    _read_judgements(dataset, faults)
    _check_references(dataset, faults)
    if not dataset.sources and not faults:
        faults.add("there is no source in sources/; add a folder with source.toml", folder / "sources")
    if faults:
        raise InvalidDataError(list(faults))
    return dataset


def read_place(text: str) -> WrittenPlace:
    """Read ``Name@CC`` as a written place; the country may be left out where it is open.

    Raises:
        ValueError: no name, or the country is no code.
    """
    name, at, country = text.rpartition("@")
    if not at:
        name, country = text, ""
    name, country = name.strip(), country.strip()
    if not name or (country and not _COUNTRY.match(country)):
        raise ValueError(f"{text!r} is no place; write Name@CC with the country's two-letter code: Kiel@DE")
    return WrittenPlace(name, country)


def _read_countries(dataset: Dataset, faults: _Faults) -> None:
    path = dataset.folder / "gazetteer" / "countries.csv"
    for row, cells in tables.read_rows(path, tables.COUNTRIES, faults):
        code = cells.pop("country")
        if not _COUNTRY.match(code):
            faults.add(f"{code!r} is no country code of two or four capital letters", path, row, "country")
        elif code in dataset.countries:
            faults.add(f"the country {code} has a row already; delete one", path, row, "country")
        elif _edtf_cells(cells, ("start", "end"), path, row, faults):
            dataset.countries[code] = Country(code, **cells)


def _read_source(path: Path, dataset: Dataset, faults: _Faults) -> None:
    # The tables are read also where the metadata is faulty, so that all faults are told at once.
    source = _read_metadata(path, faults) or Source(path.name, "", "", "", "", file=path / "source.toml")
    dataset.sources[source.id] = source
    seen: dict[str, int] = {}
    file = path / "partnership_claims.csv"
    if file.exists() or file.is_symlink():
        bodies: dict[tuple[object, ...], int] = {}
        for row, cells in tables.read_rows(file, tables.PARTNERSHIP_CLAIMS, faults):
            claim = _partnership_claim(source.id, row, cells, dataset, file, faults)
            if claim is None:
                continue
            _check_id(claim.id, row, seen, file, faults)
            body = (tuple(sorted((p.name, p.country) for p in claim.places)), *_content(claim))
            if body in bodies:
                faults.add(f"the claim repeats row {bodies[body]} word for word; delete one", file, row, "claim")
            bodies[body] = row
            dataset.partnership_claims.append(claim)
    file = path / "other_claims.csv"
    if file.exists() or file.is_symlink():
        said: dict[tuple[str, ...], int] = {}
        for row, cells in tables.read_rows(file, tables.OTHER_CLAIMS, faults):
            _check_id(cells["claim"], row, seen, file, faults)
            other = _other_claim(source.id, row, cells, dataset, file, faults)
            if other is None:
                continue
            body = (other.locator, other.about, other.property, other.value, other.basis)
            if body in said:
                faults.add(f"the claim repeats row {said[body]} word for word; delete one", file, row, "claim")
            said[body] = row
            dataset.other_claims.append(other)


def _content(claim: PartnershipClaim) -> tuple[object, ...]:
    """Return all that a claim says, without its id, row and checks, to find word-for-word repetitions."""
    return (
        claim.locator,
        claim.kind,
        claim.start,
        claim.end,
        claim.status,
        claim.becomes,
        claim.union,
        claim.taken_over_from,
        claim.basis,
    )


def _check_id(claim: str, row: int, seen: dict[str, int], file: Path, faults: _Faults) -> None:
    if not _CLAIM_ID.match(claim):
        faults.add(f"{claim!r} is no claim id; write letters, digits, dot, hyphen, underscore", file, row, "claim")
    elif claim in seen:
        faults.add(
            f"the claim id {claim!r} stands already in row {seen[claim]} of this source; give it a new one",
            file,
            row,
            "claim",
        )
    seen[claim] = row


def _read_metadata(path: Path, faults: _Faults) -> Source | None:
    file = path / "source.toml"
    before = len(faults)
    if not _SOURCE_ID.match(path.name):
        faults.add(f"{path.name!r} is no source id; name the folder with small letters, digits and hyphens", path)
        return None
    try:
        found = tomllib.loads(tables.read_text(file))
    except DataError as error:
        faults.append(error)
        return None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        faults.add(f"the TOML is broken: {error}", file, int(place[1]) if place else None)
        return None
    for key, value in found.items():
        if key not in METADATA:
            faults.add(f"there is no key {key!r}; the keys are {', '.join(METADATA)}", file, None, key)
        elif not isinstance(value, METADATA[key][0]):
            what = "a list of texts in [ ]" if METADATA[key][0] is list else "a text in quotes"
            faults.add(f"the value must be {what}", file, None, key)
    if len(faults) > before:
        return None
    texts = {key: str(value).strip() for key, value in found.items() if key != "speaks_for"}
    for key in ("title", "publisher", "language", "type"):
        if not texts.get(key):
            faults.add("the key is missing", file, None, key)
    if texts.get("type") and texts["type"] not in tables.SOURCE_TYPES:
        faults.add(f"{texts['type']!r} is not one of {', '.join(tables.SOURCE_TYPES)}", file, None, "type")
    if texts.get("language") and not _LANGUAGE.match(texts["language"]):
        faults.add(f"{texts['language']!r} is no language tag; write de, en, fr", file, None, "language")
    if texts.get("url") and not _URL.match(texts["url"]):
        faults.add(f"{texts['url']!r} is no http(s) address; mend it or leave it out", file, None, "url")
    if not texts.get("url") and texts.get("type") and texts["type"] != "document":
        faults.add("the address is missing; only a document may have none", file, None, "url")
    for key in ("date", "inferred_date", "retrieved"):
        if texts.get(key):
            _edtf(texts[key], file, None, key, faults)
    if texts.get("inferred_date") and not texts.get("inference"):
        faults.add("an inferred date needs its reason in 'inference'", file, None, "inference")
    if texts.get("retrieved") and not _DAY.match(texts["retrieved"]):
        faults.add("write the day as YYYY-MM-DD", file, None, "retrieved")
    places = []
    for text in found.get("speaks_for", []):
        try:
            places.append(read_place(str(text)))
        except ValueError as error:
            faults.add(str(error), file, None, "speaks_for")
    if len(faults) > before:
        return None
    return Source(id=path.name, speaks_for=tuple(places), file=file, **texts)


def _edtf(text: str, file: Path, row: int | None, column: str, faults: _Faults) -> bool:
    try:
        parse_edtf(text)
    except ValueError as error:
        faults.add(str(error), file, row, column)
        return False
    return True


def _edtf_cells(cells: dict[str, str], columns: tuple[str, ...], file: Path, row: int, faults: _Faults) -> bool:
    good = True
    for column in columns:
        if cells[column] and not _edtf(cells[column], file, row, column, faults):
            good = False
    start, end = cells.get("start", ""), cells.get("end", "")
    if good and start and end:
        first, last = parse_edtf(start).earliest, parse_edtf(end).latest
        if first and last and first > last:
            faults.add(f"it ends ({end}) before it starts ({start})", file, row, "end")
            return False
    return good


_CLAIM_DATES = ("start", "end", "status_since", "first_contact", "renewed", "taken_over")


def _partnership_claim(
    source: str, row: int, cells: dict[str, str], dataset: Dataset, file: Path, faults: _Faults
) -> PartnershipClaim | None:
    before = len(faults)
    _edtf_cells(cells, _CLAIM_DATES, file, row, faults)
    for column in ("country", "then_country"):
        _check_country(cells[column], dataset, file, row, column, faults)
    partners = _split(cells["partner"])
    codes = [code.strip() for code in cells["partner_country"].split(";")]
    for code in codes:
        _check_country(code, dataset, file, row, "partner_country", faults)
    if len(codes) == 1:
        codes *= max(len(partners), 1)
    if not partners:
        faults.add("the cell names no partner", file, row, "partner")
    elif len(codes) != len(partners):
        faults.add(
            f"{len(codes)} countries for {len(partners)} partners; write one for all or one for each",
            file,
            row,
            "partner_country",
        )
    if cells["union"] and not _SLUG.match(cells["union"]):
        faults.add(f"{cells['union']!r} is no id; write small letters, digits, hyphens", file, row, "union")
    if cells["becomes"] and cells["becomes"] == cells["kind"]:
        faults.add("a kind can't turn into itself", file, row, "becomes")
    for concept in _split(cells["fields"]):
        if not _SLUG.match(concept):
            faults.add(f"{concept!r} is no concept id", file, row, "fields")
    places = (
        WrittenPlace(cells["name"], cells["country"]),
        *(WrittenPlace(name, code) for name, code in zip(partners, codes, strict=False)),
    )
    if len(set(places)) < len(places):
        faults.add(
            f"a municipality can't be a partner of itself: {cells['name']}; mend the name or its country",
            file,
            row,
            "partner",
        )
    if len(faults) > before:
        return None
    return PartnershipClaim(
        source=source,
        id=cells["claim"],
        row=row,
        locator=cells["locator"],
        places=places,
        written_country=cells["written_country"],
        then_country=cells["then_country"],
        kind=cells["kind"],
        start=cells["start"],
        end=cells["end"],
        status=cells["status"],
        status_since=cells["status_since"],
        first_contact=cells["first_contact"],
        renewed=cells["renewed"],
        becomes=cells["becomes"],
        taken_over_from=cells["taken_over_from"],
        taken_over=cells["taken_over"],
        union=cells["union"],
        fields=tuple(_split(cells["fields"])),
        basis=cells["basis"] or "stated",
        checked=cells["checked"] == "yes",
        note=cells["note"],
    )


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _check_country(code: str, dataset: Dataset, file: Path, row: int, column: str, faults: _Faults) -> None:
    if code and code not in dataset.countries:
        what = "is not in gazetteer/countries.csv; mend it or add it there"
        if not _COUNTRY.match(code):
            what = "is no country code; write two capital letters (DE), or four for a former state (DDDE)"
        faults.add(f"{code!r} {what}", file, row, column)


def _other_claim(
    source: str, row: int, cells: dict[str, str], dataset: Dataset, file: Path, faults: _Faults
) -> OtherClaim | None:
    before = len(faults)
    subject, colon, key = cells["about"].partition(":")
    if not colon or subject not in SUBJECTS or not key:
        faults.add(
            f"{cells['about']!r} names nothing; write one of {', '.join(SUBJECTS)}, a colon and an id",
            file,
            row,
            "about",
        )
        return None
    prop = PROPERTIES.get((subject, cells["property"]))
    if prop is None:
        known = ", ".join(name for of, name in PROPERTIES if of == subject)
        faults.add(f"{cells['property']!r} can't be said of {subject}; known are {known}", file, row, "property")
        return None
    try:
        if subject == "municipality":
            place = read_place(key)
            _check_country(place.country, dataset, file, row, "about", faults)
        elif subject != "claim" and not _SLUG.match(key):
            raise ValueError(f"{key!r} is no id; write small letters, digits, hyphens")
    except ValueError as error:
        faults.add(str(error), file, row, "about")
    try:
        _check_value(prop.value, cells["value"], dataset)
    except ValueError as error:
        faults.add(str(error), file, row, "value")
    if len(faults) > before:
        return None
    return OtherClaim(
        source=source,
        id=cells["claim"],
        row=row,
        locator=cells["locator"],
        about=cells["about"],
        property=cells["property"],
        value=cells["value"],
        basis=cells["basis"] or "stated",
        checked=cells["checked"] == "yes",
        note=cells["note"],
    )


def _check_value(form: str, value: str, dataset: Dataset) -> None:
    """Raise ValueError unless `value` has the form a property needs; references are checked later."""
    if form == "edtf":
        parse_edtf(value)
    elif form == "integer":
        if not re.match(r"~?\d{1,9}\Z", value, re.ASCII):
            raise ValueError(f"{value!r} is no whole number; write 40, or ~40 for about 40")
    elif form == "url":
        if not _URL.match(value):
            raise ValueError(f"{value!r} is no http(s) address")
    elif form.startswith("concept:"):
        if not _SLUG.match(value):
            raise ValueError(f"{value!r} is no concept id; write small letters, digits, hyphens")
    elif form == "side":
        if not _SLUG.match(value) and value not in dataset.countries:
            raise ValueError(f"{value!r} is neither a country code nor a region")
    elif form != "text" and ":" not in value and not _is_side(form, value, dataset):
        country = read_place(value).country
        if country and country not in dataset.countries:
            raise ValueError(f"the country {country!r} of {value!r} is not in gazetteer/countries.csv")


def _is_side(form: str, value: str, dataset: Dataset) -> bool:
    return form.endswith("-or-side") and (value in dataset.countries or bool(_SLUG.match(value)))


def _read_municipalities(dataset: Dataset, faults: _Faults) -> None:
    path = dataset.folder / "gazetteer" / "municipalities.csv"
    identifiers: dict[str, int] = {}
    for row, cells in tables.read_rows(path, tables.MUNICIPALITIES, faults):
        before = len(faults)
        key = cells["key"]
        if not _KEY.match(key):
            faults.add(f"{key!r} is no key; write a QID or m and six of a-z, 2-7", path, row, "key")
        elif key in dataset.municipalities:
            faults.add(f"the municipality {key} has a row already; delete one", path, row, "key")
        _check_country(cells["country"], dataset, path, row, "country", faults)
        if not _LANGUAGE.match(cells["language"]):
            faults.add(f"{cells['language']!r} is no language tag", path, row, "language")
        _check_coordinates(cells, path, row, faults)
        if cells["wikidata_id"] and not _QID.match(cells["wikidata_id"]):
            faults.add(f"{cells['wikidata_id']!r} is no QID; write Q and digits", path, row, "wikidata_id")
        if cells["geonames_id"] and not re.match(r"[1-9]\d{0,9}\Z", cells["geonames_id"], re.ASCII):
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
                faults.add(
                    f"there is no municipality {cells['municipality']!r} in municipalities.csv",
                    names,
                    row,
                    "municipality",
                )
            elif not _LANGUAGE.match(cells["language"]):
                faults.add(f"{cells['language']!r} is no language tag", names, row, "language")
            elif cells["source"] not in dataset.sources:
                faults.add(f"there is no source {cells['source']!r}", names, row, "source")
            else:
                dataset.names.append(PlaceName(**cells))


def _check_coordinates(cells: dict[str, str], path: Path, row: int, faults: _Faults) -> None:
    for column, limit in (("lat", 90), ("long", 180)):
        if not cells[column]:
            continue
        if not re.match(r"-?\d{1,3}(?:\.\d{1,15})?\Z", cells[column], re.ASCII):
            faults.add(f"{cells[column]!r} is no number; write degrees as 52.2281", path, row, column)
        elif abs(float(cells[column])) > limit:
            faults.add(f"{cells[column]} is outside -{limit} to {limit} degrees", path, row, column)
    if bool(cells["lat"]) != bool(cells["long"]):
        faults.add("lat and long go together; fill or empty both", path, row, "long" if cells["lat"] else "lat")
    if cells["lat"] and not cells["coordinates_source"]:
        faults.add("coordinates need their source", path, row, "coordinates_source")


def _read_judgements(dataset: Dataset, faults: _Faults) -> None:
    path = dataset.folder / "resolution" / "judgements.csv"
    if not (path.exists() or path.is_symlink()):
        return
    decided: dict[tuple[str, str, str], tuple[str, int]] = {}
    for row, cells in tables.read_rows(path, tables.JUDGEMENTS_TABLE, faults):
        if cells["municipality"] not in dataset.municipalities:
            faults.add(
                f"there is no municipality {cells['municipality']!r} in the gazetteer", path, row, "municipality"
            )
            continue
        if cells["source"] and cells["source"] not in dataset.sources:
            faults.add(f"there is no source {cells['source']!r}", path, row, "source")
            continue
        if not _DAY.match(cells["judged_on"]) or not _edtf(cells["judged_on"], path, row, "judged_on", faults):
            if not _DAY.match(cells["judged_on"]):
                faults.add("write the day as YYYY-MM-DD", path, row, "judged_on")
            continue
        key = (cells["source"], cells["name"], cells["country"])
        if cells["judgement"] == "positive":
            if key in decided and decided[key][0] != cells["municipality"]:
                faults.add(
                    f"row {decided[key][1]} decides the same name for another municipality; keep one positive",
                    path,
                    row,
                    "judgement",
                )
            decided[key] = (cells["municipality"], row)
        dataset.judgements.append(Judgement(**cells, row=row))


def _check_references(dataset: Dataset, faults: _Faults) -> None:
    """Check what one file says about another: sources and countries that must exist."""
    path = dataset.folder / "gazetteer" / "municipalities.csv"
    for place in dataset.municipalities.values():
        for column in ("coordinates_source", "wikidata_source", "geonames_source"):
            source = getattr(place, column)
            if source and source not in dataset.sources:
                faults.add(f"there is no source {source!r} in sources/", path, place.row, column)
    for source in dataset.sources.values():
        for written in source.speaks_for:
            if written.country and written.country not in dataset.countries:
                faults.add(f"the country {written.country!r} is not in countries.csv", source.file, None, "speaks_for")
    claims = {(claim.source, claim.id) for claim in dataset.partnership_claims}
    for other in dataset.other_claims:
        file = dataset.folder / "sources" / other.source / "other_claims.csv"
        for column, text in (("about", other.about), ("value", other.value)):
            head, _, key = text.partition(":")
            if head == "claim" and (other.source, key) not in claims:
                faults.add(f"this source has no claim {key!r} in partnership_claims.csv", file, other.row, column)
