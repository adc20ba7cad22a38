"""How far apart tied places are, against random pairs: is twinning local?"""

from __future__ import annotations

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

__all__ = ["EARTH_RADIUS_KM", "distance_summary", "great_circle_km", "tie_distances", "ties_without_coordinates"]

#: Mean radius R₁ of the Earth (Moritz 2000, Geodetic Reference System 1980, doi:10.1007/s001900050278).
EARTH_RADIUS_KM = 6371.0088

Floats = npt.NDArray[np.float64]
_QUANTILES = (10, 25, 50, 75, 90)
_WITHIN = (100, 500, 1000, 5000)


def great_circle_km(lat_1: Floats, long_1: Floats, lat_2: Floats, long_2: Floats) -> Floats:
    """Return the distance on a sphere in km; degrees in (haversine formula, Sinnott 1984).

    The Earth is no sphere: distances differ from those on the ellipsoid by up to 0.6 %.
    """
    one, other = np.radians(lat_1), np.radians(lat_2)
    half = (
        np.sin((other - one) / 2) ** 2
        + np.cos(one) * np.cos(other) * np.sin(np.radians(np.asarray(long_2) - np.asarray(long_1)) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def _located(graph: nx.Graph | Wiring) -> tuple[Wiring, Floats, Floats]:
    """Return the places with coordinates and the ties between them.

    Raises:
        AnalysisError: no place has coordinates.
    """
    wiring = wire(graph)
    lats, longs = wiring.attribute("lat"), wiring.attribute("long")
    inside = np.flatnonzero([lat is not None and long is not None for lat, long in zip(lats, longs, strict=True)])
    if wiring.n and not len(inside):
        raise AnalysisError("no place has coordinates; the attributes 'lat' and 'long' of the nodes are needed.")
    part = wiring if len(inside) == wiring.n else wiring.part(inside)
    return part, np.array([lats[p] for p in inside], dtype=float), np.array([longs[p] for p in inside], dtype=float)


def ties_without_coordinates(graph: nx.Graph | Wiring) -> int:
    """Return how many ties have an end whose coordinates are not known; they have no distance."""
    wiring = wire(graph)
    try:
        return wiring.m - _located(wiring)[0].m
    except AnalysisError:
        return wiring.m


def tie_distances(graph: nx.Graph | Wiring) -> pl.DataFrame:
    """Return the length of each tie whose ends have coordinates.

    Columns: ``municipality_1``, ``name_1``, ``country_1``, ``municipality_2``, ``name_2``, ``country_2``,
    ``distance_km``. The longest first.

    Raises:
        AnalysisError: no place has coordinates.
    """
    import polars as pl

    part, lats, longs = _located(graph)
    distances = great_circle_km(lats[part.tails], longs[part.tails], lats[part.heads], longs[part.heads])
    names, countries = part.attribute("name"), part.attribute("country")
    rows = []
    for one, other, distance in zip(part.tails.tolist(), part.heads.tolist(), distances.tolist(), strict=True):
        ends = [(str(part.nodes[p]), str(names[p] or part.nodes[p]), countries[p]) for p in (one, other)]
        rows.append((*ends[0], *ends[1], distance))
    schema: dict[str, Any] = {
        f"{name}_{end}": pl.String for end in (1, 2) for name in ("municipality", "name", "country")
    }
    frame = pl.DataFrame(rows, schema=schema | {"distance_km": pl.Float64}, orient="row")
    return frame.sort(["distance_km", "municipality_1", "municipality_2"], descending=[True, False, False])


def distance_summary(
    graph: nx.Graph | Wiring, samples: int = 100, seed: int = 1, selection: Selection | None = None
) -> pl.DataFrame:
    """Return how far apart tied places are, beside random pairs.

    Rows: ``tied places``, ``tied, within a country``, ``tied, between countries`` (where both occur), ``random,
    degrees kept`` (the ties of random networks in which places keep their number of ties) and ``random places`` (any
    two places, each pair as likely). Columns: ``pairs_of``, ``pairs`` (how many), ``mean_km``, ``q10_km`` … ``q90_km``
    (so many percent of the pairs are nearer), ``within_100_km`` … ``within_5000_km`` (share of the pairs, 0 to 1).

    Args:
        graph: a graph whose nodes have ``lat`` and ``long``; ties of others are left out, see
            `ties_without_coordinates`.
        samples: random networks; as many pairs of random places are drawn as these have ties.
        seed: of the random numbers, 0 or more.
        selection: the one that the graph was made by, as in `country_pairs`.

    Raises:
        AnalysisError: no place has coordinates, a number is out of range, or the graph holds ties that the selection
            rules out.
    """
    import polars as pl

    part, lats, longs = _located(graph)
    allowed = AllowedPairs.of(part, selection) if selection is not None else None

    def between(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Floats:
        return great_circle_km(lats[one], longs[one], lats[other], longs[other])

    observed = between(part.tails, part.heads)
    rows = [("tied places", observed)]
    countries = part.attribute("country")
    numbers = {code: number for number, code in enumerate(dict.fromkeys(countries))}
    groups = np.array([numbers[code] for code in countries], dtype=np.int64)
    known = np.array([code is not None for code in countries], dtype=bool)
    both = known[part.tails] & known[part.heads] if part.m else np.zeros(0, dtype=bool)
    same = groups[part.tails] == groups[part.heads] if part.m else both
    if (both & same).any() and (both & ~same).any():
        rows += [
            ("tied, within a country", observed[both & same]),
            ("tied, between countries", observed[both & ~same]),
        ]
    if part.m:
        draws = list(sample_pairs(part, samples, seed, allowed=allowed))
        rows.append(("random, degrees kept", np.concatenate([between(one, other) for one, other in draws])))
    if part.n > 1:
        generator = np.random.default_rng(seed)
        count = max(samples * part.m, samples)
        one = generator.integers(part.n, size=count)
        # A step of 1 to n−1 around the ring of all places never leads back to the same.
        other = (one + generator.integers(1, part.n, size=count)) % part.n
        rows.append(("random places", between(one, other)))
    quantiles = [f"q{share}_km" for share in _QUANTILES]
    shares = [f"within_{km}_km" for km in _WITHIN]
    table = []
    for name, values in rows:
        figures: list[float | None]
        if len(values):
            figures = [float(values.mean()), *np.percentile(values, _QUANTILES).tolist()]
            figures += [float((values <= km).mean()) for km in _WITHIN]
        else:
            figures = [None] * (1 + len(quantiles) + len(shares))
        table.append((name, len(values), *figures))
    schema: dict[str, Any] = {"pairs_of": pl.String, "pairs": pl.Int64}
    return pl.DataFrame(
        table, schema=schema | dict.fromkeys(["mean_km", *quantiles, *shares], pl.Float64), orient="row"
    )
