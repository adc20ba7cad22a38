"""From a selection to an export: names in a language, sources, and what sources say; and from it to the file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from twingraph.errors import SelectionError
from twingraph.exporting.evidence import read_statements
from twingraph.exporting.formats import EXPORTS
from twingraph.exporting.model import Export, Source
from twingraph.exporting.rdf_files import to_rdf
from twingraph.networks.selecting import select

if TYPE_CHECKING:
    from twingraph.graph import Graph
    from twingraph.networks.model import TieTable
    from twingraph.networks.selection import Selection

__all__ = ["gather", "write"]


def gather(
    table: TieTable,
    graph: Graph | None,
    selection: Selection,
    *,
    language: str = "local",
    with_claims: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Export:
    """Return a selection of ties with the sources that it rests on.

    Args:
        table: the ties; its places are renamed where a language is asked for.
        graph: the open graph that the ties were read from; None for a file from elsewhere.
        selection: which ties.
        language: of the names of places, and of texts in pictures if it is ``de``. ``local``: as each place calls
            itself, but in English or German where that is not in Latin letters and the graph knows such a name;
            ``own``: as it calls itself, in its own letters.
        with_claims: whether what each source says of a tie is read too, for pictures that show it.
        say: is told in a few words what is being done.

    Raises:
        SelectionError: no tie fits the selection.
    """
    if graph is not None and language != "local":
        _rename(table, graph, language)
    network = select(table, selection)
    if not network.possible.number_of_edges():
        raise SelectionError(f"no tie fits the selection ({network.description}); nothing was written.")
    written = "de" if language == "de" else "en"
    export = Export(network, language=written, countries=_countries(graph, written))
    export.sources = _sources(export, graph)
    if with_claims and graph is not None:
        say("reading what sources say")
        export.statements = read_statements(graph, export)
    return export


def write(kind: str, export: Export, graph: Graph | None) -> bytes:
    """Return the content of a file of a kind.

    Args:
        kind: one of `EXPORTS`.
        export: the network and its sources.
        graph: the open graph, which RDF is taken from.

    Raises:
        SelectionError: RDF is asked for of a file from elsewhere.
    """
    form = EXPORTS[kind].write
    if form is not None:
        return form(export)
    if graph is None:
        raise SelectionError(f"{kind} is taken from a graph; a file from elsewhere holds no RDF.")
    return to_rdf(graph, export, kind)


#: Names in German and English are in Latin letters, so that those places bear their own name already.
_OWN_NAMES = """SELECT ?municipality ?name WHERE {
    ?municipality a tw:Municipality ; dcterms:language ?own ; rdfs:label ?label
    FILTER(?own NOT IN ("de", "en") && LCASE(LANG(?label)) = LCASE(STR(?own)))
    BIND(STR(?label) AS ?name)
}"""


def _rename(table: TieTable, graph: Graph, language: str) -> None:
    """Give places their names in a language, or their own, where they have one."""
    if language == "own":
        rows = graph.query(_OWN_NAMES, frame="result").records()
    else:
        rows = graph.query("graph/labels-in", frame="result", lang=language).records()
    names = {str(row["municipality"]): str(row["name"]) for row in rows}
    for key, place in table.places.items():
        if place.iri in names:
            table.places[key] = dataclasses.replace(place, name=names[place.iri])


def _countries(graph: Graph | None, language: str) -> dict[str, str]:
    if graph is None:
        return {}
    query = f"""SELECT ?code ?name WHERE {{
        ?country a tw:Country ; tw:countryCode ?code ; rdfs:label ?name FILTER(LANG(?name) = "{language}")
    }}"""
    return {str(row["code"]): str(row["name"]) for row in graph.query(query, frame="result").records()}


def _sources(export: Export, graph: Graph | None) -> list[Source]:
    selected = export.keys()
    cited = sorted({s.source for tie in export.network.ties if tie.key in selected for s in tie.supports})
    if graph is None:
        return [Source(source, source) for source in cited]
    from twingraph.portraits.asking import Asker
    from twingraph.portraits.bibliography import read_sources

    wanted = set(cited)
    cards: list[Any] = [card for card in read_sources(Asker(graph)) if card.id in wanted]
    return [
        Source(card.id, card.title, card.publisher, card.url, card.date, card.retrieved, card.language)
        for card in cards
    ]
