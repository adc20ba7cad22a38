"""From all ties to the network of a selection: two NetworkX graphs, what is certain and what is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Any

import networkx as nx

from twingraph.errors import SelectionError
from twingraph.networks.lifetimes import Lifetime
from twingraph.networks.model import Network, Place, Tie, TieTable
from twingraph.networks.selection import Selection
from twingraph.querying.wording import shown

__all__ = ["select"]

#: What a selection needs to know, by its argument.
_NEEDS = {
    "kinds": "kind",
    "statuses": "status",
    "levels": "level",
    "countries": "country",
    "continents": "continent",
    "scope": "country",
    "sources": "sources",
    "without_sources": "sources",
    "checked": "checked",
}

Pair = tuple[str, str]


def select(table: TieTable, selection: Selection) -> Network:
    """Return the network of the ties that a selection chooses.

    Raises:
        SelectionError: the selection asks for something that the data says nothing about, such as the kinds of
            a plain edge list, or for a source, a level or a country that does not occur in it.
    """
    _require_known(table, selection)
    days = selection.days
    ties: list[Tie] = []
    possible: list[tuple[Tie, list[Pair], str]] = []
    for tie in table.ties:
        if not _is_chosen(tie, selection, table.places):
            continue
        pairs = list(_pairs(tie, selection, table.places))
        if not pairs:
            continue
        lives = _lifetimes(tie, selection)
        if not lives:
            continue
        ties.append(tie)
        certainty = _certainty(lives, days)
        if certainty:
            possible.append((tie, pairs, certainty))
    certain = [item for item in possible if days is None or item[2] == "certain"]
    if selection.around:
        possible, certain = (_around(chosen, selection) for chosen in (possible, certain))
        ties = [tie for tie, _, _ in possible]
    widest = _graph(possible, table, selection)
    surest = widest if len(certain) == len(possible) else _graph(certain, table, selection)
    return Network(
        selection=selection,
        certain=surest,
        possible=widest,
        ties=ties,
        places=_places_of(ties, table),
        origin=table.origin,
        sources=table.sources,
        selected=len(possible),
        certain_count=len(certain),
        undated=sum(not tie.lifetime.is_dated for tie, _, _ in possible),
        directed=table.directed,
        notes=[*table.notes, *_contradictions(ties)],
    )


def _contradictions(ties: list[Tie]) -> list[str]:
    keys = [tie.key for tie in ties if tie.lifetime.is_contradictory]
    if not keys:
        return []
    shown_keys = ", ".join(keys[:5]) + (f" and {len(keys) - 5} more" if len(keys) > 5 else "")
    return [f"Ties that end before they begin are in force at no time; look at their dates: {shown_keys}."]


def _require_known(table: TieTable, selection: Selection) -> None:
    chosen = selection.to_dict()
    for name, attribute in _NEEDS.items():
        if name in chosen and attribute not in table.attributes:
            held = ", ".join(sorted(table.attributes)) or "nothing but names"
            raise SelectionError(
                f"the {table.origin.kind} {table.origin.name} does not say the {attribute} of its ties or places, so "
                f"nothing can be chosen by {name}; it says {held}."
            )
    if selection.days is not None and not table.attributes & {"start", "end"}:
        raise SelectionError(
            f"the {table.origin.kind} {table.origin.name} has no dates; a tie needs a start (or an end) as EDTF to be "
            "chosen by time. Leave out as_of and period."
        )
    held_values: dict[str, Callable[[], set[Any]]] = {
        "levels": lambda: {place.level for place in table.places.values()},
        "continents": lambda: {place.continent for place in table.places.values()},
        "countries": lambda: {place.country for place in table.places.values()},
        "sources": lambda: {support.source for tie in table.ties for support in tie.supports},
        "without_sources": lambda: {support.source for tie in table.ties for support in tie.supports},
        "without": lambda: {tie.key for tie in table.ties},
        "around": lambda: set(table.places),
    }
    for name, find in held_values.items():
        wanted = getattr(selection, name)
        if not wanted:
            continue
        known = {value for value in find() if value is not None}
        for value in wanted:
            if value not in known:
                advice = _near(value, known)
                if name == "countries" and any(len(code) == 2 for code in known) and len(value) != 2:
                    advice += "; countries are ISO codes, such as DE"
                raise SelectionError(f"{name}: {shown(value)} does not occur in the data{advice}.")


def _near(value: str, known: Iterable[str]) -> str:
    import difflib

    names = sorted(map(str, known))
    near = names if len(names) <= 12 else difflib.get_close_matches(value, names, 5, 0.5)
    return (
        f"; there are {', '.join(near)}"
        if near and len(names) <= 12
        else f"; near are {', '.join(near)}"
        if near
        else ""
    )


def _is_chosen(tie: Tie, selection: Selection, places: dict[str, Place]) -> bool:
    """Return whether a tie fits all of a selection that does not depend on its ends one by one."""
    if len(tie.participants) < 2 or tie.key in selection.without:
        return False
    if selection.multilateral == "exclude" and tie.is_multilateral:
        return False
    if selection.statuses and tie.status not in selection.statuses:
        return False
    if selection.levels and not all(places[key].level in selection.levels for key in tie.participants):
        return False
    supports = tie.supports
    if selection.sources:
        supports = tuple(support for support in supports if support.source in selection.sources)
        if not supports:
            return False
    if selection.without_sources:
        supports = tuple(support for support in supports if support.source not in selection.without_sources)
        if not supports:
            return False
    if selection.checked:
        supports = tuple(support for support in supports if support.is_checked)
        if not supports:
            return False
    return len(supports) >= selection.min_sources or selection.min_sources == 1


def _pairs(tie: Tie, selection: Selection, places: dict[str, Place]) -> Iterator[Pair]:
    """Yield the edges of a tie: of two, of every two, or spokes from a union's node."""

    def where(key: str) -> tuple[str | None, str | None]:
        return places[key].country, places[key].continent

    keys = tie.participants
    if tie.is_multilateral and selection.multilateral == "star":
        inside = [key for key in keys if _is_inside(places[key], selection)]
        if selection.ends == "any" and inside:
            inside = list(keys)
        domestic = len({places[key].country for key in keys}) == 1
        if selection.scope and (selection.scope == "domestic") != domestic:
            return
        for key in inside if len(inside) > 1 else ():
            yield tie.key, key
        return
    for one, other in combinations(keys, 2):
        if selection.allows(where(one), where(other)):
            yield one, other


def _is_inside(place: Place, selection: Selection) -> bool:
    return selection.is_inside(place.country, place.continent)


def _lifetimes(tie: Tie, selection: Selection) -> list[Lifetime]:
    """Return when the tie was in force as one of the kinds chosen; nothing where it never was.

    Without a time it is the present kind that counts.
    """
    if not selection.kinds:
        return [tie.lifetime]
    if selection.days is not None:
        return tie.lifetimes_as(selection.kinds)
    return [tie.lifetime] if tie.kind in selection.kinds else []


def _certainty(lives: list[Lifetime], days: tuple[int, int] | None) -> str | None:
    """Return ``certain``, ``possible`` or ``undated`` (no start known); None where a tie was not in force."""
    if days is None:
        return "certain" if any(life.is_dated for life in lives) else "undated"
    if any(life.is_certain_in(*days) for life in lives):
        return "certain"
    if any(life.is_possible_in(*days) for life in lives):
        return "possible" if any(life.is_dated for life in lives) else "undated"
    return None


def _graph(chosen: list[tuple[Tie, list[Pair], str]], table: TieTable, selection: Selection) -> nx.Graph:
    graph = nx.Graph()
    places = table.places
    for place in _isolated(table, selection):
        graph.add_node(place.key, **_place_attributes(place))
    added = set(graph)
    # The edge of a pair with several ties shows the surest, and among them a tie of two before one of many.
    for tie, pairs, certainty in sorted(chosen, key=lambda item: (item[2] != "certain", item[0].is_multilateral)):
        attributes = _tie_attributes(tie, certainty, _kind_then(tie, selection))
        for one, other in pairs:
            for key in (one, other):
                if key not in added:
                    added.add(key)
                    graph.add_node(
                        key, **(_union_attributes(tie) if key == tie.key else _place_attributes(places[key]))
                    )
            if graph.has_edge(one, other):
                edge = graph.edges[one, other]
                edge["ties"] += 1
                edge["other_ties"] = " ".join(filter(None, [edge.get("other_ties"), tie.key]))
            else:
                graph.add_edge(one, other, **attributes)
    names = {key: places[key].name for key in selection.around if key in places}
    graph.graph.update(selection=selection.in_words(names), origin=str(table.origin))
    return graph


def _isolated(table: TieTable, selection: Selection) -> Iterator[Place]:
    """Yield the places that are nodes even without a tie."""
    if selection.isolated is False or (selection.isolated is None and not table.keeps_isolated):
        return
    # Unless asked for, only those that never had one: a place whose ties were not chosen was not chosen either.
    tied = set() if selection.isolated else {key for tie in table.ties for key in tie.participants}
    for place in table.places.values():
        if (
            place.key not in tied
            and (not selection.around or place.key in selection.around)
            and (not selection.levels or place.level in selection.levels)
            and _is_inside(place, selection)
        ):
            yield place


def _place_attributes(place: Place) -> dict[str, Any]:
    """Return what is known of a place; attributes without a value are left out, as file formats know no None."""
    values = {
        "name": place.name,
        "type": "municipality",
        "country": place.country,
        "continent": place.continent,
        "level": place.level,
        "language": place.language,
        "lat": place.lat,
        "long": place.long,
        "iri": place.iri,
    }
    return {name: value for name, value in values.items() if value is not None}


def _union_attributes(tie: Tie) -> dict[str, Any]:
    values = {"name": tie.name or tie.key, "type": "union", "iri": tie.iri, "participants": len(tie.participants)}
    return {name: value for name, value in values.items() if value is not None}


def _kind_then(tie: Tie, selection: Selection) -> str | None:
    """Return the kind of a tie at the time of the selection: of several the surest, and of equally sure the earlier."""
    days = selection.days
    if days is None or len(tie.phases) < 2:
        return tie.kind
    kinds = [phase.kind for phase in tie.phases if not selection.kinds or phase.kind in selection.kinds]
    order = ("certain", "possible", "undated")
    then = {kind: _certainty(tie.lifetimes_as((kind,)), days) for kind in dict.fromkeys(kinds)}
    return min((kind for kind in then if then[kind]), key=lambda kind: order.index(str(then[kind])), default=tie.kind)


def _tie_attributes(tie: Tie, certainty: str, kind: str | None) -> dict[str, Any]:
    from datetime import date

    starts, ends = tie.lifetime.starts, tie.lifetime.ends
    days = {
        "start_earliest": starts and starts[0] > 1 and starts[0],
        "start_latest": starts and starts[1] < date.max.toordinal() and starts[1],
        "end_earliest": ends and ends[0] > 1 and ends[0],
        "end_latest": ends and ends[1] < date.max.toordinal() and ends[1],
    }
    values: dict[str, Any] = {
        "tie": tie.key,
        "kind": kind,
        "status": tie.status,
        "certainty": certainty,
        "start": tie.start,
        "end": tie.end,
        "status_since": tie.status_since,
        **{name: date.fromordinal(day).isoformat() if day else None for name, day in days.items()},
        "participants": len(tie.participants),
        "sources": len(tie.supports) or None,
        "source_ids": " ".join(support.source for support in tie.supports) or None,
        "reciprocated": tie.is_reciprocated,
        "partnership": tie.iri,
        "ties": 1,
    }
    return {name: value for name, value in values.items() if value is not None}


def _around(chosen: list[tuple[Tie, list[Pair], str]], selection: Selection) -> list[tuple[Tie, list[Pair], str]]:
    """Return what of the chosen ties lies within some steps of some places."""
    neighbours: dict[str, set[str]] = {}
    for _, pairs, _ in chosen:
        for one, other in pairs:
            neighbours.setdefault(one, set()).add(other)
            neighbours.setdefault(other, set()).add(one)
    reached = frontier = {key for key in selection.around if key in neighbours}
    for _ in range(selection.steps):
        frontier = {other for key in frontier for other in neighbours[key]} - reached
        reached = reached | frontier
    kept = []
    for tie, pairs, certainty in chosen:
        inside = [pair for pair in pairs if pair[0] in reached and pair[1] in reached]
        if inside:
            kept.append((tie, inside, certainty))
    return kept


def _places_of(ties: list[Tie], table: TieTable) -> dict[str, Place]:
    return {key: table.places[key] for tie in ties for key in tie.participants}
