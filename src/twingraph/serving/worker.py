"""The process that answers: ``python -m twingraph.serving.worker MODE BUILD PARENT MEMORY NETWORK``.

It holds one build open for reading and is ended by the server whenever it takes too long. In the mode ``query`` it
stays light and streams answers of the engine; in the mode ``call`` it runs functions of this package on the graph.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import pyoxigraph as ox

from twingraph.querying.guard import RefusedQueryError, check_query
from twingraph.querying.lexer import chooses_graphs
from twingraph.serving.frames import HEAD, Writer, pack, read_request, send, send_error
from twingraph.serving.seclusion import seclude
from twingraph.stores.worker import limit_memory, settle
from twingraph.vocab import ID, PREFIXES

__all__ = ["BASE_IRI", "RDF_FORMATS", "RESULT_FORMATS"]

#: What relative IRIs are relative to where a query has no BASE: the data's own names, so that an answer does not depend
#: on the address by which the server was called.
BASE_IRI = str(ID)

RESULT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


#: What no XML can hold, though the engine writes it: signs that XML forbids, and elements without a local name.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|<oxprefix:[\s>/]")


class NotXmlError(Exception):
    """The answer can't be written as XML."""


class _XmlWriter(Writer):
    """Keeps from a client what would be no XML, and carriage returns from becoming line feeds (XML 1.0, 2.11)."""

    is_not_xml = False
    _tail = b""

    def write(self, data: bytes) -> int:
        seen = self._tail + data
        if _NOT_XML.search(seen):
            self.is_not_xml = True
            raise NotXmlError
        self._tail = seen[-12:]
        super().write(data.replace(b"\r", b"&#xD;"))
        return len(data)


def answer(store: ox.Store, request: dict[str, Any], fd: int) -> None:
    """Run a query and stream its answer.

    The query is judged here and not by the server, which would stand still while it reads a long one.
    """
    text, formats = request["query"], request["formats"]
    try:
        check_query(text, allow_service=request["services"])
    except RefusedQueryError as error:
        send_error(fd, "refused", str(error), line=error.line, column=error.column)
        return
    graphs: dict[str, Any] = {}
    if request["default_graphs"] or request["named_graphs"]:
        # The dataset of a request takes the place of the query's own.
        graphs = {
            "default_graph": [ox.NamedNode(iri) for iri in request["default_graphs"]],
            "named_graphs": [ox.NamedNode(iri) for iri in request["named_graphs"]],
        }
    else:
        graphs = {"use_default_graph_as_union": not chooses_graphs(text)}
    try:
        found = store.query(text, base_iri=BASE_IRI, **graphs)
    except SyntaxError:
        # Known prefixes need not be declared.
        try:
            found = store.query(text, base_iri=BASE_IRI, prefixes=PREFIXES, **graphs)
        except SyntaxError as error:
            _send_syntax_error(fd, text, str(error))
            return
    kind = (
        "ask"
        if isinstance(found, ox.QueryBoolean)
        else "select"
        if isinstance(found, ox.QuerySolutions)
        else "construct"
    )
    format = formats["construct" if kind == "construct" else "select"]
    if format is None:
        send_error(fd, "not-acceptable", kind)
        return
    make = _XmlWriter if format in ("xml", "rdfxml") else Writer
    writer = make(fd, {"kind": kind, "format": format}, request["max_bytes"])
    try:
        if isinstance(found, ox.QueryTriples):
            ox.serialize(found, writer, RDF_FORMATS[format], prefixes=dict(PREFIXES))  # type: ignore[arg-type]
        else:
            found.serialize(writer, RESULT_FORMATS[format])  # type: ignore[arg-type]
    except Exception:
        if writer.is_too_large:
            send_error(fd, "too-large", f"the answer has more than {request['max_bytes']:,} bytes")
            return
        if isinstance(writer, _XmlWriter) and writer.is_not_xml:
            send_error(fd, "not-xml", kind)
            return
        raise
    finally:
        del found
    writer.finish()


def _send_syntax_error(fd: int, text: str, message: str) -> None:
    from twingraph.querying.syntax import locate_syntax_error

    def parse(changed: str) -> None:
        # With the same base; with another, the error that is found could be another.
        ox.Store().query(changed, prefixes=PREFIXES, base_iri=BASE_IRI)

    located = locate_syntax_error(text, message, parse)
    send_error(fd, "syntax", str(located), line=located.line, column=located.column)


def call(graph: Any, request: dict[str, Any], fd: int) -> None:
    """Run a function on the graph and send the bytes that it returns.

    The function stands in a module of this package; the server, not its visitors, says which.
    """
    import importlib

    module, _, name = request["call"].partition(":")
    function = getattr(importlib.import_module(module), name)
    head, content = function(graph, **request["arguments"])
    writer = Writer(fd, head, request["max_bytes"])
    writer.write(content)
    writer.finish()


def main(mode: str, build: str, parent: int, memory: int, network: bool) -> None:
    """Answer requests from standard input until it ends."""
    answers = os.dup(1)
    os.dup2(2, 1)  # a stray print must not mix with the answers
    settle(parent)
    if mode == "query":
        target: Any = ox.Store.read_only(os.path.join(build, "db"))  # noqa: PTH118 - pathlib is slow to import
    else:
        from importlib import import_module
        from pathlib import Path

        from twingraph.graph import Graph
        from twingraph.stores.storage import verify
        from twingraph.stores.store import DiskStore

        # What pages need takes longer to import than most pages take; the first visitor need not wait for it.
        import_module("twingraph.serving.workbench.views")
        target = Graph(DiskStore(Path(build), verify(Path(build))))
    if memory:
        limit_memory(memory)
    seclude(network=network)
    send(answers, pack(HEAD))
    respond = answer if mode == "query" else call
    while (request := read_request(0)) is not None:
        try:
            respond(target, request, answers)
        except BrokenPipeError:
            return
        except RuntimeError as error:
            # Functions that the engine does not know are found out only when a query is evaluated.
            send_error(answers, "unsupported" if "not supported" in str(error) else "failed", str(error))
        except MemoryError:
            send_error(answers, "memory", "it needs more memory than it may take")
        except BaseException as error:  # a panic of the engine is no Exception
            known = type(error).__module__ == "twingraph.errors"
            send_error(answers, type(error).__name__ if known else "failed", str(error) or type(error).__name__)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5] == "1")
