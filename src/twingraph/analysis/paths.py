"""Chains of ties between two places: the shortest, all shortest, and the earliest that time allowed."""

from __future__ import annotations

import datetime
import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import networkx as nx

from twingraph.errors import AnalysisError
from twingraph.networks.lifetimes import FIRST
from twingraph.networks.model import Network, Tie
from twingraph.networks.places import find_place
from twingraph.querying.wording import shown

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "count_shortest_paths",
    "describe_path",
    "earliest_chain",
    "find_node",
    "shortest_path",
    "shortest_paths",
]


def find_node(graph: nx.Graph, text: str) -> Hashable:
    """Return the node that a text names: by itself, or by its name whatever its case and accents.

    Raises:
        UnknownNameError: there is none; near names are given.
        AmbiguousNameError: several nodes have this name; their keys are given.
    """
    names: dict[Hashable, str | None] = {
        node: None if name is None else str(name) for node, name in graph.nodes(data="name")
    }
    return find_place(names, text)


def _require(graph: nx.Graph, *nodes: Hashable) -> None:
    for node in nodes:
        if node not in graph:
            raise AnalysisError(
                f"{shown(str(node))} is no node of the network; the selection may have left it without a tie."
            )


def shortest_path(graph: nx.Graph, one: Hashable, other: Hashable) -> list[Hashable]:
    """Return a shortest chain as the nodes on it, both ends included; empty where there is none.

    Among several, the one whose nodes come first as texts, step by step.

    Raises:
        AnalysisError: an end is no node.
    """
    return next(iter(shortest_paths(graph, one, other, limit=1)), [])


def _layers(graph: nx.Graph, one: Hashable, other: Hashable) -> dict[Hashable, int]:
    """Return the distance to `other` of every node that lies on a shortest chain from `one`, and of more."""
    distance = {other: 0}
    frontier = [other]
    while frontier and one not in distance:
        following = []
        for node in frontier:
            for neighbour in graph[node]:
                if neighbour not in distance:
                    distance[neighbour] = distance[node] + 1
                    following.append(neighbour)
        frontier = following
    return distance


def shortest_paths(graph: nx.Graph, one: Hashable, other: Hashable, limit: int = 100) -> list[list[Hashable]]:
    """Return the shortest chains, ordered by the texts of their nodes, and at most `limit` of them.

    Raises:
        AnalysisError: an end is no node.
    """
    _require(graph, one, other)
    distance = _layers(graph, one, other)
    if one not in distance:
        return []
    found: list[list[Hashable]] = []
    waiting: list[list[Hashable]] = [[one]]
    while waiting and len(found) < limit:
        chain = waiting.pop()
        if chain[-1] == other:
            found.append(chain)
            continue
        nearer = distance[chain[-1]] - 1
        steps = [node for node in graph[chain[-1]] if distance.get(node) == nearer]
        waiting += [[*chain, node] for node in sorted(steps, key=str, reverse=True)]
    return found


def count_shortest_paths(graph: nx.Graph, one: Hashable, other: Hashable) -> int:
    """Return how many shortest chains there are, without listing them; 0 where there is none.

    Raises:
        AnalysisError: an end is no node.
    """
    _require(graph, one, other)
    distance = _layers(graph, one, other)
    if one not in distance:
        return 0
    ways: dict[Hashable, int] = {one: 1}
    for nearer in range(distance[one] - 1, -1, -1):
        following: dict[Hashable, int] = defaultdict(int)
        for node, count in ways.items():
            for neighbour in graph[node]:
                if distance.get(neighbour) == nearer:
                    following[neighbour] += count
        ways = following
    return ways.get(other, 0) if one != other else 1


def describe_path(graph: nx.Graph, path: Sequence[Hashable]) -> pl.DataFrame:
    """Return the ties along a chain.

    Columns: ``step`` (from 1), ``from``, ``from_name``, ``to``, ``to_name``, ``kind``, ``status``, ``start``, ``end``
    (EDTF), ``certainty``, ``sources`` (how many), ``source_ids``, ``tie``, ``partnership`` (IRI), ``other_ties`` (keys
    of further ties of the same pair). A chain of one node, or none, gives no row.
    """
    rows = []
    for step, (one, other) in enumerate(pairwise(path), 1):
        edge = graph.edges[one, other]
        rows.append({"step": step, **_ends(graph.nodes, one, other), **{name: edge.get(name) for name in _OF_TIE}})
    return _frame(rows, _OF_TIE)


_OF_TIE: dict[str, str] = {
    "kind": "String",
    "status": "String",
    "start": "String",
    "end": "String",
    "certainty": "String",
    "sources": "Int64",
    "source_ids": "String",
    "tie": "String",
    "partnership": "String",
    "other_ties": "String",
}


def _ends(nodes: Any, one: Hashable, other: Hashable) -> dict[str, str]:
    return {
        "from": str(one),
        "from_name": str(nodes[one].get("name", one)),
        "to": str(other),
        "to_name": str(nodes[other].get("name", other)),
    }


def _frame(rows: list[dict[str, Any]], more: dict[str, str]) -> pl.DataFrame:
    import polars as pl

    schema = {"step": "Int64", **dict.fromkeys(("from", "from_name", "to", "to_name"), "String"), **more}
    types = {name: getattr(pl, kind) for name, kind in schema.items()}
    return pl.DataFrame(rows, schema=types, orient="row")


def earliest_chain(
    network: Network,
    one: str,
    other: str,
    *,
    certainty: Literal["certain", "possible"] = "possible",
    undated: bool = False,
    after: datetime.date | None = None,
) -> pl.DataFrame:
    """Return the chain on which something could first have gone from one place to another, tie by tie.

    A tie can be crossed on a day on which it is in force, and each next tie on the same day or later, so that a tie
    that ended before the next began leads nowhere. Of all such chains, the one that arrives first is taken, then the
    one with fewest ties, then the one whose keys come first. These are foremost journeys (Bui-Xuan, Ferreira and Jarry
    2003, doi:10.1142/S0129054103001728) in a network in which crossing takes no time. A tie of three or more connects
    every two of its participants.

    Args:
        network: its ties count in all of their time, whatever day was selected.
        one: key of the place where the chain begins.
        other: key of the place where it ends. The way back can be another one.
        certainty: ``possible``: a tie can be crossed from the first day that its start can mean until the last that
            its end can mean; the answer is the earliest day on which a chain may have existed. ``certain``: only on
            days on which it surely was in force; the answer is the day by which one surely existed.
        undated: whether ties without any known start may be crossed, on any day before their end; never where
            `certainty` is ``certain``.
        after: the day on which the chain begins; by default the first tie's.

    Returns:
        Columns: ``step``, ``from``, ``from_name``, ``to``, ``to_name``, ``crossed_on`` (Date; empty where only undated
        ties were crossed so far), ``kind``, ``status``, ``start``, ``end``, ``sources``, ``source_ids``, ``tie``,
        ``partnership``. No row where there is no such chain, or both ends are the same.

    Raises:
        AnalysisError: an end is none of the network's places.
    """
    for key in (one, other):
        if key not in network.places:
            raise AnalysisError(
                f"{shown(key)} has no tie in the network; the selection may have left all of its ties out."
            )
    steps = _earliest_steps(network.ties, one, other, certainty, undated, after.toordinal() if after else FIRST)
    names = {key: {"name": place.name} for key, place in network.places.items()}
    rows = []
    for step, (here, there, tie, day) in enumerate(steps, 1):
        rows.append(
            {
                "step": step,
                **_ends(names, here, there),
                "crossed_on": datetime.date.fromordinal(day) if day > FIRST else None,
                "kind": tie.kind,
                "status": tie.status,
                "start": tie.start,
                "end": tie.end,
                "sources": len(tie.supports) or None,
                "source_ids": " ".join(support.source for support in tie.supports) or None,
                "tie": tie.key,
                "partnership": tie.iri,
            }
        )
    of_tie = {name: kind for name, kind in _OF_TIE.items() if name not in ("certainty", "other_ties")}
    return _frame(rows, {"crossed_on": "Date", **of_tie})


def _earliest_steps(
    ties: Iterable[Tie], one: str, other: str, certainty: str, undated: bool, begin: int
) -> list[tuple[str, str, Tie, int]]:
    """Return the steps of the chain as from, to, tie and day.

    First the day of arrival (Dijkstra's algorithm on days). Then, backwards from the end, the last day on which one can
    be at a place and still arrive on that day with one tie, with two and so on, until the beginning is reached: so
    many ties are needed. Last, forwards along the keys that come first.
    """
    if one == other:
        return []
    at: dict[str, list[tuple[Tie, int, int]]] = defaultdict(list)
    for tie in ties:
        first, last = tie.lifetime.certain if certainty == "certain" else tie.lifetime.possible
        if first > last or (not tie.lifetime.is_dated and not (undated and certainty == "possible")):
            continue
        for key in tie.participants:
            at[key].append((tie, first, last))
    arrival = _arrival(at, one, other, begin)
    if arrival is None:
        return []
    latest = {other: arrival}
    layers = [dict(latest)]
    frontier = {other}
    while latest.get(one, begin - 1) < begin:
        improved: dict[str, int] = {}
        for there in frontier:
            for tie, first, last in at[there]:
                bound = min(last, layers[-1][there])
                if bound < first:
                    continue
                for here in tie.participants:
                    if here != there and bound > max(improved.get(here, 0), latest.get(here, 0)):
                        improved[here] = bound
        latest |= improved
        layers.append(dict(latest))
        frontier = set(improved)
    steps: list[tuple[str, str, Tie, int]] = []
    here, day = one, begin
    for reachable in layers[-2::-1]:
        there, crossed, tie = min(
            (
                (key, max(day, first), tie)
                for tie, first, last in at[here]
                for key in tie.participants
                if key != here and max(day, first) <= min(last, reachable.get(key, 0))
            ),
            key=lambda step: (step[0], step[1], step[2].key),
        )
        steps.append((here, there, tie, crossed))
        here, day = there, crossed
    return steps


def _arrival(at: dict[str, list[tuple[Tie, int, int]]], one: str, other: str, begin: int) -> int | None:
    """Return the first day on which a chain that begins on a day can arrive; None where none does."""
    reached = {one: begin}
    queue = [(begin, one)]
    done: set[str] = set()
    while queue:
        day, here = heapq.heappop(queue)
        if here == other:
            return day
        if here in done:
            continue
        done.add(here)
        for tie, first, last in at[here]:
            arrival = max(day, first)
            if arrival > last:
                continue
            for there in tie.participants:
                if there not in done and arrival < reached.get(there, arrival + 1):
                    reached[there] = arrival
                    heapq.heappush(queue, (arrival, there))
    return None
