"""The part of the graph that a selection rests on, as RDF: ties with their claims, sources and municipalities."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from twingraph.errors import SelectionError
from twingraph.exporting.model import Export
from twingraph.vocab import PREFIXES, TW

if TYPE_CHECKING:
    from rdflib import Dataset
    from rdflib.term import Identifier

    from twingraph.graph import Graph

__all__ = ["FORMATS", "to_rdf"]

#: Kind → rdflib's name of the format, and whether it keeps who said what as named graphs.
FORMATS = {"turtle": ("turtle", False), "nquads": ("nquads", True), "trig": ("trig", True), "jsonld": ("json-ld", True)}

#: What is followed from a tie to the nodes that explain it.
_FOLLOWED = tuple(TW.term(name) for name in ("hasPhase", "hasConflict", "isSupportedBy", "hasMention", "isStatedBy"))
_AT_ONCE = 400


def to_rdf(graph: Graph, export: Export, kind: str) -> bytes:
    """Return the selected ties with their phases, conflicts, claims, sources and municipalities.

    Turtle holds one graph without names; the other kinds keep the named graphs of the store, which say who states what.
    The same selection of the same store gives the same triples.

    Args:
        graph: the open graph that the network was read from.
        export: the network.
        kind: one of `FORMATS`.

    Raises:
        SelectionError: the network holds nothing of the graph.
    """
    from rdflib import URIRef

    network = export.network
    ties = {str(edge["partnership"]) for *_, edge in network.possible.edges(data=True) if "partnership" in edge}
    further = _further(export)
    others = {tie.iri for tie in network.ties if tie.iri and tie.key in further}
    places = {str(iri) for _, iri in network.possible.nodes(data="iri") if iri}
    if not ties:
        raise SelectionError("the network was not read from a graph, so that there is no RDF of it.")
    form, has_graphs = FORMATS[kind]
    found = _dataset()
    wanted: set[Identifier] = {URIRef(iri) for iri in ties | others}
    done: set[Identifier] = set()
    while wanted:
        done |= wanted
        wanted = _copy(graph, found, wanted, has_graphs) - done
    _copy(graph, found, {URIRef(iri) for iri in places}, has_graphs)
    _describe(found, export)
    content = (found if has_graphs else found.default_graph).serialize(format=form, encoding="utf-8")
    return b"".join(sorted(content.splitlines(True))) if form == "nquads" else content


def _describe(found: Dataset, export: Export) -> None:
    """Say in the default graph what the file holds: selection, data, day and sources.

    Its IRI is made of these, so that the same export has the same (RFC 4122, version 5).
    """
    from rdflib import DCTERMS, RDF, VOID, XSD, Literal, URIRef

    from twingraph.vocab import ID

    about = export.about()
    text = export.sentence()
    this = URIRef(uuid.uuid5(uuid.NAMESPACE_URL, text).urn)
    default = found.default_graph
    default.add((this, RDF.type, VOID.Dataset))
    default.add((this, DCTERMS.title, Literal("Partnerships between municipalities", lang="en")))
    default.add((this, DCTERMS.description, Literal(text, lang="en")))
    default.add((this, DCTERMS.created, Literal(about["exported"], datatype=XSD.date)))
    for source in export.sources:
        default.add((this, DCTERMS.source, URIRef(f"{ID}source/{quote(source.id, safe='')}")))


def _further(export: Export) -> set[str]:
    """Return the keys of further ties of pairs that an edge shows already."""
    texts = [edge.get("other_ties", "") for *_, edge in export.network.possible.edges(data=True)]
    return {key for text in texts for key in text.split()}


def _dataset() -> Dataset:
    from rdflib import Dataset

    found = Dataset()
    for prefix, space in PREFIXES.items():
        found.bind(prefix, space, replace=True)
    return found


def _copy(graph: Graph, found: Dataset, subjects: Iterable[Identifier], has_graphs: bool) -> set[Identifier]:
    """Copy all triples of some subjects; return the nodes that they lead to."""
    from rdflib import URIRef

    followed = {URIRef(term) for term in _FOLLOWED}
    further: set[Identifier] = set()
    ordered = sorted(subjects)
    for first in range(0, len(ordered), _AT_ONCE):
        values = " ".join(node.n3() for node in ordered[first : first + _AT_ONCE])
        pattern = f"VALUES ?subject {{ {values} }} ?subject ?property ?value"
        query = f"SELECT ?graph ?subject ?property ?value WHERE {{ GRAPH ?graph {{ {pattern} }} }}"
        for name, subject, term, value in graph.query(query, frame="result").rows:
            target = found.graph(name) if has_graphs else found.default_graph
            target.add((subject, term, value))  # type: ignore[arg-type]
            if term in followed and value is not None:
                further.add(value)
    return further
