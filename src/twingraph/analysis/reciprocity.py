"""Do both sides say that they are partners?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twingraph.networks.model import Network

if TYPE_CHECKING:
    import polars as pl

__all__ = ["reciprocity"]


def reciprocity(network: Network) -> pl.DataFrame:
    """Return how many ties of two are stated by the own voices of both sides, by country and in all.

    Columns: ``country`` (``all`` in the first row), ``ties`` (ties of two with an end there, of which the data says
    whether both sides state them), ``reciprocated`` (those that both sides' own voices state), ``share`` (0 to 1).
    Ordered by ties. Ties that possibly were in force count.
    """
    import polars as pl

    selected = {edge["tie"] for *_, edge in network.possible.edges(data=True) if "tie" in edge}
    ties: dict[str, int] = {}
    both: dict[str, int] = {}
    for tie in network.ties:
        if tie.key not in selected or tie.is_multilateral or tie.is_reciprocated is None:
            continue
        places = {network.places[key].country for key in tie.participants}
        for country in ("all", *sorted(code for code in places if code)):
            ties[country] = ties.get(country, 0) + 1
            both[country] = both.get(country, 0) + tie.is_reciprocated
    rows = [(country, count, both[country], both[country] / count) for country, count in ties.items()]
    rows.sort(key=lambda row: (row[0] != "all", -row[1], row[0]))
    schema = {"country": pl.String, "ties": pl.Int64, "reciprocated": pl.Int64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
