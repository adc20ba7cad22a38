"""RDF files and rdflib graphs as stores in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from twingraph.errors import DataError
from twingraph.stores.store import MemoryStore

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = ["SUFFIXES", "load_files", "load_graph"]

#: Formats by file name. RDF/XML is left out: its entities can make the engine abort.
SUFFIXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
# The engine reads JSON-LD recursively and dies from about a thousand levels.
_MAX_JSON_DEPTH = 200


def load_files(paths: Iterable[Path]) -> MemoryStore:
    """Read files into a new store in memory, each triple into the graph that its file says.

    Raises:
        DataError: missing, unreadable, of an unknown format, or not well-formed; with the line.
    """
    store = ox.Store()
    for path in paths:
        format = SUFFIXES.get(path.suffix.lower())
        if format is None:
            raise DataError(f"unknown kind of file; one of {', '.join(SUFFIXES)} is taken", file=path)
        try:
            # Never the path itself: the engine would wait for ever on a pipe.
            if not path.is_file():
                raise DataError("no such file" if not path.exists() else "not a regular file", file=path)
            content = path.read_bytes()
            if format == ox.RdfFormat.JSON_LD:
                _check_depth(content, path)
            store.bulk_load(content, format=format, base_iri=path.resolve().as_uri())
        except SyntaxError as error:
            raise DataError(str(error.args[0]), file=path, row=error.lineno) from error
        except (OSError, ValueError) as error:
            raise DataError(f"can't be read: {getattr(error, 'strerror', None) or error}", file=path) from error
    return MemoryStore(store)


def load_graph(graph: Graph) -> MemoryStore:
    """Copy an rdflib Graph or Dataset into a new store in memory."""
    return MemoryStore.from_quads(_quads(graph))


def _quads(graph: Any) -> Iterator[ox.Quad]:
    from rdflib import Dataset
    from rdflib.graph import DATASET_DEFAULT_GRAPH_ID

    if isinstance(graph, Dataset):
        for subject, predicate, value, name in graph.quads():
            is_default = name is None or name == DATASET_DEFAULT_GRAPH_ID
            target = ox.DefaultGraph() if is_default else _term(name)
            yield ox.Quad(_term(subject), _term(predicate), _term(value), target)
    else:
        for subject, predicate, value in graph:
            yield ox.Quad(_term(subject), _term(predicate), _term(value))


def _term(term: Any) -> Any:
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, Literal):
        datatype = ox.NamedNode(str(term.datatype)) if term.datatype and not term.language else None
        return ox.Literal(str(term), language=term.language, datatype=datatype)
    raise ValueError(f"{term!r} can't stand in a store")


def _check_depth(content: bytes, path: Path) -> None:
    depth = 0
    is_text = is_escaped = False
    for byte in content:
        if is_escaped:
            is_escaped = False
        elif is_text:
            is_escaped = byte == 0x5C
            is_text = byte != 0x22
        elif byte == 0x22:
            is_text = True
        elif byte in b"{[":
            depth += 1
            if depth > _MAX_JSON_DEPTH:
                raise DataError(f"more than {_MAX_JSON_DEPTH} levels of nesting", file=path)
        elif byte in b"}]":
            depth -= 1
