"""The tables of a release, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from twingraph.building.gazetteer_quads import display_name
from twingraph.conclusions.model import Conclusions
from twingraph.sourcedata.model import Dataset
from twingraph.spreadsheets import safe_cell

__all__ = ["write_tables"]


def _write_table(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")


def write_tables(folder: Path, dataset: Dataset, conclusions: Conclusions) -> None:
    """Write ``municipalities.csv``, ``partnerships.csv``, ``claims.csv`` and ``sources.csv``."""
    places = dataset.municipalities
    _write_table(
        folder / "municipalities.csv",
        [
            "municipality",
            "name",
            "name_de",
            "name_en",
            "country",
            "level",
            "lat",
            "long",
            "wikidata_id",
            "geonames_id",
        ],
        (
            [
                place.key,
                *map(safe_cell, (place.name, place.name_de, place.name_en)),
                place.country,
                place.level,
                place.lat,
                place.long,
                place.wikidata_id,
                place.geonames_id,
            ]
            for place in sorted(places.values(), key=lambda place: place.key)
        ),
    )
    header = "partnership,participants,names,countries,kind,status,start,start_earliest,start_latest,end,"
    header += "end_earliest,end_latest,claims,sources,is_reciprocated,conflicts"
    _write_table(
        folder / "partnerships.csv",
        header.split(","),
        (
            [
                found.key,
                ";".join(found.participants),
                safe_cell("; ".join(display_name(places[key]) for key in found.participants)),
                ";".join(places[key].country for key in found.participants),
                found.kind,
                found.status,
                *(
                    [found.start.text, found.start.earliest or "", found.start.latest or ""]
                    if found.start
                    else [""] * 3
                ),
                *([found.end.text, found.end.earliest or "", found.end.latest or ""] if found.end else [""] * 3),
                str(len(found.claims)),
                str(len({claim.source for claim in found.claims})),
                "true" if found.is_reciprocated else "false",
                ";".join(conflict.property for conflict in found.conflicts),
            ]
            for found in conclusions.partnerships.values()
        ),
    )
    header = "claim,source,locator,partnership,written_names,kind,status,start,end,basis,is_checked"
    _write_table(
        folder / "claims.csv",
        header.split(","),
        (
            [
                f"{claim.source}/{claim.id}",
                claim.source,
                safe_cell(claim.locator),
                conclusions.partnership_of.get((claim.source, claim.id), ""),
                safe_cell("; ".join(place.name for place in claim.places)),
                claim.kind,
                claim.status,
                claim.start,
                claim.end,
                claim.basis,
                "true" if claim.checked else "false",
            ]
            for claim in dataset.partnership_claims
        ),
    )
    _write_table(
        folder / "sources.csv",
        ["source", "title", "publisher", "type", "language", "url", "date", "inferred_date"],
        (
            [
                source.id,
                safe_cell(source.title),
                safe_cell(source.publisher),
                source.type,
                source.language,
                source.url,
                source.date,
                source.inferred_date,
            ]
            for source in dataset.sources.values()
        ),
    )
