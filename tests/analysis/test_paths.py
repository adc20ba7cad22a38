"""Chains of ties: the shortest, all shortest, and those that time allowed."""

from __future__ import annotations

import datetime
import itertools

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_shapes import graphs
from twingraph.analysis.paths import (
    count_shortest_paths,
    describe_path,
    earliest_chain,
    find_node,
    shortest_path,
    shortest_paths,
)
from twingraph.dates import parse_edtf
from twingraph.errors import AmbiguousNameError, AnalysisError, UnknownNameError
from twingraph.networks.lifetimes import Lifetime, lifetime_of
from twingraph.networks.model import Network, Origin, Place, Support, Tie, TieTable
from twingraph.networks.selecting import select
from twingraph.networks.selection import Selection

slow = settings(deadline=None)


@slow
@given(graphs(), st.data())
def test_shortest_chains_are_those_of_networkx(graph: nx.Graph, data: st.DataObject) -> None:
    if not len(graph):
        return
    one, other = (data.draw(st.sampled_from(sorted(graph))) for _ in range(2))
    found = shortest_paths(graph, one, other, limit=10_000)
    if not nx.has_path(graph, one, other):
        assert found == []
        assert shortest_path(graph, one, other) == []
        assert count_shortest_paths(graph, one, other) == 0
        return
    expected = [list(path) for path in nx.all_shortest_paths(graph, one, other)]
    assert sorted(map(tuple, found)) == sorted(map(tuple, expected))
    assert found == sorted(found, key=lambda path: [str(node) for node in path])
    assert count_shortest_paths(graph, one, other) == len(expected)
    assert shortest_path(graph, one, other) == found[0]


def test_many_chains_are_counted_without_being_listed() -> None:
    graph = nx.grid_2d_graph(12, 12)
    assert count_shortest_paths(graph, (0, 0), (11, 11)) == 705432
    assert len(shortest_paths(graph, (0, 0), (11, 11), limit=3)) == 3


def test_a_chain_is_described_tie_by_tie() -> None:
    graph = nx.Graph()
    graph.add_node("a", name="Altdorf")
    graph.add_edge(
        "a", "b", kind="partnership", start="1960", sources=2, source_ids="x y", partnership="https://example.org/p"
    )
    graph.add_edge("b", "c")
    frame = describe_path(graph, ["a", "b", "c"])
    first, second = frame.iter_rows(named=True)
    assert (first["step"], first["from_name"], first["to_name"], first["start"]) == (1, "Altdorf", "b", "1960")
    assert (first["sources"], first["source_ids"]) == (2, "x y")
    assert (second["from"], second["to"], second["kind"]) == ("b", "c", None)
    assert describe_path(graph, []).height == 0


def test_nodes_are_found_by_key_and_by_name() -> None:
    graph = nx.Graph()
    graph.add_node("Q1", name="Orăștie")
    graph.add_node("Q2", name="Leeds")
    graph.add_node("Q3", name="Leeds")
    assert find_node(graph, "Q1") == "Q1"
    assert find_node(graph, "orastie") == "Q1"
    with pytest.raises(AmbiguousNameError, match="Leeds: Q2"):
        find_node(graph, "LEEDS")
    with pytest.raises(UnknownNameError, match="Near are: Leeds"):
        find_node(graph, "Leads")
    with pytest.raises(AnalysisError, match="no node of the network"):
        shortest_path(graph, "Q1", "Q9")


def life(start: str | None, end: str | None = None) -> Lifetime:
    return lifetime_of(
        parse_edtf(start) if start else None, parse_edtf(end) if end else None, "ended" if end else "active"
    )


def network(*ties: tuple[str, str | None, str | None]) -> Network:
    """Return a network of ties given as the letters of their places, start and end."""
    keys = sorted(set("".join(ends for ends, _, _ in ties)))
    places = {key: Place(key, key.upper(), "DE") for key in keys}
    made = [
        Tie(key=f"{number}-{ends}", participants=tuple(ends), lifetime=life(start, end), start=start, end=end,
            supports=(Support("town", True),))
        for number, (ends, start, end) in enumerate(ties)
    ]  # fmt: skip
    return select(TieTable(places, made, Origin("memory", "test")), Selection())


def steps(found, *columns: str) -> list[tuple[object, ...]]:
    return found.select(*columns).rows()


def test_the_earliest_chain_waits_for_each_tie() -> None:
    chain = earliest_chain(network(("ab", "1970-05-01", None), ("bc", "1960-01-01", None)), "a", "c")
    assert steps(chain, "from", "to", "crossed_on") == [
        ("a", "b", datetime.date(1970, 5, 1)),
        ("b", "c", datetime.date(1970, 5, 1)),
    ]


def test_a_tie_that_ended_before_the_next_began_leads_nowhere_that_way() -> None:
    times = network(("ab", "1970", None), ("bc", "1950", "1960"))
    assert earliest_chain(times, "a", "c").height == 0
    # The other way it does: over b–c while it lasted, then over a–b.
    assert steps(earliest_chain(times, "c", "a"), "from", "crossed_on") == [
        ("c", datetime.date(1950, 1, 1)),
        ("b", datetime.date(1970, 1, 1)),
    ]


def test_a_longer_chain_can_be_earlier() -> None:
    times = network(("ac", "1990-01-01", None), ("ab", "1950-01-01", None), ("bc", "1960-01-01", None))
    assert [row[0] for row in steps(earliest_chain(times, "a", "c"), "to")] == ["b", "c"]


def test_among_chains_that_arrive_together_the_shortest_comes_first() -> None:
    times = network(("ab", "1950-01-01", None), ("bc", "1960-01-01", None), ("ac", "1960-01-01", None))
    assert [row[0] for row in steps(earliest_chain(times, "a", "c"), "to")] == ["c"]


def test_readings_of_uncertain_dates() -> None:
    times = network(("ab", "1960", None))
    assert steps(earliest_chain(times, "a", "b"), "crossed_on") == [(datetime.date(1960, 1, 1),)]
    assert steps(earliest_chain(times, "a", "b", certainty="certain"), "crossed_on") == [(datetime.date(1960, 12, 31),)]


def test_undated_ties_are_crossed_only_when_asked_for() -> None:
    times = network(("ab", None, None))
    assert earliest_chain(times, "a", "b").height == 0
    assert steps(earliest_chain(times, "a", "b", undated=True), "crossed_on") == [(None,)]
    assert earliest_chain(times, "a", "b", certainty="certain", undated=True).height == 0


def test_a_union_ties_every_two_of_its_members() -> None:
    chain = earliest_chain(network(("abc", "1991-01-01", None), ("cd", "1980", None)), "a", "d")
    assert steps(chain, "from", "to", "tie") == [("a", "c", "0-abc"), ("c", "d", "1-cd")]


def test_a_beginning_can_be_set() -> None:
    times = network(("ab", "1950", "1960"))
    assert earliest_chain(times, "a", "b", after=datetime.date(1970, 1, 1)).height == 0
    with pytest.raises(AnalysisError, match="has no tie in the network"):
        earliest_chain(times, "a", "z")


def test_fewest_ties_are_taken_even_where_the_chain_to_a_place_between_is_later() -> None:
    """b is reached first over x, yet the chain over b alone arrives on the same day."""
    times = network(("ax", "1950-01-01", None), ("xb", "1951-01-01", None), ("ab", "1960-01-01", None),
                    ("bc", "1970-01-01", None))  # fmt: skip
    assert [row[0] for row in steps(earliest_chain(times, "a", "c"), "to")] == ["b", "c"]


@slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ab", "bc", "cd", "ad", "ac", "bd", "ae", "be", "ce", "de", "abe"]),
            st.integers(1, 9),
            st.integers(0, 6),
        ),
        max_size=9,
    )
)
def test_no_chain_arrives_earlier_or_with_fewer_ties(ties: list[tuple[str, int, int]]) -> None:
    """Against trying every chain: the day of arrival, then the number of ties, then the keys."""
    times = network(
        *[(ends, f"190{start}-01-01", f"191{length}-01-01") for ends, start, length in ties], ("ax", "1900", None)
    )
    if "d" not in times.places:
        return
    best = None
    for count in range(1, 5):
        for places in itertools.permutations([key for key in "bce" if key in times.places], count - 1):
            chain = ["a", *places, "d"]
            choices = [
                [t for t in times.ties if {one, other} <= set(t.participants)]
                for one, other in itertools.pairwise(chain)
            ]
            for chosen in itertools.product(*choices):
                day = 1
                for tie in chosen:
                    day = max(day, tie.lifetime.possible[0])
                    if day > tie.lifetime.possible[1]:
                        break
                else:
                    best = min(best or (day, count, chain), (day, count, chain))
    found = earliest_chain(times, "a", "d")
    told = (found["crossed_on"][-1].toordinal(), found.height, ["a", *found["to"]]) if found.height else None
    assert told == best
