"""How many partners places have, and whether the numbers follow a power law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import numpy.typing as npt

from twingraph.analysis.seeding import seeded
from twingraph.analysis.wiring import Wiring, wire

if TYPE_CHECKING:
    import polars as pl

__all__ = ["DegreeFit", "TailFit", "degree_distribution", "exponent_of_all", "fit_degrees", "fit_tail_on_grid"]

#: The exponents among which KONECT looks for the tail's: 1.001, 1.011, … (``m/konect_power_law_range.m`` of
#: https://github.com/kunegis/konect-toolbox).
_GRID = 1.001 + 0.01 * np.arange(800)


@dataclass(frozen=True, slots=True)
class TailFit:
    """A power law p(d) ∝ d^−exponent for degrees d ≥ start.

    Attributes:
        exponent: γ.
        start: the least degree of the tail.
        distance: the largest difference between the observed and the fitted cumulative share (Kolmogorov–Smirnov).
        places: how many places are in the tail.
    """

    exponent: float
    start: int
    distance: float
    places: int


@dataclass(frozen=True, slots=True)
class DegreeFit:
    """Fits of a power law to the degrees.

    Attributes:
        all_exponent: over all degrees, see `exponent_of_all`; None where it is not defined.
        grid: the tail as KONECT fits it; None where there are too few different degrees.
        tail: the tail at its exact maximum of likelihood, fitted by the library plfit; None as `grid`.
        p_value: how likely a true power law of this kind would lie further from its fit, by plfit's bootstrap; a
            small one speaks against a power law. None where it was not asked for.
    """

    all_exponent: float | None
    grid: TailFit | None
    tail: TailFit | None
    p_value: float | None = None


def degree_distribution(graph: nx.Graph | Wiring) -> pl.DataFrame:
    """Return how many places have how many partners.

    Columns: ``degree`` (partners), ``municipalities`` (how many have so many), ``share`` (of all places, 0 to 1),
    ``cumulative_share`` (of places with at least so many). Ordered by degree; an empty graph gives no row.
    """
    import polars as pl

    wiring = wire(graph)
    degrees, counts = np.unique(wiring.degrees, return_counts=True)
    shares = counts / max(wiring.n, 1)
    beyond = np.cumsum(counts[::-1])[::-1] / max(wiring.n, 1)
    return pl.DataFrame(
        {"degree": degrees, "municipalities": counts, "share": shares, "cumulative_share": beyond},
        schema={
            "degree": pl.Int64,
            "municipalities": pl.Int64,
            "share": pl.Float64,
            "cumulative_share": pl.Float64,
        },
    )


def exponent_of_all(degrees: npt.NDArray[np.int64]) -> float | None:
    """Return the exponent of a power law over all degrees of 1 and more: γ = 1 + n / Σ ln(d / d_min).

    This is the estimate for continuous values that KONECT publishes (Newman 2005, doi:10.1080/00107510500052444,
    equation 5). It says little about the tail. None where all degrees are equal.
    """
    positive = degrees[degrees > 0]
    if not len(positive):
        return None
    total = float(np.log(positive / positive.min()).sum())
    return 1 + len(positive) / total if total > 0 else None


def fit_tail_on_grid(degrees: npt.NDArray[np.int64]) -> TailFit | None:
    """Return the tail's power law as KONECT fits it: exponents in steps of 0.01.

    For every degree but the largest as a possible start, the exponent with the greatest likelihood among 1.001,
    1.011, … 8.991 is taken; the start whose fit lies nearest to the observed shares is chosen (Clauset, Shalizi and
    Newman 2009, doi:10.1137/070710111). With a grid the chosen start can be another than with the exact maximum.
    None where there are fewer than two different degrees.
    """
    from scipy.special import zeta

    values, counts = np.unique(degrees[degrees > 0], return_counts=True)
    best: TailFit | None = None
    for index in range(len(values) - 1):
        start = int(values[index])
        tail, weights = values[index:], counts[index:]
        n = int(weights.sum())
        likelihood = -_GRID * float(np.dot(weights, np.log(tail))) - n * np.log(zeta(_GRID, start))
        exponent = round(float(_GRID[int(np.argmax(likelihood))]), 3)
        # Between two observed degrees the observed share stands still while the fitted one rises.
        observed = np.cumsum(weights) / n
        every = np.arange(start, int(tail[-1]) + 1)
        fitted = 1 - zeta(exponent, every + 1) / zeta(exponent, start)
        steps = observed[np.searchsorted(tail, every, side="right") - 1]
        distance = float(np.abs(fitted - steps).max())
        if best is None or distance < best.distance:
            best = TailFit(exponent, start, distance, n)
    return best


def fit_degrees(graph: nx.Graph | Wiring, *, p_value: bool = False, seed: int = 1) -> DegreeFit:
    """Return fits of a power law to the degrees of a graph.

    Args:
        graph: a graph; places without a tie are left out.
        p_value: also test the fit against 2,500 samples, which takes some seconds.
        seed: of these samples.
    """
    import igraph

    degrees = wire(graph).degrees
    grid = fit_tail_on_grid(degrees)
    if grid is None:
        return DegreeFit(exponent_of_all(degrees), None, None)
    with seeded(seed):
        # A precision this low draws a single sample, the fewest that can be asked for.
        precision = 0.01 if p_value else 0.4
        found = igraph.power_law_fit(degrees[degrees > 0].tolist(), method="discrete", p_precision=precision)
    tail = TailFit(float(found.alpha), int(found.xmin), float(found.D), int((degrees >= found.xmin).sum()))
    return DegreeFit(exponent_of_all(degrees), grid, tail, float(found.p) if p_value else None)
