"""All distances, against searches from one node at a time."""

from __future__ import annotations

from collections import Counter

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from graph_shapes import EDGE_CASES, graphs
from twingraph.analysis import distances as module
from twingraph.analysis.distances import measure_distances
from twingraph.analysis.wiring import wire


def by_definition(graph: nx.Graph) -> tuple[Counter[int], dict[object, float], dict[object, int], dict[object, int]]:
    simple = nx.Graph(graph)
    lengths = dict(nx.all_pairs_shortest_path_length(simple))
    counts: Counter[int] = Counter(d for row in lengths.values() for d in row.values() if d)
    harmonic = {node: sum(1 / d for d in row.values() if d) for node, row in lengths.items()}
    total = {node: sum(row.values()) for node, row in lengths.items()}
    farthest = {node: max(row.values()) for node, row in lengths.items()}
    return counts, harmonic, total, farthest


def check(graph: nx.Graph) -> None:
    counts, harmonic, total, farthest = by_definition(graph)
    found = measure_distances(graph)
    assert {d: int(n) for d, n in enumerate(found.counts) if n} == dict(counts)
    nodes = list(graph)
    np.testing.assert_allclose(found.harmonic, [harmonic[node] for node in nodes], atol=1e-12)
    assert found.total.tolist() == [total[node] for node in nodes]
    assert found.eccentricity.tolist() == [farthest[node] for node in nodes]


@settings(deadline=None)
@given(graphs())
def test_as_searches_from_each_node(graph: nx.Graph) -> None:
    check(graph)


@pytest.mark.parametrize("name", EDGE_CASES)
def test_at_the_edges(name: str) -> None:
    check(EDGE_CASES[name].copy())


@pytest.mark.parametrize("size", [1023, 1024, 1025, 2050])
def test_over_several_batches_and_words(size: int) -> None:
    graph = nx.gnm_random_graph(size, 2 * size, seed=size)
    found = measure_distances(wire(graph).largest)
    native = wire(graph).largest.native
    histogram = [item[2] for item in native.path_length_hist().bins()]
    assert found.counts[1:].tolist() == [2 * count for count in histogram]
    np.testing.assert_allclose(found.harmonic / (native.vcount() - 1), native.harmonic_centrality(), rtol=1e-12)


def test_hubs_beyond_what_is_joined_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_TOGETHER", 2)
    check(nx.barbell_graph(8, 3))
    check(nx.star_graph(40))


def test_figures_of_a_path() -> None:
    found = measure_distances(nx.path_graph(4))
    # Ordered pairs: six at distance 1, four at 2, two at 3.
    assert found.counts.tolist() == [0, 6, 4, 2]
    assert (found.diameter, found.median, found.mean) == (3, 1, 20 / 12)
    assert found.effective_diameter(0.5) == 1.0
    assert found.effective_diameter(0.75) == pytest.approx(1 + 3 / 4)
    assert found.effective_diameter(1.0) == 3.0


@settings(deadline=None)
@given(graphs())
def test_effective_diameters_lie_between_distances_and_rise(graph: nx.Graph) -> None:
    found = measure_distances(graph)
    if found.diameter is None:
        assert found.effective_diameter(0.5) is None
        assert found.mean is None
        assert found.median is None
        return
    values = [found.effective_diameter(share) for share in (0.1, 0.5, 0.9, 1.0)]
    assert values == sorted(values)
    assert values[0] >= 0
    assert values[-1] == found.diameter
    assert found.median is not None
    assert found.median - 1 <= values[1] <= found.median


def test_a_graph_is_measured_once_and_again_after_a_change() -> None:
    graph = nx.path_graph(5)
    first = measure_distances(graph)
    assert measure_distances(graph) is first
    graph.add_edge(0, 4)
    assert measure_distances(graph).diameter == 2


def test_progress_reaches_the_end() -> None:
    told: list[tuple[str, int, int]] = []
    measure_distances(nx.gnm_random_graph(3000, 9000, seed=1), lambda *said: told.append(said))
    assert told[-1][1] == told[-1][2]
    assert len(told) > 1


def test_igraph_agrees_on_a_large_star() -> None:
    graph = nx.star_graph(5000)
    found = measure_distances(graph)
    assert found.counts.tolist() == [0, 10_000, 5000 * 4999]
    assert igraph.Graph.Star(5001).diameter() == found.diameter
