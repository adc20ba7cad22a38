"""Groups, their quality, and their agreement with countries."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_shapes import EDGE_CASES, graphs
from twingraph.analysis.communities import (
    METHODS,
    adjusted_rand,
    communities,
    community_profile,
    compare_methods,
    modularity,
    mutual_information,
    partition,
)
from twingraph.errors import AnalysisError

slow = settings(deadline=None)


def caves() -> nx.Graph:
    """Three groups of six that are all tied with each other, and a tie from each to the next."""
    graph = nx.connected_caveman_graph(3, 6)
    nx.set_node_attributes(graph, {node: "ABC"[node // 6] for node in graph}, "country")
    return graph


@pytest.mark.parametrize("method", METHODS)
def test_groups_that_anybody_sees_are_found(method: str) -> None:
    labels = partition(caves(), method)
    assert [len(set(labels[start : start + 6].tolist())) for start in (0, 6, 12)] == [1, 1, 1]
    assert len(set(labels.tolist())) == 3


@pytest.mark.parametrize("method", METHODS)
def test_the_same_seed_gives_the_same_groups_and_leaves_random_numbers_alone(method: str) -> None:
    graph = nx.gnm_random_graph(200, 400, seed=1)
    random.seed(5)
    first = partition(graph, method, seed=3).tolist()
    drawn = random.random()
    random.seed(5)
    assert partition(graph, method, seed=3).tolist() == first
    assert random.random() == drawn
    others = [partition(graph, method, seed=seed).tolist() for seed in range(5)]
    assert any(other != first for other in others)


@slow
@given(graphs(), st.data())
def test_modularity_is_that_of_networkx(graph: nx.Graph, data: st.DataObject) -> None:
    labels = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(graph), max_size=len(graph))), dtype=np.int64)
    found = modularity(graph, labels) if len(graph) else None
    if not graph.number_of_edges():
        assert found is None
        return
    groups = [
        {node for node, label in zip(graph, labels, strict=True) if label == wanted} for wanted in set(labels.tolist())
    ]
    assert found == pytest.approx(nx.community.modularity(graph, groups), abs=1e-12)
    # By definition, over all pairs of nodes.
    m = graph.number_of_edges()
    total = sum(
        graph.number_of_edges(a, b) - graph.degree(a) * graph.degree(b) / (2 * m)
        for a, one in zip(graph, labels, strict=True)
        for b, other in zip(graph, labels, strict=True)
        if one == other
    )
    assert found == pytest.approx(total / (2 * m), abs=1e-12)


def nmi_by_definition(one: Sequence[int], other: Sequence[int]) -> float:
    n = len(one)
    both, first, second = Counter(zip(one, other, strict=True)), Counter(one), Counter(other)
    information = sum(c / n * math.log(c * n / (first[a] * second[b])) for (a, b), c in both.items())
    entropy = [-sum(c / n * math.log(c / n) for c in counts.values()) for counts in (first, second)]
    return 2 * information / sum(entropy)


def ari_by_definition(one: Sequence[int], other: Sequence[int]) -> float:
    """Count pairs that are together in both, one or none."""
    n = len(one)
    pairs = [(a, b) for a in range(n) for b in range(a)]
    together = sum(one[a] == one[b] and other[a] == other[b] for a, b in pairs)
    first = sum(one[a] == one[b] for a, b in pairs)
    second = sum(other[a] == other[b] for a, b in pairs)
    chance = first * second / len(pairs)
    return (together - chance) / ((first + second) / 2 - chance)


@slow
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12))
def test_agreement_as_defined(pairs: list[tuple[int, int]]) -> None:
    one, other = [list(values) for values in zip(*pairs, strict=True)]
    if len(set(one)) == 1 and len(set(other)) == 1:
        assert mutual_information(one, other) is None
        assert adjusted_rand(one, other) is None
        return
    assert mutual_information(one, other) == pytest.approx(nmi_by_definition(one, other), abs=1e-9)
    if len(set(one)) == len(set(other)) == len(one):
        assert adjusted_rand(one, other) is None
    else:
        assert adjusted_rand(one, other) == pytest.approx(ari_by_definition(one, other), abs=1e-9)


def test_tables() -> None:
    graph = caves()
    nx.set_node_attributes(graph, {0: "Hub"}, "name")
    methods = compare_methods(graph, runs=3)
    for row in methods.iter_rows(named=True):
        assert (row["communities"], row["largest"]) == (3, 6)
        assert (row["nmi_country"], row["ari_country"]) == pytest.approx((1, 1))
        assert (row["nmi_language"], row["ari_language"]) == (None, None)
        assert row["stability"] == pytest.approx(1)
    profile = community_profile(graph, partition(graph))
    assert profile["municipalities"].to_list() == [6, 6, 6]
    assert profile["ties_inside"].sum() + profile["ties_outside"].sum() // 2 == graph.number_of_edges()
    assert profile["main_share"].to_list() == [1.0] * 3
    members = communities(graph)
    assert members.height == 18
    assert members["community"].value_counts()["count"].to_list() == [6, 6, 6]


@pytest.mark.parametrize("name", EDGE_CASES)
def test_nothing_fails_at_the_edges(name: str) -> None:
    graph = EDGE_CASES[name].copy()
    assert communities(graph).height == len(graph)
    assert compare_methods(graph, runs=1).height == 2
    assert community_profile(graph, partition(graph))["municipalities"].sum() == len(graph)


def test_a_method_that_does_not_exist() -> None:
    with pytest.raises(AnalysisError, match="take leiden or louvain"):
        partition(nx.path_graph(3), "magic")
