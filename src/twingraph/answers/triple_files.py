"""Triples as Turtle, JSON-LD and RDF/XML with short names; the same triples give the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from twingraph.vocab import PREFIXES

__all__ = ["to_jsonld", "to_rdfxml", "to_trig", "to_turtle"]

_DECLARATION = re.compile(rb"\A(?:@prefix [^\n]*\n)+")
_XML_ROOT = re.compile(rb"<rdf:RDF((?: xmlns:[\w-]+=\"[^\"]*\")+)")
_LOCAL = re.compile(r"[A-Za-z0-9_][\w.-]*\Z")


def to_turtle(ntriples: bytes) -> bytes:
    """Return Turtle with the prefixes that are used, sorted."""
    text = _serialize(ntriples, ox.RdfFormat.TURTLE)
    return _sorted_declarations(text)


def to_trig(nquads: bytes) -> bytes:
    """Return TriG with the prefixes that are used, sorted; lines of a graph stand together, those of a node too."""
    quads = ox.parse(nquads, format=ox.RdfFormat.N_QUADS)
    text = ox.serialize(quads, format=ox.RdfFormat.TRIG, prefixes=_used_prefixes(nquads)) or b""
    return _sorted_declarations(text)


def _sorted_declarations(text: bytes) -> bytes:
    # The engine writes the prefixes in another order each time.
    return _DECLARATION.sub(lambda match: b"".join(sorted(match[0].splitlines(True))) + b"\n", text, count=1)


def to_rdfxml(ntriples: bytes) -> bytes:
    """Return RDF/XML with the prefixes that are used, sorted."""
    text = _serialize(ntriples, ox.RdfFormat.RDF_XML)

    def sort_names(match: re.Match[bytes]) -> bytes:
        return b"<rdf:RDF " + b" ".join(sorted(match[1].split()))

    return _XML_ROOT.sub(sort_names, text, count=1) + b"\n"


def to_jsonld(ntriples: bytes) -> bytes:
    """Return JSON-LD whose context holds the prefixes that are used."""
    used = _used_prefixes(ntriples)
    nodes = json.loads(_serialize(ntriples, ox.RdfFormat.JSON_LD))
    document = {"@context": used, "@graph": [_compact(node, used) for node in nodes]}
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def _serialize(ntriples: bytes, format: ox.RdfFormat) -> bytes:
    return ox.serialize(_triples(ntriples), format=format, prefixes=_used_prefixes(ntriples)) or b""


def _triples(ntriples: bytes) -> Iterator[ox.Triple]:
    return (quad.triple for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))


def _used_prefixes(ntriples: bytes) -> dict[str, str]:
    return {
        prefix: namespace for prefix, namespace in sorted(PREFIXES.items()) if b"<" + namespace.encode() in ntriples
    }


def _compact(value: Any, prefixes: dict[str, str]) -> Any:
    """Shorten the IRIs of expanded JSON-LD: keys, ``@id`` and ``@type``; literals stay as they are."""
    if isinstance(value, list):
        items = [_compact(item, prefixes) for item in value]
        return items[0] if len(items) == 1 else items
    if not isinstance(value, dict):
        return value
    compacted: dict[str, Any] = {}
    for key, item in value.items():
        if key == "@id":
            compacted[key] = _shorten(item, prefixes)
        elif key == "@type":
            types = [_shorten(iri, prefixes) for iri in (item if isinstance(item, list) else [item])]
            compacted[key] = types[0] if len(types) == 1 else types
        elif key.startswith("@"):
            compacted[key] = item
        else:
            compacted[_shorten(key, prefixes)] = _compact(item, prefixes)
    return compacted


def _shorten(iri: str, prefixes: dict[str, str]) -> str:
    for prefix, namespace in sorted(prefixes.items(), key=lambda item: -len(item[1])):
        if iri.startswith(namespace) and _LOCAL.match(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
