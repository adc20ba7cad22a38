"""Counts of small shapes, and how unevenly degrees are spread. All are of the simple graph."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from twingraph.analysis.wiring import Wiring

__all__ = ["count_claws", "count_squares", "count_triangles", "count_wedges", "gini"]

#: Entries of a product of sparse matrices that are held at once.
_ENTRIES = 8_000_000


def count_wedges(wiring: Wiring) -> int:
    """Return the number of wedges, pairs of edges that share a node: Σ d(d−1)/2."""
    degrees = wiring.degrees
    return int((degrees * (degrees - 1) // 2).sum())


def count_claws(wiring: Wiring) -> int:
    """Return the number of claws, three edges that share a node: Σ d(d−1)(d−2)/6."""
    degrees = wiring.degrees
    return int((degrees * (degrees - 1) // 2 * (degrees - 2) // 3).sum())


def count_triangles(wiring: Wiring) -> int:
    """Return the number of triangles."""
    return len(wiring.native.list_triangles()) if wiring.m else 0


def count_squares(wiring: Wiring) -> int:
    """Return the number of squares, closed ways over four different nodes, whether or not their diagonals are edges.

    Each is counted at its node of highest rank, where nodes are ranked by degree, so that hubs cost little: work and
    memory grow with the sum over edges of the lower degree of their ends (Chiba and Nishizeki 1985,
    doi:10.1137/0214017).
    """
    if wiring.m < 4:
        return 0
    rank = np.empty(wiring.n, dtype=np.int64)
    rank[np.argsort(-wiring.degrees, kind="stable")] = np.arange(wiring.n)
    order = np.argsort(rank)
    matrix = wiring.adjacency[order][:, order].tocsr().astype(np.int64)
    from scipy.sparse import triu

    # Row v holds the neighbours of lower rank than v; a square is v, two of them, and what lies opposite of v.
    below = triu(matrix, k=1, format="csr")
    work = np.concatenate([[0], np.cumsum(_work(below.indptr, below.indices, np.diff(matrix.indptr)))])
    squares, first = 0, 0
    while first < wiring.n:
        last = max(int(np.searchsorted(work, work[first] + _ENTRIES, side="right")) - 1, first + 1)
        ways = (below[first:last] @ matrix).tocoo()
        opposite = ways.col > ways.row + first
        count = ways.data[opposite]
        squares += int((count * (count - 1) // 2).sum())
        first = last
    return squares


def _work(
    starts: npt.NDArray[np.int32], ends: npt.NDArray[np.int32], degrees: npt.NDArray[np.int32]
) -> npt.NDArray[np.int64]:
    """Return for each row how many entries its product can have."""
    sums = np.concatenate([[0], np.cumsum(degrees[ends], dtype=np.int64)])
    return np.asarray(sums[starts[1:]] - sums[starts[:-1]])


def gini(values: npt.NDArray[np.int64]) -> float | None:
    """Return the Gini coefficient: 0 where all values are equal, near 1 where one holds everything.

    With values sorted in ascending order it is 2·Σ i·xᵢ / (n·Σ xᵢ) − (n+1)/n, i from 1 (Gini 1912, in the form that
    KONECT uses). None where there is no value or all are 0.
    """
    total = int(values.sum())
    if not total:
        return None
    n = len(values)
    ranked = int(np.dot(np.arange(1, n + 1, dtype=np.int64), np.sort(values)))
    return 2 * ranked / (n * total) - (n + 1) / n
