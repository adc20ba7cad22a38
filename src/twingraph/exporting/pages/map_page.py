"""The network as a map on a page: outlines and great circles on a canvas, without tiles."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from twingraph.exporting.cartography import great_circle, outlines, projection_for
from twingraph.exporting.maps import places_without_coordinates, point_of
from twingraph.exporting.model import Export
from twingraph.exporting.pages.content import Position, page_content
from twingraph.exporting.pages.shell import page

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["to_map_page"]

#: A regional map shows at least so many kilometres.
_LEAST = 300.0


def to_map_page(export: Export) -> bytes:
    """Return the network as a map in one HTML file that needs nothing else.

    Places without coordinates are listed beside the map. A union's node stands in the middle of those of its members
    that have coordinates. Coordinates in the file are kilometres of the projection, rounded to 0.1; x to the east, y to
    the south.
    """
    graph = export.network.possible
    points = {node: point_of(values) for node, values in graph.nodes(data=True)}
    projection = projection_for([point for point in points.values() if point])
    placed: dict[Hashable, Position] = {}
    for node, point in points.items():
        if point is None:
            neighbours = [points[other] for other in graph[node] if points[other]]
            if graph.nodes[node].get("type") == "union" and neighbours:
                point = points[node] = tuple(np.mean(np.array(neighbours), axis=0))
        if point is not None:
            x, y = _flat(projection.project(np.array([point])))[0]
            placed[node] = (float(x), float(y))
    paths = {}
    for one, other in graph.edges:
        ends = points[one], points[other]
        if ends[0] and ends[1]:
            paths[one, other] = [_differences(_flat(line)) for line in great_circle(ends[0], ends[1], projection)]
    content = page_content(export, placed, paths, places_without_coordinates(export))
    rings = [_flat(ring) for ring in outlines(projection)]
    edge = np.abs(np.concatenate(rings)).max(axis=0) if projection.centre is None else None
    content["map"] = {
        "projection": projection.name,
        "edge": None if edge is None else [round(float(value)) for value in edge],
        "outlines": [_differences(ring, digits=0) for ring in rings],
        "extent": _extent([position for position in placed.values() if position]),
    }
    return page(export, "map", content, [], "map_renderer.js")


def _flat(points: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = points * np.array([1.0, -1.0])
    return found


def _differences(points: NDArray[np.float64], digits: int = 1) -> list[float]:
    """Return the first point and the steps to each next one; steps of rounded points, so that nothing adds up."""
    rounded = np.round(points * 10**digits)
    steps = np.vstack([rounded[:1], np.diff(rounded, axis=0)])
    # Points that fall together say nothing.
    kept = np.concatenate([[True], (steps[1:] != 0).any(axis=1)])
    whole = steps[kept].ravel()
    return [int(value) if digits == 0 else float(value) / 10**digits for value in whole]


def _extent(places: list[tuple[float, float]]) -> list[float]:
    if not places:
        return [-15000.0, -7500.0, 15000.0, 7500.0]
    array = np.array(places)
    low, high = array.min(axis=0), array.max(axis=0)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, _LEAST / 2)
    return [round(float(value), 1) for value in (*(middle - half), *(middle + half))]
