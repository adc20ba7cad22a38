"""Read ``data/``: every source, the gazetteer and the judgements, checked row by row.

All faults are collected and raised together, so that a person mends a file in one go. What needs the
whole (does a name resolve, do claims disagree) is left to conclusions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from twingraph.errors import DataError, InvalidDataError
from twingraph.sourcedata import tables
from twingraph.sourcedata.cells import Faults, is_known_country
from twingraph.sourcedata.claims import other_claim, partnership_claim
from twingraph.sourcedata.folders import (
    GAZETTEER_FILES,
    LEADS_NOWHERE,
    RESOLUTION_FILES,
    SOURCE_FILES,
    check_entries,
    list_entries,
)
from twingraph.sourcedata.gazetteer import (
    read_countries,
    read_judgements,
    read_matches,
    read_municipalities,
    read_places,
)
from twingraph.sourcedata.metadata import read_metadata
from twingraph.sourcedata.model import Dataset, PartnershipClaim, Source

__all__ = ["read_dataset"]

_CLAIM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


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
        if folder.is_symlink() and not folder.exists():
            what = "is a link that leads nowhere"
        raise DataError(f"the data folder {what}; name one with --data", file=folder)
    for part in ("sources", "gazetteer"):
        if not (folder / part).is_dir():
            if (folder / part).is_symlink():
                raise DataError(LEADS_NOWHERE, file=folder / part)
            raise DataError(
                f"the folder {part}/ is missing in it; a data folder has sources/ and gazetteer/", file=folder
            )
    faults = Faults()
    dataset = Dataset(folder)
    read_countries(dataset, faults)
    check_entries(folder / "gazetteer", GAZETTEER_FILES, faults)
    resolution = folder / "resolution"
    if resolution.exists() or resolution.is_symlink():
        check_entries(resolution, RESOLUTION_FILES, faults)
    for path in list_entries(folder / "sources", faults):
        if path.name == "README.md":
            continue
        if not path.is_dir():
            is_lost = path.is_symlink() and not path.exists()
            what = "a source is a folder of its own; move the file into sources/<source>/"
            faults.add(LEADS_NOWHERE if is_lost else what, path)
            continue
        if on_source:
            on_source(path.name)
        _read_source(path, dataset, faults)
    read_municipalities(dataset, faults)
    read_judgements(dataset, faults)
    read_matches(dataset, faults)
    _check_references(dataset, faults)
    if not dataset.sources and not faults:
        faults.add("there is no source in sources/; add a folder with source.toml", folder / "sources")
    if faults:
        raise InvalidDataError(list(faults))
    return dataset


def _read_source(path: Path, dataset: Dataset, faults: Faults) -> None:
    # The tables are read also where the metadata is faulty, so that all faults are told at once.
    source = read_metadata(path, faults) or Source(path.name, "", "", "", "", file=path / "source.toml")
    dataset.sources[source.id] = source
    if not check_entries(path, SOURCE_FILES, faults):
        return
    seen: dict[str, int] = {}
    file = path / "partnership_claims.csv"
    if file.exists() or file.is_symlink():
        bodies: dict[tuple[object, ...], int] = {}
        for row, cells in tables.read_rows(file, tables.PARTNERSHIP_CLAIMS, faults):
            claim = partnership_claim(source.id, row, cells, dataset, file, faults)
            if claim is None:
                continue
            _check_id(claim.id, row, seen, file, faults)
            body = (tuple(sorted((p.name, p.country, p.id) for p in claim.places)), *_content(claim))
            if body in bodies:
                faults.add(f"the claim repeats row {bodies[body]} word for word; delete one", file, row, "claim")
            bodies[body] = row
            dataset.partnership_claims.append(claim)
    read_places(source.id, path / "places.csv", dataset, faults)
    file = path / "other_claims.csv"
    if file.exists() or file.is_symlink():
        said: dict[tuple[str, ...], int] = {}
        for row, cells in tables.read_rows(file, tables.OTHER_CLAIMS, faults):
            _check_id(cells["claim"], row, seen, file, faults)
            other = other_claim(source.id, row, cells, dataset, file, faults)
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


def _check_id(claim: str, row: int, seen: dict[str, int], file: Path, faults: Faults) -> None:
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


def _check_references(dataset: Dataset, faults: Faults) -> None:
    """Check what one file says about another: sources and countries that must exist."""
    path = dataset.folder / "gazetteer" / "municipalities.csv"
    for place in dataset.municipalities.values():
        for column in ("coordinates_source", "wikidata_source", "geonames_source"):
            source = getattr(place, column)
            if source and source not in dataset.sources:
                faults.add(f"there is no source {source!r} in sources/", path, place.row, column)
    for source in dataset.sources.values():
        for written in source.speaks_for:
            if written.country and not is_known_country(written.country, dataset, faults):
                faults.add(f"the country {written.country!r} is not in countries.csv", source.file, None, "speaks_for")
    misnamed = {file.parent for file in faults.files if file.name not in SOURCE_FILES}
    claims = {(claim.source, claim.id) for claim in dataset.partnership_claims}
    for other in dataset.other_claims:
        file = dataset.folder / "sources" / other.source / "other_claims.csv"
        if file.with_name("partnership_claims.csv") in faults.files or file.parent in misnamed:
            continue
        for column, text in (("about", other.about), ("value", other.value)):
            head, _, key = text.partition(":")
            if head == "claim" and (other.source, key) not in claims:
                faults.add(f"this source has no claim {key!r} in partnership_claims.csv", file, other.row, column)
