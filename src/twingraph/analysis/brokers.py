"""What a network would lose: places and ties whose absence cuts others off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from twingraph.analysis.wiring import Wiring, wire

if TYPE_CHECKING:
    import polars as pl

__all__ = ["bridges", "brokers"]


def brokers(graph: nx.Graph | Wiring) -> pl.DataFrame:
    """Return the nodes whose removal splits a component, those that part most pairs first.

    Columns: ``municipality``, ``name``, ``country``; ``splits_into``: parts that are left of its component;
    ``cut_off``: nodes that are no longer connected with the largest of these parts; ``pairs_separated``: pairs of
    other nodes that lose every connection. Nodes that split nothing are left out. Time grows with nodes and ties
    (Hopcroft and Tarjan 1973, doi:10.1145/362248.362272).
    """
    import polars as pl

    wiring = wire(graph)
    rows = []
    for place, parts in _parts(wiring).items():
        whole = sum(parts)
        together = sum(part * (part - 1) // 2 for part in parts)
        rows.append((place, len(parts), whole - max(parts), whole * (whole - 1) // 2 - together))
    keys, names, countries = _labels(wiring)
    rows.sort(key=lambda row: (-row[3], -row[2], keys[row[0]]))
    return pl.DataFrame(
        [(keys[place], names[place], countries[place], *figures) for place, *figures in rows],
        schema={
            "municipality": pl.String,
            "name": pl.String,
            "country": pl.String,
            "splits_into": pl.Int64,
            "cut_off": pl.Int64,
            "pairs_separated": pl.Int64,
        },
        orient="row",
    )


def bridges(graph: nx.Graph | Wiring) -> pl.DataFrame:
    """Return the ties whose removal splits a component, those that part most pairs first.

    Columns: ``municipality_1``, ``name_1``, ``country_1``, ``municipality_2``, ``name_2``, ``country_2``;
    ``cut_off``: nodes on the smaller side; ``pairs_separated``: pairs that lose every connection.
    """
    import polars as pl

    wiring = wire(graph)
    keys, names, countries = _labels(wiring)
    rows = []
    if wiring.m:
        below, parent, component_size = _tree_sizes(wiring)
        for edge in wiring.native.bridges():
            one, other = (int(wiring.tails[edge]), int(wiring.heads[edge]))
            child = other if parent[other] == one else one
            size = int(below[child])
            rest = int(component_size[child]) - size
            rows.append((one, other, min(size, rest), size * rest))
    rows.sort(key=lambda row: (-row[3], keys[row[0]], keys[row[1]]))
    return pl.DataFrame(
        [(keys[a], names[a], countries[a], keys[b], names[b], countries[b], cut, pairs) for a, b, cut, pairs in rows],
        schema={
            **{f"{name}_{end}": pl.String for end in (1, 2) for name in ("municipality", "name", "country")},
            "cut_off": pl.Int64,
            "pairs_separated": pl.Int64,
        },
        orient="row",
    )


def _labels(wiring: Wiring) -> tuple[list[str], list[str], list[str | None]]:
    keys = [str(node) for node in wiring.nodes]
    names = [key if name is None else str(name) for key, name in zip(keys, wiring.attribute("name"), strict=True)]
    return keys, names, [None if value is None else str(value) for value in wiring.attribute("country")]


def _tree_sizes(wiring: Wiring) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for a forest of breadth-first searches: nodes at and below each, its parent, its component's size.

    A bridge is an edge of every such forest, so that what lies below it is one of its sides.
    """
    # One search from an additional node above all components; the search of each by itself would look at all nodes.
    _, roots = np.unique(wiring.components, return_index=True)
    forest = wiring.native.copy()
    forest.add_vertex()
    forest.add_edges([(wiring.n, int(root)) for root in roots])
    order, _, found = forest.bfs(wiring.n)
    parent = np.array(found[: wiring.n], dtype=np.int64)
    parent[roots] = -1
    below = np.ones(wiring.n, dtype=np.int64)
    for node in reversed(order[1:]):
        if parent[node] >= 0:
            below[parent[node]] += below[node]
    return below, parent, wiring.component_sizes[wiring.components]


def _parts(wiring: Wiring) -> dict[int, list[int]]:
    """Return for each node that splits its component how many nodes each part that is left has.

    The blocks and the nodes that they share form a forest. Below each shared node hangs one part for every block
    that is its child; the part above is the rest.
    """
    if not wiring.m:
        return {}
    blocks, cuts = wiring.native.biconnected_components(return_articulation_points=True)
    cut_set = set(cuts)
    blocks_of: dict[int, list[int]] = {cut: [] for cut in cuts}
    members: list[list[int]] = [list(block) for block in blocks]
    for number, block in enumerate(members):
        for node in block:
            if node in cut_set:
                blocks_of[node].append(number)
    parts: dict[int, list[int]] = {}
    hanging: dict[int, int] = dict.fromkeys(cuts, 0)
    visited = [False] * len(members)
    for start in range(len(members)):
        if visited[start]:
            continue
        visited[start] = True
        # Blocks in an order in which each stands before those that hang below it, with the node they hang on.
        order: list[tuple[int, int]] = [(start, -1)]
        for number, upper in order:
            for node in members[number]:
                if node in cut_set and node != upper:
                    for lower in blocks_of[node]:
                        if not visited[lower]:
                            visited[lower] = True
                            order.append((lower, node))
        for number, upper in reversed(order):
            below = sum(1 + hanging.get(node, 0) for node in members[number] if node != upper)
            if upper >= 0:
                hanging[upper] += below
                parts.setdefault(upper, []).append(below)
    sizes = wiring.component_sizes[wiring.components]
    for node, found in parts.items():
        above = int(sizes[node]) - 1 - hanging[node]
        if above:
            found.append(above)
    return parts
