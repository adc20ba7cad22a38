"""How are two places linked, and since when?"""

from __future__ import annotations

import itertools
from typing import Any

from twingraph.findings.model import Finding
from twingraph.findings.texts import excerpt_of
from twingraph.networks.model import Network
from twingraph.querying.wording import plural

__all__ = ["find_path"]

_LISTED = 100
#: Titles of sources that are written out on a page.
_TITLES = 2

_CHAIN = {
    "step": "number of the tie along the chain",
    "from": "where the tie begins: its key",
    "from_name": "its name",
    "to": "where it leads: its key",
    "to_name": "its name",
    "crossed_on": "day from which the chain could have gone over this tie",
    "kind": "kind of the tie",
    "status": "its present status",
    "start": "its start as the sources give it (EDTF)",
    "end": "its end as the sources give it (EDTF)",
    "certainty": "whether it certainly was in force at the time; undated where no start is known",
    "sources": "how many sources state it",
    "source_ids": "ids of these sources; `twingraph sources ID` describes one",
    "source_titles": "titles of these sources",
    "tie": "key of the tie",
    "partnership": "its IRI; `twingraph explain` shows the claims behind it",
    "other_ties": "keys of further ties of the same pair",
    "reading": "certain: only days on which a tie surely was in force; possible: any day on which it may have been",
}


def find_path(network: Network, one: str, other: str, *, undated: bool = False) -> list[Finding]:
    """Return how two places are linked.

    Tables: ``chain`` (a shortest chain, tie by tie), ``chains`` (all shortest ones, at most 100), ``earliest`` (the
    chains that time allowed first, in the certain and the possible reading of the dates).

    Args:
        network: the network; of uncertain ties the possible ones count.
        one: key of a place.
        other: key of another.
        undated: whether chains in time may use ties without a known start.

    Raises:
        AnalysisError: an end is no place of the network.
    """
    from twingraph.analysis.paths import count_shortest_paths, describe_path, shortest_paths

    graph = network.possible
    paths = shortest_paths(graph, one, other, limit=_LISTED)
    names = [str(graph.nodes[key].get("name", key)) for key in (one, other)]
    chain = _with_titles(describe_path(graph, paths[0] if paths else []), network)
    count = count_shortest_paths(graph, one, other)
    findings = [
        Finding(
            key="chain",
            question=f"How is {names[0]} linked with {names[1]}?",
            answer=_tell(graph, one, other, names, paths, count),
            frame=chain,
            columns={name: _CHAIN[name] for name in chain.columns},
            excerpt=_brief(chain, "start", "end"),
            caveats=[
                "A chain of ties is not a way that anybody went; it shows how near two places are in the network. Ties "
                "without a known start, and those that ended, count as the selection says."
            ],
            about={"ends": [one, other], "ties": len(paths[0]) - 1 if paths else None, "shortest_chains": count},
        ),
        _all_chains(graph, names, paths, count),
    ]
    findings.append(_earliest(network, one, other, names, undated))
    return findings


def _tell(graph: Any, one: str, other: str, names: list[str], paths: list[list[Any]], count: int) -> list[str]:
    if one == other:
        return ["Both ends are the same place."]
    if not paths:
        from twingraph.analysis.wiring import wire

        wiring = wire(graph)
        sizes = [int(wiring.component_sizes[wiring.components[wiring.place[key]]]) for key in (one, other)]
        return [
            f"They are not linked in this network: {names[0]} is in a group of {plural(sizes[0], 'place')}, {names[1]} "
            f"in another of {sizes[1]:,}."
        ]
    ties = len(paths[0]) - 1
    way = " – ".join(str(graph.nodes[node].get("name", node)) for node in paths[0])
    told = [f"Over {ties} tie{'s' * (ties > 1)}: {way}."]
    if count > 1:
        told.append(f"There are {count:,} chains of this length; this one comes first by its keys.")
    return told


def _all_chains(graph: Any, names: list[str], paths: list[list[Any]], count: int) -> Finding:
    import polars as pl

    rows = []
    for number, path in enumerate(paths, 1):
        edges = [graph.edges[a, b] for a, b in itertools.pairwise(path)]
        rows.append(
            {
                "number": number,
                "ties": len(edges),
                "chain": " – ".join(str(graph.nodes[node].get("name", node)) for node in path),
                "starts": ", ".join(str(edge.get("start", "?")) for edge in edges),
                "undated": sum("start" not in edge for edge in edges),
                "municipalities": " ".join(str(node) for node in path),
            }
        )
    schema = {
        "number": pl.Int64,
        "ties": pl.Int64,
        "chain": pl.String,
        "starts": pl.String,
        "undated": pl.Int64,
        "municipalities": pl.String,
    }
    answer = [f"{count:,} shortest chain{'s' * (count != 1)}."]
    if count > len(paths):
        answer.append(f"The first {len(paths)} are listed.")
    return Finding(
        key="chains",
        question=f"Which are the shortest chains between {names[0]} and {names[1]}?",
        answer=answer,
        frame=pl.DataFrame(rows, schema=schema, orient="row"),
        columns={
            "number": "number of the chain, ordered by keys",
            "ties": "ties it has",
            "chain": "the places on it",
            "starts": "starts of its ties as the sources give them; ? where none is known",
            "undated": "how many of its ties have no known start",
            "municipalities": "keys of the places",
        },
    )


def _earliest(network: Network, one: str, other: str, names: list[str], undated: bool) -> Finding:
    import polars as pl

    from twingraph.analysis.paths import earliest_chain

    frames = []
    answer = []
    for reading, word in (("possible", "may have existed from"), ("certain", "certainly existed by")):
        frame = earliest_chain(network, one, other, certainty=reading, undated=undated)  # type: ignore[arg-type]
        if not frame.height:
            if one != other:
                answer.append(f"No chain is {reading} with the dates that are known.")
            continue
        arrived = frame["crossed_on"][-1]
        when = str(arrived) if arrived is not None else "an unknown day"
        way = " – ".join([frame["from_name"][0], *frame["to_name"]])
        answer.append(f"A chain {word} {when}: {way}.")
        frames.append(frame.select(pl.lit(reading).alias("reading"), pl.all()))
    empty = earliest_chain(network, one, one).select(pl.lit("").alias("reading"), pl.all())
    whole = _with_titles(pl.concat(frames) if frames else empty, network)
    return Finding(
        key="earliest",
        question=f"Since when could something have gone from {names[0]} to {names[1]}, tie by tie?",
        answer=answer,
        frame=whole,
        columns={name: _CHAIN[name] for name in whole.columns},
        excerpt=_brief(whole, "crossed_on", "start"),
        caveats=[
            "Ties count in all of their time here, whatever day was selected, and each must be in force when it is "
            "crossed, at or after the one before it. "
            + (
                "Ties without a known start may be crossed on any day."
                if undated
                else "Ties without a known start are left out; --undated lets them in."
            ),
        ],
        about={"undated": undated},
    )


def _brief(frame: Any, *names: str) -> Any:
    """Return the columns that say most on a page: the places, some of the tie, and its sources."""
    if "source_titles" not in frame.columns:
        return excerpt_of(frame, "reading", "step", "from_name", "to_name", *names, "sources")
    import polars as pl

    short = []
    for titles in frame["source_titles"]:
        parts = titles.split("; ") if titles else []
        more = f" and {len(parts) - _TITLES} more" if len(parts) > _TITLES else ""
        short.append("; ".join(parts[:_TITLES]) + more)
    brief = excerpt_of(frame, "reading", "step", "from_name", "to_name", *names)
    return brief.with_columns(pl.Series("source_titles", short, dtype=pl.String))


def _with_titles(frame: Any, network: Network) -> Any:
    """Add the titles of the sources after their ids."""
    import polars as pl

    if not network.sources:
        return frame
    titles = [
        None if ids is None else "; ".join(network.sources.get(source, source) for source in ids.split())
        for ids in frame["source_ids"]
    ]
    place = frame.columns.index("source_ids") + 1
    return frame.insert_column(place, pl.Series("source_titles", titles, dtype=pl.String))
