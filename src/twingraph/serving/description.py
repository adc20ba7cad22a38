"""What the endpoint says of itself: SPARQL 1.1 Service Description (W3C 2013) and VoID."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from twingraph.serving.worker import RDF_FORMATS
from twingraph.vocab import PREFIXES, VOID

__all__ = ["describe_dataset", "describe_service"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_DATASET = ox.NamedNode("https://w3id.org/twingraph/dataset")
#: Names of forms of answers in the W3C's list (https://www.w3.org/ns/formats/).
_RESULT_FORMATS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "JSON-LD", "RDF_XML"),
)


@lru_cache(maxsize=16)
def describe_service(build: Path, endpoint: str, form: str, triples: int, with_service: bool) -> bytes:
    """Return the service description.

    Args:
        build: directory of the build that is served.
        endpoint: address of the endpoint.
        form: one of the RDF forms.
        triples: how many the store holds.
        with_service: whether queries may call other endpoints.
    """
    service, dataset, default = (ox.BlankNode(name) for name in ("service", "dataset", "default"))

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    def described() -> Iterator[ox.Triple]:
        yield ox.Triple(service, _RDF_TYPE, sd("Service"))
        yield ox.Triple(service, sd("endpoint"), ox.NamedNode(endpoint))
        yield ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query"))
        for name in _RESULT_FORMATS:
            yield ox.Triple(service, sd("resultFormat"), ox.NamedNode(_FORMATS + name))
        yield ox.Triple(service, sd("feature"), sd("UnionDefaultGraph"))
        if with_service:
            yield ox.Triple(service, sd("feature"), sd("BasicFederatedQuery"))
        yield ox.Triple(service, sd("defaultDataset"), dataset)
        yield ox.Triple(dataset, _RDF_TYPE, sd("Dataset"))
        yield ox.Triple(dataset, sd("defaultGraph"), default)
        yield ox.Triple(default, _RDF_TYPE, sd("Graph"))
        yield ox.Triple(default, ox.NamedNode(VOID.triples), ox.Literal(str(triples), datatype=_INTEGER))
        for number, name in enumerate(_named_graphs(build)):
            node, graph = ox.BlankNode(f"g{number}"), ox.BlankNode(f"c{number}")
            yield ox.Triple(dataset, sd("namedGraph"), node)
            yield ox.Triple(node, _RDF_TYPE, sd("NamedGraph"))
            yield ox.Triple(node, sd("name"), ox.NamedNode(name))
            yield ox.Triple(node, sd("graph"), graph)
            yield ox.Triple(graph, _RDF_TYPE, sd("Graph"))

    return _serialized(described(), form)


@lru_cache(maxsize=16)
def describe_dataset(build: Path, endpoint: str, form: str) -> bytes:
    """Return the VoID description that comes with a build, with the address of the endpoint."""
    known = ox.parse((build / "release" / "void.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    triples = [quad.triple for quad in known]
    triples.append(ox.Triple(_DATASET, ox.NamedNode(VOID.sparqlEndpoint), ox.NamedNode(endpoint)))
    return _serialized(iter(triples), form)


@lru_cache(maxsize=2)
def _named_graphs(build: Path) -> tuple[str, ...]:
    store = ox.Store.read_only(str(build / "db"))
    return tuple(sorted(graph.value for graph in store.named_graphs() if isinstance(graph, ox.NamedNode)))


def _serialized(triples: Iterator[ox.Triple], form: str) -> bytes:
    prefixes = {**PREFIXES, "sd": _SD, "void": str(VOID)}
    return ox.serialize(triples, format=RDF_FORMATS[form], prefixes=prefixes) or b""
