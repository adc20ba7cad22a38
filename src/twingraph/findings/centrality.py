"""Who holds the network together?"""

from __future__ import annotations

from typing import Any

from twingraph.findings.model import Finding, Progress, compare, describe, silent
from twingraph.findings.texts import excerpt_of
from twingraph.networks.model import Network
from twingraph.querying.wording import plural

__all__ = ["find_centrality"]

_PLACE = {"municipality": "key of the place", "name": "its name", "country": "its country today"}
_BROKERS = {
    **_PLACE,
    "splits_into": "parts into which its group falls without it",
    "cut_off": "places that would no longer be connected with the largest of these parts",
    "pairs_separated": "pairs of other places that would lose every connection",
}
_BRIDGES = {
    "municipality_1": "key of one end",
    "name_1": "its name",
    "country_1": "its country today",
    "municipality_2": "key of the other end",
    "name_2": "its name",
    "country_2": "its country today",
    "cut_off": "places on the smaller side",
    "pairs_separated": "pairs of places that would lose every connection",
}


def find_centrality(network: Network, *, progress: Progress = silent) -> list[Finding]:
    """Return which places, countries and ties hold the network together.

    Tables: ``municipalities``, ``countries``, ``brokers``, ``bridges``. Union nodes of a star network count in the
    computation and are left out of the first two tables. With a time, the first two stand for certain and possible
    ties; brokers and bridges are those of the possible ties.
    """
    import polars as pl

    from twingraph.analysis.brokers import bridges, brokers
    from twingraph.analysis.centrality import MEASURES, centrality, centrality_by_country

    def places(graph: Any) -> pl.DataFrame:
        unions = [str(node) for node, kind in graph.nodes(data="type") if kind == "union"]
        frame = centrality(graph, progress=progress)
        return frame.filter(~pl.col("municipality").is_in(unions)) if unions else frame

    tables: dict[int, pl.DataFrame] = {}

    def kept(graph: Any) -> pl.DataFrame:
        # Betweenness takes longest; the table of countries is made of the same figures.
        if id(graph) not in tables:
            tables[id(graph)] = places(graph)
        return tables[id(graph)]

    municipalities = compare(network, kept, ["municipality", "name", "country"])
    countries = compare(network, lambda graph: centrality_by_country(kept(graph)), ["country"])
    suffix = "" if "betweenness" in municipalities.columns else "_possible"
    municipalities = municipalities.sort(
        [f"betweenness{suffix}", f"degree{suffix}", "municipality"], descending=[True, True, False], nulls_last=True
    )
    splitting, bridging = brokers(network.possible), bridges(network.possible)
    of_countries = {"country": "country today", "municipalities": "its places", "ends": "ends of ties there"}
    for name, meaning in MEASURES.items():
        of_countries |= {f"{name}_sum": f"{meaning}; summed up", f"{name}_mean": f"{meaning}; mean of its places"}
    of_countries["leading"] = "its place with the highest betweenness"
    return [
        Finding(
            key="municipalities",
            question="Which places hold the network together?",
            answer=_tell(municipalities, suffix),
            frame=municipalities,
            columns=_PLACE | describe(MEASURES, municipalities.columns[3:]),
            excerpt=excerpt_of(municipalities, "name", "country", "degree", "betweenness", "harmonic", "pagerank").head(
                20
            ),
            caveats=[
                "Being central in the data is not being important: a place that many sources describe has more ties "
                "here than one that none does.",
            ],
        ),
        Finding(
            key="countries",
            question="Which countries hold the network together?",
            answer=[],
            frame=countries,
            columns=describe(of_countries, countries.columns),
            excerpt=excerpt_of(
                countries, "country", "municipalities", "ends", "betweenness_sum", "betweenness_mean", "leading"
            ).head(20),
            caveats=["Sums grow with the number of places a country has in the data; means do not."],
        ),
        Finding(
            key="brokers",
            question="Without which place would most others lose their connection?",
            answer=_tell_brokers(splitting),
            frame=splitting,
            columns=_BROKERS,
            excerpt=splitting.select(pl.exclude("municipality")).head(20),
            caveats=[
                "A place that alone connects others in the data may do so only because their other ties are not in it."
            ],
        ),
        Finding(
            key="bridges",
            question="Without which tie would most places lose their connection?",
            answer=[],
            frame=bridging,
            columns=_BRIDGES,
            excerpt=bridging.select(pl.exclude("municipality_1", "municipality_2")).head(20),
            caveats=["Ties of places with a single partner are bridges too; they cut off one place each."],
        ),
    ]


def _tell(frame: Any, suffix: str) -> list[str]:
    if not frame.height:
        return ["The selection holds no place."]
    rows = list(frame.head(3).iter_rows(named=True))
    if not rows[0][f"betweenness{suffix}"]:
        return ["No place lies on a shortest way between two others."]
    names = ", ".join(f"{row['name']} ({row[f'betweenness{suffix}']:.1%})" for row in rows)
    most = frame.sort([f"degree{suffix}", "name"], descending=[True, False], nulls_last=True).row(0, named=True)
    return [
        f"Most shortest ways between other places lead through {names}.",
        f"Most partners has {most['name']}: {most[f'degree{suffix}']:,}.",
    ]


def _tell_brokers(frame: Any) -> list[str]:
    if not frame.height:
        return ["No single place holds a group together."]
    row = frame.row(0, named=True)
    return [
        f"Without {row['name']}, {plural(row['cut_off'], 'place')} would be cut off from the largest part that is "
        f"left, and {plural(row['pairs_separated'], 'pair')} would lose every connection. Places whose loss would "
        f"split their group: {frame.height:,}."
    ]
