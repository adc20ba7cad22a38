"""What a page knows: places, ties with their lifetimes and claims, sources, colours and texts, as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from twingraph.exporting.colours import KIND_COLOURS, colours_of
from twingraph.exporting.model import Export, Statement
from twingraph.exporting.pages.texts import TERMS, TEXTS
from twingraph.networks.lifetimes import Lifetime

if TYPE_CHECKING:
    from twingraph.networks.model import Tie

__all__ = ["Position", "page_content"]

#: Where a place stands in the picture; None for one that has no place there.
Position = tuple[float, float] | None
#: The time slider begins here; older ties are there from its beginning.
_FIRST_YEAR = 1920
_SEED = 1


def page_content(
    export: Export,
    positions: Mapping[Hashable, Position],
    paths: Mapping[tuple[Hashable, Hashable], list[list[float]]] | None = None,
    missing: list[str] | None = None,
) -> dict[str, Any]:
    """Return what a page shows.

    Lists stand for records, in the order that ``page.js`` takes them apart in, since a page of the whole world repeats
    each field many thousand times.

    Args:
        export: the network with its sources and claims.
        positions: where each place stands.
        paths: the lines of each edge, as first point and differences; straight ones where it is None.
        missing: names of the places without a position.
    """
    graph = export.network.possible
    numbers: dict[Hashable, int] = {node: number for number, node in enumerate(graph)}
    communities = _communities(export)
    shown: list[str] = []
    tie_numbers: dict[str, int] = {}
    edges = []
    for one, other, keys in export.edges():
        for key in keys:
            if key not in tie_numbers:
                tie_numbers[key] = len(shown)
                shown.append(key)
        row: list[Any] = [numbers[one], numbers[other], [tie_numbers[key] for key in keys]]
        edges.append(row if paths is None else [*row, paths.get((one, other), [])])
    ties = {tie.key: tie for tie in export.network.ties}
    source_numbers = {source.id: number for number, source in enumerate(export.sources)}
    records = [_tie(ties[key], export, source_numbers) for key in shown]
    nodes = []
    for node, values in graph.nodes(data=True):
        x, y = positions.get(node) or (None, None)
        name, kind = str(values.get("name", node)), values.get("type", "municipality")
        nodes.append([str(node), name, values.get("country"), communities[node], x, y, kind, values.get("iri")])
    countries = [values.get("country") for _, values in graph.nodes(data=True)]
    groups = [str(group) for group in communities.values()]
    return {
        "language": export.language,
        "texts": TEXTS,
        "terms": TERMS,
        "today": export.today.toordinal(),
        "years": [_FIRST_YEAR, export.today.year],
        # A selection by time holds no ties of other times, so that a page of it can't tell of other years.
        "time": _time(export),
        "about": {language: dataclasses.replace(export, language=language).about() for language in TEXTS},
        "kinds": KIND_COLOURS,
        # Kinds and sources that the selection asks for or leaves out; no kinds are all.
        "chosen": list(export.network.selection.kinds),
        "uncounted": list(export.network.selection.without_sources),
        "colours": {"country": list(colours_of(countries).items()), "community": list(colours_of(groups).items())},
        "sources": [[s.id, s.title, s.publisher, s.date, s.url] for s in export.sources],
        "nodes": nodes,
        "ties": records,
        "edges": edges,
        "missing": missing or [],
    }


def _communities(export: Export) -> dict[Hashable, int]:
    from twingraph.analysis.communities import partition
    from twingraph.analysis.wiring import wire

    wiring = wire(export.network.possible)
    return dict(zip(wiring.nodes, partition(wiring, seed=_SEED).tolist(), strict=True))


def _tie(tie: Tie, export: Export, sources: Mapping[str, int]) -> list[Any]:
    days = export.network.selection.days
    places = export.network.places
    members = [places[key].name for key in tie.participants] if tie.is_multilateral else None
    phases = _phases(tie, days) if len(tie.phases) > 1 else None
    claims = [_claim(statement, sources) for statement in export.statements.get(tie.key, ())]
    if not claims:
        # A file from elsewhere, and a source without details: what is known is that it states the tie.
        claims = [[sources[s.source], *[None] * 5, s.is_checked] for s in tie.supports if s.source in sources]
    return [
        tie.key,
        tie.iri,
        tie.kind,
        tie.status,
        tie.start,
        tie.end,
        tie.status_since,
        _level(tie.lifetime, days),
        _life(tie.lifetime),
        phases,
        members,
        tie.name,
        claims,
    ]


def _time(export: Export) -> str | None:
    """Return the time of the selection as it was asked for: a date, or two with a slash between; None without one."""
    selection = export.network.selection
    return selection.as_of or ("/".join(selection.period) if selection.period else None)


def _phases(tie: Tie, days: tuple[int, int] | None) -> list[list[Any]]:
    """Return the kinds that a tie had one after the other, each with its lifetime and how sure it is."""
    runs = [kind for kind, _ in groupby(phase.kind for phase in tie.phases)]
    lives = {kind: iter(tie.lifetimes_as((kind,))) for kind in runs}
    found = []
    for kind in runs:
        life = next(lives[kind])
        found.append([kind, _life(life), _level(life, days)])
    return found


def _level(life: Lifetime, days: tuple[int, int] | None) -> int:
    """Return 2 for what certainly was in force in the time of the selection, 1 possibly, 0 without a start, -1 not.

    Without a time nothing is asked but whether a start is known.
    """
    if days is not None and not life.is_possible_in(*days):
        return -1
    if not life.is_dated:
        return 0
    return 2 if days is None or life.is_certain_in(*days) else 1


def _life(life: Lifetime) -> list[int]:
    """Return first and last day, certainly and possibly, and whether a start is known."""
    return [*life.certain, *life.possible, int(life.is_dated)]


def _claim(statement: Statement, sources: Mapping[str, int]) -> list[Any]:
    s = statement
    return [sources.get(s.source, -1), s.locator, s.kind, s.status, s.start, s.end, s.is_checked]
