"""All ties and places of a knowledge graph, read once and column by column."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import unquote

from twingraph.answers.columns import plain_value, split_rows
from twingraph.dates import EdtfDate, parse_edtf
from twingraph.networks.keeping import keep, kept
from twingraph.networks.lifetimes import lifetime_of
from twingraph.networks.model import Origin, Phase, Place, Support, Tie, TieTable
from twingraph.stores.store import DiskStore, RemoteStore
from twingraph.vocab import CONCLUSIONS_GRAPH, DCTERMS, GAZETTEER_GRAPH, GEO, ID, TW

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = ["read_store"]

#: What a store says of ties and places, in the words of a selection.
ATTRIBUTES = frozenset(
    {"kind", "status", "start", "end", "level", "country", "continent", "language", "sources", "checked", "lat", "long"}
)


def read_store(graph: Graph) -> TieTable:
    """Return all ties and places of an open graph.

    Those of a store on disk are kept beside it, so that they need not be put together again.

    Raises:
        QueryError, StoreError, EndpointError: the graph can't be read.
    """
    build = graph.store.build if isinstance(graph.store, DiskStore) else None
    if build is not None:
        # A closed or damaged store must not answer from what was kept.
        graph.query("graph/has-conclusions")
        found = kept(build, _origin(graph))
        if found is not None:
            return found
    table = _read(graph)
    if build is not None:
        keep(table, build)
    return table


def _read(graph: Graph) -> TieTable:
    reader = _Reader(graph)
    places = _read_places(reader)
    ties = _read_ties(reader, places)
    # A tie of a municipality that the gazetteer does not know would be one without a place.
    known = [tie for tie in ties if all(key in places for key in tie.participants)]
    notes = [] if len(known) == len(ties) else [f"{len(ties) - len(known)} ties name a place that is not known"]
    titles = graph.query("graph/source-titles", frame="result").records()
    return TieTable(
        places=places,
        ties=known,
        origin=_origin(graph),
        sources={_key(str(row["source"])): str(row["title"]) for row in titles},
        attributes=ATTRIBUTES,
        notes=notes,
    )


def _origin(graph: Graph) -> Origin:
    store = graph.store
    if isinstance(store, DiskStore):
        return Origin("store", str(store.build.parent.parent), store.manifest.input_digest[:12])
    if isinstance(store, RemoteStore):
        return Origin("endpoint", store.url)
    return Origin("memory", "graph in memory")


#: Members that the name of a partnership of several holds, where it has none of its own.
_MEMBERS = 5


class _Reader:
    """Reads whole properties: from the named graph that a build puts them into, or from all where there is none."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._has_graphs = bool(graph.query("graph/has-conclusions", frame="result").answer)

    def pairs(self, term: str, named_graph: str) -> Iterable[tuple[str, str]]:
        """Yield subject and value of all triples with a property, without quotes, brackets and datatypes."""
        if self._has_graphs:
            result = self.graph.query("graph/values-of", frame="result", property=term, graph=named_graph)
        else:
            result = self.graph.query("graph/values-anywhere", frame="result", property=term)
        for subject, value in split_rows(result.payload)[1]:
            yield subject[1:-1], (value[1:-1] if value[0] == "<" else plain_value(value)[1])


def _read_places(reader: _Reader) -> dict[str, Place]:
    def column(term: str) -> dict[str, str]:
        return dict(reader.pairs(term, GAZETTEER_GRAPH))

    names = column(TW.displayName)
    countries, levels = column(TW.isInCountry), column(TW.hasLevel)
    languages = column(DCTERMS.language)
    lats, longs = column(GEO.lat), column(GEO.term("long"))
    continents = column(TW.isOnContinent)
    places = {}
    prefix = ID + "municipality/"
    for iri in sorted(levels):
        if not iri.startswith(prefix):
            continue
        key = _key(iri)
        country = countries.get(iri)
        lat, long = lats.get(iri), longs.get(iri)
        places[key] = Place(
            key=key,
            name=names.get(iri, key),
            country=country and _key(country),
            continent=country and continents.get(country),
            level=_last(levels[iri]),
            language=languages.get(iri),
            lat=float(lat) if lat and long else None,
            long=float(long) if lat and long else None,
            iri=iri,
        )
    return places


def _read_ties(reader: _Reader, places: Mapping[str, Place]) -> list[Tie]:
    def column(term: str) -> dict[str, str]:
        return dict(reader.pairs(term, CONCLUSIONS_GRAPH))

    prefix = ID + "partnership/"
    participants: dict[str, list[str]] = defaultdict(list)
    for iri, municipality in reader.pairs(TW.hasParticipant, CONCLUSIONS_GRAPH):
        if iri.startswith(prefix):
            participants[iri].append(_key(municipality))
    checked = {str(row["claim"]) for row in reader.graph.query("graph/checked-claims", frame="result").records()}
    supports: dict[str, dict[str, bool]] = defaultdict(dict)
    for iri, claim in reader.pairs(TW.isSupportedBy, CONCLUSIONS_GRAPH):
        if iri in participants:
            source = _key(claim).partition("/")[0]
            found = supports[iri]
            found[source] = found.get(source, False) or claim in checked
    kinds, statuses = column(TW.hasKind), column(TW.hasStatus)
    starts, ends, first_starts = column(TW.start), column(TW.end), column(TW.firstStart)
    since = column(TW.statusSince)
    reciprocated = column(TW.isReciprocated)
    phase_nodes = _phase_nodes(reader)
    ties = []
    for iri in sorted(participants):
        start, end = first_starts.get(iri) or starts.get(iri), ends.get(iri)
        status = _last(statuses[iri]) if iri in statuses else None
        end_date, since_date = _date(end), _date(since.get(iri))
        phases = []
        nodes = phase_nodes.get(iri, [])
        for node in nodes:
            is_last = node == nodes[-1]
            lifetime = lifetime_of(
                _date(starts.get(node)),
                _date(ends.get(node)) or (end_date if is_last else None),
                status if is_last else "ended",
                since_date if is_last else None,
            )
            phases.append(Phase(_last(kinds[node]), lifetime))
        if start and nodes and nodes[0] not in starts:
            start = _until(start)
        key = _key(iri)
        keys = tuple(sorted(set(participants[iri])))
        ties.append(
            Tie(
                key=key,
                participants=keys,
                kind=_last(kinds[iri]) if iri in kinds else None,
                status=status,
                lifetime=lifetime_of(_date(start), end_date, status, since_date),
                start=start,
                end=end,
                status_since=since.get(iri),
                phases=tuple(phases),
                supports=tuple(Support(source, found) for source, found in sorted(supports[iri].items())),
                is_reciprocated=reciprocated[iri] == "true" if iri in reciprocated else None,
                name=_union_name(key, keys, places) if len(keys) > 2 else None,
                iri=iri,
            )
        )
    return ties


def _until(start: str) -> str:
    """Return the start of a tie whose first phase has none: it began at some time until the first start known."""
    until = f"../{start.rpartition('/')[2]}"
    found = _date(until)
    return until if found and found.latest else start


def _union_name(key: str, participants: Sequence[str], places: Mapping[str, Place]) -> str:
    """Return the name of a partnership of three or more: the one that its key holds, or those of its members."""
    if key.startswith("union-"):
        return key.removeprefix("union-").replace("-", " ").title()
    names = sorted(places[member].name if member in places else member for member in participants)
    more = f" + {len(names) - _MEMBERS}" if len(names) > _MEMBERS else ""
    return " – ".join(names[:_MEMBERS]) + more


def _phase_nodes(reader: _Reader) -> dict[str, list[str]]:
    positions = {node: int(text) for node, text in reader.pairs(TW.position, CONCLUSIONS_GRAPH)}
    nodes: dict[str, list[str]] = defaultdict(list)
    for iri, node in reader.pairs(TW.hasPhase, CONCLUSIONS_GRAPH):
        nodes[iri].append(node)
    return {iri: sorted(found, key=lambda node: positions.get(node, 0)) for iri, found in nodes.items()}


def _date(text: str | None) -> EdtfDate | None:
    if text is None:
        return None
    try:
        return parse_edtf(text)
    except ValueError:
        # Foreign data behind an endpoint: a date that nobody can read is one that is not known.
        return None


def _key(iri: str) -> str:
    """Return what follows the type in an IRI."""
    return unquote(iri.removeprefix(ID).partition("/")[2]) if iri.startswith(ID) else iri


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]
