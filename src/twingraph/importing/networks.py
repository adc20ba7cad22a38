"""Import a graph file: GEXF or GraphML with labels, or Linked Places; nodes are places, edges ties."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from twingraph.errors import DataError
from twingraph.importing.dates import to_edtf
from twingraph.importing.intake import Intake, Rejected, StatedPlace, read_place, to_word
from twingraph.importing.outcome import Outcome, finish, source_id
from twingraph.importing.reading import MAX_FILE, read_json

__all__ = ["import_network"]

#: Attributes of nodes by the names that other programs give them.
_OF_NODES: dict[str, tuple[str, ...]] = {
    "name": ("label", "name", "title"),
    "country": ("country_code", "country", "countrycode", "land"),
    "lat": ("lat", "latitude"),
    "long": ("long", "lon", "lng", "longitude"),
    "wikidata_id": ("wikidata_id", "wikidata", "qid"),
    "geonames_id": ("geonames_id", "geonames", "geonameid"),
    "population": ("pop", "population"),
    "level": ("level",),
}
_OF_EDGES: dict[str, tuple[str, ...]] = {
    "start": ("start_edtf", "start", "since", "start_year", "year"),
    "end": ("end_edtf", "end", "end_year"),
    "kind": ("kind",),
    "status": ("status",),
}
_QID = re.compile(r"Q[1-9]\d{0,11}\Z")


def import_network(
    path: Path,
    data: Path,
    *,
    source: str | None = None,
    metadata: dict[str, str] | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Read a graph file as a source and write it into a data folder.

    Node attributes that are read are `_OF_NODES`, those of edges `_OF_EDGES`; a node id that is a QID is taken as one.
    A directed graph gives one claim for each direction.

    Raises:
        DataError: the file is broken or of another form; nothing came in.
    """
    if not path.is_file():
        what = "does not exist" if not path.exists() else "is a folder" if path.is_dir() else "is no regular file"
        raise DataError(f"{what}; give GEXF, GraphML or Linked Places", file=path)
    if path.stat().st_size > MAX_FILE:
        raise DataError(f"is larger than {MAX_FILE >> 20} MiB", file=path)
    suffix = path.suffix.lower()
    intake = Intake()
    if suffix in (".json", ".geojson", ".jsonld"):
        _take_linked_places(read_json(path), intake, path)
    elif suffix in (".gexf", ".graphml", ".xml"):
        from twingraph.networks.from_files import read_xml

        undescribed: set[str] = set()
        graph = read_xml(path.read_bytes(), str(path), suffix)
        nodes = {node: _lowered(values) for node, values in graph.nodes(data=True)}
        if any(nodes.values()):
            # The reader makes nodes of all that edges name.
            undescribed = {str(node) for node, values in nodes.items() if not values and not _QID.match(str(node))}
        for number, (one, other, values) in enumerate(graph.edges(data=True), 1):
            ends = (str(one), nodes[one]), (str(other), nodes[other])
            _take(intake, number, f"edge {number}", *ends, _lowered(values), undescribed)
    else:
        raise DataError(f"its ending {suffix!r} is not known; give .gexf, .graphml or Linked Places (.json)", file=path)
    about = {"title": path.name, **(metadata or {})}
    return finish(intake, data, source or source_id(path.stem), about, dry_run=dry_run)


def _take(
    intake: Intake,
    number: int,
    locator: str,
    first: tuple[str, Mapping[str, Any]],
    partner: tuple[str, Mapping[str, Any]],
    tie: Mapping[str, Any],
    undescribed: Collection[str] = (),
) -> None:
    """Take one edge, or reject it: also if it names a node that the file does not describe."""
    intake.read += 1
    try:
        for column, (key, _) in (("source", first), ("target", partner)):
            if key in undescribed:
                raise Rejected(f"the file says nothing about the node {key[:40]!r}", column)
        values = {what: _first(tie, names) for what, names in _OF_EDGES.items()}
        read: dict[str, str] = {}
        for what in ("start", "end"):
            if values[what]:
                try:
                    read[what] = to_edtf(values[what])
                except ValueError as error:
                    raise Rejected(str(error), what) from None
        for what in ("kind", "status"):
            if values[what]:
                try:
                    read[what] = to_word(what, values[what], {})
                except ValueError as error:
                    raise Rejected(str(error), what) from None
        intake.add(number, locator, _node(*first), _node(*partner), read)
    except Rejected as error:
        cells = {"source": first[0], "target": partner[0], **{str(key): str(value) for key, value in tie.items()}}
        intake.reject(number, error, cells)


def _lowered(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in values.items()}


def _node(key: str, values: Mapping[str, Any]) -> StatedPlace:
    texts = {what: _first(values, names) for what, names in _OF_NODES.items()}
    name = texts.pop("name") or key
    return read_place(name, {**texts, "id": key}, lambda what: what, lambda what, text: to_word(what, text, {}))


def _first(values: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        value = values.get(name)
        if value is None or isinstance(value, (dict, list)):
            continue
        text = " ".join(str(value).split())
        if text.lower() not in ("", "nan", "none"):
            return text
    return ""


def _take_linked_places(found: Any, intake: Intake, path: Path) -> None:
    """Take the relations of a FeatureCollection of Linked Places (https://github.com/LinkedPasts/linked-places-format)."""
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise DataError("is no FeatureCollection of Linked Places", file=path)
    places: dict[str, dict[str, Any]] = {}
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or not feature.get("@id"):
            raise DataError("is no feature with an @id", file=path, row=number)
        places[str(feature["@id"])] = _feature(feature)
    number = 0
    for feature in features:
        own = str(feature["@id"])
        relations = feature.get("relations") or []
        for relation in relations if isinstance(relations, list) else []:
            if not isinstance(relation, dict):
                continue
            number += 1
            other = str(relation.get("relationTo", ""))
            partner = places.get(other) or {"name": str(relation.get("label", ""))}
            tie = dict(_when(relation.get("when")))
            _take(intake, number, f"relation {number} ({own})"[:200], (own, places[own]), (other, partner), tie)


def _feature(feature: dict[str, Any]) -> dict[str, Any]:
    given = feature.get("properties")
    properties: dict[str, Any] = given if isinstance(given, dict) else {}
    values: dict[str, Any] = {"name": properties.get("title", "")}
    codes = properties.get("ccodes")
    if isinstance(codes, list) and len(codes) == 1:
        values["country"] = codes[0]
    geometry = feature.get("geometry")
    if isinstance(geometry, dict):
        point = geometry if geometry.get("type") == "Point" else next(iter(geometry.get("geometries") or [{}]), {})
        spot = point.get("coordinates") if isinstance(point, dict) else None
        if isinstance(spot, list) and len(spot) >= 2:
            values["long"], values["lat"] = spot[0], spot[1]
    for link in feature.get("links") or []:
        identifier = str(link.get("identifier", "")) if isinstance(link, dict) else ""
        tail = re.split(r"[:/]", identifier.rstrip("/"))[-1]
        if _QID.match(tail):
            values["wikidata_id"] = tail
        elif re.match(r"(?:gn:|.*geonames)", identifier) and tail.isdecimal():
            values["geonames_id"] = tail
    return values


def _when(when: Any) -> Iterator[tuple[str, str]]:
    spans = when.get("timespans") if isinstance(when, dict) else None
    if isinstance(spans, list) and spans and isinstance(spans[0], dict):
        for key in ("start", "end"):
            part = spans[0].get(key)
            if isinstance(part, dict):
                text = part.get("in") or part.get("earliest") or part.get("latest")
                if text:
                    yield key, str(text)
