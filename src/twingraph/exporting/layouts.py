"""Where places stand in a picture of a network: the same network, the same picture."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["positions"]

#: Mean length of a tie in a layout, in the units of the positions.
_LENGTH = 60.0
_GAP = 1.2 * _LENGTH
#: Up to so many places the slower layout of Kamada and Kawai, which shows distances truly, is quick enough.
_SMALL = 150
_SEED = 1


def positions(graph: nx.Graph) -> dict[Hashable, tuple[float, float]]:
    """Return x and y of every node; the mean length of a tie is 60.

    Each component is laid out by itself: small ones as Kamada and Kawai do (*Information Processing Letters* 31, 1989),
    others by the forces of Fruchterman and Reingold (*Software: Practice and Experience* 21, 1991). The components
    then stand side by side in rows, the largest first, so that nothing drifts away.
    """
    from twingraph.analysis.seeding import seeded
    from twingraph.analysis.wiring import wire

    wiring = wire(graph)
    if not wiring.n:
        return {}
    native = wiring.native
    parts = sorted(native.connected_components(), key=lambda part: (-len(part), part[0]))
    blocks = []
    with seeded(_SEED):
        for part in parts:
            blocks.append(_component(native.induced_subgraph(part) if len(parts) > 1 else native))
    found = {}
    for part, points in zip(parts, _packed(blocks), strict=True):
        for index, (x, y) in zip(part, points, strict=True):
            found[wiring.nodes[index]] = (round(float(x), 1), round(float(y), 1))
    return {node: found[node] for node in wiring.nodes}


def _component(native) -> NDArray[np.float64]:  # type: ignore[no-untyped-def]
    """Return the places of one component, its lower left corner at 0, 0."""
    count = native.vcount()
    if count == 1:
        return np.zeros((1, 2))
    if count == 2:
        return np.array([[0.0, 0.0], [_LENGTH, 0.0]])
    if count <= _SMALL:
        layout = native.layout_kamada_kawai()
    else:
        layout = native.layout_fruchterman_reingold(niter=500 if count <= 2000 else 300, grid="auto")
    points = np.asarray(layout.coords, dtype=float)
    ends = np.asarray(native.get_edgelist())
    lengths = np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T)
    points *= _LENGTH / max(float(lengths.mean()), 1e-9)
    points = _turned(points)
    found: NDArray[np.float64] = points - points.min(axis=0)
    return found


def _turned(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn a layout so that its longer side lies flat, as pages and screens are."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    # The direction of a principal axis is arbitrary; the first place that is off the middle decides.
    flat = centred @ axes.T
    signs = np.where(flat[0] < 0, -1.0, 1.0)
    found: NDArray[np.float64] = flat * signs
    return found


def _packed(blocks: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Return the blocks in rows whose whole is about half as wide again as high."""
    sizes = [block.max(axis=0) + _GAP for block in blocks]
    area = sum(float(size[0] * size[1]) for size in sizes)
    width = max(float(sizes[0][0]), math.sqrt(1.6 * area))
    placed, x, y, height = [], 0.0, 0.0, 0.0
    for block, size in zip(blocks, sizes, strict=True):
        if x and x + size[0] > width:
            x, y, height = 0.0, y + height, 0.0
        placed.append(block + np.array([x, y]))
        x += float(size[0])
        height = max(height, float(size[1]))
    return placed
