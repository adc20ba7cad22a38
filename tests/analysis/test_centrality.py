"""Measures of single places, against NetworkX and igraph and against their definitions."""

from __future__ import annotations

import itertools

import igraph
import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from graph_shapes import EDGE_CASES, graphs
from twingraph.analysis.brokers import bridges, brokers
from twingraph.analysis.centrality import (
    MEASURES,
    betweenness,
    centrality,
    centrality_by_country,
    eigenvector,
    harmonic,
    pagerank,
)
from twingraph.errors import AnalysisError

slow = settings(deadline=None)
#: As near as two exact computations in floating point come.
NEAR = 1e-9


def betweenness_by_definition(graph: nx.Graph) -> dict[object, float]:
    found = dict.fromkeys(graph, 0.0)
    for one, other in itertools.combinations(graph, 2):
        if nx.has_path(graph, one, other):
            ways = list(nx.all_shortest_paths(graph, one, other))
            for node in graph:
                found[node] += sum(node in way[1:-1] for way in ways) / len(ways)
    pairs = (len(graph) - 1) * (len(graph) - 2) / 2
    return {node: value / pairs if pairs > 0 else 0.0 for node, value in found.items()}


@slow
@given(graphs(9))
def test_betweenness(graph: nx.Graph) -> None:
    found = betweenness(graph)
    assert found == pytest.approx(betweenness_by_definition(graph), abs=NEAR)
    assert found == pytest.approx(nx.betweenness_centrality(graph), abs=NEAR)


@slow
@given(graphs())
def test_harmonic_closeness(graph: nx.Graph) -> None:
    assert harmonic(graph) == pytest.approx(nx.harmonic_centrality(graph), abs=NEAR)
    native = igraph.Graph(n=len(graph), edges=list(graph.edges))
    if len(graph) > 1:
        scaled = [value / (len(graph) - 1) for value in harmonic(graph).values()]
        assert scaled == pytest.approx(native.harmonic_centrality(), abs=NEAR)


@slow
@given(graphs())
def test_pagerank(graph: nx.Graph) -> None:
    found = pagerank(graph)
    if not len(graph):
        assert found == {}
        return
    assert sum(found.values()) == pytest.approx(1)
    assert found == pytest.approx(nx.pagerank(graph, tol=1e-14, max_iter=5000), abs=NEAR)
    # By definition: a walk that follows ties, or starts anew anywhere with 0.15, and from a place without ties always.
    walk = np.array(
        [[0.0 if not graph.degree(b) else float(graph.has_edge(a, b)) / graph.degree(b) for b in graph] for a in graph]
    )
    walk[:, [not graph.degree(node) for node in graph]] = 1 / len(graph)
    values = np.array(list(found.values()))
    np.testing.assert_allclose(0.85 * walk @ values + 0.15 / len(graph), values, atol=NEAR)


def test_eigenvector() -> None:
    for graph in (nx.karate_club_graph(), nx.gnm_random_graph(150, 400, seed=3)):
        part = graph.subgraph(max(nx.connected_components(graph), key=len))
        plain = nx.Graph(part.edges)
        found = eigenvector(nx.Graph(graph.edges))
        expected = nx.eigenvector_centrality_numpy(plain)
        assert {node: found[node] for node in part} == pytest.approx({n: abs(v) for n, v in expected.items()}, abs=NEAR)
        assert sum(value**2 for value in found.values()) == pytest.approx(1)
        # By definition: the partners' values add up to the same multiple everywhere.
        factors = [sum(found[other] for other in plain[node]) / found[node] for node in plain]
        assert max(factors) == pytest.approx(min(factors), rel=1e-6)


def test_eigenvector_is_that_of_the_largest_component() -> None:
    graph = nx.disjoint_union(nx.complete_graph(4), nx.path_graph(2))
    found = eigenvector(graph)
    assert [found[node] for node in range(4)] == pytest.approx([0.5] * 4)
    assert [found[node] for node in (4, 5)] == [0, 0]


@pytest.mark.parametrize("name", EDGE_CASES)
def test_nothing_fails_at_the_edges(name: str) -> None:
    frame = centrality(EDGE_CASES[name].copy())
    assert frame.columns == ["municipality", "name", "country", *MEASURES]
    assert frame.height == EDGE_CASES[name].number_of_nodes()
    assert not frame.select(pl.col(name).is_nan().any() for name in ("betweenness", "harmonic", "pagerank")).row(0)[0]


def test_parts_of_the_start_nodes_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from twingraph.analysis import centrality as module

    graph = nx.gnm_random_graph(90, 200, seed=8)
    whole = nx.betweenness_centrality(graph)
    monkeypatch.setattr(module, "_SOURCES", 7)
    told: list[tuple[str, int, int]] = []
    assert betweenness(graph, lambda *said: told.append(said)) == pytest.approx(whole, abs=NEAR)
    assert told[-1] == ("betweenness", 90, 90)


def test_by_country_sums_up() -> None:
    graph = nx.star_graph(4)
    nx.set_node_attributes(graph, {0: "DE", 1: "DE", 2: "FR", 3: "FR"}, "country")
    nx.set_node_attributes(graph, {0: "Hub"}, "name")
    frame = centrality_by_country(centrality(graph))
    row = frame.row(0, named=True)
    assert (row["country"], row["municipalities"], row["ends"], row["leading"]) == ("DE", 2, 5, "Hub")
    assert row["betweenness_sum"] == pytest.approx(1.0)
    assert row["betweenness_mean"] == pytest.approx(0.5)
    assert frame["municipalities"].sum() == 4, "a place without a country is in none"


def test_the_same_digits_each_time() -> None:
    graph = nx.gnm_random_graph(3000, 6000, seed=5)
    first = pagerank(graph)
    assert all(pagerank(graph.copy()) == first for _ in range(3))
    assert sum(first.values()) == pytest.approx(1, abs=1e-13)


@pytest.mark.parametrize("alpha", [1, 1.5, -0.1])
def test_a_walk_must_start_anew_at_times(alpha: float) -> None:
    with pytest.raises(AnalysisError, match=r"from 0 to less than 1"):
        pagerank(nx.path_graph(3), alpha=alpha)


def test_a_measure_that_does_not_exist() -> None:
    with pytest.raises(AnalysisError, match="there is no measure 'fame' of places; there are degree"):
        centrality(nx.path_graph(3), ["fame"])


def parts_without(graph: nx.Graph, node: object) -> list[int]:
    rest = graph.subgraph(nx.node_connected_component(graph, node) - {node})
    return [len(part) for part in nx.connected_components(rest)]


@slow
@given(graphs(14))
def test_brokers_as_when_they_are_removed(graph: nx.Graph) -> None:
    expected = {}
    for node in graph:
        parts = parts_without(graph, node)
        if len(parts) > 1:
            whole = sum(parts)
            before = whole * (whole - 1) // 2
            expected[str(node)] = (len(parts), whole - max(parts), before - sum(p * (p - 1) // 2 for p in parts))
    frame = brokers(graph)
    assert {row[0]: row[3:] for row in frame.rows()} == expected
    assert set(expected) == {str(node) for node in nx.articulation_points(graph)}
    assert frame["pairs_separated"].to_list() == sorted(frame["pairs_separated"], reverse=True)


@slow
@given(graphs(14))
def test_bridges_as_when_they_are_removed(graph: nx.Graph) -> None:
    expected = {}
    for one, other in nx.bridges(graph):
        without = graph.copy()
        without.remove_edge(one, other)
        sizes = [len(nx.node_connected_component(without, end)) for end in (one, other)]
        expected[frozenset((str(one), str(other)))] = (min(sizes), sizes[0] * sizes[1])
    found = {frozenset((row[0], row[3])): row[6:] for row in bridges(graph).rows()}
    assert found == expected
