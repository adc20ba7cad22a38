"""What the columns of a table mean: a mapping, written by a person, shipped for a public layout, or guessed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twingraph.errors import DataError
from twingraph.names import search_key
from twingraph.sourcedata.metadata import METADATA

__all__ = [
    "FIELDS",
    "Mapping",
    "PlacesTable",
    "guess_mapping",
    "load_mapping",
    "shipped_mappings",
    "tie_field",
    "to_toml",
]

_PLACE_FIELDS = {
    "name": "the first municipality",
    "country": "its country, in any language or as a code",
    "lat": "its latitude in degrees",
    "long": "its longitude in degrees",
    "coordinates": "both in one cell: 52.2, 11.0 or POINT(11.0 52.2)",
    "wikidata_id": "its QID, or an address that ends with it",
    "geonames_id": "its GeoNames id",
    "population": "its inhabitants",
    "level": "municipality, borough, district, region, village or other",
    "id": "the table's own identifier of it",
}
#: What a column can mean; each of the first municipality's has a twin ``partner…`` of the other.
FIELDS: dict[str, str] = {
    **_PLACE_FIELDS,
    "partner": "the other municipality",
    **{
        f"partner_{key}": text.replace("its", "the partner's", 1)
        for key, text in _PLACE_FIELDS.items()
        if key != "name"
    },
    "start": "when the tie began",
    "end": "when it ended",
    "kind": "the kind of tie",
    "status": "its status",
    "renewed": "when it was renewed",
    "first_contact": "first contact before there was a tie",
    "claim": "a short id of the row, unique in the table",
    "locator": "where in the table's own source the row is",
    "union": "id of a union or ring whose rows are one partnership",
    "note": "a remark",
}
#: What a column of a table of places can mean.
_OF_PLACES = _PLACE_FIELDS | {"names": "further names, parted by ;"}
_TABLE_KEYS = {
    "encoding": str,
    "delimiter": str,
    "sheet": str,
    "header": bool,
    "records": str,
    "date_format": list,
    "partner_separator": str,
}
_MAPPINGS = Path(__file__).parent / "mappings"


@dataclass(frozen=True, slots=True)
class PlacesTable:
    """A second table with one row for each municipality, joined by its identifier."""

    file: str
    columns: dict[str, str]
    header: bool = True
    encoding: str = "utf-8"
    delimiter: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column is what.

    Attributes:
        name: of a shipped mapping, or the file's.
        columns: column by field, see `FIELDS`.
        defaults: value by field where the table has none.
        values: for ``kind``, ``status``, ``level``: our word by the table's.
        source: keys of ``source.toml``.
        date_format: patterns of strptime, tried in order.
        partner_separator: between several partners in one cell.
        places: a second table with one row for each municipality.
    """

    name: str
    columns: dict[str, str]
    defaults: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    delimiter: str | None = None
    sheet: str | None = None
    header: bool = True
    records: str | None = None
    date_format: tuple[str, ...] = ()
    partner_separator: str = ""
    places: PlacesTable | None = None
    description: str = ""


def shipped_mappings() -> dict[str, Path]:
    """Return the mappings that come with twingraph, by name."""
    return {path.stem: path for path in sorted(_MAPPINGS.glob("*.toml"))}


def load_mapping(name: str) -> Mapping:
    """Return a mapping: a shipped one by its name, or a TOML file.

    Raises:
        DataError: there is no such mapping, or it is broken; the key is named.
    """
    shipped = shipped_mappings()
    path = shipped.get(name, Path(name))
    if not path.is_file():
        raise DataError(f"there is no such mapping; give a TOML file, or one of {', '.join(shipped)}", file=path)
    try:
        if path.stat().st_size > 100_000:
            raise DataError("is larger than any mapping", file=path)
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        raise DataError(f"the TOML is broken: {error}", file=path, row=int(place[1]) if place else None) from None
    except (UnicodeDecodeError, RecursionError, OSError) as error:
        raise DataError(f"can't be read ({type(error).__name__})", file=path) from None
    return _read_mapping(found, name if name in shipped else path.stem, path)


def _read_mapping(found: dict[str, Any], name: str, path: Path) -> Mapping:
    parts = ("description", "source", "table", "columns", "defaults", "values", "places")
    for key in found:
        if key not in parts:
            raise DataError(f"there is no such part; the parts are {', '.join(parts)}", file=path, column=key)
    columns = _texts(found, "columns", FIELDS, path)
    defaults = _texts(found, "defaults", FIELDS, path)
    source = _texts(found, "source", {**METADATA, "id": None}, path)
    values = {}
    for key in _dict(found, "values", path):
        if key not in ("kind", "status", "level"):
            raise DataError("only kind, status and level have words", file=path, column=f"values.{key}")
        values[key] = {search_key(str(word)): str(ours) for word, ours in _dict(found["values"], key, path).items()}
    options: dict[str, Any] = {}
    for key, value in _dict(found, "table", path).items():
        if key not in _TABLE_KEYS:
            raise DataError(f"there is no such key; known are {', '.join(_TABLE_KEYS)}", file=path, column=key)
        if key == "date_format" and isinstance(value, str):
            value = [value]
        if not isinstance(value, _TABLE_KEYS[key]):
            raise DataError(f"the value must be a {_TABLE_KEYS[key].__name__}", file=path, column=key)
        options[key] = tuple(map(str, value)) if isinstance(value, list) else value
    places = None
    if "places" in found:
        part = _dict(found, "places", path)
        unknown = set(part) - {"file", "columns", "header", "encoding", "delimiter"}
        if unknown or "file" not in part:
            raise DataError(
                "needs 'file' and 'columns', and may have header, encoding, delimiter", file=path, column="places"
            )
        places = PlacesTable(
            str(part["file"]),
            _texts(part, "columns", _OF_PLACES, path),
            bool(part.get("header", True)),
            str(part.get("encoding", "utf-8")),
            part.get("delimiter"),
        )
        if "id" not in places.columns:
            raise DataError("names no column 'id' to join by", file=path, column="places.columns")
    for needed in ("name", "partner"):
        if places is None and needed not in columns and needed not in defaults:
            raise DataError(f"no column is said to hold {needed!r} ({FIELDS[needed]})", file=path, column="columns")
    if places is not None and not {"id", "partner_id"} <= set(columns):
        raise DataError("a mapping with places joins them by 'id' and 'partner_id'", file=path, column="columns")
    return Mapping(
        name,
        columns,
        defaults,
        values,
        source,
        places=places,
        description=str(found.get("description", "")),
        **options,
    )


def _dict(found: MappingType[str, Any], key: str, path: Path) -> dict[str, Any]:
    part = found.get(key, {})
    if not isinstance(part, dict):
        raise DataError("must be a table of keys and values", file=path, column=key)
    return part


def _texts(found: MappingType[str, Any], part: str, allowed: MappingType[str, Any], path: Path) -> dict[str, str]:
    result = {}
    for key, value in _dict(found, part, path).items():
        if key not in allowed:
            raise DataError(f"there is no such key; known are {', '.join(allowed)}", file=path, column=f"{part}.{key}")
        if not isinstance(value, (str, int)):
            raise DataError("the value must be a text in quotes", file=path, column=f"{part}.{key}")
        result[key] = str(value)
    return result


#: Names of columns, as search keys parted by /, for each field of a place, without what tells the side.
_KNOWN_NAMES: dict[str, tuple[str, ...]] = {
    what: tuple(names.split("/"))
    for what, names in {
        "name": (
            "name/city/town/municipality/commune/stadt/ort/gemeinde/kommune/ville/comune/label/place/"
            "city name/town name/place name/ortsname/stadtname/node"
        ),
        "country": "country/land/pays/staat/nation/state/pais/paese/countrycode/country code/countrycd/iso",
        "lat": "lat/latitude/breite/breitengrad/y",
        "long": "long/lng/lon/longitude/laenge/lange/langengrad/x",
        "coordinates": "coordinates/coord/coords/koordinaten/wkt/geometry/point",
        "wikidata_id": "wikidata/wikidataid/wikidata id/qid/wd/item",
        "geonames_id": "geonames/geonamesid/geonames id/geonameid/geoname id",
        "population": "population/pop/einwohner/inhabitants/habitants",
        "level": "level/ebene",
    }.items()
}
_OF_TIE: dict[str, tuple[str, ...]] = {
    what: tuple(names.split("/"))
    for what, names in {
        "start": (
            "start edtf/start/since/year/date/seit/jahr/datum/beginn/begin/began/depuis/annee/established/signed/"
            "from year/start year/start date/gegrundet/gegruendet/unterzeichnet"
        ),
        "end": "end edtf/end/ended/until/bis/ende/end year/end date/fin",
        "kind": "kind/type/art/typ/form/category/kategorie/relationship",
        "status": "status/zustand",
        "note": "note/notes/remark/comment/bemerkung/anmerkung/notiz/kommentar",
        "locator": "locator/page/seite/fundstelle/reference",
    }.items()
}
#: Partnerships of towns are hardly older; a town's founding mostly is.
_FIRST_YEAR = 1850
_FIRST = ("1", "a", "source", "from", "first", "own", "home", "von")
_SECOND = ("2", "b", "target", "to", "second", "partner", "twin", "sister", "nach", "partner city")
_ALONE_SECOND = (
    "partner",
    "partnerstadt",
    "partnerort",
    "partnergemeinde",
    "partnerkommune",
    "twin",
    "twin town",
    "twin city",
    "twintown",
    "sister city",
    "sistercity",
    "ville jumelee",
    "jumelage",
    "target",
    "to",
    "gemellaggio",
)
_ALONE_FIRST = ("source", "from", *_KNOWN_NAMES["name"])


def guess_mapping(header: Sequence[str], sample: Sequence[Sequence[str]], name: str = "guess") -> Mapping:
    """Propose what the columns mean, from their names and from values of the first rows.

    Raises:
        ValueError: no two columns look like the two municipalities.
    """
    values = {column: [row[place] for row in sample if place < len(row)] for place, column in enumerate(header)}
    candidates: dict[str, list[str]] = {}
    for column in header:
        found = _guess_one(column)
        if found:
            candidates.setdefault(found, []).append(column)
    for what in ("start", "end"):
        # A column of this name may tell of something else, such as when the town was founded.
        likely = {column: _share_of_years(values[column]) for column in candidates.get(what, ())}
        candidates[what] = sorted((one for one in likely if likely[one] >= 0.5), key=lambda one: -likely[one])
    columns = {what: names[0] for what, names in candidates.items() if names}
    for side in ("", "partner_"):
        own = "name" if not side else "partner"
        column = columns.get(own, "")
        if column and _share(values[column], r"(?:\S*/)?Q\d+\Z") > 0.8 and f"{side}wikidata_id" not in columns:
            columns[f"{side}wikidata_id"] = columns.pop(own)
            columns[f"{side}id"] = columns[f"{side}wikidata_id"]
    if not {"name", "partner"} & set(columns) and not {"wikidata_id", "partner_wikidata_id"} <= set(columns):
        raise ValueError(f"no columns look like two municipalities among {', '.join(header)}; write a mapping")
    if "partner" not in columns and "partner_wikidata_id" not in columns:
        raise ValueError(f"no column looks like the partner among {', '.join(header)}; write a mapping")
    if "name" not in columns and "wikidata_id" not in columns:
        raise ValueError(f"no column looks like the first municipality among {', '.join(header)}; write a mapping")
    separator = ""
    if "partner" in columns:
        cells = [cell for cell in values[columns["partner"]] if cell.strip()]
        for mark in (";", "|"):
            if cells and sum(mark in cell for cell in cells) > 0.2 * len(cells):
                separator = mark
    return Mapping(name, columns, partner_separator=separator)


def _share(values: Sequence[str], pattern: str) -> float:
    cells = [value.strip() for value in values if value.strip()]
    return sum(bool(re.match(pattern, cell)) for cell in cells) / len(cells) if cells else 0.0


def _share_of_years(values: Sequence[str]) -> float:
    """Return the share of cells with a year in which partnerships are concluded among those with any; 1 if none has."""
    years = [[int(year) for year in re.findall(r"(?<!\d)\d{3,4}(?!\d)", value)] for value in values]
    dated = [found for found in years if found]
    return sum(max(found) >= _FIRST_YEAR for found in dated) / len(dated) if dated else 1.0


def _key(column: str) -> str:
    """Return a column's name as the names known here are written: startYear, city1 → start year, city 1."""
    return search_key(re.sub(r"(?<=[a-zäöü])(?=[A-Z])|(?<=[A-Za-z])(?=\d)", " ", column))


def tie_field(name: str) -> tuple[str, int] | None:
    """Return the field of a tie that a column or attribute of this name tells of; None where it tells of none.

    With it comes the name's place among those known for the field, the plainest first.

    >>> tie_field("until"), tie_field("endDate"), tie_field("weight")
    (('end', 3), ('end', 7), None)
    """
    key = _key(name).replace(" ", "")
    for what, names in _OF_TIE.items():
        for order, known in enumerate(names):
            if key == known.replace(" ", ""):
                return what, order
    return None


def _guess_one(column: str) -> str | None:
    """Return the field that a column's name tells of, or None."""
    key = _key(column)
    if key in _ALONE_SECOND:
        return "partner"
    words = key.split()
    for side, prefix in ((_SECOND, "partner_"), (_FIRST, "")):
        for mark in side:
            rest = None
            if len(words) > 1 and words[-1] == mark:
                rest = " ".join(words[:-1])
            elif len(words) > 1 and words[0] == mark:
                rest = " ".join(words[1:])
            elif mark == "partner" and key.startswith("partner") and key != "partner":
                rest = key.removeprefix("partner").strip()
            if rest:
                for what, names in _KNOWN_NAMES.items():
                    if rest in names:
                        return "partner" if prefix and what == "name" else prefix + what
                if rest == "id":
                    return f"{prefix}id"
    if key in _ALONE_FIRST:
        return "name"
    if of_tie := tie_field(column):
        return of_tie[0]
    for what, names in _KNOWN_NAMES.items():
        if key in names:
            return what
    return None


def to_toml(mapping: Mapping) -> str:
    """Return a mapping as the TOML that `load_mapping` reads, for a person to complete."""
    lines = []
    table: dict[str, str] = {}
    if mapping.delimiter:
        table["delimiter"] = mapping.delimiter
    if mapping.encoding != "utf-8":
        table["encoding"] = mapping.encoding
    if mapping.sheet:
        table["sheet"] = mapping.sheet
    if mapping.partner_separator:
        table["partner_separator"] = mapping.partner_separator
    for title, part in (
        ("source", mapping.source),
        ("table", table),
        ("columns", mapping.columns),
        ("defaults", mapping.defaults),
    ):
        if part:
            lines.append(f"[{title}]")
            lines += [f"{key} = {_toml_text(value)}" for key, value in part.items()]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _toml_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'
