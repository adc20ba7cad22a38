"""Networks at world scale: reading, structure, distances, betweenness, null models, beside igraph and NetworkX alone.

Run: ``python benchmarks/bench_network.py [--rounds N] [--graph FILE]``

What is compared gets the same NetworkX graph and takes turns in one process; CPU time, medians. Plain NetworkX is
timed on a sample of start nodes and scaled up, since the whole would take hours; so is said in the table.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import measure

SAMPLE = 20


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU seconds of a call and what it gave."""
    began = measure.own_cpu()
    result = function()
    return measure.own_cpu() - began, result


def fresh(graph: Any) -> Any:
    """Return the graph without anything that was derived from it before."""
    getattr(graph, "__networkx_cache__", {}).clear()
    return graph


def native(graph: Any) -> Any:
    """Return the graph in igraph, as somebody would convert it who uses igraph alone."""
    import igraph

    place = {node: index for index, node in enumerate(graph)}
    return igraph.Graph(n=len(place), edges=[(place[one], place[other]) for one, other in graph.edges()])


def structure_alone(graph: Any) -> dict[str, float]:
    """Compute the measures that igraph offers, and the two spectral ones with scipy, as one would by hand."""
    import numpy as np
    from scipy.sparse import csgraph
    from scipy.sparse.linalg import eigsh

    found = native(graph)
    degrees = np.array(found.degree())
    components = found.connected_components()
    largest = components.giant()
    histogram = largest.path_length_hist()
    counts = [item[2] for item in histogram.bins()]
    matrix = found.get_adjacency_sparse().astype(float)
    laplacian = csgraph.laplacian(largest.get_adjacency_sparse().astype(float)).tocsc()
    start = np.ones(laplacian.shape[0])
    start[::2] = -1.0
    return {
        "max_degree": float(degrees.max()),
        "components": len(components),
        "bridges": len(found.bridges()),
        "articulation_points": len(found.articulation_points()),
        "blocks": len(found.biconnected_components()),
        "core": max(found.coreness()),
        "transitivity": found.transitivity_undirected(),
        "average_clustering": found.transitivity_avglocal_undirected(mode="zero"),
        "triangles": len(found.list_triangles()),
        "assortativity": found.assortativity_degree(directed=False),
        "mean_distance": sum((index + 1) * count for index, count in enumerate(counts)) / sum(counts),
        "diameter": len(counts),
        "power_law": found.power_law_fit(degrees[degrees > 0].tolist()).alpha
        if hasattr(found, "power_law_fit")
        else _power_law(degrees),
        "spectral_norm": float(
            abs(eigsh(matrix, 1, which="LM", return_eigenvectors=False, v0=np.ones(len(degrees)))[0])
        ),
        "algebraic_connectivity": float(
            sorted(eigsh(laplacian, 2, sigma=-1e-3, which="LM", return_eigenvectors=False, v0=start))[1]
        ),
    }


def _power_law(degrees: Any) -> float:
    import igraph

    return float(igraph.power_law_fit(degrees[degrees > 0].tolist()).alpha)


def networkx_betweenness(graph: Any) -> float:
    """Return the CPU seconds that plain NetworkX would need, from a sample of start nodes."""
    import networkx as nx

    seconds, _ = timed(lambda: nx.betweenness_centrality(graph, k=SAMPLE, seed=1))
    return seconds * graph.number_of_nodes() / SAMPLE


def networkx_distances(graph: Any) -> float:
    """Return the CPU seconds that plain NetworkX would need for all distances, from a sample of start nodes."""
    import networkx as nx

    nodes = random.Random(1).sample(sorted(graph), SAMPLE)
    seconds, _ = timed(lambda: [nx.single_source_shortest_path_length(graph, node) for node in nodes])
    return seconds * graph.number_of_nodes() / SAMPLE


def compare(rounds: int, ours: Callable[[], Any], theirs: Callable[[], Any], say: str) -> tuple[float, float, Any, Any]:
    """Let two functions take turns; return the medians of their CPU seconds and their last results."""
    mine: list[float] = []
    other: list[float] = []
    for number in range(rounds):
        seconds, my_result = timed(ours)
        mine.append(seconds)
        seconds, their_result = timed(theirs)
        other.append(seconds)
        print(f"{say}, round {number + 1}: {mine[-1]:.2f} s against {other[-1]:.2f} s", file=sys.stderr)
    return statistics.median(mine), statistics.median(other), my_result, their_result


def reading_rows(store: Path) -> list[list[str]]:
    """Time the ways from a store to a network."""
    import twingraph
    from twingraph.networks.network import read_ties

    kept = measure.current_build(store) / "ties.json"
    kept.unlink(missing_ok=True)
    first, table = timed(lambda: read_ties(store))
    again, table = timed(lambda: read_ties(store))
    chosen, _ = timed(lambda: twingraph.network(table))
    of_day, _ = timed(lambda: twingraph.network(table, as_of="1989-11-09", kinds="partnership"))
    ties = len(table.ties)
    return [
        ["read a store for the first time", f"{first:.2f}", f"{ties:,} ties"],
        ["read it again (kept beside the store)", f"{again:.2f}", f"{first / again:.0f} times faster"],
        ["select every tie as a NetworkX graph", f"{chosen:.2f}", ""],
        ["select a day and a kind: two graphs", f"{of_day:.2f}", ""],
    ]


def main() -> None:
    """Measure and print the tables."""
    parser = measure.parser("Time networks and their analysis at world scale.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--graph", type=Path, help="a graph file instead of the made-up world")
    options: argparse.Namespace = parser.parse_args()
    import numpy as np

    import twingraph
    from twingraph.analysis.centrality import betweenness, harmonic
    from twingraph.analysis.communities import communities
    from twingraph.analysis.countries import country_pairs
    from twingraph.analysis.distances import measure_distances
    from twingraph.analysis.structure import measure_structure
    from twingraph.analysis.wiring import wire

    if options.graph:
        graph = twingraph.network(file=options.graph).possible
    else:
        store = options.work / "store"
        if not store.exists():
            store = measure.built_store(options)
        print(measure.markdown_table(["step", "CPU s", ""], reading_rows(store)))
        print()
        graph = twingraph.network(store).possible
    rounds = options.rounds
    rows = []

    def row(task: str, mine: float, theirs: float, plain: float | None, check: str) -> None:
        rows.append(
            [
                task,
                f"{mine:.2f}",
                f"{theirs:.2f}",
                f"{mine / theirs:.2f}",
                "" if plain is None else f"about {plain:,.0f}",
                "" if plain is None else f"{plain / mine:,.0f}",
                check,
            ]
        )

    mine, theirs, table, alone = compare(
        rounds, lambda: measure_structure(fresh(graph)), lambda: structure_alone(graph), "structure"
    )
    worst = max(
        abs(table[name] - alone[name]) / max(abs(alone[name]), 1e-300)
        for name in alone
        if name in table and table[name] is not None
    )
    row("the whole table of the structure", mine, theirs, None, f"largest relative difference {worst:.0e}")

    mine, theirs, distances, histogram = compare(
        rounds,
        lambda: measure_distances(wire(fresh(graph)).largest),
        lambda: native(graph).connected_components().giant().path_length_hist(),
        "distances",
    )
    same = (distances.counts[1:] == [2 * item[2] for item in histogram.bins()]).all()
    row(
        "all distances of the largest component",
        mine,
        theirs,
        networkx_distances(graph),
        "every count equal" if same else "NOT EQUAL",
    )

    def igraph_betweenness() -> Any:
        values = np.array(native(graph).betweenness())
        n = len(values)
        return values / ((n - 1) * (n - 2) / 2)

    mine, theirs, ours, bare = compare(
        min(rounds, 2), lambda: betweenness(fresh(graph)), igraph_betweenness, "betweenness"
    )
    difference = float(np.abs(np.array(list(ours.values())) - bare).max())
    row("exact betweenness", mine, theirs, networkx_betweenness(graph), f"largest difference {difference:.0e}")

    mine, theirs, ours, bare = compare(
        rounds, lambda: harmonic(fresh(graph)), lambda: native(graph).harmonic_centrality(), "harmonic"
    )
    difference = float(np.abs(np.array(list(ours.values())) / (len(bare) - 1) - bare).max())
    row("harmonic closeness", mine, theirs, networkx_distances(graph), f"largest difference {difference:.0e}")

    mine, theirs, _, _ = compare(
        rounds,
        lambda: communities(fresh(graph)),
        lambda: native(graph).community_leiden("modularity", n_iterations=-1),
        "communities",
    )
    row("communities (Leiden)", mine, theirs, None, "")
    header = ["task", "twingraph CPU s", "igraph alone", "ratio", "plain NetworkX", "times faster", "the same numbers"]
    print(measure.markdown_table(header, rows))
    print()
    if not options.graph:
        seconds, _ = timed(lambda: country_pairs(graph, samples=1000))
        print(f"Country pairs against 1,000 random networks with the same degrees: {seconds:.1f} s of CPU. ", end="")
    print(
        f"The network has {graph.number_of_nodes():,} places and {graph.number_of_edges():,} ties. Plain NetworkX is "
        f"scaled up from {SAMPLE} start nodes."
    )


if __name__ == "__main__":
    main()
