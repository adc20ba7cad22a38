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

#: Mean length of a tie in a layout, in the units of the positions; longer where places would stand too close.
_LENGTH = 60.0
_GAP = 1.2 * _LENGTH
#: Up to so many places the slower layout of Kamada and Kawai, which shows distances truly, is quick enough.
_SMALL = 150
#: How far places of a larger component are moved from where the forces leave them to an even spread.
_EVENNESS = 0.85
#: The picture on a page, beside what stands left and right of it, is somewhat wider than high.
_ASPECT = 1.25
#: The grid in which components are placed begins with so many times their area.
_ROOM = 2.0
_SEED = 1


def positions(graph: nx.Graph) -> dict[Hashable, tuple[float, float]]:
    """Return x and y of every node; the mean length of a tie is 60, and more in a crowded component.

    Each component is laid out by itself: small ones as Kamada and Kawai do (*Information Processing Letters* 31, 1989),
    others by the forces of Fruchterman and Reingold (*Software: Practice and Experience* 21, 1991), whose dense middle
    is then spread until each place has as much room as in a small component. The largest component stands in the
    middle, the others around it, so that nothing drifts away.
    """
    from twingraph.analysis.seeding import seeded
    from twingraph.analysis.wiring import wire

    wiring = wire(graph)
    if not wiring.n:
        return {}
    native = wiring.native
    parts = sorted(native.connected_components(), key=lambda part: (-len(part), part[0]))
    blocks, ties = [], []
    with seeded(_SEED):
        for part in parts:
            component = native.induced_subgraph(part) if len(parts) > 1 else native
            ends = np.asarray(component.get_edgelist(), dtype=int).reshape(-1, 2)
            blocks.append(_component(component, ends))
            ties.append(ends)
    found = {}
    for part, points in zip(parts, _packed(blocks, ties), strict=True):
        for index, (x, y) in zip(part, points, strict=True):
            found[wiring.nodes[index]] = (round(float(x), 1), round(float(y), 1))
    return {node: found[node] for node in wiring.nodes}


def _component(native, ends: NDArray[np.int_]) -> NDArray[np.float64]:  # type: ignore[no-untyped-def]
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
    lengths = np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T)
    points *= _LENGTH / max(float(lengths.mean()), 1e-9)
    if count > _SMALL:
        points = _spread(points)
    points = _turned(points)
    found: NDArray[np.float64] = points - points.min(axis=0)
    return found


def _spread(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Move places away from their middle or towards it, keeping who is nearer, until they lie more evenly.

    The forces leave a large component dense in the middle and ragged at its rim: a blot with some threads.
    """
    centred = points - points.mean(axis=0)
    distances = np.hypot(*centred.T)
    ranks = np.empty(len(points))
    ranks[np.argsort(distances, kind="stable")] = np.arange(len(points)) + 0.5
    # The radius of an even disc whose places are as far from its middle in the mean of squares.
    radius = max(math.sqrt(2 * float(np.mean(distances**2))), 1e-9)
    shares = _EVENNESS * np.sqrt(ranks / len(points)) + (1 - _EVENNESS) * distances / radius
    wanted = max(radius, _LENGTH * math.sqrt(len(points) / math.pi)) * shares
    found: NDArray[np.float64] = centred * (wanted / np.maximum(distances, 1e-9))[:, None]
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


def _packed(blocks: list[NDArray[np.float64]], ties: list[NDArray[np.int_]]) -> list[NDArray[np.float64]]:
    """Return the blocks, the first around 0, 0 and each other as near to it as there is room.

    After Freivalds, Dogrusoz and Kikusts (*Graph Drawing*, 2001): a block takes only those cells of a grid that it
    covers, so that small ones fill the corners that large ones leave.
    """
    covers = [_cover(block, ends) for block, ends in zip(blocks, ties, strict=True)]
    area = sum(cover.size for cover in covers)
    shape = np.sqrt(_ROOM * area * np.array([1 / _ASPECT, _ASPECT])) + np.max([cover.shape for cover in covers], axis=0)
    taken = np.zeros(np.ceil(shape).astype(int), dtype=bool)
    corners: dict[tuple[int, ...], list[list[int]]] = {}
    placed = []
    for block, cover in zip(blocks, covers, strict=True):
        height, width = cover.shape
        while True:
            if cover.shape not in corners:
                corners[cover.shape] = _free(taken, height, width)
            # What is taken stays taken, so that each corner is looked at once for each size.
            left = corners[cover.shape]
            while left and taken[left[-1][0] : left[-1][0] + height, left[-1][1] : left[-1][1] + width].any():
                left.pop()
            if left:
                break
            taken = np.pad(taken, max(cover.shape))
            corners.clear()
        y, x = left.pop()
        taken[y : y + height, x : x + width] |= cover
        placed.append(block + _GAP * (np.array([x, y]) - np.array(taken.shape[::-1]) / 2))
    return placed


def _cover(block: NDArray[np.float64], ends: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Return which cells of a grid a block covers with half a gap around it, by row and column."""
    starts, ways = block[ends[:, 0]], block[ends[:, 1]] - block[ends[:, 0]]
    steps = math.ceil(2 * float(np.hypot(*ways.T).max(initial=0.0)) / _GAP)
    cover = np.zeros(np.ceil(block.max(axis=0) / _GAP).astype(int)[::-1] + 1, dtype=bool)
    for points in [block, *(starts + ways * (step / steps) for step in range(1, steps))]:
        x, y = points.T / _GAP
        for columns in (np.floor(x).astype(int), np.ceil(x).astype(int)):
            for rows in (np.floor(y).astype(int), np.ceil(y).astype(int)):
                cover[rows, columns] = True
    return _between(cover, 0) & _between(cover, 1)


def _between(cover: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    """Return the cells that have covered ones on both sides, so that nothing is put into a component's hollows."""
    backwards = np.flip(np.logical_or.accumulate(np.flip(cover, axis), axis=axis), axis)
    found: NDArray[np.bool_] = np.logical_or.accumulate(cover, axis=axis) & backwards
    return found


def _free(taken: NDArray[np.bool_], height: int, width: int) -> list[list[int]]:
    """Return the first row and column of each free rectangle of a size, that nearest to the middle last."""
    sums = np.pad(taken.astype(np.int64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    within = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    found = np.argwhere(within == 0)
    away = np.abs(found + (np.array([height, width]) - taken.shape) / 2) / np.array([1.0, _ASPECT])
    # Of those equally near, the upper left one.
    order = np.lexsort((found[:, 1], found[:, 0], away.sum(axis=1).round(6), away.max(axis=1).round(6)))
    nearest: list[list[int]] = found[order[::-1]].tolist()
    return nearest
