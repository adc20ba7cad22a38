"""The answer to a query, the same from every store, in every form that a user can ask for."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import pyoxigraph as ox

from twingraph.errors import ResultFormatError
from twingraph.vocab import XSD

if TYPE_CHECKING:
    import pandas
    import polars
    from rdflib import Graph
    from rdflib.term import Identifier

    from twingraph.answers.columns import Column, Scalar

__all__ = ["DEFAULT_FORMATS", "FORMATS", "Kind", "Result"]

Kind = Literal["select", "ask", "construct"]

#: Formats by kind of answer. ``construct`` stands for DESCRIBE too.
FORMATS: dict[Kind, tuple[str, ...]] = {
    "select": ("table", "csv", "tsv", "json", "xml", "markdown", "parquet"),
    "ask": ("table", "csv", "tsv", "json", "xml", "markdown"),
    "construct": ("turtle", "ntriples", "jsonld", "rdfxml"),
}
#: What a person gets to see who asks for no format.
DEFAULT_FORMATS: dict[Kind, str] = {"select": "table", "ask": "table", "construct": "turtle"}

_NAMES: dict[Kind, str] = {"select": "a SELECT", "ask": "an ASK", "construct": "a CONSTRUCT or DESCRIBE"}
_ENGINE_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}

#: How terms begin that TSV and N-Triples write alike.
_WHOLE = frozenset(("<", '"', "_", ""))
_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


def _spelt_out(short: str) -> str:
    """Return a number or boolean of TSV with its datatype."""
    kind = "boolean" if short in ("true", "false") else "decimal" if "." in short else "integer"
    return f'"{short}"^^<{XSD}{kind}>'


class Result:
    """The complete answer to one query, independent of the store it came from.

    Args:
        kind: what sort of answer it is.
        payload: SPARQL TSV for ``select``, ``true`` or ``false`` for ``ask``, N-Triples for ``construct``.
    """

    # TSV holds every term without loss, and Oxigraph reads it back faster than it writes it: other formats
    # are made from it on demand, and a worker process can send it as it is.

    def __init__(self, kind: Kind, payload: bytes) -> None:
        self.kind: Kind = kind
        # A graph is a set of triples; the engine may repeat them, and its order means nothing.
        self.payload = b"".join(sorted(set(payload.splitlines(True)))) if kind == "construct" else payload

    def __repr__(self) -> str:
        """Return the kind and the size."""
        return f"<Result {self.kind}, {len(self)} rows>"

    def __len__(self) -> int:
        """Return the number of rows or triples; 1 for an ASK."""
        if self.kind == "ask":
            return 1
        return self.payload.count(b"\n") - (self.kind == "select")

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The columns in order, without question marks; empty for ASK and CONSTRUCT."""
        header = self.payload.partition(b"\n")[0].decode() if self.kind == "select" else ""
        return tuple(name[1:] for name in header.split("\t")) if header else ()

    @property
    def answer(self) -> bool:
        """The answer to an ASK."""
        self._require("ask", "a yes or no")
        return self.payload == b"true"

    @property
    def rows(self) -> list[tuple[Identifier | None, ...]]:
        """The rows of a SELECT as rdflib terms, None where a variable is not bound."""
        from twingraph.answers.terms import to_rdflib_term

        self._require("select", "rows")
        solutions = ox.parse_query_results(self.payload, ox.QueryResultsFormat.TSV)
        return [
            tuple(None if term is None else to_rdflib_term(term) for term in solution)
            for solution in solutions  # type: ignore[union-attr]
        ]

    def term_rows(self) -> Iterator[list[str]]:
        """Yield the rows of a SELECT as N-Triples terms, an empty text where a variable is not bound.

        Many times as fast as `rows`: the engine's TSV writes terms as N-Triples does, but for short numbers, booleans
        and raw control characters.
        """
        self._require("select", "rows")
        if _CONTROLS.search(self.payload):
            solutions = ox.parse_query_results(self.payload, ox.QueryResultsFormat.TSV)
            for solution in solutions:  # type: ignore[union-attr]
                yield ["" if term is None else str(term) for term in solution]
            return
        for line in self.payload.decode().split("\n")[1:-1]:
            yield [term if term[:1] in _WHOLE else _spelt_out(term) for term in line.split("\t")]

    @property
    def graph(self) -> Graph:
        """The triples of a CONSTRUCT or DESCRIBE as an rdflib graph."""
        from twingraph.answers.terms import to_rdflib_graph

        self._require("construct", "a graph")
        return to_rdflib_graph(self.payload)

    def records(self) -> list[dict[str, Scalar | None]]:
        """Return the rows of a SELECT as dictionaries of plain Python values, without rdflib.

        IRIs, strings and EDTF dates are strings; numbers, booleans and dates have their Python types.
        """
        columns = self._columns()
        names = [column.name for column in columns]
        rows = zip(*(column.values for column in columns), strict=True)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def frame(self, library: Literal["polars", "pandas"] = "polars") -> polars.DataFrame | pandas.DataFrame:
        """Return the rows of a SELECT as a data frame with typed columns.

        Raises:
            ResultFormatError: not a SELECT, an unknown library, or pandas is not installed.
        """
        from twingraph.answers.columns import to_pandas, to_polars

        if library == "polars":
            return to_polars(self._columns())
        if library == "pandas":
            return to_pandas(self._columns())
        raise ResultFormatError(f"{library!r} is no data frame library; take polars or pandas")

    def serialize(self, format: str, *, width: int | None = None) -> bytes:
        """Return the answer as a file's content: ``csv`` is exactly SPARQL's CSV.

        Args:
            format: one of `FORMATS` for this kind of answer.
            width: columns of the terminal, for ``table``; None: as wide as the values need.

        Raises:
            ResultFormatError: the format does not exist or does not fit this kind of answer.
        """
        if format not in FORMATS[self.kind]:
            raise ResultFormatError(self._refusal(format))
        if self.kind == "construct":
            return self._triples(format)
        if format in _ENGINE_FORMATS:
            return self._engine_format(format)
        if self.kind == "ask":
            return self.payload + b"\n"
        if format == "parquet":
            from twingraph.answers.columns import to_polars

            buffer = io.BytesIO()
            to_polars(self._columns()).write_parquet(buffer)
            return buffer.getvalue()
        from twingraph.answers.layout import markdown_table, text_table

        text = markdown_table(self.payload) if format == "markdown" else text_table(self.payload, width=width)
        return text.encode()

    def _columns(self) -> list[Column]:
        from twingraph.answers.columns import typed_columns

        self._require("select", "columns")
        return typed_columns(self.payload)

    def _engine_format(self, format: str) -> bytes:
        if self.kind == "select" and format == "tsv":
            return self.payload
        if self.kind == "ask":
            answer: Any = b'{"head":{},"boolean":' + self.payload + b"}"
            parsed = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
        else:
            parsed = ox.parse_query_results(self.payload, ox.QueryResultsFormat.TSV)
        return parsed.serialize(format=_ENGINE_FORMATS[format]) or b""

    def _triples(self, format: str) -> bytes:
        if format == "ntriples":
            return self.payload
        from twingraph.answers.triple_files import to_jsonld, to_rdfxml, to_turtle

        writer = {"turtle": to_turtle, "jsonld": to_jsonld, "rdfxml": to_rdfxml}[format]
        return writer(self.payload)

    def _require(self, kind: Kind, what: str) -> None:
        if self.kind != kind:
            raise ResultFormatError(f"{_NAMES[self.kind]} query gives no {what.removeprefix('a ')}")

    def _refusal(self, format: str) -> str:
        fitting = ", ".join(FORMATS[self.kind])
        if any(format in formats for formats in FORMATS.values()):
            return f"{_NAMES[self.kind]} query can't be written as {format}; take one of {fitting}"
        return f"there is no format {format!r}; {_NAMES[self.kind]} query can be written as {fitting}"
