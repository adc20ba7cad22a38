"""The part of the graph that a selection rests on, as RDF: ties with their claims, sources and municipalities."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import quote

from twingraph.building.terms import QuadBuckets, iri, text_literal, typed_literal
from twingraph.errors import SelectionError
from twingraph.exporting.model import Export
from twingraph.vocab import DCTERMS, ID, RDF, TW, VOID, XSD

if TYPE_CHECKING:
    from twingraph.graph import Graph

__all__ = ["FORMATS", "to_rdf"]

#: The kinds, and whether they keep who said what as named graphs.
FORMATS = {"turtle": False, "nquads": True, "trig": True, "jsonld": True}

#: What is followed from a tie to the nodes that explain it.
_FOLLOWED = frozenset(
    iri(TW.term(name)) for name in ("hasPhase", "hasConflict", "isSupportedBy", "hasMention", "isStatedBy")
)
#: Subjects asked for in one query; a question to a server stays under a megabyte.
_AT_ONCE = 5_000
#: The name under which lines of no named graph are kept.
_DEFAULT = ""


def to_rdf(graph: Graph, export: Export, kind: str) -> bytes:
    """Return the selected ties with their phases, conflicts, claims, sources and municipalities.

    Turtle holds one graph without names; the other kinds keep the named graphs of the store, which say who states what.
    The same selection of the same store gives the same bytes.

    Args:
        graph: the open graph that the network was read from.
        export: the network.
        kind: one of `FORMATS`.

    Raises:
        SelectionError: the network holds nothing of the graph.
    """
    network = export.network
    ties = {str(edge["partnership"]) for *_, edge in network.possible.edges(data=True) if "partnership" in edge}
    further = _further(export)
    others = {tie.iri for tie in network.ties if tie.iri and tie.key in further}
    places = {str(place) for _, place in network.possible.nodes(data="iri") if place}
    if not ties:
        raise SelectionError("the network was not read from a graph, so that there is no RDF of it.")
    found = QuadBuckets()
    wanted = {iri(tie) for tie in ties | others}
    done: set[str] = set()
    while wanted:
        done |= wanted
        wanted = _copy(graph, found, wanted) - done
    _copy(graph, found, {iri(place) for place in places} - done)
    found.settle()
    _describe(found.bucket(_DEFAULT), export)
    return _file(found, kind)


def _file(found: QuadBuckets, kind: str) -> bytes:
    if kind == "jsonld":
        from twingraph.building.jsonld import jsonld_context, jsonld_text

        return b"".join(piece.encode() for piece in jsonld_text(found, jsonld_context()))
    from twingraph.answers.triple_files import to_trig, to_turtle

    if kind == "turtle":
        lines = sorted({line for lines in found.graphs.values() for line in lines})
        return to_turtle(b"".join(f"{line} .\n".encode() for line in lines))
    nquads = b"".join(piece.encode() for piece in found.text())
    return nquads if kind == "nquads" else to_trig(nquads)


def _describe(out: list[str], export: Export) -> None:
    """Say in the default graph what the file holds: selection, data, day and sources.

    Its IRI is made of these, so that the same export has the same (RFC 4122, version 5).
    """
    about = export.about()
    text = export.sentence()
    this = iri(uuid.uuid5(uuid.NAMESPACE_URL, text).urn)
    out.append(f"{this} {iri(RDF.type)} {iri(VOID.Dataset)}")
    title = "Partnerships between municipalities"
    out.append(f"{this} {iri(DCTERMS.term('title'))} {text_literal(title, 'en')}")
    out.append(f"{this} {iri(DCTERMS.description)} {text_literal(text, 'en')}")
    out.append(f"{this} {iri(DCTERMS.created)} {typed_literal(str(about['exported']), XSD.date)}")
    sources = sorted(f"{ID}source/{quote(source.id, safe='')}" for source in export.sources)
    out.extend(f"{this} {iri(DCTERMS.source)} {iri(source)}" for source in sources)
    out.sort()


def _further(export: Export) -> set[str]:
    """Return the keys of further ties of pairs that an edge shows already."""
    texts = [edge.get("other_ties", "") for *_, edge in export.network.possible.edges(data=True)]
    return {key for text in texts for key in text.split()}


def _copy(graph: Graph, found: QuadBuckets, subjects: Iterable[str]) -> set[str]:
    """Copy all triples of some subjects, by their N-Quads terms; return the nodes that they lead to."""
    further: set[str] = set()
    ordered = sorted(subjects)
    for first in range(0, len(ordered), _AT_ONCE):
        values = " ".join(ordered[first : first + _AT_ONCE])
        pattern = f"VALUES ?subject {{ {values} }} ?subject ?property ?value"
        query = f"SELECT ?graph ?subject ?property ?value WHERE {{ GRAPH ?graph {{ {pattern} }} }}"
        answer = graph.query(query, frame="result")
        for name, subject, term, value in answer.term_rows():
            found.bucket(name[1:-1]).append(f"{subject} {term} {value}")
            if term in _FOLLOWED:
                further.add(value)
    return further
