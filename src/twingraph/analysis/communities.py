"""Groups of places with more ties among themselves than with others, and how far they follow borders or languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

import networkx as nx
import numpy as np
import numpy.typing as npt

from twingraph.analysis.seeding import seeded
from twingraph.analysis.wiring import Wiring, wire
from twingraph.errors import AnalysisError

if TYPE_CHECKING:
    import polars as pl

__all__ = [
    "METHODS",
    "adjusted_rand",
    "communities",
    "community_profile",
    "compare_methods",
    "modularity",
    "mutual_information",
    "partition",
]

METHODS = ("leiden", "louvain")
#: Attributes of places with which groups are compared.
ATTRIBUTES = ("country", "continent", "language")

Method = Literal["leiden", "louvain"]
Labels = npt.NDArray[np.int64]
_MEMBERS = 5


def partition(graph: nx.Graph | Wiring, method: Method = "leiden", seed: int = 1, resolution: float = 1.0) -> Labels:
    """Return the group of each node by its place in the graph, numbered by size: 0 is the largest.

    Both methods look for groups of high modularity. Leiden (Traag, Waltman and van Eck 2019,
    doi:10.1038/s41598-019-41695-z) is repeated until nothing changes and guarantees that groups hang together; Louvain
    is that of Blondel et al. 2008, doi:10.1088/1742-5468/2008/10/P10008. Both depend on random numbers: the same seed
    gives the same groups, another seed often others of nearly the same quality.

    Args:
        graph: a graph; each node without a tie is a group of its own.
        method: one of `METHODS`.
        seed: of the random numbers.
        resolution: higher values give more and smaller groups.

    Raises:
        AnalysisError: there is no such method.
    """
    if method not in METHODS:
        raise AnalysisError(f"there is no method {method!r}; take {' or '.join(METHODS)}.")
    wiring = wire(graph)
    if not wiring.n:
        return np.zeros(0, dtype=np.int64)
    with seeded(seed):
        if method == "leiden":
            found = wiring.native.community_leiden("modularity", resolution=resolution, n_iterations=-1)
        else:
            found = wiring.native.community_multilevel(resolution=resolution)
    return _by_size(np.asarray(found.membership, dtype=np.int64), wiring)


def _by_size(labels: Labels, wiring: Wiring) -> Labels:
    """Number groups by size; of two of the same size that with the least node as text comes first."""
    sizes = np.bincount(labels)
    least: dict[int, str] = {}
    for label, node in zip(labels.tolist(), wiring.nodes, strict=True):
        text = str(node)
        if label not in least or text < least[label]:
            least[label] = text
    order = sorted(range(len(sizes)), key=lambda label: (-int(sizes[label]), least[label]))
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[order] = np.arange(len(sizes))
    return rank[labels]


def communities(
    graph: nx.Graph | Wiring, method: Method = "leiden", seed: int = 1, resolution: float = 1.0
) -> pl.DataFrame:
    """Return the group of each node as a table.

    Columns: ``municipality``, ``name``, ``country``, ``community`` (0 is the largest). Arguments are those of
    `partition`.
    """
    import polars as pl

    wiring = wire(graph)
    keys = [str(node) for node in wiring.nodes]
    return pl.DataFrame(
        {
            "municipality": keys,
            "name": [key if n is None else str(n) for key, n in zip(keys, wiring.attribute("name"), strict=True)],
            "country": [None if value is None else str(value) for value in wiring.attribute("country")],
            "community": partition(wiring, method, seed, resolution),
        },
        schema={"municipality": pl.String, "name": pl.String, "country": pl.String, "community": pl.Int64},
    )


def modularity(graph: nx.Graph | Wiring, labels: Labels, resolution: float = 1.0) -> float | None:
    """Return the modularity of groups: Σ over groups of (L/m − resolution · (D/2m)²), L its ties, D its degrees.

    0 says that there are as many ties inside groups as chance would give, 1 is the limit. None without a tie. Source:
    Newman 2004, doi:10.1103/PhysRevE.69.066133.
    """
    wiring = wire(graph)
    if not wiring.m:
        return None
    groups = int(labels.max()) + 1
    inside = np.bincount(labels[wiring.tails][labels[wiring.tails] == labels[wiring.heads]], minlength=groups)
    degrees = np.bincount(labels, weights=wiring.degrees, minlength=groups)
    return float((inside / wiring.m - resolution * (degrees / (2 * wiring.m)) ** 2).sum())


def _numbered(values: Sequence[Any]) -> Labels:
    place = {value: number for number, value in enumerate(dict.fromkeys(values))}
    return np.array([place[value] for value in values], dtype=np.int64)


def mutual_information(one: Sequence[Any], other: Sequence[Any]) -> float | None:
    """Return the normalised mutual information of two divisions of the same things, 0 to 1.

    2·I(X;Y) / (H(X) + H(Y)) (Danon et al. 2005, doi:10.1088/1742-5468/2005/09/P09008). It tends to be high for many
    small groups, even random ones. None where neither divides anything.
    """
    from igraph import compare_communities

    if not len(one) or (len(set(one)) == 1 and len(set(other)) == 1):
        return None
    return float(compare_communities(_numbered(one).tolist(), _numbered(other).tolist(), method="nmi"))


def adjusted_rand(one: Sequence[Any], other: Sequence[Any]) -> float | None:
    """Return the adjusted Rand index of two divisions of the same things: 1 if equal, about 0 by chance.

    Source: Hubert and Arabie 1985, doi:10.1007/BF01908075. None where it is not defined.
    """
    from igraph import compare_communities

    if len(one) < 2:
        return None
    both_whole = len(set(one)) == 1 and len(set(other)) == 1
    both_single = len(set(one)) == len(one) and len(set(other)) == len(other)
    if both_whole or both_single:
        return None
    found = float(compare_communities(_numbered(one).tolist(), _numbered(other).tolist(), method="adjusted_rand"))
    return None if np.isnan(found) else found


def compare_methods(
    graph: nx.Graph | Wiring,
    seed: int = 1,
    resolution: float = 1.0,
    runs: int = 10,
    progress: Callable[[str, int, int], None] | None = None,
) -> pl.DataFrame:
    """Return the groups that each method finds, in figures.

    Columns: ``method``, ``communities`` (how many), ``largest`` (places in the largest), ``modularity``; of each of
    `ATTRIBUTES` ``nmi_…`` and ``ari_…`` (agreement with it, among places where it is known); ``stability``: mean
    agreement (NMI) with the groups of `runs` other seeds.
    """
    import polars as pl

    wiring = wire(graph)
    attributes = {name: wiring.attribute(name) for name in ATTRIBUTES}
    rows = []
    for method in METHODS:
        labels = partition(wiring, method, seed, resolution)  # type: ignore[arg-type]
        row: dict[str, Any] = {
            "method": method,
            "communities": len(set(labels.tolist())),
            "largest": int(np.bincount(labels).max()) if len(labels) else 0,
            "modularity": modularity(wiring, labels, resolution),
        }
        for name, values in attributes.items():
            known = [number for number, value in enumerate(values) if value is not None]
            ours, theirs = labels[known].tolist(), [values[number] for number in known]
            row[f"nmi_{name}"] = mutual_information(ours, theirs)
            row[f"ari_{name}"] = adjusted_rand(ours, theirs)
        others = []
        for number in range(1, runs + 1):
            other = partition(wiring, method, seed + number, resolution)  # type: ignore[arg-type]
            agreement = mutual_information(labels.tolist(), other.tolist())
            others += [] if agreement is None else [agreement]
            if progress:
                progress(f"groups by {method}", number, runs)
        row["stability"] = sum(others) / len(others) if others else None
        rows.append(row)
    schema: dict[str, Any] = dict.fromkeys(rows[0], pl.Float64)
    schema |= {"method": pl.String, "communities": pl.Int64, "largest": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def community_profile(graph: nx.Graph | Wiring, labels: Labels) -> pl.DataFrame:
    """Return what each group is made of, the largest first.

    Columns: ``community``, ``municipalities``, ``ties_inside``, ``ties_outside`` (to other groups), ``countries`` (how
    many), ``main_country``, ``main_share`` (its share of the places whose country is known), ``leading`` (names of up
    to five places with most partners).
    """
    import polars as pl

    wiring = wire(graph)
    groups = int(labels.max()) + 1 if len(labels) else 0
    same = labels[wiring.tails] == labels[wiring.heads]
    inside = np.bincount(labels[wiring.tails][same], minlength=groups)
    ends = np.bincount(labels[np.concatenate([wiring.tails[~same], wiring.heads[~same]])], minlength=groups)
    countries, names = wiring.attribute("country"), wiring.attribute("name")
    members: list[list[int]] = [[] for _ in range(groups)]
    for place in sorted(range(wiring.n), key=lambda place: (-int(wiring.degrees[place]), str(wiring.nodes[place]))):
        members[int(labels[place])].append(place)
    rows = []
    for label, places in enumerate(members):
        counts: dict[str, int] = {}
        for place in places:
            if countries[place] is not None:
                counts[str(countries[place])] = counts.get(str(countries[place]), 0) + 1
        main = min(counts, key=lambda code: (-counts[code], code)) if counts else None
        leading = ", ".join(str(names[place] or wiring.nodes[place]) for place in places[:_MEMBERS])
        share = counts[main] / sum(counts.values()) if main else None
        rows.append((label, len(places), int(inside[label]), int(ends[label]), len(counts), main, share, leading))
    schema = {
        "community": pl.Int64,
        "municipalities": pl.Int64,
        "ties_inside": pl.Int64,
        "ties_outside": pl.Int64,
        "countries": pl.Int64,
        "main_country": pl.String,
        "main_share": pl.Float64,
        "leading": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
