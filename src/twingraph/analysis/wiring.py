"""A graph as arrays and in native form, made once and shared by all measures of it.

Everything that is counted, is counted on the simple graph: no directions, no self-loops, one edge between two
nodes. A NetworkX graph with any of these is simplified, so that foreign files have defined answers.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    import igraph
    import scipy.sparse

__all__ = ["Wiring", "wire"]

#: Where NetworkX keeps what was derived from a graph; it empties this itself when the graph changes.
_CACHE, _KEY = "__networkx_cache__", "twingraph"


class Wiring:
    """The simple undirected graph behind a NetworkX graph.

    Attributes:
        graph: the NetworkX graph.
        nodes: its nodes in order; everywhere else a node is its place in this list.
        n, m: numbers of nodes and of edges.
        tails, heads: the ends of each edge, as int32 arrays of length m, with tails < heads; sorted.
    """

    #: What `measure_distances` found; kept here so that it is measured once.
    distances: Any = None
    #: The fit of a power law to its degrees, made once; False where there is none.
    tail: Any = None

    def __init__(self, graph: nx.Graph) -> None:
        self.graph = graph
        self.nodes: list[Hashable] = list(graph)
        self.n = len(self.nodes)
        place = dict(zip(self.nodes, range(self.n), strict=True))
        # A NetworkX graph lists its neighbours by node; a flat list of all of them is the fastest way out.
        ends = np.fromiter(
            (place[end] for edge in graph.edges() for end in edge[:2]),
            dtype=np.int64,
            count=2 * graph.number_of_edges(),
        ).reshape(-1, 2)
        ends = ends[ends[:, 0] != ends[:, 1]]
        ends.sort(axis=1)
        codes = np.unique(ends[:, 0] * max(self.n, 1) + ends[:, 1])
        self.m = len(codes)
        self.tails = (codes // max(self.n, 1)).astype(np.int32)
        self.heads = (codes % max(self.n, 1)).astype(np.int32)

    @cached_property
    def place(self) -> dict[Hashable, int]:
        """The place of each node."""
        return dict(zip(self.nodes, range(self.n), strict=True))

    @cached_property
    def degrees(self) -> np.ndarray:
        """The degree of each node, int64."""
        return np.bincount(np.concatenate([self.tails, self.heads]), minlength=self.n).astype(np.int64)

    @cached_property
    def adjacency(self) -> scipy.sparse.csr_array:
        """The symmetric adjacency matrix with ones, float64 in CSR; its indices are sorted."""
        from scipy.sparse import coo_array

        rows = np.concatenate([self.tails, self.heads])
        columns = np.concatenate([self.heads, self.tails])
        matrix = coo_array((np.ones(2 * self.m), (rows, columns)), shape=(self.n, self.n)).tocsr()
        matrix.sort_indices()
        return matrix

    @cached_property
    def native(self) -> igraph.Graph:
        """The graph in igraph."""
        import igraph

        return igraph.Graph(n=self.n, edges=np.column_stack([self.tails, self.heads]), directed=False)

    @cached_property
    def components(self) -> np.ndarray:
        """The component of each node, numbered by size: 0 is the largest (among equals, that of the first node)."""
        membership = np.asarray(self.native.connected_components().membership, dtype=np.int64)
        sizes = np.bincount(membership)
        order = np.argsort(-sizes, kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return rank[membership] if self.n else membership

    @cached_property
    def component_sizes(self) -> np.ndarray:
        """The number of nodes in each component, the largest first."""
        return np.bincount(self.components) if self.n else np.zeros(0, dtype=np.int64)

    @cached_property
    def largest(self) -> Wiring:
        """The largest component; the graph itself where it is connected."""
        if len(self.component_sizes) <= 1:
            return self
        return self.part(np.flatnonzero(self.components == 0))

    def part(self, places: np.ndarray) -> Wiring:
        """Return the graph between some nodes, given by place in ascending order."""
        inside = np.full(self.n, -1, dtype=np.int64)
        inside[places] = np.arange(len(places))
        kept = (inside[self.tails] >= 0) & (inside[self.heads] >= 0)
        part = Wiring.__new__(Wiring)
        part.graph = self.graph
        part.nodes = [self.nodes[place] for place in places]
        part.n = len(places)
        part.tails = inside[self.tails[kept]].astype(np.int32)
        part.heads = inside[self.heads[kept]].astype(np.int32)
        part.m = len(part.tails)
        return part

    def attribute(self, name: str) -> list[Any]:
        """Return an attribute of every node; None where it has none, or what data frames write for a missing value."""
        nodes = self.graph.nodes
        values = [nodes[node].get(name) for node in self.nodes]
        return [None if _is_missing(value) else value for value in values]


def _is_missing(value: object) -> bool:
    # pandas has a value of its own, which can be compared with nothing.
    return (isinstance(value, float) and value != value) or type(value).__name__ in ("NAType", "NaTType")


def wire(graph: nx.Graph | Wiring) -> Wiring:
    """Return a graph as arrays, made once as long as the graph does not change; of a view, each time."""
    if isinstance(graph, Wiring):
        return graph
    cache = getattr(graph, _CACHE, None)
    # A view shows another graph, and is not told when that changes.
    if cache is None or hasattr(graph, "_graph"):
        return Wiring(graph)
    wiring: Wiring | None = cache.get(_KEY)
    if wiring is None:
        wiring = cache[_KEY] = Wiring(graph)
    return wiring
