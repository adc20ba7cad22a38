"""The measures of the whole, each against NetworkX or another library and against its definition."""

from __future__ import annotations

import itertools
import math

import igraph
import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from scipy.sparse.csgraph import laplacian

from graph_shapes import EDGE_CASES, graphs
from twingraph.analysis import spectra
from twingraph.analysis.centrality import eigenvector
from twingraph.analysis.counting import count_squares, count_triangles, gini
from twingraph.analysis.degrees import degree_distribution, exponent_of_all, fit_degrees, fit_tail_on_grid
from twingraph.analysis.structure import MEASURES, measure_structure, structure
from twingraph.analysis.wiring import wire
from twingraph.errors import AnalysisError

slow = settings(deadline=None)


def squares_by_definition(graph: nx.Graph) -> int:
    """Count rings of four: of each four nodes, the three ways to put them in a ring."""
    found = 0
    for a, b, c, d in itertools.combinations(graph, 4):
        for ring in ((a, b, c, d), (a, c, b, d), (a, b, d, c)):
            found += all(graph.has_edge(ring[i], ring[(i + 1) % 4]) for i in range(4))
    return found


@slow
@given(graphs(9))
def test_shapes_are_counted_as_defined(graph: nx.Graph) -> None:
    found = measure_structure(graph, ["wedges", "claws", "triangles", "squares"])
    pairs = {node: list(itertools.combinations(graph[node], 2)) for node in graph}
    assert found["wedges"] == sum(map(len, pairs.values()))
    assert found["claws"] == sum(math.comb(degree, 3) for _, degree in graph.degree())
    assert found["triangles"] == sum(nx.triangles(graph).values()) // 3
    assert found["triangles"] == sum(graph.has_edge(*pair) for node in graph for pair in pairs[node]) // 3
    assert found["squares"] == squares_by_definition(graph)


def test_squares_of_known_graphs() -> None:
    assert count_squares(wire(nx.complete_bipartite_graph(5, 7))) == math.comb(5, 2) * math.comb(7, 2)
    assert count_squares(wire(nx.complete_graph(8))) == 3 * math.comb(8, 4)
    assert count_squares(wire(nx.star_graph(20_000))) == 0, "a hub costs little"
    ring = igraph.Graph.Lattice([4, 5], circular=False)
    assert count_squares(wire(nx.Graph(ring.get_edgelist()))) == 3 * 4


def test_squares_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    from twingraph.analysis import counting

    graph = nx.gnm_random_graph(60, 400, seed=5)
    whole = count_squares(wire(graph))
    monkeypatch.setattr(counting, "_ENTRIES", 50)
    assert count_squares(wire(graph)) == whole
    matrix = nx.to_numpy_array(graph)
    common = matrix @ matrix
    common = common[np.triu_indices(60, 1)]
    assert whole == (common * (common - 1) / 2).sum() / 2, "each square has two diagonals"


@slow
@given(graphs())
def test_groups_bridges_and_blocks_as_networkx(graph: nx.Graph) -> None:
    found = measure_structure(graph)
    sizes = sorted(map(len, nx.connected_components(graph)), reverse=True)
    assert found["n"] == len(graph)
    assert found["m"] == graph.number_of_edges()
    assert found["components"] == len(sizes)
    assert found["largest_component"] == (sizes[0] if sizes else 0)
    assert found["isolated"] == nx.number_of_isolates(graph)
    assert found["bridges"] == len(list(nx.bridges(graph)))
    assert found["articulation_points"] == len(set(nx.articulation_points(graph)))
    assert found["biconnected_components"] == len(list(nx.biconnected_components(graph)))
    assert found["max_core"] == max(nx.core_number(graph).values(), default=0)
    # By definition: an edge is a bridge if there are more components without it.
    bridges = 0
    for edge in graph.edges:
        without = graph.copy()
        without.remove_edge(*edge)
        bridges += nx.number_connected_components(without) > len(sizes)
    assert found["bridges"] == bridges


@slow
@given(graphs())
def test_clustering_as_networkx(graph: nx.Graph) -> None:
    found = measure_structure(graph, ["transitivity", "average_clustering", "density"])
    wedges = sum(math.comb(degree, 2) for _, degree in graph.degree())
    if wedges:
        assert found["transitivity"] == pytest.approx(nx.transitivity(graph), abs=1e-12)
        native = igraph.Graph.from_networkx(graph)
        assert found["transitivity"] == pytest.approx(native.transitivity_undirected(), abs=1e-12)
    else:
        assert found["transitivity"] is None
    if len(graph):
        assert found["average_clustering"] == pytest.approx(nx.average_clustering(graph), abs=1e-12)
    assert found["density"] == (pytest.approx(nx.density(graph)) if len(graph) > 1 else None)


@slow
@given(graphs())
def test_distances_are_those_of_the_largest_component(graph: nx.Graph) -> None:
    found = measure_structure(graph, ["diameter", "mean_distance", "median_distance", "effective_diameter_90"])
    largest = max(nx.connected_components(graph), key=len, default=set())
    if len(largest) < 2:
        assert set(found.values()) == {None}
        return
    ties = [part for part in nx.connected_components(graph) if len(part) == len(largest)]
    assume(len(ties) == 1)
    part = graph.subgraph(largest)
    assert found["diameter"] == nx.diameter(part)
    assert found["mean_distance"] == pytest.approx(nx.average_shortest_path_length(part), abs=1e-12)
    lengths = sorted(d for _, row in nx.all_pairs_shortest_path_length(part) for d in row.values() if d)
    assert found["median_distance"] == lengths[(len(lengths) - 1) // 2]


@slow
@given(graphs())
def test_mixing_of_degrees(graph: nx.Graph) -> None:
    found = measure_structure(graph, ["degree_assortativity"])["degree_assortativity"]
    ends = [(graph.degree(a), graph.degree(b)) for a, b in graph.edges] + [
        (graph.degree(b), graph.degree(a)) for a, b in graph.edges
    ]
    if len({one for one, _ in ends}) < 2:
        assert found is None
        return
    assert found == pytest.approx(np.corrcoef(np.array(ends).T)[0, 1], abs=1e-9)
    assert found == pytest.approx(nx.degree_pearson_correlation_coefficient(graph), abs=1e-9)


def test_mixing_of_countries() -> None:
    graph = nx.gnm_random_graph(40, 80, seed=2)
    nx.set_node_attributes(graph, {node: "ABC"[node % 3] for node in graph}, "country")
    found = measure_structure(graph, ["country_assortativity"])["country_assortativity"]
    assert found == pytest.approx(nx.attribute_assortativity_coefficient(graph, "country"), abs=1e-12)
    mixing = np.zeros((3, 3))
    for one, other in graph.edges:
        mixing[one % 3, other % 3] += 1
        mixing[other % 3, one % 3] += 1
    mixing /= mixing.sum()
    squares = (mixing @ mixing).sum()
    assert found == pytest.approx((np.trace(mixing) - squares) / (1 - squares), abs=1e-12)


def test_places_without_a_country_are_left_out_of_its_mixing() -> None:
    graph = nx.path_graph(5)
    assert measure_structure(graph, ["country_assortativity"])["country_assortativity"] is None
    nx.set_node_attributes(graph, {0: "DE", 1: "DE", 2: "FR", 3: "FR"}, "country")
    expected = nx.attribute_assortativity_coefficient(graph.subgraph(range(4)), "country")
    assert measure_structure(graph, ["country_assortativity"])["country_assortativity"] == pytest.approx(expected)


@slow
@given(graphs())
def test_eigenvalues(graph: nx.Graph) -> None:
    found = measure_structure(graph, ["spectral_norm", "algebraic_connectivity"])
    if not len(graph):
        assert found["spectral_norm"] is None
        return
    values = np.abs(np.linalg.eigvalsh(nx.to_numpy_array(graph)))
    assert found["spectral_norm"] == pytest.approx(values.max(), abs=1e-9)
    parts = sorted(nx.connected_components(graph), key=len, reverse=True)
    if len(parts[0]) < 2:
        assert found["algebraic_connectivity"] is None
    elif len(parts) == 1 or len(parts[0]) > len(parts[1]):
        matrix = laplacian(nx.to_numpy_array(graph.subgraph(parts[0])))
        assert found["algebraic_connectivity"] == pytest.approx(np.linalg.eigvalsh(matrix)[1], abs=1e-9)


@pytest.mark.parametrize("way", ["factors", "iteration"])
@pytest.mark.parametrize("graph", [nx.gnm_random_graph(400, 700, seed=4), nx.barabasi_albert_graph(300, 1, seed=3)])
def test_eigenvalues_of_large_graphs(monkeypatch: pytest.MonkeyPatch, graph: nx.Graph, way: str) -> None:
    monkeypatch.setattr(spectra, "_FACTORED", 10_000 if way == "factors" else 10)
    part = graph.subgraph(max(nx.connected_components(graph), key=len)).copy()
    dense = np.linalg.eigvalsh(nx.laplacian_matrix(part).toarray().astype(float))[1]
    found = measure_structure(graph, ["algebraic_connectivity", "spectral_norm"])
    assert found["algebraic_connectivity"] == pytest.approx(dense, rel=1e-8)
    assert found["algebraic_connectivity"] == pytest.approx(
        nx.algebraic_connectivity(part, method="lanczos", tol=1e-10), rel=1e-5
    )
    norm = np.abs(np.linalg.eigvalsh(nx.to_numpy_array(graph))).max()
    assert found["spectral_norm"] == pytest.approx(norm, rel=1e-9)


@pytest.mark.parametrize("n", [1000, 8000])
def test_the_norm_of_long_chains(n: int) -> None:
    """2 cos(π/(n+1)), with many eigenvalues near to it (Brouwer and Haemers 2012, Spectra of graphs, 1.4.4)."""
    norm = measure_structure(nx.path_graph(n), ["spectral_norm"])["spectral_norm"]
    assert norm == pytest.approx(2 * math.cos(math.pi / (n + 1)), abs=1e-12)
    found = eigenvector(nx.path_graph(n))
    shape = np.sin(np.pi * np.arange(1, n + 1) / (n + 1))
    assert np.array(list(found.values())) == pytest.approx(shape / np.linalg.norm(shape), abs=1e-6)


def test_gini_as_defined_by_differences() -> None:
    values = np.array([1, 1, 2, 5, 9])
    mean_difference = np.abs(values[:, None] - values[None, :]).mean()
    assert gini(values) == pytest.approx(mean_difference / (2 * values.mean()))
    ordered = np.sort(values)
    lorenz = np.concatenate([[0], np.cumsum(ordered) / ordered.sum()])
    assert gini(values) == pytest.approx(1 - np.trapezoid(lorenz, dx=1 / 5) * 2)
    assert gini(np.array([3, 3, 3])) == pytest.approx(0)
    assert gini(np.array([0, 0])) is None
    assert gini(np.array([], dtype=np.int64)) is None


@pytest.mark.parametrize("name", EDGE_CASES)
def test_nothing_fails_at_the_edges(name: str) -> None:
    found = measure_structure(EDGE_CASES[name].copy())
    assert list(found) == list(MEASURES)
    assert all(value is None or math.isfinite(value) for value in found.values())


def test_values_at_the_edges() -> None:
    empty = measure_structure(nx.Graph())
    assert {name for name, value in empty.items() if value is not None} == {
        *("n", "m", "wedges", "claws", "triangles", "squares", "max_degree", "components", "largest_component"),
        *("isolated", "bridges", "articulation_points", "biconnected_components", "max_core"),
    }
    assert set(empty.values()) == {0, None}
    star = measure_structure(nx.star_graph(7))
    assert (star["diameter"], star["bridges"], star["articulation_points"], star["max_degree"]) == (2, 7, 1, 7)
    assert star["transitivity"] == 0
    assert star["algebraic_connectivity"] == pytest.approx(1)
    full = measure_structure(nx.complete_graph(6))
    assert (full["transitivity"], full["average_clustering"], full["density"], full["mean_distance"]) == (1, 1, 1, 1)
    assert full["degree_assortativity"] is None, "all degrees are equal"
    assert full["power_law_exponent"] is None


def test_directions_loops_and_repeated_ties_are_given_up() -> None:
    plain = nx.cycle_graph(5)
    messy = nx.MultiDiGraph(plain)
    messy.add_edge(0, 0)
    messy.add_edge(0, 1)
    assert measure_structure(messy) == measure_structure(plain)


def test_only_what_is_asked_for_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    from twingraph.analysis import structure as module

    monkeypatch.setattr(module, "measure_distances", lambda *_: pytest.fail("distances are not needed"))
    assert measure_structure(nx.path_graph(4), ["transitivity", "n"]) == {"transitivity": 0.0, "n": 4}
    with pytest.raises(AnalysisError, match="there is no measure 'beauty'; there are n, m"):
        measure_structure(nx.path_graph(4), ["beauty"])


def test_the_table_describes_each_measure() -> None:
    frame = structure(nx.path_graph(4))
    assert frame.columns == ["measure", "value", "unit", "meaning"]
    assert frame["measure"].to_list() == list(MEASURES)
    assert all(measure.meaning.endswith(".") and measure.formula and measure.source for measure in MEASURES.values())


def test_degree_distribution() -> None:
    frame = degree_distribution(nx.star_graph(3))
    assert frame.rows() == [(1, 3, 0.75, 1.0), (3, 1, 0.25, 0.25)]
    assert degree_distribution(nx.Graph()).rows() == []


def test_exponent_over_all_degrees() -> None:
    degrees = np.array([1, 2, 4, 0])
    assert exponent_of_all(degrees) == pytest.approx(1 + 3 / (math.log(2) + math.log(4)))
    assert exponent_of_all(np.array([2, 2])) is None


def test_the_tail_comes_near_to_the_librarys_maximum() -> None:
    random = np.random.default_rng(7)
    sample = random.zipf(2.5, size=20_000)
    graph = nx.Graph()
    found = fit_tail_on_grid(sample)
    assert found is not None
    library = igraph.power_law_fit(sample.tolist(), xmin=found.start, method="discrete", p_precision=0.4)
    assert found.exponent == pytest.approx(library.alpha, abs=0.006), "half a step of the grid"
    assert found.exponent == pytest.approx(2.5, abs=0.1)
    # By definition: the greatest likelihood among the exponents of the grid.
    from scipy.special import zeta

    tail = sample[sample >= found.start]
    grid = [round(1.001 + 0.01 * step, 3) for step in range(800)]
    likelihood = [-len(tail) * math.log(zeta(one, found.start)) - one * np.log(tail).sum() for one in grid]
    assert found.exponent == grid[int(np.argmax(likelihood))]
    assert fit_degrees(graph).tail is None


def test_triangles_without_ties() -> None:
    assert count_triangles(wire(nx.empty_graph(3))) == 0
