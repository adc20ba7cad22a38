"""Which places matter: measures of single nodes, with the numbers that NetworkX gives, computed in native code."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from twingraph.analysis.distances import measure_distances
from twingraph.analysis.spectra import leading_eigenvector
from twingraph.analysis.wiring import Wiring, wire
from twingraph.errors import AnalysisError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MEASURES", "betweenness", "centrality", "centrality_by_country", "eigenvector", "harmonic", "pagerank"]

Floats = npt.NDArray[np.float64]
Progress = Callable[[str, int, int], None]

#: Column → what it says, with its unit.
MEASURES: dict[str, str] = {
    "degree": "number of partners",
    "betweenness": "share of the shortest ways between other places that lead through it, 0 to 1",
    "harmonic": "sum of 1/distance to all other places; higher is nearer to all",
    "eigenvector": "high for places whose partners have it high; squares sum up to 1 over the largest group",
    "pagerank": "share of its time that a walk over ties spends there, which starts anew every seventh step",
}

#: Start nodes between two reports of progress; small enough for about a second at world scale.
_SOURCES = 256
#: The error of all ranks together at which their iteration ends, and after how many steps it ends at the latest.
_RANK_ERROR = 1e-14
_STEPS = 100_000


def betweenness(graph: nx.Graph | Wiring, progress: Progress | None = None) -> dict[Hashable, float]:
    """Return the betweenness of every node, as `networkx.betweenness_centrality` does.

    Of all shortest ways between two other nodes, the share that leads through the node, summed over pairs and divided
    by their number (n−1)(n−2)/2. Source: Freeman 1977, doi:10.2307/3033543; algorithm: Brandes 2001,
    doi:10.1080/0022250X.2001.9990249, in igraph. 0 for graphs of fewer than three nodes.
    """
    wiring = wire(graph)
    return dict(zip(wiring.nodes, _betweenness(wiring, progress).tolist(), strict=True))


def harmonic(graph: nx.Graph | Wiring, progress: Progress | None = None) -> dict[Hashable, float]:
    """Return the harmonic closeness of every node, as `networkx.harmonic_centrality` does: Σ 1/d(u,v).

    A node that can't be reached adds 0, so that it is defined for disconnected graphs (Boldi and Vigna 2014,
    doi:10.1080/15427951.2013.865686).
    """
    wiring = wire(graph)
    return dict(zip(wiring.nodes, measure_distances(wiring, progress).harmonic.tolist(), strict=True))


def eigenvector(graph: nx.Graph | Wiring) -> dict[Hashable, float]:
    """Return the eigenvector centrality of every node: the leading eigenvector of the adjacency matrix.

    It is that of the largest component, scaled to a length of 1, and 0 elsewhere: of a disconnected graph there is no
    single one. Within a connected graph it is what `networkx.eigenvector_centrality_numpy` gives. Source: Bonacich
    1972, doi:10.1080/0022250X.1972.9989806.
    """
    wiring = wire(graph)
    return dict(zip(wiring.nodes, _eigenvector(wiring).tolist(), strict=True))


def pagerank(graph: nx.Graph | Wiring, alpha: float = 0.85) -> dict[Hashable, float]:
    """Return the PageRank of every node, as `networkx.pagerank` does; they sum up to 1.

    Source: Brin and Page 1998, doi:10.1016/S0169-7552(98)00110-X.

    The sum of all errors is at most 1e-14, where that of NetworkX is n · 1e-6 unless a smaller `tol` is asked of it.

    Args:
        graph: a graph.
        alpha: how likely a walk goes on over a tie rather than starts anew anywhere; at least 0 and less than 1.

    Raises:
        AnalysisError: `alpha` is out of range.
    """
    if not 0 <= alpha < 1:
        raise AnalysisError(f"alpha: {alpha!r} can't be used; give a number from 0 to less than 1.")
    wiring = wire(graph)
    return dict(zip(wiring.nodes, _pagerank(wiring, alpha).tolist(), strict=True))


def _betweenness(wiring: Wiring, progress: Progress | None) -> Floats:
    values = np.zeros(wiring.n)
    if wiring.n < 3 or not wiring.m:
        return values
    # The shares of parts of the start nodes add up to the whole, in the same time.
    for first in range(0, wiring.n, _SOURCES):
        sources = range(first, min(first + _SOURCES, wiring.n))
        values += wiring.native.betweenness(sources=list(sources))
        if progress:
            progress("betweenness", sources.stop, wiring.n)
    return values / ((wiring.n - 1) * (wiring.n - 2) / 2)


def _eigenvector(wiring: Wiring) -> Floats:
    values = np.zeros(wiring.n)
    part = wiring.largest
    if part.n < 2:
        # Without any tie no node matters more than another.
        return values
    if part.n <= 64:
        _, vectors = np.linalg.eigh(part.adjacency.toarray())
        found = vectors[:, -1]
    else:
        _, found = leading_eigenvector(part)
    inside = np.flatnonzero(wiring.components == 0)
    values[inside] = np.abs(found) / np.linalg.norm(found)
    return values


def _pagerank(wiring: Wiring, alpha: float) -> Floats:
    if not wiring.n:
        return np.zeros(0)
    # By iteration in a fixed order; libraries that share the work between threads differ in the last digits each time.
    n, degrees = wiring.n, wiring.degrees
    idle = degrees == 0
    share = alpha / np.where(idle, 1, degrees)
    ranks = np.full(n, 1.0 / n)
    for _ in range(_STEPS):
        moved = wiring.adjacency @ (ranks * share) + (alpha * ranks[idle].sum() + 1.0 - alpha) / n
        change = float(np.abs(moved - ranks).sum())
        ranks = moved
        # Each step takes a share of 1 − alpha of the error away.
        if change * alpha <= _RANK_ERROR * (1.0 - alpha):
            break
    return np.asarray(ranks / ranks.sum())


def centrality(
    graph: nx.Graph | Wiring, measures: Sequence[str] | None = None, progress: Progress | None = None
) -> pl.DataFrame:
    """Return measures of every node as a table.

    Columns: ``municipality`` (the node), ``name``, ``country``, and `MEASURES`. Union nodes of a star network have
    no country. Rows are in the order of the graph's nodes.

    Args:
        graph: a graph.
        measures: names from `MEASURES`; all by default. Betweenness takes longest.
        progress: is told how many start nodes are done.

    Raises:
        AnalysisError: a measure does not exist.
    """
    import polars as pl

    names = list(MEASURES) if measures is None else list(measures)
    for name in names:
        if name not in MEASURES:
            raise AnalysisError(f"there is no measure {name!r} of places; there are {', '.join(MEASURES)}.")
    wiring = wire(graph)
    compute: dict[str, Callable[[], npt.NDArray[Any]]] = {
        "degree": lambda: wiring.degrees,
        "betweenness": lambda: _betweenness(wiring, progress),
        "harmonic": lambda: measure_distances(wiring, progress).harmonic,
        "eigenvector": lambda: _eigenvector(wiring),
        "pagerank": lambda: _pagerank(wiring, 0.85),
    }
    keys = [str(node) for node in wiring.nodes]
    texts: dict[str, list[Any]] = {
        "municipality": keys,
        "name": [key if name is None else str(name) for key, name in zip(keys, wiring.attribute("name"), strict=True)],
        "country": [None if value is None else str(value) for value in wiring.attribute("country")],
    }
    columns = [pl.Series(name, list(values), dtype=pl.String) for name, values in texts.items()]
    columns += [
        pl.Series(name, compute[name]().tolist(), dtype=pl.Int64 if name == "degree" else pl.Float64) for name in names
    ]
    return pl.DataFrame(columns)


def centrality_by_country(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the measures of places by country, from the table that `centrality` gives.

    Columns: ``country``, ``municipalities``, ``ends`` (ends of ties there: the sum of degrees), of each measure
    ``…_sum`` and ``…_mean``, and ``leading`` (the place with the highest betweenness, or the first measure there is).
    Places without a country are left out. Ordered by the sum of betweenness.
    """
    import polars as pl

    measures = [name for name in MEASURES if name in frame.columns and name != "degree"]
    leading = next((name for name in ("betweenness", *measures, "degree") if name in frame.columns), "municipality")
    grouped = (
        frame.filter(pl.col("country").is_not_null())
        .sort([leading, "municipality"], descending=[True, False])
        .group_by("country")
        .agg(
            pl.len().cast(pl.Int64).alias("municipalities"),
            *([pl.col("degree").sum().alias("ends")] if "degree" in frame.columns else []),
            *(pl.col(name).sum().alias(f"{name}_sum") for name in measures),
            *(pl.col(name).mean().alias(f"{name}_mean") for name in measures),
            pl.col("name").first().alias("leading"),
        )
    )
    order = next((name for name in ("betweenness_sum", "ends", "municipalities") if name in grouped.columns), "country")
    return grouped.sort([order, "country"], descending=[True, False])
