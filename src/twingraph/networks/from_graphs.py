"""Ties from a NetworkX graph, whatever its nodes are and whatever attributes it has."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Hashable, Mapping
from typing import Any

import networkx as nx

from twingraph.dates import EdtfDate, parse_edtf
from twingraph.errors import DataError
from twingraph.networks.lifetimes import lifetime_of
from twingraph.networks.model import Origin, Place, Support, Tie, TieTable

__all__ = ["TIE_COLUMNS", "read_graph"]

#: Attributes of nodes and edges by the names that other programs give them, in the order in which they are tried.
_PLACE_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("name", "label", "Label", "title"),
    "country": ("country", "country_code", "Country"),
    "continent": ("continent", "region"),
    "level": ("level",),
    "language": ("language", "lang"),
    "lat": ("lat", "latitude", "Latitude"),
    "long": ("long", "lon", "lng", "longitude", "Longitude"),
    "iri": ("iri", "uri", "municipality"),
}
_TIE_NAMES: dict[str, tuple[str, ...]] = {
    "kind": ("kind",),
    "status": ("status",),
    "start": ("start", "start_year", "year", "since"),
    "end": ("end", "end_year"),
    "status_since": ("status_since",),
    "sources": ("source_ids",),
    "iri": ("partnership", "iri", "uri"),
    "reciprocated": ("reciprocated",),
}
#: Columns of an edge list that are of the tie, although some begin like those of its ends.
TIE_COLUMNS = frozenset(name for names in _TIE_NAMES.values() for name in names)


def read_graph(graph: nx.Graph, *, origin: Origin | None = None) -> TieTable:
    """Return the ties of a NetworkX graph, with what its nodes and edges say under the usual names.

    Self-loops are left out, and edges between the same two nodes are one tie (the first gives its attributes); notes
    say how many. A directed graph is read without its directions; how many pairs stand in one direction only is kept.

    Raises:
        DataError: a date, a latitude or a longitude can't be read.
    """
    origin = origin or Origin("memory", graph.name or "NetworkX graph")
    # Files with a timeline keep the dates that sources give apart from the days on which a tie is shown.
    shown = any("start_edtf" in values or "end_edtf" in values for *_, values in graph.edges(data=True))
    tie_names = {**_TIE_NAMES, "start": ("start_edtf",), "end": ("end_edtf",)} if shown else _TIE_NAMES
    keys = _keys(graph)
    attributes: set[str] = set()
    places = {}
    for node, values in graph.nodes(data=True):
        places[keys[node]] = _place(keys[node], values, origin, attributes)
    # The ties of each pair; of each the directions in which it is listed.
    pairs: dict[tuple[str, str], list[tuple[Tie, set[tuple[str, str]]]]] = {}
    loops = repeated = 0
    for one, other, values in graph.edges(data=True):
        if one == other:
            loops += 1
            continue
        direction = keys[one], keys[other]
        pair = direction if direction[0] < direction[1] else (direction[1], direction[0])
        tie = _tie(pair, values, origin, attributes, tie_names)
        known = pairs.setdefault(pair, [])
        for number, (same, directions) in enumerate(known):
            if _tells_of(tie) == _tells_of(same):
                if not set(tie.supports) <= set(same.supports):
                    both_say = sorted({*same.supports, *tie.supports}, key=lambda support: support.source)
                    known[number] = dataclasses.replace(same, supports=tuple(both_say)), directions
                repeated += direction in directions or not graph.is_directed()
                directions.add(direction)
                break
        else:
            if known:
                tie = dataclasses.replace(tie, key=f"{tie.key}-{len(known) + 1}")
            known.append((tie, {direction}))
    both = sum(len(set().union(*(directions for _, directions in known))) == 2 for known in pairs.values())
    notes = []
    if loops:
        notes.append(f"{loops:,} self-loop{'s' * (loops > 1)} (a place tied to itself) left out")
    if repeated:
        notes.append(f"{repeated:,} repeated tie{'s' * (repeated > 1)} between the same two places counted once")
    return TieTable(
        places=places,
        ties=[tie for known in pairs.values() for tie, _ in known],
        origin=origin,
        attributes=frozenset(attributes),
        directed=(len(pairs) - both, both) if graph.is_directed() else None,
        notes=notes,
        keeps_isolated=True,
    )


def _tells_of(tie: Tie) -> tuple[str | None, ...]:
    """Return what tells ties of the same pair apart; sources and words about a tie do not."""
    return tie.kind, tie.status, tie.start, tie.end, tie.status_since


def _keys(graph: nx.Graph) -> dict[Hashable, str]:
    """Return the text that stands for each node, different for different nodes."""
    keys = {node: str(node) for node in graph}
    if len(set(keys.values())) < len(keys):
        keys = {node: f"{type(node).__name__}:{node!r}" for node in graph}
    return keys


def _place(key: str, values: Mapping[str, Any], origin: Origin, attributes: set[str]) -> Place:
    found: dict[str, Any] = {}
    for name, others in _PLACE_NAMES.items():
        value = next((values[other] for other in others if _is_given(values.get(other))), None)
        if value is None:
            continue
        if name in ("lat", "long"):
            value = _degrees(value, name, key, origin)
        found[name] = value if name in ("lat", "long") else str(value).strip()
        attributes.add(name)
    if ("lat" in found) != ("long" in found):
        found.pop("lat", None)
        found.pop("long", None)
    return Place(key=key, name=found.pop("name", key), **found)


def _tie(
    pair: tuple[str, str],
    values: Mapping[str, Any],
    origin: Origin,
    attributes: set[str],
    names: Mapping[str, tuple[str, ...]],
) -> Tie:
    found: dict[str, Any] = {}
    for name, others in names.items():
        value = next((values[other] for other in others if _is_given(values.get(other))), None)
        if value is not None:
            found[name] = str(value).strip()
            attributes.add(name)
    start, end, since = (_date(found.get(name), name, pair, origin) for name in ("start", "end", "status_since"))
    status = found.get("status")
    reciprocated = found.get("reciprocated")
    return Tie(
        key="-".join(pair),
        participants=pair,
        kind=found.get("kind"),
        status=status,
        lifetime=lifetime_of(start, end, status, since),
        start=start.text if start else None,
        end=end.text if end else None,
        status_since=since.text if since else None,
        supports=tuple(Support(source, False) for source in sorted(set(found.get("sources", "").split()))),
        is_reciprocated=None if reciprocated is None else reciprocated.lower() == "true",
        iri=found.get("iri"),
    )


def _is_given(value: object) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return False
    return not isinstance(value, str) or bool(value.strip())


def _date(text: str | None, name: str, pair: tuple[str, str], origin: Origin) -> EdtfDate | None:
    if text is None:
        return None
    # Programs that know only numbers write a year as 1962.0.
    plain = text[:-2] if text.endswith(".0") else text
    try:
        return parse_edtf(plain[:10] if plain[10:11] in ("T", " ") else plain)
    except ValueError as error:
        raise DataError(f"tie {pair[0]} – {pair[1]}: {error}", file=origin.name, column=name) from None


def _degrees(value: Any, name: str, key: str, origin: Origin) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not abs(number) <= (90 if name == "lat" else 180):
        raise DataError(
            f"node {key}: {value!r} is no {'latitude' if name == 'lat' else 'longitude'} in degrees",
            file=origin.name,
            column=name,
        )
    return number
