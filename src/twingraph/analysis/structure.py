"""The measures of a network as a whole, each with its unit, its meaning, its formula and where that comes from."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from twingraph.analysis import counting, spectra
from twingraph.analysis.degrees import exponent_of_all, fit_tail_on_grid
from twingraph.analysis.distances import Distances, measure_distances
from twingraph.analysis.wiring import Wiring, wire
from twingraph.errors import AnalysisError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MEASURES", "Measure", "measure_structure", "structure"]

Value = int | float | None
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a network.

    Attributes:
        unit: what it is counted in.
        meaning: what a figure says, in a sentence.
        formula: how it is computed.
        source: who defines it so.
        compute: returns the value, None where it has none.
        slow: whether it needs all distances, which take longest.
    """

    unit: str
    meaning: str
    formula: str
    source: str
    compute: Callable[[Wiring], Value]
    slow: bool = False


def _distances(wiring: Wiring) -> Distances:
    return measure_distances(wiring.largest)


def _number(value: float) -> float | None:
    """Return a figure, or None where a library says that it has none."""
    return None if math.isnan(value) else float(value)


def _density(wiring: Wiring) -> Value:
    return 2 * wiring.m / (wiring.n * (wiring.n - 1)) if wiring.n > 1 else None


def _transitivity(wiring: Wiring) -> Value:
    wedges = counting.count_wedges(wiring)
    return 3 * counting.count_triangles(wiring) / wedges if wedges else None


def _average_clustering(wiring: Wiring) -> Value:
    return float(wiring.native.transitivity_avglocal_undirected(mode="zero")) if wiring.n else None


def _degree_assortativity(wiring: Wiring) -> Value:
    return _number(wiring.native.assortativity_degree(directed=False)) if wiring.m else None


def _attribute_assortativity(name: str) -> Callable[[Wiring], Value]:
    def compute(wiring: Wiring) -> Value:
        values = wiring.attribute(name)
        known = np.array([value is not None for value in values], dtype=bool)
        if not known.any():
            return None
        part = wiring if known.all() else wiring.part(np.flatnonzero(known))
        if not part.m:
            return None
        kinds = sorted({str(value) for value in values if value is not None})
        place = {kind: number for number, kind in enumerate(kinds)}
        types = [place[str(value)] for value in values if value is not None]
        return _number(part.native.assortativity_nominal(types, directed=False))

    return compute


def _median(wiring: Wiring) -> Value:
    return _distances(wiring).median


def _core(wiring: Wiring) -> Value:
    return int(max(wiring.native.coreness(), default=0))


_LIBRARY = "Newman 2010, Networks"
_KONECT = "KONECT (Kunegis 2013, doi:10.1145/2487788.2488173)"

#: In the order of the table. Distances and the algebraic connectivity are those of the largest component.
MEASURES: Mapping[str, Measure] = {
    "n": Measure("places", "Places in the network.", "n", _LIBRARY, lambda w: w.n),
    "m": Measure("ties", "Pairs of places with a tie.", "m", _LIBRARY, lambda w: w.m),
    "density": Measure(
        "share", "Of all pairs that could have a tie, the share that has one.", "2m / (n(n−1))", _LIBRARY, _density
    ),
    "wedges": Measure(
        "shapes", "Pairs of ties that share a place.", "Σ d(d−1)/2", _KONECT, counting.count_wedges
    ),
    "claws": Measure(
        "shapes", "Triples of ties that share a place.", "Σ d(d−1)(d−2)/6", _KONECT, counting.count_claws
    ),
    "triangles": Measure(
        "shapes",
        "Triples of places that are all tied with each other.",
        "closed ways over 3 places",
        _KONECT,
        counting.count_triangles,
    ),
    "squares": Measure(
        "shapes",
        "Rings of four ties over four places.",
        "closed ways over 4 different places",
        _KONECT,
        counting.count_squares,
    ),
    "max_degree": Measure(
        "partners", "Partners of the place that has most.", "max d", _LIBRARY, lambda w: int(max(w.degrees, default=0))
    ),
    "mean_degree": Measure(
        "partners", "Partners of a place on average.", "2m / n", _LIBRARY, lambda w: 2 * w.m / w.n if w.n else None
    ),
    "components": Measure(
        "groups", "Groups of places without a tie between them.", "connected components", _LIBRARY,
        lambda w: len(w.component_sizes),
    ),
    "largest_component": Measure(
        "places", "Places in the largest of these groups.", "size of the largest component", _LIBRARY,
        lambda w: int(w.component_sizes[0]) if w.n else 0,
    ),
    "isolated": Measure(
        "places", "Places without any tie.", "nodes of degree 0", _LIBRARY, lambda w: int((w.degrees == 0).sum())
    ),
    "diameter": Measure(
        "ties", "The longest of all shortest ways in the largest group.", "max d(u,v)", _LIBRARY,
        lambda w: _distances(w).diameter, slow=True,
    ),
    "mean_distance": Measure(
        "ties", "Steps from one place of the largest group to another on average.", "mean of d(u,v), u ≠ v", _LIBRARY,
        lambda w: _distances(w).mean, slow=True,
    ),
    "median_distance": Measure(
        "ties", "Half of all pairs of the largest group are at most so many steps apart.", 
        "median of d(u,v), u ≠ v; of two in the middle the lower",
        _LIBRARY, _median, slow=True,
    ),
    "effective_diameter_50": Measure(
        "ties", "Half of all pairs are nearer than this, interpolated between whole steps.", "F⁻¹(0.5)", _KONECT,
        lambda w: _distances(w).effective_diameter(0.5), slow=True,
    ),
    "effective_diameter_90": Measure(
        "ties", "Nine of ten pairs are nearer than this, interpolated between whole steps.", "F⁻¹(0.9)", _KONECT,
        lambda w: _distances(w).effective_diameter(0.9), slow=True,
    ),
    "degree_assortativity": Measure(
        "−1 to 1", "Above 0, places with many partners are tied with others that have many; below 0, with those that "
        "have few.", "correlation of the degrees at both ends of a tie",
        "Newman 2002, doi:10.1103/PhysRevLett.89.208701", _degree_assortativity,
    ),
    "country_assortativity": Measure(
        "−1 to 1", "1 if all ties stay in a country, 0 if countries mix as by chance, below 0 if ties avoid the own "
        "country.", "(tr e − ‖e²‖) / (1 − ‖e²‖)", "Newman 2003, doi:10.1103/PhysRevE.67.026126",
        _attribute_assortativity("country"),
    ),
    "continent_assortativity": Measure(
        "−1 to 1", "The same for continents.", "(tr e − ‖e²‖) / (1 − ‖e²‖)",
        "Newman 2003, doi:10.1103/PhysRevE.67.026126", _attribute_assortativity("continent"),
    ),
    "transitivity": Measure(
        "share", "Of all pairs of ties that share a place, the share whose other ends are tied too; places with many "
        "partners weigh most.", "3 · triangles / wedges", _LIBRARY, _transitivity,
    ),
    "average_clustering": Measure(
        "share", "The share of a place's partners that are tied with each other, averaged over places; each place "
        "weighs the same, and one with fewer than two partners counts 0.", "mean of 2t / (d(d−1))",
        "Watts and Strogatz 1998, doi:10.1038/30918", _average_clustering,
    ),
    "gini": Measure(
        "0 to 1", "How unevenly partners are spread: 0 if all places have as many.", "2Σi·dᵢ/(nΣdᵢ) − (n+1)/n", _KONECT,
        lambda w: counting.gini(w.degrees),
    ),
    "power_law_exponent": Measure(
        "exponent", "Exponent of a power law over all degrees; the greater, the rarer places with many partners.",
        "1 + n / Σ ln(d / d_min)", _KONECT, lambda w: exponent_of_all(w.degrees),
    ),
    "power_law_exponent_tail": Measure(
        "exponent", "The same for the places with many partners only.", "maximum likelihood in steps of 0.01",
        "Clauset, Shalizi and Newman 2009, doi:10.1137/070710111, as KONECT does it",
        lambda w: _tail(w, "exponent"),
    ),
    "power_law_tail_from": Measure(
        "partners", "From how many partners on that exponent holds.", "start with the least distance of the fit",
        "Clauset, Shalizi and Newman 2009, doi:10.1137/070710111", lambda w: _tail(w, "start"),
    ),
    "spectral_norm": Measure(
        "eigenvalue", "A mean degree in which well connected places weigh more.", "max |λ(A)|", _KONECT,
        spectra.spectral_norm,
    ),
    "algebraic_connectivity": Measure(
        "eigenvalue", "How hard the largest group is to cut in two; near 0 if few ties hold parts together.",
        "λ₂(D − A)", "Fiedler 1973, Czechoslovak Mathematical Journal 23", spectra.algebraic_connectivity,
    ),
    "bridges": Measure(
        "ties", "Ties without which a group would fall apart.", "bridges", _LIBRARY,
        lambda w: len(w.native.bridges()) if w.m else 0,
    ),
    "articulation_points": Measure(
        "places", "Places without which a group would fall apart.", "cut vertices", _LIBRARY,
        lambda w: len(w.native.articulation_points()) if w.m else 0,
    ),
    "biconnected_components": Measure(
        "groups", "Groups that no single place holds together; a tie between two places counts as one.", "blocks",
        _LIBRARY, lambda w: len(w.native.biconnected_components()) if w.m else 0,
    ),
    "max_core": Measure(
        "partners", "The greatest k for which some places have at least k partners among themselves.", "degeneracy",
        "Seidman 1983, doi:10.1016/0378-8733(83)90028-X", _core,
    ),
}  # fmt: skip


def _tail(wiring: Wiring, what: str) -> Value:
    if wiring.tail is None:
        wiring.tail = fit_tail_on_grid(wiring.degrees) or False
    return getattr(wiring.tail, what) if wiring.tail else None


def measure_structure(
    graph: nx.Graph | Wiring, measures: Sequence[str] | None = None, progress: Progress | None = None
) -> dict[str, Value]:
    """Return measures of a graph by name.

    Args:
        graph: any NetworkX graph; directions, self-loops and repeated edges are given up.
        measures: names from `MEASURES`; all by default. Only what these need is computed.
        progress: is told how far the distances are, which take longest.

    Returns:
        Counts as int, others as float; None where a measure has no value: of an empty graph, without a tie or
        attribute, or where all degrees are equal.

    Raises:
        AnalysisError: a measure does not exist.
    """
    names = list(MEASURES) if measures is None else list(measures)
    for name in names:
        if name not in MEASURES:
            raise AnalysisError(f"there is no measure {name!r}; there are {', '.join(MEASURES)}.")
    wiring = wire(graph)
    if any(MEASURES[name].slow for name in names):
        measure_distances(wiring.largest, progress)
    found: dict[str, Value] = {}
    for number, name in enumerate(names):
        if progress:
            progress(f"measuring: {name.replace('_', ' ')}", number, len(names))
        found[name] = MEASURES[name].compute(wiring)
    return found


def structure(
    graph: nx.Graph | Wiring, measures: Sequence[str] | None = None, progress: Progress | None = None
) -> pl.DataFrame:
    """Return measures of a graph as a table.

    Columns: ``measure``, ``value`` (Float64, empty where a measure has none), ``unit``, ``meaning``. Arguments and
    errors are those of `measure_structure`.
    """
    import polars as pl

    found = measure_structure(graph, measures, progress)
    rows: list[tuple[Any, ...]] = [
        (name, value, MEASURES[name].unit, MEASURES[name].meaning) for name, value in found.items()
    ]
    schema = {"measure": pl.String, "value": pl.Float64, "unit": pl.String, "meaning": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")
