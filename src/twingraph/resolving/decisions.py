"""Decisions of people on names: rows of ``judgements.csv``, made and taken back."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import asdict
from pathlib import Path

from twingraph.errors import DataError
from twingraph.resolving.cases import DECIDED, degrees, made_key
from twingraph.resolving.gazetteers import Gazetteer
from twingraph.sourcedata import tables
from twingraph.sourcedata.cells import read_place
from twingraph.sourcedata.model import Dataset, Judgement, Municipality, WrittenPlace
from twingraph.sourcedata.writing import write_table

__all__ = ["add_judgement", "remove_judgement"]


def _place(text: str) -> WrittenPlace:
    try:
        return read_place(text)
    except ValueError as error:
        raise DataError(str(error), file="--decide, --reject or --undo") from None


def add_judgement(
    dataset: Dataset,
    gazetteer: Gazetteer,
    name: str,
    what: str,
    judgement: str,
    because: str | None,
    source: str,
    identifier: str,
) -> str:
    """Write a decision, and the municipality it names where that is not in the gazetteer yet.

    Args:
        dataset: the data folder's content.
        gazetteer: the world's places.
        name: ``Name@CC`` as in the claims.
        what: a key, a QID, ``geonames:ID``, ``new`` or ``unsure``.
        judgement: positive or negative.
        because: the evidence.
        source: whose name is meant; "" for each source that writes it now. What later sources write so may be another
            place, and is asked for anew, but for a QID or an id of GeoNames, which mean the same everywhere.
        identifier: the source's own identifier of the place; "" takes the one that the name is written with.

    Raises:
        DataError: no claim writes this name, it stands for several places, or there is no such place.
    """
    place = _place(name)
    if source and source not in dataset.sources:
        raise DataError(f"there is no source {source!r}", file=dataset.folder / "sources")
    identifier = _identifier_of(dataset, place, name, source, identifier)
    path = dataset.folder / "resolution" / "judgements.csv"
    places = dict(dataset.municipalities)
    if what == "unsure":
        judgement, key = "unsure", ""
    else:
        key = _key_of(dataset, gazetteer, place, what, source, identifier, places)
    sources = [source] if source or _is_global(identifier) else _sources_of(dataset, place, identifier)
    today = datetime.date.today().isoformat()
    fresh = [
        Judgement(one, place.name, place.country, key, judgement, because or "decided by hand", today, identifier)
        for one in sources
    ]
    about = {(one, place.name, place.country, identifier) for one in (*sources, *(("",) if not source else ()))}
    kept = [
        one
        for one in dataset.judgements
        if (one.source, one.name, one.country, one.id) not in about or not _gives_way(one, judgement, key)
    ]
    if len(places) != len(dataset.municipalities):
        rows = [asdict(one) for one in places.values()]
        for row in rows:
            row.pop("row")
        write_table(dataset.folder / "gazetteer" / "municipalities.csv", tables.MUNICIPALITIES, rows)
    _write(path, [*kept, *fresh])
    own = f" [{identifier}]" if identifier else ""
    own += f" in {', '.join(sources)}" if sources != [""] else ""
    if judgement == "unsure":
        return f"Decided: {name}{own} stays open."
    chosen = places[key]
    said = f"Decided: {name}{own} {'is' if judgement == 'positive' else 'is not'} {chosen.name} ({key})."
    if judgement == "positive" and place.country and chosen.country != place.country:
        said += f" Mind that it lies in {chosen.country}; --undo takes the decision back."
    return said


def _is_global(identifier: str) -> bool:
    return bool(re.match(r"(?:Q\d+|geonames:\d+)\Z", identifier))


def _sources_of(dataset: Dataset, place: WrittenPlace, identifier: str) -> list[str]:
    """Return the sources that write a place, in alphabetical order."""
    return sorted(
        {
            claim.source
            for claim in dataset.partnership_claims
            for one in claim.places
            if (one.name, one.country, one.id) == (place.name, place.country, identifier)
        }
    )


def _gives_way(former: Judgement, judgement: str, key: str) -> bool:
    """Whether a former decision on the same place ends with a new one: it says the same, or the opposite."""
    if judgement == "negative":
        return former.judgement != "unsure" and former.municipality == key
    return former.judgement != "negative" or (judgement == "positive" and former.municipality == key)


def _identifier_of(dataset: Dataset, place: WrittenPlace, name: str, source: str, given: str) -> str:
    """Return the id of the written place that a decision is about, "" where it has none.

    Raises:
        DataError: no claim writes this name, or not with this id, or with several.
    """
    ids = {
        one.id
        for claim in dataset.partnership_claims
        for one in claim.places
        if (one.name, one.country) == (place.name, place.country) and source in ("", claim.source)
    }
    if not ids:
        raise DataError(
            f"no claim writes {name!r}; give name and country as the open case shows them", file=dataset.folder
        )
    known = ", ".join(sorted(ids - {""})[:10])
    if given and given not in ids:
        raise DataError(
            f"no claim writes {name!r} with the id {given!r}; " + (f"its ids are {known}" if known else "it has no id"),
            file=dataset.folder,
        )
    if given or "" in ids:
        return given
    if len(ids) > 1:
        raise DataError(f"{name!r} stands for several places; say which with --id: {known}", file=dataset.folder)
    return ids.pop()


def _key_of(
    dataset: Dataset,
    gazetteer: Gazetteer,
    place: WrittenPlace,
    what: str,
    source: str,
    identifier: str,
    places: dict[str, Municipality],
) -> str:
    """Return the key of what a person names; add a municipality that is new to `places`."""
    if what in places:
        return what
    for key, one in places.items():
        if what in (one.wikidata_id, f"geonames:{one.geonames_id}") and what:
            return key
    entry = gazetteer.by_ref.get(what)
    if entry is not None:
        key = made_key(what)
        known = not math.isnan(entry.lat)
        places[key] = Municipality(
            key,
            entry.name,
            "und",
            entry.country,
            entry.level or "municipality",
            lat=degrees(entry.lat),
            long=degrees(entry.long),
            coordinates_source=gazetteer.source if known else "",
            geonames_id=what.removeprefix("geonames:"),
            geonames_source=gazetteer.source,
            note=f"{DECIDED} from GeoNames",
        )
        return key
    if what == "new":
        if not place.country:
            raise DataError("a place of its own needs a country; write Name@CC", file=dataset.folder)
        stated = next(
            (
                one
                for one in dataset.source_places
                if (one.name, one.country) == (place.name, place.country)
                and source in ("", one.source)
                and identifier in ("", one.id)
            ),
            None,
        )
        key = made_key(f"{source}|{place.name}|{place.country}|{identifier}")
        places[key] = Municipality(
            key,
            place.name,
            "und",
            place.country,
            (stated.level if stated else "") or "municipality",
            lat=stated.lat if stated else "",
            long=stated.long if stated else "",
            coordinates_source=stated.source if stated and stated.lat else "",
            note=DECIDED,
        )
        return key
    raise DataError(
        f"there is no place {what!r}; give a key or QID of the gazetteer, geonames:ID, new, or unsure",
        file=dataset.folder,
    )


def remove_judgement(dataset: Dataset, name: str, source: str | None, identifier: str) -> str:
    """Take the last decision on a name back, in each source for which it was made.

    Raises:
        DataError: there is none.
    """
    place = _place(name)
    found = [
        one
        for one in dataset.judgements
        if (one.name, one.country) == (place.name, place.country)
        and source in (None, one.source)
        and (not identifier or identifier == one.id)
    ]
    if not found:
        raise DataError(f"there is no decision on {name!r}", file=dataset.folder / "resolution" / "judgements.csv")
    last = found[-1]
    made = (last.id, last.municipality, last.judgement, last.basis, last.judged_on)
    taken = [one for one in found if (one.id, one.municipality, one.judgement, one.basis, one.judged_on) == made]
    _write(dataset.folder / "resolution" / "judgements.csv", [one for one in dataset.judgements if one not in taken])
    where = [one.source for one in taken if one.source]
    said = f"{last.judgement} {last.municipality}".strip()
    return f"Taken back: {name}{' in ' * bool(where)}{', '.join(where)} {said} ({last.basis})."


def _write(path: Path, judgements: list[Judgement]) -> None:
    rows = [asdict(one) for one in judgements]
    for row in rows:
        row.pop("row")
    write_table(path, tables.JUDGEMENTS_TABLE, rows)
