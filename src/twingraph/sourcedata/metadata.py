"""Read ``source.toml``: what a source is, and whose voice."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from twingraph.errors import DataError
from twingraph.sourcedata import tables
from twingraph.sourcedata.cells import DAY, LANGUAGE, URL, Faults, check_edtf, read_place
from twingraph.sourcedata.model import Source

__all__ = ["METADATA", "read_metadata"]

#: Keys of ``source.toml``: type of the value, and its meaning for the data dictionary.
METADATA: dict[str, tuple[type, str]] = {
    "title": (str, "Title as the source has it. Needed."),
    "publisher": (str, "Who publishes it. Needed."),
    "url": (str, "The page a reader can open. Needed for all but documents."),
    "language": (str, "Language of the names as written. Needed."),
    "type": (str, "Type of source, from the list below. Needed."),
    "speaks_for": (list, "Municipalities whose own voice it is, each as `Name@CC` of the gazetteer."),
    "date": (str, "Its own date, if it states one. EDTF."),
    "inferred_date": (str, "Its date, if that can only be inferred. EDTF."),
    "inference": (str, "How that date was inferred."),
    "retrieved": (str, "The day it was read."),
    "checked_how": (str, "How its claims were checked against it; left out if they were not."),
    "licence": (str, "Its licence, if known."),
}
#: Larger files are refused: no description of a source needs more.
MAX_METADATA = 100_000
_SOURCE_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


def read_metadata(path: Path, faults: Faults) -> Source | None:
    """Return a source folder's metadata, or None where it has a fault."""
    file = path / "source.toml"
    before = len(faults)
    if not _SOURCE_ID.match(path.name):
        faults.add(f"{path.name!r} is no source id; name the folder with small letters, digits and hyphens", path)
        return None
    try:
        found = tomllib.loads(tables.read_text(file, MAX_METADATA))
    except DataError as error:
        faults.append(error)
        return None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        faults.add(f"the TOML is broken: {error}", file, int(place[1]) if place else None)
        return None
    except RecursionError:
        faults.add("the TOML is broken: brackets are nested too deep; delete them", file)
        return None
    for key, value in found.items():
        if key not in METADATA:
            faults.add(f"there is no key {key!r}; the keys are {', '.join(METADATA)}", file, None, key)
        elif not isinstance(value, METADATA[key][0]):
            what = "a list of texts in [ ]" if METADATA[key][0] is list else "a text in quotes"
            faults.add(f"the value must be {what}", file, None, key)
        else:
            for text in value if isinstance(value, list) else [value]:
                unfit = tables.cell_fault(str(text).strip())
                if unfit:
                    faults.add(unfit, file, None, key)
    if len(faults) > before:
        return None
    texts = {key: str(value).strip() for key, value in found.items() if key != "speaks_for"}
    for key in ("title", "publisher", "language", "type"):
        if not texts.get(key):
            faults.add("the key is missing", file, None, key)
    if texts.get("type") and texts["type"] not in tables.SOURCE_TYPES:
        faults.add(f"{texts['type']!r} is not one of {', '.join(tables.SOURCE_TYPES)}", file, None, "type")
    if texts.get("language") and not LANGUAGE.match(texts["language"]):
        faults.add(f"{texts['language']!r} is no language tag; write de, en, fr", file, None, "language")
    if texts.get("url") and not URL.match(texts["url"]):
        faults.add(f"{texts['url']!r} is no http(s) address; mend it or leave it out", file, None, "url")
    if not texts.get("url") and texts.get("type") and texts["type"] != "document":
        faults.add("the address is missing; only a document may have none", file, None, "url")
    for key in ("date", "inferred_date"):
        if texts.get(key):
            check_edtf(texts[key], file, None, key, faults)
    if texts.get("inferred_date") and not texts.get("inference"):
        faults.add("an inferred date needs its reason in 'inference'", file, None, "inference")
    if texts.get("retrieved") and not DAY.match(texts["retrieved"]):
        faults.add("write the day as YYYY-MM-DD", file, None, "retrieved")
    elif texts.get("retrieved"):
        check_edtf(texts["retrieved"], file, None, "retrieved", faults)
    places = []
    for text in found.get("speaks_for", []):
        try:
            places.append(read_place(str(text)))
        except ValueError as error:
            faults.add(str(error), file, None, "speaks_for")
    if len(faults) > before:
        return None
    return Source(id=path.name, speaks_for=tuple(places), file=file, **texts)
