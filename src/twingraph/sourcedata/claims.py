"""Rows of the claims' tables as claims."""

from __future__ import annotations

import re
from pathlib import Path

from twingraph.dates import parse_edtf
from twingraph.sourcedata.cells import (
    SLUG,
    URL,
    Faults,
    check_country,
    check_edtf_cells,
    is_known_country,
    read_date,
    read_place,
    split_list,
)
from twingraph.sourcedata.model import Dataset, OtherClaim, PartnershipClaim, WrittenPlace
from twingraph.sourcedata.statements import PROPERTIES, SUBJECTS

__all__ = ["other_claim", "partnership_claim"]

_CLAIM_DATES = ("start", "end", "status_since", "first_contact", "renewed", "taken_over")


def partnership_claim(
    source: str, row: int, cells: dict[str, str], dataset: Dataset, file: Path, faults: Faults
) -> PartnershipClaim | None:
    """Return a row of ``partnership_claims.csv`` as a claim, or None where it has a fault."""
    before = len(faults)
    if check_edtf_cells(cells, _CLAIM_DATES, file, row, faults) and cells["start"] and cells["status_since"]:
        begins, since = parse_edtf(cells["start"]).earliest, parse_edtf(cells["status_since"]).latest
        if begins and since and since < begins:
            faults.add(
                f"it has the status ({cells['status_since']}) before it starts ({cells['start']})",
                file,
                row,
                "status_since",
            )
    for column in ("country", "then_country"):
        check_country(cells[column], dataset, file, row, column, faults)
    partners = split_list(cells["partner"])
    codes = [code.strip() for code in cells["partner_country"].split(";")]
    for code in codes:
        check_country(code, dataset, file, row, "partner_country", faults)
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
    ids = [part.strip() for part in cells["partner_id"].split(";")] if cells["partner_id"] else [""] * len(partners)
    if partners and len(ids) != len(partners):
        faults.add(f"{len(ids)} ids for {len(partners)} partners; write one for each", file, row, "partner_id")
    if cells["union"] and not SLUG.match(cells["union"]):
        faults.add(f"{cells['union']!r} is no id; write small letters, digits, hyphens", file, row, "union")
    if cells["becomes"] and cells["becomes"] == cells["kind"]:
        faults.add("a kind can't turn into itself", file, row, "becomes")
    for concept in split_list(cells["fields"]):
        if not SLUG.match(concept):
            faults.add(f"{concept!r} is no concept id", file, row, "fields")
    places = (
        WrittenPlace(cells["name"], cells["country"], cells["id"]),
        *(WrittenPlace(name, code, key) for name, code, key in zip(partners, codes, ids, strict=False)),
    )
    if places[0] in places[1:]:
        faults.add(
            f"a municipality can't be a partner of itself: {cells['name']}; mend the name or its country",
            file,
            row,
            "partner",
        )
    twice = next((place for place in places[1:] if places[1:].count(place) > 1), None)
    if twice:
        faults.add(
            f"{twice.name} stands twice among the partners; delete one or mend its country", file, row, "partner"
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
        fields=tuple(split_list(cells["fields"])),
        basis=cells["basis"] or "stated",
        checked=cells["checked"] == "yes",
        note=cells["note"],
    )


def other_claim(
    source: str, row: int, cells: dict[str, str], dataset: Dataset, file: Path, faults: Faults
) -> OtherClaim | None:
    """Return a row of ``other_claims.csv`` as a claim, or None where it has a fault."""
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
            check_country(place.country, dataset, file, row, "about", faults)
        elif subject != "claim" and not SLUG.match(key):
            raise ValueError(f"{key!r} is no id; write small letters, digits, hyphens")
    except ValueError as error:
        faults.add(str(error), file, row, "about")
    try:
        _check_value(prop.value, cells["value"], dataset, faults)
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


def _check_value(form: str, value: str, dataset: Dataset, faults: Faults) -> None:
    """Raise ValueError unless `value` has the form a property needs; references are checked later."""
    if form == "edtf":
        read_date(value)
    elif form == "integer":
        if not re.match(r"~?\d{1,9}\Z", value, re.ASCII):
            raise ValueError(f"{value!r} is no whole number; write 40, or ~40 for about 40")
    elif form == "url":
        if not URL.match(value):
            raise ValueError(f"{value!r} is no http(s) address")
    elif form.startswith("concept:"):
        if not SLUG.match(value):
            raise ValueError(f"{value!r} is no concept id; write small letters, digits, hyphens")
    elif form == "side":
        if not SLUG.match(value) and not is_known_country(value, dataset, faults):
            raise ValueError(f"{value!r} is neither a country code nor a region")
    elif form != "text" and ":" not in value and not _is_side(form, value, dataset, faults):
        country = read_place(value).country
        if country and not is_known_country(country, dataset, faults):
            raise ValueError(f"the country {country!r} of {value!r} is not in gazetteer/countries.csv")


def _is_side(form: str, value: str, dataset: Dataset, faults: Faults) -> bool:
    return form.endswith("-or-side") and (is_known_country(value, dataset, faults) or bool(SLUG.match(value)))
