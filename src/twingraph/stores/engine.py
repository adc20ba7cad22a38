"""One query on an open Oxigraph store, as bytes that travel between processes.

Worker processes import this: it stays light, and knows nothing of results, files or limits of time.
"""

from __future__ import annotations

from typing import Literal

import pyoxigraph as ox

from twingraph.querying.lexer import chooses_graphs
from twingraph.vocab import PREFIXES

__all__ = ["OutputLimitError", "evaluate", "parse_only"]


class OutputLimitError(Exception):
    """The answer is larger than allowed."""


class _CappedBuffer:
    """A binary file that refuses to grow beyond a limit."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self.exceeded = False
        self._room = limit

    def write(self, data: bytes) -> int:
        self._room -= len(data)
        if self._room < 0:
            self.exceeded = True
            raise OutputLimitError
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: the parts are complete."""


def evaluate(
    store: ox.Store, text: str, *, max_bytes: int | None = None
) -> tuple[Literal["select", "ask", "construct"], bytes]:
    """Run a query to its end and return its kind and its payload, as `Result` takes them.

    The default graph is the union of all graphs unless the query names its own. Known prefixes need not
    be declared.

    Raises:
        SyntaxError: the query is not SPARQL.
        OutputLimitError: the payload has more than `max_bytes` bytes.
        OSError: the store can't be read.
    """
    # The engine lets the union win over FROM, silently.
    union = not chooses_graphs(text)
    try:
        answer = store.query(text, use_default_graph_as_union=union)
    except SyntaxError:
        # Handing the prefixes over costs more than most lookups, and few queries leave them out.
        answer = store.query(text, use_default_graph_as_union=union, prefixes=PREFIXES)
    try:
        if isinstance(answer, ox.QueryBoolean):
            return "ask", b"true" if answer else b"false"
        is_select = isinstance(answer, ox.QuerySolutions)
        format = ox.QueryResultsFormat.TSV if is_select else ox.RdfFormat.N_TRIPLES
        if max_bytes is None:
            payload = answer.serialize(format=format) or b""  # type: ignore[arg-type]
        else:
            buffer = _CappedBuffer(max_bytes)
            try:
                answer.serialize(buffer, format)  # type: ignore[arg-type]
            except Exception as error:
                if buffer.exceeded:
                    raise OutputLimitError from error
                raise
            payload = b"".join(buffer.parts)
        return ("select" if is_select else "construct"), payload
    finally:
        # An error's traceback would keep it, and it must not be freed in another thread.
        del answer


def parse_only(text: str) -> None:
    """Check a query's syntax on an empty store.

    Raises:
        SyntaxError: the query is not SPARQL.
    """
    ox.Store().query(text, prefixes=PREFIXES)
