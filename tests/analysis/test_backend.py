"""The NetworkX backend: the same numbers under NetworkX's own names, and a refusal of everything else."""

from __future__ import annotations

import networkx as nx
import pytest

GRAPH = nx.connected_watts_strogatz_graph(60, 4, 0.2, seed=1)


@pytest.mark.parametrize(
    ("function", "options"),
    [
        (nx.betweenness_centrality, {}),
        (nx.betweenness_centrality, {"normalized": False}),
        (nx.harmonic_centrality, {}),
        (nx.pagerank, {"tol": 1e-14, "max_iter": 1000}),
        (nx.pagerank, {"alpha": 0.5, "tol": 1e-14, "max_iter": 1000}),
        (nx.average_shortest_path_length, {}),
        (nx.diameter, {}),
        (nx.transitivity, {}),
        (nx.average_clustering, {}),
    ],
)
def test_the_same_numbers(function, options) -> None:
    plain = function(GRAPH, **options)
    assert function(GRAPH, backend="twingraph", **options) == pytest.approx(plain, abs=1e-9)


@pytest.mark.parametrize("graph", [nx.empty_graph(3), nx.path_graph(1), nx.path_graph(2)])
def test_small_graphs(graph: nx.Graph) -> None:
    for function in (nx.betweenness_centrality, nx.harmonic_centrality, nx.transitivity, nx.average_clustering):
        assert function(graph, backend="twingraph") == function(graph)


def test_the_mean_over_no_nodes_is_not_defined() -> None:
    for backend in (None, "twingraph"):
        with pytest.raises(ZeroDivisionError):
            nx.average_clustering(nx.Graph(), backend=backend)


def test_views_are_looked_at_anew() -> None:
    """A view is not told when the graph behind it, or what it hides, changes."""
    graph = nx.path_graph(4)
    hidden = {3}
    view = nx.subgraph_view(graph, filter_node=lambda node: node not in hidden)
    assert nx.transitivity(view, backend="twingraph") == 0
    graph.add_edge(0, 2)
    assert nx.transitivity(view, backend="twingraph") == 1
    hidden.add(2)
    assert nx.transitivity(view, backend="twingraph") == 0
    part = graph.subgraph([0, 1, 2])
    assert nx.diameter(part, backend="twingraph") == 1
    graph.remove_edge(0, 2)
    assert nx.diameter(part, backend="twingraph") == 2


def test_disconnected_graphs_have_no_mean_distance() -> None:
    for function in (nx.average_shortest_path_length, nx.diameter):
        with pytest.raises(nx.NetworkXError):
            function(nx.empty_graph(3), backend="twingraph")


@pytest.mark.parametrize(
    "call",
    [
        lambda: nx.betweenness_centrality(GRAPH, k=5, backend="twingraph"),
        lambda: nx.betweenness_centrality(GRAPH, weight="length", backend="twingraph"),
        lambda: nx.betweenness_centrality(GRAPH.to_directed(), backend="twingraph"),
        lambda: nx.pagerank(nx.Graph([(0, 0), (0, 1)]), backend="twingraph"),
        lambda: nx.average_clustering(GRAPH, count_zeros=False, backend="twingraph"),
        lambda: nx.pagerank(nx.Graph([(0, 1, {"weight": 3})]), backend="twingraph"),
        lambda: nx.closeness_centrality(GRAPH, backend="twingraph"),
        lambda: nx.pagerank(GRAPH, alpha=1, backend="twingraph"),
        lambda: nx.pagerank(GRAPH, alpha=1.5, backend="twingraph"),
        lambda: nx.pagerank(GRAPH, alpha=-1, backend="twingraph"),
    ],
)
def test_what_it_does_not_take_is_refused(call) -> None:
    with pytest.raises((NotImplementedError, nx.NetworkXNotImplemented, RuntimeError)):
        call()


def test_a_changed_graph_is_converted_again() -> None:
    graph = nx.path_graph(5)
    assert nx.diameter(graph, backend="twingraph") == 4
    graph.add_edge(0, 4)
    assert nx.diameter(graph, backend="twingraph") == 2
