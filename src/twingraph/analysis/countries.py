"""Countries: which pair more often than chance would have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import numpy.typing as npt

from twingraph.analysis.null_models import AllowedPairs, sample_pairs
from twingraph.analysis.wiring import Wiring, wire
from twingraph.errors import AnalysisError

if TYPE_CHECKING:
    import polars as pl

    from twingraph.networks.selection import Selection

__all__ = ["countries", "country_matrix", "country_pairs", "ties_without_country"]

Progress = Callable[[str, int, int], None]
_REPORTED = 50
#: Counts of pairs of countries that are kept, over all samples.
_KEPT = 100_000_000


@dataclass(frozen=True, slots=True)
class _Known:
    """The part of a network whose countries are known.

    Attributes:
        wiring: the places with a country and the ties between them.
        codes: the countries, sorted.
        of_place: the country of each place, by its place in `codes`.
        left_out: ties with an end whose country is not known.
    """

    wiring: Wiring
    codes: list[str]
    of_place: npt.NDArray[np.int64]
    left_out: int


def _known(graph: nx.Graph | Wiring) -> _Known:
    wiring = wire(graph)
    values = wiring.attribute("country")
    inside = np.flatnonzero([value is not None for value in values]) if values else np.zeros(0, dtype=np.int64)
    if wiring.n and not len(inside):
        raise AnalysisError("no place of the network has a country; the attribute 'country' of the nodes is needed.")
    part = wiring if len(inside) == wiring.n else wiring.part(inside)
    codes = sorted({str(values[place]) for place in inside})
    number = {code: index for index, code in enumerate(codes)}
    of_place = np.array([number[str(values[place])] for place in inside], dtype=np.int64)
    return _Known(part, codes, of_place, wiring.m - part.m)


def ties_without_country(graph: nx.Graph | Wiring) -> int:
    """Return how many ties have an end whose country is not known; they are left out of all tables of countries."""
    wiring = wire(graph)
    known = np.array([value is not None for value in wiring.attribute("country")], dtype=bool)
    return int((~(known[wiring.tails] & known[wiring.heads])).sum()) if wiring.m else 0


def country_pairs(
    graph: nx.Graph | Wiring,
    samples: int = 1000,
    seed: int = 1,
    *,
    null: str = "configuration",
    selection: Selection | None = None,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Return how many ties each pair of countries has, against random networks in which places keep their degrees.

    Columns: ``country_1``, ``country_2`` (sorted; the same twice for ties within a country); ``observed``: ties;
    ``expected``: mean of the random networks; ``ratio``: observed / expected; ``sd``: their standard deviation; ``z``:
    (observed − expected) / sd, empty where sd is 0; ``low``, ``high``: between which 95 % of them lie; ``p``: how
    likely a random network is at least as far from the expected, (k+1)/(samples+1), two-sided; ``expected_exact``: in
    closed form, for ends joined without any condition: Dₐ·D_b/(2m−1), within a country Dₐ(Dₐ−1)/(2(2m−1)), with Dₐ
    the ends of ties in a country; empty where the
    selection rules out pairs. Ordered by observed. Pairs that neither occur nor are expected
    to, on average in one of a hundred random networks, are left out. ``low``, ``high`` and ``p`` are empty where more
    than 100 million counts (samples × countries²) would have to be kept.

    Args:
        graph: a graph whose nodes have a ``country``; ties of others are left out, see `ties_without_country`.
        samples: how many random networks to draw.
        seed: of the random numbers, 0 or more.
        null: see `sample_pairs`.
        selection: the one that the graph was made by: pairs that its `scope`, `countries`, `continents` and `ends` rule
            out occur in no random network either. None: any two places may be tied.
        progress: is told how many random networks are done.

    Raises:
        AnalysisError: no place has a country, there is no such null model, a number is out of range, or the graph
            holds ties that the selection rules out.
    """
    import polars as pl

    known = _known(graph)
    wiring, size = known.wiring, len(known.codes)
    allowed = AllowedPairs.of(wiring, selection) if selection is not None else None
    # Asked for before anything is counted, so that a wrong number is told at once.
    draws = sample_pairs(wiring, samples, seed, null=null, allowed=allowed)
    observed = _count(known.of_place[wiring.tails], known.of_place[wiring.heads], size)
    total = np.zeros(size * size)
    squares = np.zeros(size * size)
    # Every sample is kept for the shares below and above, as long as that takes little memory.
    fits = samples * size * size <= _KEPT
    small = np.uint16 if wiring.m < 1 << 16 else np.uint32
    drawn = np.zeros((samples, size * size), dtype=small) if fits else None
    if wiring.m:
        for number, (tails, heads) in enumerate(draws):
            counts = _count(known.of_place[tails], known.of_place[heads], size)
            total += counts
            squares += counts.astype(float) ** 2
            if drawn is not None:
                drawn[number] = counts
            if progress and number % _REPORTED == 0:
                progress("random networks", number, samples)
    expected = total / samples
    deviation = np.sqrt(np.maximum(squares / samples - expected**2, 0.0) * samples / max(samples - 1, 1))
    exact = _exact(known, size) if allowed is None or allowed.table.all() else None
    rows = []
    for index in np.flatnonzero((observed > 0) | (expected >= 0.01)):
        one, other = divmod(int(index), size)
        mean, sd, seen = float(expected[index]), float(deviation[index]), int(observed[index])
        row: dict[str, Any] = {
            "country_1": known.codes[one],
            "country_2": known.codes[other],
            "observed": seen,
            "expected": mean,
            "ratio": seen / mean if mean else None,
            "sd": sd,
            "z": (seen - mean) / sd if sd > 0 else None,
        }
        if drawn is not None:
            column = drawn[:, index].astype(np.int64)
            low, high = np.percentile(column, [2.5, 97.5])
            far = int((np.abs(column - mean) >= abs(seen - mean) - 1e-9).sum())
            row |= {"low": float(low), "high": float(high), "p": (far + 1) / (samples + 1)}
        rows.append(row | {"expected_exact": None if exact is None else float(exact[index])})
    schema: dict[str, Any] = dict.fromkeys(
        ("country_1", "country_2", "observed", "expected", "ratio", "sd", "z", "low", "high", "p", "expected_exact"),
        pl.Float64,
    )
    schema |= {"country_1": pl.String, "country_2": pl.String, "observed": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort(["observed", "country_1", "country_2"], descending=[True, False, False])


def _count(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """Return how many ties each pair of countries has, by first · size + second, first ≤ second."""
    return np.bincount(np.minimum(one, other) * size + np.maximum(one, other), minlength=size * size)


def _exact(known: _Known, size: int) -> npt.NDArray[np.float64]:
    ends = np.bincount(known.of_place, weights=known.wiring.degrees, minlength=size) if size else np.zeros(0)
    if not known.wiring.m:
        return np.zeros(size * size)
    between = np.outer(ends, ends) / (2 * known.wiring.m - 1)
    np.fill_diagonal(between, ends * (ends - 1) / (2 * (2 * known.wiring.m - 1)))
    return np.triu(between).ravel()


def country_matrix(pairs: pl.DataFrame, value: str = "observed") -> pl.DataFrame:
    """Return a table of pairs as a square: a row and a column for each country, filled on both sides.

    Args:
        pairs: what `country_pairs` gives.
        value: one of its columns; pairs without a row are empty.
    """
    import polars as pl

    codes = sorted(set(pairs["country_1"]) | set(pairs["country_2"]))
    cells = {(one, other): cell for one, other, cell in pairs.select("country_1", "country_2", value).iter_rows()}
    columns: dict[str, Any] = {"country": codes}
    for code in codes:
        columns[code] = [cells.get((min(code, other), max(code, other))) for other in codes]
    return pl.DataFrame(columns, schema={"country": pl.String, **dict.fromkeys(codes, pairs.schema[value])})


def countries(graph: nx.Graph | Wiring) -> pl.DataFrame:
    """Return the ties of each country.

    Columns: ``country``; ``municipalities``: its places; ``ties``: ties with an end there; ``domestic``: those with
    both; ``international``; ``share_domestic``: 0 to 1, empty without ties; ``partner_countries``: countries tied with
    it. Ordered by ties. Ties of places without a country are left out.

    Raises:
        AnalysisError: no place has a country.
    """
    import polars as pl

    known = _known(graph)
    wiring, size = known.wiring, len(known.codes)
    counts = _count(known.of_place[wiring.tails], known.of_place[wiring.heads], size).reshape(size, size)
    domestic = np.diag(counts)
    both = counts + counts.T
    international = both.sum(axis=1) - 2 * domestic
    places = np.bincount(known.of_place, minlength=size)
    partners = (both > 0).sum(axis=1) - (domestic > 0)
    ties = domestic + international
    frame = pl.DataFrame(
        {
            "country": known.codes,
            "municipalities": places,
            "ties": ties,
            "domestic": domestic,
            "international": international,
            "share_domestic": [int(d) / int(t) if t else None for d, t in zip(domestic, ties, strict=True)],
            "partner_countries": partners,
        },
        schema={
            "country": pl.String,
            "municipalities": pl.Int64,
            "ties": pl.Int64,
            "domestic": pl.Int64,
            "international": pl.Int64,
            "share_domestic": pl.Float64,
            "partner_countries": pl.Int64,
        },
    )
    return frame.sort(["ties", "country"], descending=[True, False])
