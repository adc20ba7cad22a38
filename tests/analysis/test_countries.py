"""Countries against chance, distances, and who confirms ties."""

from __future__ import annotations

import math
from collections import Counter

import networkx as nx
import numpy as np
import pandas as pd
import polars as pl
import pytest

from graph_shapes import EDGE_CASES
from twingraph.analysis.countries import countries, country_matrix, country_pairs, ties_without_country
from twingraph.analysis.geography import (
    EARTH_RADIUS_KM,
    distance_summary,
    great_circle_km,
    tie_distances,
    ties_without_coordinates,
)
from twingraph.analysis.null_models import AllowedPairs, sample_pairs
from twingraph.analysis.reciprocity import reciprocity
from twingraph.analysis.wiring import wire
from twingraph.errors import AnalysisError
from twingraph.findings.countries import find_countries
from twingraph.networks.model import Origin, Place, Tie, TieTable
from twingraph.networks.network import network
from twingraph.networks.selecting import select
from twingraph.networks.selection import Selection


def of_countries(graph: nx.Graph, codes: str = "ABC") -> nx.Graph:
    nx.set_node_attributes(graph, {node: codes[index % len(codes)] * 2 for index, node in enumerate(graph)}, "country")
    return graph


def degrees_of(one: np.ndarray, other: np.ndarray, size: int) -> list[int]:
    return np.bincount(np.concatenate([one, other]), minlength=size).tolist()


@pytest.mark.parametrize("null", ["configuration", "simple"])
@pytest.mark.parametrize("scope", [None, "international", "domestic"])
def test_random_networks_keep_every_degree(null: str, scope: str | None) -> None:
    if null == "simple" and scope:
        pytest.skip("not offered")
    graph = of_countries(nx.gnm_random_graph(60, 150, seed=2))
    wiring = wire(graph)
    groups = np.array([node % 3 for node in graph])
    allowed = None
    if scope:
        same = groups[wiring.tails] == groups[wiring.heads]
        kept = np.flatnonzero(same if scope == "domestic" else ~same)
        edges = [(int(wiring.tails[i]), int(wiring.heads[i])) for i in kept]
        wiring = wire(nx.Graph(edges))
        groups = np.array([node % 3 for node in wiring.nodes])
        allowed = AllowedPairs(groups, np.eye(3, dtype=bool) if scope == "domestic" else ~np.eye(3, dtype=bool))
    seen = set()
    for one, other in sample_pairs(wiring, 20, seed=4, null=null, allowed=allowed):
        assert degrees_of(one, other, wiring.n) == wiring.degrees.tolist()
        assert (one != other).all(), "no place is tied with itself"
        if null == "simple":
            pairs = {frozenset(pair) for pair in zip(one.tolist(), other.tolist(), strict=True)}
            assert len(pairs) == wiring.m
        if scope:
            assert ((groups[one] == groups[other]) == (scope == "domestic")).all()
        seen.add(tuple(sorted(zip(np.minimum(one, other).tolist(), np.maximum(one, other).tolist(), strict=True))))
    assert len(seen) == 20, "each is another network"


def test_the_same_seed_draws_the_same_networks() -> None:
    wiring = wire(nx.gnm_random_graph(30, 60, seed=2))
    first, again, other = (
        [one.tolist() for one, _ in sample_pairs(wiring, 3, seed)] for seed in (1, 1, 2)
    )  # fmt: skip
    assert first == again != other


def test_a_star_cannot_be_mixed() -> None:
    """Every random network is the star itself; drawing again must end all the same."""
    wiring = wire(nx.star_graph(5))
    for one, other in sample_pairs(wiring, 5):
        assert degrees_of(one, other, wiring.n) == wiring.degrees.tolist()


def matchings(ends: list[int]) -> list[list[tuple[int, int]]]:
    """Every way to join ends in pairs."""
    if not ends:
        return [[]]
    first, *rest = ends
    return [
        [(first, other), *more]
        for index, other in enumerate(rest)
        for more in matchings(rest[:index] + rest[index + 1 :])
    ]


NOT_WITHIN = ~np.eye(3, dtype=bool)
RULES = {
    "any": np.ones((3, 3), dtype=bool),
    "international": NOT_WITHIN,
    "domestic": np.eye(3, dtype=bool),
    "an end in the first": np.array([[1, 1, 1], [1, 0, 0], [1, 0, 0]], dtype=bool),
    "between the first two": np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=bool),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "edges",
    [
        [(0, 1), (1, 2), (2, 0)],
        [(0, 1), (0, 4), (3, 1), (3, 4)],
        [(0, 3), (0, 6), (3, 6), (1, 4)],
        [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)],
        [(0, 1), (3, 4), (0, 4), (6, 3), (2, 0)],
    ],
)
def test_every_allowed_network_is_equally_likely(rule: str, edges: list[tuple[int, int]]) -> None:
    """Against all ways to join the ends of ties, counted one by one; places 0, 3, 6 are of one group and so on."""
    table = RULES[rule]
    edges = [edge for edge in edges if table[edge[0] % 3, edge[1] % 3]]
    if not edges:
        pytest.skip("no tie is left")
    graph = nx.Graph(edges)
    wiring = wire(graph)
    groups = np.array([node % 3 for node in graph])
    ends = [place for place, degree in enumerate(wiring.degrees.tolist()) for _ in range(degree)]
    weights = Counter(
        tuple(sorted(tuple(sorted(pair)) for pair in pairs))
        for pairs in matchings(ends)
        if all(a != b and table[groups[a], groups[b]] for a, b in pairs)
    )
    samples = 3000
    drawn = Counter(
        tuple(sorted((min(pair), max(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)))
        for one, other in sample_pairs(wiring, samples, seed=5, allowed=AllowedPairs(groups, table))
    )
    assert set(drawn) <= set(weights), "none that is ruled out"
    total = sum(weights.values())
    for pairs, weight in weights.items():
        share = weight / total
        # Five standard deviations, twice as wide since one network follows from the one before.
        assert drawn[pairs] / samples == pytest.approx(share, abs=10 * math.sqrt(share / samples))


def of_two_countries(pairs: int = 40) -> nx.Graph:
    graph = nx.Graph()
    generator = np.random.default_rng(3)
    while graph.number_of_edges() < pairs:
        graph.add_edge(f"D{generator.integers(9)}", f"F{generator.integers(9)}")
    nx.set_node_attributes(graph, {node: "DE" if node[0] == "D" else "FR" for node in graph}, "country")
    return graph


def test_what_a_selection_rules_out_no_random_network_holds() -> None:
    graph = of_two_countries()
    chosen = Selection(countries=("DE", "FR"), ends="both", scope="international")
    frame = country_pairs(graph, samples=50, selection=chosen)
    assert frame.rows()[0][:7] == ("DE", "FR", 40, 40.0, 1.0, 0.0, None)
    assert frame.height == 1, "none within a country"
    # With every tie at an end in Germany, the numbers of ties settle all the rest.
    graph.add_edge("D1", "D2")
    frame = country_pairs(graph, samples=50, selection=Selection(countries="DE"))
    assert frame.select("observed", "expected", "sd").rows() == [(40, 40.0, 0.0), (1, 1.0, 0.0)]
    assert frame["z"].null_count() == 2


def test_a_selection_that_does_not_fit_the_network_is_refused() -> None:
    with pytest.raises(AnalysisError, match="ties that its selection rules out"):
        country_pairs(of_two_countries(), selection=Selection(scope="domestic"))
    with pytest.raises(AnalysisError, match="can't rule out any pairs"):
        country_pairs(of_two_countries(), null="simple", selection=Selection(scope="international"))


@pytest.mark.parametrize(("name", "value"), [("samples", 0), ("samples", -3), ("samples", 2.5), ("seed", -1)])
def test_numbers_out_of_range_are_refused(name: str, value: float) -> None:
    for make in (country_pairs, distance_summary):
        graph = of_two_countries()
        nx.set_node_attributes(graph, 1.0, "lat")
        nx.set_node_attributes(graph, 1.0, "long")
        with pytest.raises(AnalysisError, match=f"{name}: {value} can't be used; give a whole number"):
            make(graph, **{name: value})


def test_answers_say_where_nothing_can_stand_out() -> None:
    graph = of_two_countries()
    for chosen in ({"scope": "international"}, {"countries": "DE"}):
        pairs = find_countries(network(graph, **chosen), samples=20)[0]
        assert "nothing can stand out" in pairs.answer[0]
        assert any("rules out" in caveat for caveat in pairs.caveats)
    near = find_countries(network(graph, around="D1", steps=2), samples=20)[0]
    assert any("near enough" in caveat for caveat in near.caveats)


@pytest.mark.parametrize("missing", [math.nan, pd.NA, pd.NaT])
def test_what_is_missing_in_a_data_frame_is_no_country_and_no_coordinate(missing: object) -> None:
    graph = located()
    graph.nodes[0].update(country=missing, lat=missing)
    assert set(countries(graph)["country"]) == {"AA", "BB"}
    assert ties_without_country(graph) == 1
    assert ties_without_coordinates(graph) == 2
    assert distance_summary(graph, samples=3)["mean_km"].is_finite().all()


def test_pairs_of_countries_are_counted_as_by_hand() -> None:
    graph = of_countries(nx.gnm_random_graph(40, 90, seed=6))
    counts = Counter(tuple(sorted((graph.nodes[a]["country"], graph.nodes[b]["country"]))) for a, b in graph.edges)
    frame = country_pairs(graph, samples=50)
    assert {(row[0], row[1]): row[2] for row in frame.rows() if row[2]} == dict(counts)
    assert frame["observed"].sum() == 90
    assert frame["expected"].sum() == pytest.approx(90)


def test_expected_numbers_come_near_to_the_closed_form() -> None:
    graph = of_countries(nx.gnm_random_graph(300, 900, seed=3), "ABCDE")
    frame = country_pairs(graph, samples=2000, seed=9)
    for row in frame.iter_rows(named=True):
        # Self-loops are drawn again, which moves some ties from within to between countries.
        assert row["expected"] == pytest.approx(row["expected_exact"], rel=0.06, abs=0.5)
        assert row["low"] <= row["expected"] <= row["high"]
        assert row["z"] == pytest.approx((row["observed"] - row["expected"]) / row["sd"])
    within = [row for row in frame.iter_rows(named=True) if row["country_1"] == row["country_2"]]
    ends = Counter()
    for node, degree in graph.degree():
        ends[graph.nodes[node]["country"]] += degree
    for row in within:
        d = ends[row["country_1"]]
        assert row["expected_exact"] == pytest.approx(d * (d - 1) / (2 * (2 * 900 - 1)))


def test_both_null_models_agree() -> None:
    graph = of_countries(nx.gnm_random_graph(80, 200, seed=4))
    one = country_pairs(graph, samples=600, seed=1)
    other = country_pairs(graph, samples=300, seed=1, null="simple")
    joined = one.join(other, on=["country_1", "country_2"])
    difference = (joined["expected"] - joined["expected_right"]).abs() / joined["sd"]
    assert difference.max() < 0.5


def test_countries_that_only_pair_with_each_other_stand_out() -> None:
    graph = nx.Graph()
    for number in range(20):
        for pair in ("AB", "CD"):
            ends = [f"{code}{number}" for code in pair]
            graph.add_edge(*ends)
            for end in ends:
                graph.nodes[end]["country"] = end[0]
    frame = country_pairs(graph, samples=500)
    strong = frame.filter((pl.col("country_1") == "A") & (pl.col("country_2") == "B")).row(0, named=True)
    assert strong["z"] > 3
    assert strong["p"] == pytest.approx(1 / 501)
    assert strong["ratio"] == pytest.approx(20 / strong["expected"])


def test_places_without_a_country_are_left_out_and_counted() -> None:
    graph = of_countries(nx.path_graph(4), "AB")
    graph.add_edge(3, "union")
    assert ties_without_country(graph) == 1
    assert country_pairs(graph, samples=10)["observed"].sum() == 3
    assert countries(graph)["municipalities"].sum() == 4
    with pytest.raises(AnalysisError, match="no place of the network has a country"):
        country_pairs(nx.path_graph(3))


def test_countries_as_by_hand() -> None:
    graph = nx.Graph([(0, 1), (1, 2), (2, 3)])
    nx.set_node_attributes(graph, {0: "DE", 1: "DE", 2: "FR", 3: "PL"}, "country")
    rows = {row["country"]: row for row in countries(graph).iter_rows(named=True)}
    assert rows["DE"] == {
        **{"country": "DE", "municipalities": 2, "ties": 2, "domestic": 1, "international": 1},
        **{"share_domestic": 0.5, "partner_countries": 1},
    }
    assert (rows["FR"]["ties"], rows["FR"]["partner_countries"], rows["FR"]["share_domestic"]) == (2, 2, 0)


def test_a_matrix_is_filled_on_both_sides() -> None:
    pairs = country_pairs(of_countries(nx.path_graph(4), "AB"), samples=5)
    matrix = country_matrix(pairs)
    assert matrix.columns == ["country", "AA", "BB"]
    assert matrix["BB"][0] == matrix["AA"][1] == 3


def chord_km(lat_1: float, long_1: float, lat_2: float, long_2: float) -> float:
    """The distance by the straight line through the Earth between two points on it."""

    def point(lat: float, long: float) -> np.ndarray:
        lat, long = math.radians(lat), math.radians(long)
        return np.array([math.cos(lat) * math.cos(long), math.cos(lat) * math.sin(long), math.sin(lat)])

    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, np.linalg.norm(point(lat_1, long_1) - point(lat_2, long_2)) / 2))


def test_great_circles() -> None:
    generator = np.random.default_rng(1)
    for _ in range(200):
        places = [*generator.uniform(-90, 90, 2), *generator.uniform(-180, 180, 2)]
        lat_1, lat_2, long_1, long_2 = places
        found = float(great_circle_km(*(np.array([v]) for v in (lat_1, long_1, lat_2, long_2)))[0])
        assert found == pytest.approx(chord_km(lat_1, long_1, lat_2, long_2), rel=1e-6)
    quarter = great_circle_km(np.array([0.0]), np.array([0.0]), np.array([90.0]), np.array([0.0]))
    assert float(quarter[0]) == pytest.approx(math.pi / 2 * EARTH_RADIUS_KM)
    opposite = great_circle_km(np.array([0.0]), np.array([0.0]), np.array([0.0]), np.array([180.0]))
    assert float(opposite[0]) == pytest.approx(math.pi * EARTH_RADIUS_KM)


def located() -> nx.Graph:
    graph = of_countries(nx.path_graph(5), "AAB")
    for node in range(4):
        graph.nodes[node].update(lat=50.0 + node, long=10.0)
    return graph


def test_lengths_of_ties() -> None:
    frame = tie_distances(located())
    degree = math.radians(1) * EARTH_RADIUS_KM
    assert frame["distance_km"].to_list() == pytest.approx([degree] * 3)
    assert ties_without_coordinates(located()) == 1
    assert ties_without_coordinates(nx.path_graph(3)) == 2
    with pytest.raises(AnalysisError, match="no place has coordinates"):
        tie_distances(nx.path_graph(3))


def test_distances_beside_random_pairs() -> None:
    graph = of_countries(nx.gnm_random_graph(50, 100, seed=3), "AB")
    generator = np.random.default_rng(2)
    for node in graph:
        graph.nodes[node].update(lat=float(generator.uniform(40, 60)), long=float(generator.uniform(0, 20)))
    frame = distance_summary(graph, samples=50, seed=3)
    assert frame["pairs_of"].to_list() == [
        *("tied places", "tied, within a country", "tied, between countries"),
        *("random, degrees kept", "random places"),
    ]
    tied = tie_distances(graph)["distance_km"].to_numpy()
    row = frame.row(0, named=True)
    assert (row["pairs"], row["mean_km"], row["q50_km"]) == pytest.approx((100, tied.mean(), np.median(tied)))
    assert row["within_500_km"] == (tied <= 500).mean()
    # The ties of this network are random themselves.
    for other in frame.rows()[3:]:
        assert other[2] == pytest.approx(row["mean_km"], rel=0.15)
    every = [
        chord_km(*(graph.nodes[a][k] for k in ("lat", "long")), *(graph.nodes[b][k] for k in ("lat", "long")))
        for a in graph
        for b in range(a)
    ]
    assert frame.row(4)[2] == pytest.approx(np.mean(every), rel=0.03)


@pytest.mark.parametrize("name", EDGE_CASES)
def test_nothing_fails_at_the_edges(name: str) -> None:
    graph = of_countries(EDGE_CASES[name].copy(), "AB")
    for node in graph:
        graph.nodes[node].update(lat=50.0, long=10.0)
    assert country_pairs(graph, samples=5)["observed"].sum() == measure_ties(graph)
    assert countries(graph)["municipalities"].sum() == len(graph)
    distance_summary(graph, samples=3)


def measure_ties(graph: nx.Graph) -> int:
    return sum(one != other for one, other in nx.Graph(graph).edges)


def test_reciprocity_as_by_hand() -> None:
    places = {key: Place(key, key, "DE" if key < "c" else "FR") for key in "abcd"}
    ties = [
        Tie("1", ("a", "b"), is_reciprocated=True),
        Tie("2", ("a", "c"), is_reciprocated=False),
        Tie("3", ("b", "d"), is_reciprocated=True),
        Tie("4", ("a", "b", "c"), is_reciprocated=True),
        Tie("5", ("a", "d")),
    ]
    network = select(TieTable(places, ties, Origin("memory", "test")), Selection())
    rows = reciprocity(network).rows()
    assert rows == [("all", 3, 2, 2 / 3), ("DE", 3, 2, 2 / 3), ("FR", 2, 1, 0.5)]
