"""Networks for maps: GeoJSON and KML."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from typing import Any

import numpy as np

from twingraph.exporting.cartography import cut, point_of, points_of
from twingraph.exporting.model import Export, printable, shown_time

__all__ = ["places_without_coordinates", "to_geojson", "to_kml"]

_KML = "http://www.opengis.net/kml/2.2"
Point = tuple[float, float]


def places_without_coordinates(export: Export) -> list[str]:
    """Return the names of the places that no map can show, sorted; of unions those without any member that it can."""
    graph = export.network.possible
    points = points_of(graph)
    return sorted(str(values.get("name", node)) for node, values in graph.nodes(data=True) if node not in points)


def _line(one: Point, other: Point) -> dict[str, Any]:
    """Return the straight line between two points; one that crosses the 180th meridian is cut there."""
    pieces = [[(long, round(lat, 5)) for long, lat in piece.tolist()] for piece in cut(np.array([one, other]))]
    if len(pieces) == 1:
        return {"type": "LineString", "coordinates": [one, other]}
    return {"type": "MultiLineString", "coordinates": pieces}


def to_geojson(export: Export) -> bytes:
    """Return places as points and ties as lines (RFC 7946); what has no coordinates has the geometry null."""
    graph = export.network.possible
    lives = {tie.key: tie.lifetime for tie in export.network.ties}
    points = points_of(graph)
    features = []
    for node, values in graph.nodes(data=True):
        geometry = {"type": "Point", "coordinates": points[node]} if node in points else None
        # A union has no place of its own; who computes with points must be able to tell.
        middle = {"position": "middle of its members"} if geometry and point_of(values) is None else {}
        features.append({"type": "Feature", "id": node, "geometry": geometry, "properties": {**values, **middle}})
    for one, other, values in graph.edges(data=True):
        line = _line(points[one], points[other]) if one in points and other in points else None
        begin, end = shown_time(lives[values["tie"]], export.today)
        names = {"from": one, "to": other, "from_name": graph.nodes[one].get("name", one)}
        names |= {"to_name": graph.nodes[other].get("name", other), "shown_from": begin, "shown_until": end}
        features.append({"type": "Feature", "geometry": line, "properties": {**names, **values}})
    about = export.about() | {"without_coordinates": places_without_coordinates(export)}
    document = {"type": "FeatureCollection", "twingraph": about, "features": features}
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()


def to_kml(export: Export) -> bytes:
    """Return places and ties for Google Earth and other globes; ties have the time in which they possibly were."""
    ElementTree.register_namespace("", _KML)
    graph = export.network.possible
    lives = {tie.key: tie.lifetime for tie in export.network.ties}
    root = ElementTree.Element(f"{{{_KML}}}kml")
    document = _child(root, "Document")
    points = points_of(graph)
    missing = places_without_coordinates(export)
    _child(document, "name", "Partnerships between municipalities")
    told = f"{export.sentence()}."
    if missing:
        told += f" Without coordinates, and so not on the map: {', '.join(missing)}."
    _child(document, "description", told)
    folder = _child(document, "Folder")
    _child(folder, "name", "Places")
    for node, values in graph.nodes(data=True):
        if node in points:
            point = points[node]
            mark = _child(folder, "Placemark")
            _child(mark, "name", str(values.get("name", node)))
            known = [str(values[name]) for name in ("country", "iri") if name in values]
            if point_of(values) is None:
                known.insert(0, "in the middle of its members")
            _child(mark, "description", ", ".join(known))
            _child(_child(mark, "Point"), "coordinates", f"{point[0]},{point[1]}")
    folder = _child(document, "Folder")
    _child(folder, "name", "Ties")
    for one, other, values in graph.edges(data=True):
        if one not in points or other not in points:
            continue
        mark = _child(folder, "Placemark")
        _child(mark, "name", " – ".join(str(graph.nodes[node].get("name", node)) for node in (one, other)))
        words = ("kind", "status", "start", "end", "certainty", "source_ids", "partnership")
        _child(mark, "description", "; ".join(f"{word}: {values[word]}" for word in words if word in values))
        begin, end = shown_time(lives[values["tie"]], export.today)
        span = _child(mark, "TimeSpan")
        for name, day in (("begin", begin), ("end", end)):
            if day is not None:
                _child(span, name, day)
        line = _child(mark, "LineString")
        _child(line, "tessellate", "1")
        _child(line, "coordinates", " ".join(f"{long},{lat}" for long, lat in (points[one], points[other])))
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _child(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_KML}}}{name}")
    if text is not None:
        child.text = printable(text)
    return child
