"""Make a data folder that imports and harvests can write into: all countries, and the sources these need."""

from __future__ import annotations

import shutil
from pathlib import Path

from twingraph import resources
from twingraph.errors import DataError
from twingraph.sourcedata import tables
from twingraph.sourcedata.cells import Faults
from twingraph.sourcedata.writing import write_table

__all__ = ["prepare_folder"]

#: Sources of names of countries and of places, which a new folder takes over from the shipped data.
_NEEDED = ("iso-3166", "geonames")


def prepare_folder(data: Path) -> list[str]:
    """Make `data` a data folder with all countries, or complete one; return what was added, in words.

    A folder that is new or empty gets ``sources/``, ``gazetteer/countries.csv`` with all countries of today and the
    former states of the shipped data, and the sources that state them. In one that is there, countries and former
    states that lack are added; nothing else changes.

    Raises:
        DataError: `data` is a file, holds something else, or can't be written.
    """
    added: list[str] = []
    try:
        if data.exists() and not data.is_dir():
            raise DataError("is a file, not a folder; name a folder with --data", file=data)
        entries = [path.name for path in data.iterdir() if not path.name.startswith(".")] if data.exists() else []
        if entries and not ({"sources", "gazetteer"} & set(entries)):
            raise DataError("is not empty and is no data folder; name a new or empty folder with --data", file=data)
        for part in ("sources", "gazetteer", "resolution"):
            (data / part).mkdir(parents=True, exist_ok=True)
        shipped = resources.data_dir()
        for source in _NEEDED:
            folder = data / "sources" / source
            if not folder.exists():
                folder.mkdir()
                shutil.copyfile(shipped / "sources" / source / "source.toml", folder / "source.toml")
                added.append(f"the source {source}")
        count = _complete_countries(data / "gazetteer" / "countries.csv", shipped / "gazetteer" / "countries.csv")
        if count:
            added.append(f"{count} countries")
        places = data / "gazetteer" / "municipalities.csv"
        if not places.exists():
            write_table(places, tables.MUNICIPALITIES, [])
    except OSError as error:
        raise DataError(f"can't be written ({error.strerror}); choose another folder with --data", file=data) from None
    return added


def _complete_countries(path: Path, shipped: Path) -> int:
    """Add the countries that the table lacks; return how many."""
    from twingraph.resolving.countries import country_rows

    faults = Faults()
    origin = path if path.exists() else shipped
    rows = [cells for _, cells in tables.read_rows(origin, tables.COUNTRIES, faults)]
    if faults:
        raise faults[0]
    known = {row["country"] for row in rows}
    # A claim may name a former state.
    former = [cells for _, cells in tables.read_rows(shipped, tables.COUNTRIES, faults) if len(cells["country"]) == 4]
    fresh = [row for row in former if row["country"] not in known] + [
        {
            "country": country.code,
            "name_de": country.name_de,
            "name_en": country.name_en,
            "name_fr": country.name_fr,
            "continent": country.continent,
            "source": "geonames" if country.code == "XK" else "iso-3166",
            "note": "continent after GeoNames" if country.continent else "",
        }
        for country in country_rows().values()
        if country.code not in known
    ]
    if not fresh and path.exists():
        return 0
    rows += fresh
    write_table(path, tables.COUNTRIES, sorted(rows, key=lambda row: (len(row["country"]), row["country"])))
    return len(fresh)
