"""Maps without tiles: country outlines, a projection that suits the places, and ties as great circles.

Outlines are those of Natural Earth at 1:50 million (`assets/assets.toml` says version and licence). The earth is a
sphere of radius 6,371 km here: at the scale of these maps its flattening is thinner than a line.
"""

from __future__ import annotations

import json
import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from twingraph.resources import asset

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Chart",
    "Projection",
    "boundary",
    "chart",
    "cut",
    "great_circle",
    "outlines",
    "point_of",
    "points_of",
    "projection_for",
    "rings",
]

_RADIUS = 6371.0
#: Places all within so many degrees of their middle are shown on a regional map.
_REGION = 40.0
#: A regional map shows no more than this many degrees around its middle.
_HORIZON = 80.0
#: A map shows at least so many kilometres.
_LEAST = 300.0
#: A map of a single spot shows more, so that coasts and borders tell where it is.
_ALONE = 1000.0
#: A tie has a point every so many kilometres.
_STEP = 250.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Projection:
    """A map projection; coordinates are kilometres, x to the east, y to the north.

    Attributes:
        name: for people.
        centre: longitude and latitude of the middle of a regional map (Lambert's azimuthal equal-area projection);
            None for the world (Equal Earth, Šavrič, Patterson and Jenny 2018).
    """

    name: str
    centre: Point | None = None

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return x and y of points given as rows of longitude and latitude in degrees."""
        transform = _transform(self.centre)
        if self.centre is not None:
            points = _within(points, self.centre)
        x, y = transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    def is_visible(self, points: NDArray[np.float64]) -> bool:
        """Return whether any of the points lies within the horizon of the map."""
        if self.centre is None:
            return True
        middle = _vectors(np.array([self.centre]))[0]
        return bool((_vectors(points) @ middle > math.cos(math.radians(_HORIZON))).any())


@dataclass(frozen=True, slots=True)
class Chart:
    """A network on a map.

    Attributes:
        projection: of everything.
        places: where each place stands; those without coordinates are not in it.
        lines: of each edge whose ends both stand on the map.
        extent: lower left and upper right corner of the places, at least 300 km apart; 1,000 around a single spot.
    """

    projection: Projection
    places: dict[Hashable, Point]
    lines: dict[tuple[Hashable, Hashable], list[NDArray[np.float64]]]
    extent: tuple[Point, Point]


def chart(graph: nx.Graph) -> Chart:
    """Return a network on the map that suits it.

    The node of a union, which has no place of its own, stands in the middle of its members that have coordinates.
    """
    points = points_of(graph)
    projection = projection_for(list(points.values()))
    if not points:
        return Chart(projection, {}, {}, ((-15000.0, -7500.0), (15000.0, 7500.0)))
    flat = projection.project(np.asarray(list(points.values()), dtype=float))
    places = {node: (float(x), float(y)) for node, (x, y) in zip(points, flat, strict=True)}
    lines = {
        (one, other): great_circle(points[one], points[other], projection)
        for one, other in graph.edges
        if one in points and other in points
    }
    low, high = flat.min(axis=0), flat.max(axis=0)
    centre, half = (low + high) / 2, np.maximum((high - low) / 2, (_LEAST if (high > low).any() else _ALONE) / 2)
    (left, bottom), (right, top) = (centre - half).tolist(), (centre + half).tolist()
    return Chart(projection, places, lines, ((left, bottom), (right, top)))


def points_of(graph: nx.Graph) -> dict[Hashable, Point]:
    """Return longitude and latitude of the nodes that a map can show.

    The node of a union, which has no place of its own, stands in the middle of its members that have coordinates.
    """
    points = {node: point for node, values in graph.nodes(data=True) if (point := point_of(values))}
    for node, kind in graph.nodes(data="type"):
        members = [points[other] for other in graph[node] if other in points] if kind == "union" else []
        if node not in points and members:
            points[node] = _middle(_vectors(np.asarray(members, dtype=float)).mean(axis=0))
    return points


def point_of(values: dict[str, Any]) -> Point | None:
    """Return longitude and latitude of a node; None where they are not known."""
    lat, long = values.get("lat"), values.get("long")
    return None if lat is None or long is None else (float(long), float(lat))


def boundary(projection: Projection) -> NDArray[np.float64] | None:
    """Return the edge of the world, as projected points; None for a region, whose map has no edge of its own."""
    if projection.centre is not None:
        return None
    lats = np.linspace(-90.0, 90.0, 181)
    east, west = (np.column_stack([np.full(181, side), lats]) for side in (180.0, -180.0))
    return projection.project(np.concatenate([east, west[::-1]]))


def projection_for(points: Sequence[Point]) -> Projection:
    """Return an equal-area projection that suits places given by longitude and latitude."""
    if points:
        vectors = _vectors(np.asarray(points, dtype=float))
        middle = vectors.mean(axis=0)
        length = float(np.linalg.norm(middle))
        if length > 0.1:
            middle /= length
            if float((vectors @ middle).min()) > math.cos(math.radians(_REGION)):
                long, lat = _middle(middle)
                return Projection("Lambert azimuthal equal-area", (round(long, 2), round(lat, 2)))
    return Projection("Equal Earth")


def great_circle(one: Point, other: Point, projection: Projection) -> list[NDArray[np.float64]]:
    """Return the shortest way between two points, as projected lines; on a world map cut at the 180th meridian.

    Between antipodes every way is as short; a straight line on the map stands for them.
    """
    ends = _vectors(np.array([one, other], dtype=float))
    angle = math.acos(max(-1.0, min(1.0, float(ends[0] @ ends[1]))))
    count = max(2, math.ceil(angle * _RADIUS / _STEP) + 1)
    if count == 2 or math.sin(angle) < 1e-9:
        points = np.array([one, other], dtype=float)
    else:
        # Shoemake's slerp (SIGGRAPH 1985).
        shares = np.linspace(0.0, 1.0, count)[:, None]
        path = (np.sin((1 - shares) * angle) * ends[0] + np.sin(shares * angle) * ends[1]) / math.sin(angle)
        points = _degrees(path)
    if projection.centre is not None:
        return [projection.project(points)]
    return [projection.project(piece) for piece in cut(points)]


def cut(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return a line of longitudes and latitudes, cut where it crosses the 180th meridian (RFC 7946, 3.1.9)."""
    jumps = np.flatnonzero(np.abs(np.diff(points[:, 0])) > 180)
    if not len(jumps):
        return [points]
    pieces, first = [], 0
    before: list[list[float]] = []
    for jump in jumps:
        here, there = points[jump], points[jump + 1]
        side = 180.0 if here[0] > 0 else -180.0
        way = (there[0] + 2 * side) - here[0]
        lat = here[1] + ((side - here[0]) / way if way else 0.0) * (there[1] - here[1])
        pieces.append(np.array([*before, *points[first : jump + 1].tolist(), [side, lat]]))
        before, first = [[-side, lat]], int(jump) + 1
    pieces.append(np.array([*before, *points[first:].tolist()]))
    return pieces


def outlines(projection: Projection) -> list[NDArray[np.float64]]:
    """Return the rings of all countries as projected polygons, without those beyond the horizon.

    On a world map rings that cross the 180th meridian are cut there.
    """
    if projection.centre is not None:
        return [projection.project(ring) for ring in _rings() if projection.is_visible(ring)]
    return [projection.project(piece) for ring in _rings() for piece in _halves(ring)]


def rings(digits: int) -> list[list[list[float]]]:
    """Return the outlines of countries as longitude and latitude, rounded, without points that fall together."""
    found = []
    for ring in _rings():
        rounded = np.round(ring, digits)
        kept = np.concatenate([[True], (np.diff(rounded, axis=0) != 0).any(axis=1)])
        found.append(rounded[kept].tolist())
    return found


def _halves(ring: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Cut a ring at the 180th meridian; one that goes round a pole closes along the map's edge as it is."""
    if not (np.abs(np.diff(ring[:, 0])) > 180).any():
        return [ring]
    longs = np.unwrap(ring[:, 0], period=360.0)
    if abs(longs[-1] - longs[0]) > 180:
        return [ring]
    whole = np.column_stack([longs, ring[:, 1]])
    pieces = []
    for turn in (-360.0, 0.0, 360.0):
        moved = whole + np.array([turn, 0.0])
        for side in (-1.0, 1.0):
            moved = _clipped(moved, side)
        if len(moved) > 2:
            pieces.append(moved)
    return pieces


def _clipped(ring: NDArray[np.float64], side: float) -> NDArray[np.float64]:
    """Return what of a ring lies on this side of a meridian at 180 degrees (Sutherland and Hodgman 1974)."""
    found: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        a_in, b_in = side * ax <= 180, side * bx <= 180
        if a_in:
            found.append((ax, ay))
        if a_in != b_in:
            found.append((side * 180, ay + (side * 180 - ax) / (bx - ax) * (by - ay)))
    return np.array(found).reshape(-1, 2)


@cache
def _rings() -> tuple[NDArray[np.float64], ...]:
    """Decode the rings of the TopoJSON file: arcs are quantised differences."""
    world: dict[str, Any] = json.loads(asset("natural-earth-50m.json").read_bytes())
    scale, offset = (np.asarray(world["transform"][name]) for name in ("scale", "translate"))
    arcs = [np.cumsum(np.asarray(arc), axis=0) * scale + offset for arc in world["arcs"]]

    def ring(indices: list[int]) -> NDArray[np.float64]:
        parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
        return np.concatenate([part if number == 0 else part[1:] for number, part in enumerate(parts)])

    found = []
    for country in world["objects"]["countries"]["geometries"]:
        if country["type"] == "Polygon":
            found += [ring(indices) for indices in country["arcs"]]
        elif country["type"] == "MultiPolygon":
            found += [ring(indices) for polygon in country["arcs"] for indices in polygon]
    return tuple(found)


@cache
def _transform(centre: Point | None) -> Any:
    from pyproj import Proj

    if centre is None:
        return Proj("+proj=eqearth +lon_0=0 +R=6371 +units=m")
    return Proj(f"+proj=laea +lon_0={centre[0]} +lat_0={centre[1]} +R=6371 +units=m")


def _vectors(points: NDArray[np.float64]) -> NDArray[np.float64]:
    long, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return np.column_stack([np.cos(lat) * np.cos(long), np.cos(lat) * np.sin(long), np.sin(lat)])


def _degrees(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return longitudes and latitudes of unit vectors."""
    return np.column_stack(
        [np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])), np.degrees(np.arcsin(np.clip(vectors[:, 2], -1, 1)))]
    )


def _middle(vector: NDArray[np.float64]) -> Point:
    """Return longitude and latitude of the direction of a vector."""
    long, lat = _degrees(vector[None, :] / max(float(np.linalg.norm(vector)), 1e-12))[0]
    return float(long), float(lat)


def _within(points: NDArray[np.float64], centre: Point) -> NDArray[np.float64]:
    """Move points beyond the horizon to it, in the same direction, so that polygons stay closed."""
    vectors = _vectors(points)
    middle = _vectors(np.array([centre]))[0]
    cosines = vectors @ middle
    limit = math.radians(_HORIZON)
    beyond = cosines < math.cos(limit)
    if not beyond.any():
        return points
    sideways = vectors[beyond] - cosines[beyond, None] * middle
    lengths = np.linalg.norm(sideways, axis=1, keepdims=True)
    moved = math.cos(limit) * middle + math.sin(limit) * sideways / np.maximum(lengths, 1e-12)
    points = points.copy()
    points[beyond] = _degrees(moved)
    return points
