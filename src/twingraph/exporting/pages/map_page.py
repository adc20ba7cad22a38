"""The network as a map on a page: outlines and great circles on a canvas, without tiles."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from twingraph.exporting.cartography import chart, outlines
from twingraph.exporting.maps import places_without_coordinates
from twingraph.exporting.model import Export
from twingraph.exporting.pages.content import Position, page_content
from twingraph.exporting.pages.shell import page

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["to_map_page"]


def to_map_page(export: Export) -> bytes:
    """Return the network as a map in one HTML file that needs nothing else.

    Places without coordinates are listed beside the map. Coordinates in the file are kilometres of the projection,
    rounded to 0.1; x to the east, y to the south.
    """
    found = chart(export.network.possible)
    placed: dict[Hashable, Position] = {node: (round(x, 1), round(-y, 1)) for node, (x, y) in found.places.items()}
    paths = {edge: [_differences(_flat(line)) for line in lines] for edge, lines in found.lines.items()}
    content = page_content(export, placed, paths, places_without_coordinates(export))
    rings = [_flat(ring) for ring in outlines(found.projection)]
    edge = np.abs(np.concatenate(rings)).max(axis=0) if found.projection.centre is None else None
    (left, bottom), (right, top) = found.extent
    content["map"] = {
        "projection": found.projection.name,
        "edge": None if edge is None else [round(float(value)) for value in edge],
        "outlines": [_differences(ring, digits=0) for ring in rings],
        "extent": [round(value, 1) for value in (left, -top, right, -bottom)],
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
