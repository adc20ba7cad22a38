"""Places that a source writes with one name: what tells them apart (coordinates, parts of the country) is their id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from twingraph.resolving.gazetteers import distance_km

__all__ = ["SAME_PLACE", "Namesakes", "distance"]

#: Two rows of one name lie this far apart, in kilometres, before they count as two places.
SAME_PLACE = 20.0


def distance(lat: str, long: str, other_lat: str, other_long: str) -> float:
    """Return the great-circle distance in kilometres, 0 where one of the two is unknown."""
    return distance_km(*map(float, (lat, long, other_lat, other_long))) if lat and other_lat else 0.0


@dataclass(slots=True)
class _Place:
    """One of the places of a name and country.

    Attributes:
        part: what the country's cell names beside the country.
        entry: its row for ``places.csv``.
        uses: claims that name it, and their column for its id.
    """

    part: str
    entry: dict[str, str]
    uses: list[tuple[dict[str, str], str]] = field(default_factory=list)


class Namesakes:
    """Places without an id of the source, by name and country."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], list[_Place]] = {}

    def add(self, part: str, entry: dict[str, str], claim: dict[str, str], column: str) -> None:
        """Note that a claim names a place.

        Args:
            part: what the country's cell names beside the country.
            entry: the place's row for ``places.csv``.
            claim: the claim's row.
            column: the claim's column for the place's id.
        """
        places = self._places.setdefault((entry["name"], entry["country"]), [])
        for place in places:
            known = place.entry
            # A row without coordinates need not mean the place of another row that has some.
            if place.part == part and bool(known["lat"]) == bool(entry["lat"]):
                if distance(known["lat"], known["long"], entry["lat"], entry["long"]) >= SAME_PLACE:
                    continue
                place.uses.append((claim, column))
                # Of several coordinates the same ones, in whatever order the rows stand.
                if entry["lat"] and _degrees(entry) < _degrees(known):
                    known["lat"], known["long"] = entry["lat"], entry["long"]
                return
        places.append(_Place(part, entry, [(claim, column)]))

    def settle(self) -> Iterator[dict[str, str]]:
        """Yield the rows for ``places.csv``, and give each claim the id under which it names its place.

        A place that is the only one of its name has no id. Others are named by what tells them apart, not by where they
        stand in the file: so a decision on one of them holds when rows are moved.
        """
        for places in self._places.values():
            for place in places:
                key = ""
                if len(places) > 1:
                    alone = sum(other.part == place.part for other in places) == 1
                    spot = f"{place.entry['lat']},{place.entry['long']}" if place.entry["lat"] else ""
                    key = place.part[:70] if place.part and alone else f"{place.part[:70]} {spot}".strip()
                place.entry["id"] = key
                for claim, column in place.uses:
                    claim[column] = key
                yield place.entry


def _degrees(entry: dict[str, str]) -> tuple[float, float]:
    return float(entry["lat"]), float(entry["long"])
