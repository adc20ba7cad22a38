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


def find_centrality(network: Network, *, table: str | None = None, progress: Progress = silent) -> list[Finding]:
    """Return which places, countries and ties hold the network together.

    Tables: ``municipalities``, ``countries``, ``brokers``, ``bridges``. Union nodes of a star network count in the
    computation and are left out of the first two tables. With a time, the first two stand for certain and possible
    ties; brokers and bridges are those of the possible ties.

    Args:
        network: the network.
        table: the only table wanted; by default all are made.
        progress: is told how far betweenness is, which takes longest.
    """
    makers = {"municipalities": _municipalities, "countries": _countries, "brokers": _brokers, "bridges": _bridges}
    measured = _Measured(network, progress)
    return [make(measured) for name, make in makers.items() if name == table or table not in makers]


class _Measured:
    """A network and the measures of its places, made once, as the table of countries is made of the same figures."""

    def __init__(self, network: Network, progress: Progress) -> None:
        self.network = network
        self.progress = progress
        self._tables: dict[int, Any] = {}

    def places(self, graph: Any) -> Any:
        import polars as pl

        from twingraph.analysis.centrality import centrality

        if id(graph) not in self._tables:
            unions = [str(node) for node, kind in graph.nodes(data="type") if kind == "union"]
            frame = centrality(graph, progress=self.progress)
            self._tables[id(graph)] = frame.filter(~pl.col("municipality").is_in(unions)) if unions else frame
        return self._tables[id(graph)]


def _municipalities(measured: _Measured) -> Finding:
    from twingraph.analysis.centrality import MEASURES

    frame = compare(measured.network, measured.places, ["municipality", "name", "country"])
    suffix = "" if "betweenness" in frame.columns else "_possible"
    frame = frame.sort(
        [f"betweenness{suffix}", f"degree{suffix}", "municipality"], descending=[True, True, False], nulls_last=True
    )
    return Finding(
        key="municipalities",
        question="Which places hold the network together?",
        answer=_tell(frame, suffix),
        frame=frame,
        columns=_PLACE | describe(MEASURES, frame.columns[3:]),
        excerpt=excerpt_of(frame, "name", "country", "degree", "betweenness", "harmonic", "pagerank").head(20),
        caveats=[
            "Being central in the data is not being important: a place that many sources describe has more ties "
            "here than one that none does.",
        ],
    )


def _countries(measured: _Measured) -> Finding:
    from twingraph.analysis.centrality import MEASURES, centrality_by_country

    frame = compare(measured.network, lambda graph: centrality_by_country(measured.places(graph)), ["country"])
    columns = {"country": "country today", "municipalities": "its places", "ends": "ends of ties there"}
    for name, meaning in MEASURES.items():
        columns |= {f"{name}_sum": f"{meaning}; summed up", f"{name}_mean": f"{meaning}; mean of its places"}
    columns["leading"] = "its place with the highest betweenness"
    return Finding(
        key="countries",
        question="Which countries hold the network together?",
        answer=[],
        frame=frame,
        columns=describe(columns, frame.columns),
        excerpt=excerpt_of(
            frame, "country", "municipalities", "ends", "betweenness_sum", "betweenness_mean", "leading"
        ).head(20),
        caveats=["Sums grow with the number of places a country has in the data; means do not."],
    )


def _brokers(measured: _Measured) -> Finding:
    from twingraph.analysis.brokers import brokers

    frame = brokers(measured.network.possible)
    return Finding(
        key="brokers",
        question="Without which place would most others lose their connection?",
        answer=_tell_brokers(frame),
        frame=frame,
        columns=_BROKERS,
        excerpt=frame.drop("municipality").head(20),
        caveats=[
            "A place that alone connects others in the data may do so only because their other ties are not in it."
        ],
    )


def _bridges(measured: _Measured) -> Finding:
    from twingraph.analysis.brokers import bridges

    frame = bridges(measured.network.possible)
    return Finding(
        key="bridges",
        question="Without which tie would most places lose their connection?",
        answer=[],
        frame=frame,
        columns=_BRIDGES,
        excerpt=frame.drop("municipality_1", "municipality_2").head(20),
        caveats=["Ties of places with a single partner are bridges too; they cut off one place each."],
    )


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
