"""Municipalities that may stand twice in the gazetteer: by name, or by place and partner.

Comparing every place with every other is no work for SPARQL, so the places are read once and compared here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from twingraph.vocab import ID

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = ["describe", "distance_km", "find_same_names", "find_same_places"]

#: Namesakes of one country further apart than this are two places.
FAR_KM = 30.0
#: Two entries closer than this may be one place.
NEAR_KM = 1.0

_KM_PER_DEGREE = 111.2
_CELL = 0.02

Row = dict[str, Any]


def find_same_names(graph: Graph) -> Iterator[tuple[Row, Row, str]]:
    """Yield pairs of one country and level that share a name, unless coordinates tell them apart."""
    places = _places(graph)
    bearers: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in graph.query("portrait/name-index", frame="result").records():
        place = places.get(str(row["municipality"]))
        if place:
            bearers[str(row["key"]), place["country"], place["level"]].add(place["municipality"])
    found: dict[tuple[str, str], str] = {}
    for (name, _, _), group in sorted(bearers.items()):
        for pair in combinations(sorted(group), 2):
            found.setdefault(pair, name)
    for (one, other), name in found.items():
        distance = _distance(places[one], places[other])
        if distance is None:
            yield places[one], places[other], f"both called “{name}”, not both with coordinates"
        elif distance < FAR_KM:
            yield places[one], places[other], f"both called “{name}”, {distance:.0f} km apart"


def find_same_places(graph: Graph) -> Iterator[tuple[Row, Row, str]]:
    """Yield pairs of one country that are less than a kilometre apart and have a partner in common."""
    cells: dict[tuple[str, int, int], list[Row]] = defaultdict(list)
    places = [place for place in _places(graph).values() if place["latitude"] is not None]
    for place in places:
        cells[_cell(place)].append(place)
    for place in places:
        country, row, column = _cell(place)
        # Meridians converge: a kilometre takes more cells the further from the equator.
        reach = math.ceil(NEAR_KM / (_KM_PER_DEGREE * _CELL * max(math.cos(math.radians(place["latitude"])), 0.01)))
        for lower in (row - 1, row, row + 1):
            for left in range(column - reach, column + reach + 1):
                for other in cells.get((country, lower, left), ()):
                    distance = _distance(place, other)
                    if other["municipality"] <= place["municipality"] or distance is None or distance >= NEAR_KM:
                        continue
                    shared = _partners(graph, place) & _partners(graph, other)
                    if shared:
                        yield place, other, f"{distance * 1000:.0f} m apart, both with {min(shared)}"


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance on the globe.

    >>> round(distance_km(52.52, 13.405, 48.8566, 2.3522))
    877
    """
    one, other = math.radians(latitude), math.radians(other_latitude)
    east = math.radians(other_longitude - longitude)
    chord = math.sin((other - one) / 2) ** 2 + math.cos(one) * math.cos(other) * math.sin(east / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(min(chord, 1.0)))


def _places(graph: Graph) -> dict[str, Row]:
    rows: list[Row] = graph.query("portrait/place-index", frame="result").records()
    return {row["municipality"]: row for row in rows}


def _partners(graph: Graph, place: Row) -> set[str]:
    rows = graph.query("portrait/neighbours", frame="result", municipality=place["municipality"]).records()
    return {str(row["name"]) for row in rows}


def _cell(place: Row) -> tuple[str, int, int]:
    return place["country"], math.floor(place["latitude"] / _CELL), math.floor(place["longitude"] / _CELL)


def _distance(one: Row, other: Row) -> float | None:
    if one["latitude"] is None or other["latitude"] is None:
        return None
    return distance_km(one["latitude"], one["longitude"], other["latitude"], other["longitude"])


def describe(one: Row, other: Row, why: str) -> tuple[str, str, str]:
    """Return subject, label and detail of a pair for a report."""
    keys = [place["municipality"].removeprefix(ID + "municipality/") for place in (one, other)]
    label = f"{one['name']}, {one['country']}"
    return one["municipality"], label, f"{keys[0]} and {other['name']} {keys[1]}: {why}"
