"""All distances of a graph, exactly: breadth-first searches from many nodes at once, one bit for each.

Each node holds a row of bits, one for each start node of a batch: whether that start has reached it. A step of all
searches of the batch is an OR of the rows of its neighbours (Then et al. 2014, "The more the merrier: efficient
multi-source graph traversal", doi:10.14778/2735496.2735507). A distance is the number of ties on a shortest way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import networkx as nx
import numpy as np
import numpy.typing as npt

from twingraph.analysis.wiring import Wiring, wire

__all__ = ["Distances", "measure_distances"]

#: 64-bit words in a row: two lines of the cache, so that fetching a neighbour is spread over many searches.
_WORDS = 16
#: Neighbours that are joined for all nodes together; nodes with more of them are finished one by one.
_TOGETHER = 48

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Distances:
    """Distances between all pairs of nodes that are connected.

    Attributes:
        counts: ordered pairs (u, v), u ≠ v, by distance; ``counts[0]`` is 0. int64.
        harmonic: of each node the sum of 1/d to all nodes it reaches. float64.
        total: of each node the sum of the distances to all nodes it reaches. int64.
        reached: of each node how many others it reaches. int64.
        eccentricity: of each node the largest distance. int64; 0 for a node that reaches none.
    """

    counts: npt.NDArray[np.int64]
    harmonic: npt.NDArray[np.float64]
    total: npt.NDArray[np.int64]
    reached: npt.NDArray[np.int64]
    eccentricity: npt.NDArray[np.int64]

    @property
    def diameter(self) -> int | None:
        """The largest distance; None where no two nodes are connected."""
        return len(self.counts) - 1 if len(self.counts) > 1 else None

    @property
    def mean(self) -> float | None:
        """The mean over all connected pairs of different nodes; None where there are none."""
        pairs = int(self.counts.sum())
        if not pairs:
            return None
        return int(np.dot(self.counts, np.arange(len(self.counts), dtype=np.int64))) / pairs

    @property
    def median(self) -> int | None:
        """The least distance within which at least half of all connected pairs lie; None where there are none."""
        pairs = int(self.counts.sum())
        return int(np.searchsorted(np.cumsum(self.counts) * 2, pairs)) if pairs else None

    def effective_diameter(self, share: float) -> float | None:
        """Return the distance within which a share of all connected pairs lies, interpolated between whole steps.

        Pairs of different nodes are counted. Where a share p of the pairs lies between the distances d and d+1, it is
        d + (p − F(d)) / (F(d+1) − F(d)), with F(d) the share of pairs at distance d or less.
        Source: Palmer, Gibbons and Faloutsos 2002, doi:10.1145/775047.775059; interpolation as in KONECT.

        Args:
            share: between 0 and 1.
        """
        pairs = int(self.counts.sum())
        if not pairs:
            return None
        within = np.cumsum(self.counts)
        wanted = share * pairs
        above = int(np.searchsorted(within, wanted, side="right"))
        if above >= len(within):
            return float(len(within) - 1)
        below = int(within[above - 1])
        return above - 1 + (wanted - below) / int(within[above] - below)


def measure_distances(graph: nx.Graph | Wiring, progress: Progress | None = None) -> Distances:
    """Return the distances between all pairs of nodes.

    Time grows with nodes × ties / 64, memory with nodes × 256 bytes. The answer is kept with the graph.

    Args:
        graph: a graph; pairs in different components have no distance and are not counted.
        progress: is told how many start nodes are done.
    """
    wiring = wire(graph)
    if wiring.distances is None:
        wiring.distances = _measure(wiring, progress)
    return wiring.distances  # type: ignore[no-any-return]


def _measure(wiring: Wiring, progress: Progress | None) -> Distances:
    n = wiring.n
    harmonic, total = np.zeros(n), np.zeros(n, dtype=np.int64)
    reached, eccentricity = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    counts = np.zeros(1, dtype=np.int64)
    if wiring.m:
        for number in range(len(wiring.component_sizes)):
            if wiring.component_sizes[number] < 2:
                break  # the components are sorted by size
            places = np.flatnonzero(wiring.components == number) if number else None
            part = wiring.largest if places is None else wiring.part(places)
            if places is None:
                places = np.flatnonzero(wiring.components == 0)
            found = _measure_connected(part, progress if number == 0 else None)
            harmonic[places], total[places] = found.harmonic, found.total
            reached[places], eccentricity[places] = found.reached, found.eccentricity
            if len(found.counts) > len(counts):
                counts = np.concatenate([counts, np.zeros(len(found.counts) - len(counts), dtype=np.int64)])
            counts[: len(found.counts)] += found.counts
    return Distances(counts, harmonic, total, reached, eccentricity)


def _measure_connected(wiring: Wiring, progress: Progress | None) -> Distances:
    """Measure a connected graph of two nodes or more."""
    n = wiring.n
    order = _near_order(wiring)
    rows = _Rows(wiring, order)
    counts = [0]
    harmonic, total = np.zeros(n), np.zeros(n, dtype=np.int64)
    eccentricity = np.zeros(n, dtype=np.int64)
    batch = 64 * _WORDS
    seen = np.zeros((n, _WORDS), dtype=np.uint64)
    spare = np.zeros_like(seen)
    for first in range(0, n, batch):
        starts = np.arange(first, min(first + batch, n))
        seen[:] = 0
        offsets = starts - first
        seen[starts, offsets // 64] = np.uint64(1) << (offsets % 64).astype(np.uint64)
        level, before = 0, len(starts)
        known = np.bitwise_count(seen).sum(axis=1, dtype=np.int64)
        while before < n * len(starts):
            level += 1
            rows.spread(seen, spare)
            seen, spare = spare, seen
            now_known = np.bitwise_count(seen).sum(axis=1, dtype=np.int64)
            new = now_known - known
            found = int(new.sum())
            if level == len(counts):
                counts.append(0)
            counts[level] += found
            harmonic += new / level
            total += new * level
            eccentricity[new > 0] = np.maximum(eccentricity[new > 0], level)
            known, before = now_known, before + found
        if progress:
            progress("distances", min(first + batch, n), n)
    # The rows were in another order than the nodes.
    back = rows.places
    out_harmonic, out_total = np.empty(n), np.empty(n, dtype=np.int64)
    out_eccentricity = np.empty(n, dtype=np.int64)
    out_harmonic[back], out_total[back], out_eccentricity[back] = harmonic, total, eccentricity
    reached = np.full(n, n - 1, dtype=np.int64)
    return Distances(np.array(counts, dtype=np.int64), out_harmonic, out_total, reached, out_eccentricity)


def _near_order(wiring: Wiring) -> npt.NDArray[np.int64]:
    """Return the nodes in an order in which neighbours stand near each other."""
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    return np.asarray(reverse_cuthill_mckee(wiring.adjacency.tocsr(), symmetric_mode=True), dtype=np.int64)


class _Rows:
    """The rows of bits, ordered by number of neighbours, and how a step spreads them.

    Attributes:
        places: the place in the graph of each row.
    """

    def __init__(self, wiring: Wiring, order: npt.NDArray[np.int64]) -> None:
        degrees = wiring.degrees[order]
        # Many neighbours first: the k-th neighbours of all rows that have so many are one slice.
        self.places = order[np.argsort(-degrees, kind="stable")]
        row_of = np.empty(wiring.n, dtype=np.int64)
        row_of[self.places] = np.arange(wiring.n)
        matrix = wiring.adjacency
        starts = matrix.indptr[self.places].astype(np.int64)
        sizes = wiring.degrees[self.places]
        self._slices: list[npt.NDArray[np.int64]] = []
        for k in range(min(int(sizes[0]), _TOGETHER)):
            with_k = int(np.searchsorted(-sizes, -k, side="left"))
            self._slices.append(row_of[matrix.indices[starts[:with_k] + k]])
        hubs = int(np.searchsorted(-sizes, -_TOGETHER, side="left"))
        self._hubs = [row_of[matrix.indices[starts[row] + _TOGETHER : starts[row] + sizes[row]]] for row in range(hubs)]

    def spread(self, seen: npt.NDArray[np.uint64], into: npt.NDArray[np.uint64]) -> None:
        """Write into each row its own bits and those of its neighbours."""
        np.copyto(into, seen)
        for neighbours in self._slices:
            part = into[: len(neighbours)]
            np.bitwise_or(part, seen[neighbours], out=part)
        for row, neighbours in enumerate(self._hubs):
            into[row] |= np.bitwise_or.reduce(seen[neighbours], axis=0)
