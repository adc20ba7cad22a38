"""What comes in: rows become claims and places; a row that can't be taken is kept with the reason."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

from twingraph.dates import parse_edtf
from twingraph.importing.namesakes import SAME_PLACE, Namesakes, distance
from twingraph.importing.values import Rejected, StatedPlace
from twingraph.resolving.countries import find_country, named_part

__all__ = ["REJECTED_ROW", "Intake", "RejectedRow"]

#: The column of a file of rows left out that tells where a row stood.
REJECTED_ROW = "rejected_row"


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was left out, with the reason."""

    row: int
    column: str
    reason: str
    cells: dict[str, str]


@dataclass(slots=True)
class Intake:
    """Collects what comes in from one source.

    Attributes:
        claims, places: rows for the tables of the source's folder; places without an id come in with `settle`.
        rejected: rows left out.
        numbered: ids of claims that are where they stand, since the source has none of its own.
        unknown_countries: how often a text was met in which no country could be found.
        guessed_countries: code and how it was found, for texts that are no country's usual name.
    """

    claims: list[dict[str, str]] = field(default_factory=list)
    places: list[dict[str, str]] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    numbered: set[str] = field(default_factory=set)
    unknown_countries: Counter[str] = field(default_factory=Counter)
    guessed_countries: dict[str, str] = field(default_factory=dict)
    read: int = 0
    _ids: set[str] = field(default_factory=set)
    _namesakes: Namesakes = field(default_factory=Namesakes)
    _spelled: set[tuple[str, str, str]] = field(default_factory=set)
    _by_id: dict[str, dict[str, str]] = field(default_factory=dict)

    def settle(self) -> None:
        """Add the places without an id, once all rows are read; claims get the ids that tell namesakes apart."""
        self.places += self._namesakes.settle()
        self._namesakes = Namesakes()

    def reject(self, row: int, error: Rejected, cells: MappingType[str, str]) -> None:
        """Keep a row that can't be taken."""
        self.rejected.append(RejectedRow(row, error.column or "", error.reason, dict(cells)))

    def country(self, place: StatedPlace) -> None:
        """Set a place's country from how it is written; leave it open where that can't be told."""
        text = place.written_country
        if not text:
            return
        found = find_country(text)
        place.part = named_part(text)
        if found is None:
            self.unknown_countries[text] += 1
        elif len(found.code) == 4:
            place.former_country = found.code
        else:
            place.country = found.code
            if found.how != "name":
                self.guessed_countries[text] = found.code

    def add(
        self,
        row: int,
        locator: str,
        first: StatedPlace,
        partner: StatedPlace,
        tie: MappingType[str, str],
        claim_id: str = "",
        order: int = 0,
    ) -> None:
        """Take one tie between two places.

        Args:
            row: where it stands; the claim's id, if the source has none of its own.
            locator: the same in words.
            first: the municipality whose partner is told.
            partner: the other one.
            tie: columns of the claim that are about the tie.
            claim_id: the source's own id of the claim.
            order: of several ties in one row, which this is, from 1.

        Raises:
            Rejected: the two are one, the claim's id is given already, or its dates and status can't be true together.
        """
        self.country(first)
        self.country(partner)
        if (first.name, first.country, first.part, first.id) == (
            partner.name,
            partner.country,
            partner.part,
            partner.id,
        ) and (not first.lat or distance(first.lat, first.long, partner.lat, partner.long) < SAME_PLACE):
            raise Rejected("a municipality can't be a partner of itself")
        is_numbered = not claim_id
        claim_id = (claim_id or str(row)) + (f".{order}" if order else "")
        if claim_id in self._ids:
            raise Rejected(f"the claim id {claim_id!r} stands in a row before")
        if not re.match(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z", claim_id):
            raise Rejected(f"{claim_id!r} is no claim id; use letters, digits, dot, hyphen, underscore")
        start, end = tie.get("start", ""), tie.get("end", "")
        if start and end:
            begins, ends = parse_edtf(start).earliest, parse_edtf(end).latest
            if begins and ends and begins > ends:
                raise Rejected(f"it ends ({end}) before it starts ({start})")
        _check_times(tie)
        self._ids.add(claim_id)
        if is_numbered:
            self.numbered.add(claim_id)
        claim = {
            "claim": claim_id,
            "locator": locator,
            "name": first.name,
            "country": first.country,
            "partner": partner.name,
            "partner_country": partner.country,
            "id": "",
            "partner_id": "",
            "written_country": partner.written_country,
            "then_country": partner.former_country,
            **tie,
        }
        self._note(first, claim, "id")
        self._note(partner, claim, "partner_id")
        self.claims.append(claim)

    def _note(self, place: StatedPlace, claim: dict[str, str], column: str) -> None:
        """Give a claim the id under which it names this place; note what the source says about it."""
        given = place.id or place.wikidata_id or (f"geonames:{place.geonames_id}" if place.geonames_id else "")
        if given:
            claim[column] = given
            known = self._by_id.get(given)
            if known is None:
                known = self._by_id[given] = self._row(place, given)
                self.places.append(known)
            elif known["name"] != place.name or known["country"] != place.country:
                # The same id under another spelling: claims keep what each row writes.
                spelled = (place.name, place.country, given)
                if spelled not in self._spelled:
                    self._spelled.add(spelled)
                    self.places.append(self._row(place, given))
            return
        self._namesakes.add(place.part, self._row(place, ""), claim, column)

    @staticmethod
    def _row(place: StatedPlace, key: str) -> dict[str, str]:
        return {
            "id": key,
            "name": place.name,
            "country": place.country,
            "written_country": place.written_country,
            "names": "; ".join(place.names),
            "lat": place.lat,
            "long": place.long,
            "population": place.population,
            "level": place.level,
            "wikidata_id": place.wikidata_id,
            "geonames_id": place.geonames_id,
        }


def _check_times(tie: MappingType[str, str]) -> None:
    """See that what is said to have begun lies in no later year than this, and that nothing active is over.

    Raises:
        Rejected: it does not, or is.
    """
    today = datetime.date.today()
    for what, words in (("start", "starts"), ("renewed", "is renewed"), ("first_contact", "has its first contact")):
        day = parse_edtf(tie[what]).earliest if tie.get(what) else None
        if day and int(day[:4]) > today.year:
            raise Rejected(f"it {words} in the future ({tie[what]}); mend the year, or wait until then")
    over = parse_edtf(tie["end"]).latest if tie.get("end") else None
    if over and tie.get("status") == "active" and over < today.isoformat():
        raise Rejected(f"it is said to be active, but ended ({tie['end']}); mend the status or the end")
