"""Graphs for the tests of analyses: random ones, and those at the edge of what is defined."""

from __future__ import annotations

import networkx as nx
from hypothesis import strategies as st

__all__ = ["EDGE_CASES", "graphs"]


@st.composite
def graphs(draw: st.DrawFn, most: int = 12) -> nx.Graph:
    """Draw a simple graph of up to `most` nodes, connected or not, with or without isolated nodes."""
    size = draw(st.integers(0, most))
    pairs = [(one, other) for one in range(size) for other in range(one)]
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(draw(st.lists(st.sampled_from(pairs), max_size=3 * size)) if pairs else [])
    return graph


def _isolated() -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from("abc")
    return graph


EDGE_CASES: dict[str, nx.Graph] = {
    "empty": nx.Graph(),
    "one node": nx.path_graph(1),
    "isolated": _isolated(),
    "one tie": nx.path_graph(2),
    "star": nx.star_graph(7),
    "complete": nx.complete_graph(6),
    "ring": nx.cycle_graph(7),
    "two parts": nx.disjoint_union(nx.cycle_graph(5), nx.path_graph(4)),
    "loops": nx.Graph([(0, 0), (0, 1), (1, 2), (2, 2)]),
    "repeated": nx.Graph(nx.MultiGraph([(0, 1), (0, 1), (1, 2), (2, 0)])),
}
