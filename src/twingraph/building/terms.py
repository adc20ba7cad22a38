"""N-Quads terms: the only place that mints IRIs of resources and writes literals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from twingraph.dates import EdtfDate
from twingraph.vocab import EDTF, ID, RDF, RDFS, SKOS, TW, XSD

__all__ = ["QuadBuckets", "concept_iri", "iri", "resource", "text_literal", "typed_literal"]

_ESCAPES = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f", "\x7f": "\\u007F"}
    | {chr(code): f"\\u{code:04X}" for code in range(32) if chr(code) not in "\n\r\t\b\f"}
)


def iri(text: str) -> str:
    """Return an IRI as an N-Quads term. The text must have been checked or minted here."""
    return f"<{text}>"


def text_literal(text: str, language: str = "") -> str:
    """Return a string, with its language if known, as an N-Quads term."""
    plain = f'"{text.translate(_ESCAPES)}"'
    return f"{plain}@{language}" if language and language != "und" else plain


def typed_literal(text: str, datatype: str) -> str:
    """Return a typed literal as an N-Quads term. `text` is in the type's lexical form."""
    return f'"{text}"^^<{datatype}>'


def concept_iri(scheme: str, notation: str) -> str:
    """Return the IRI of a SKOS concept.

    >>> concept_iri("kind", "friendship")
    'https://w3id.org/twingraph/id/kind/friendship'
    """
    return f"{ID}{scheme}/{notation}"


def resource(kind: str, *parts: str) -> str:
    """Return the IRI of a resource as an N-Quads term; parts are percent-encoded where needed."""
    # No safe part holds a slash, so one look at all of them together tells.
    if not _SAFE("".join(parts)):
        parts = tuple(quote(part, safe="") for part in parts)
    return f"<{ID}{kind}/{'/'.join(parts)}>"


_SAFE = re.compile(r"[A-Za-z0-9._~-]+\Z").match
A = iri(RDF.type)
LABEL = iri(RDFS.label)
ALT_LABEL = iri(SKOS.altLabel)
EDTF_TYPE = f"^^<{EDTF}>"
DATE_TYPE = f"^^<{XSD.date}>"
INTEGER_TYPE = f"^^<{XSD.integer}>"
TRUE, FALSE = typed_literal("true", XSD.boolean), typed_literal("false", XSD.boolean)


class _Terms(dict[str, str]):
    """Terms of the ontology as N-Quads terms, by local name."""

    def __missing__(self, name: str) -> str:
        term = self[name] = iri(TW + name)
        return term


TERMS = _Terms()


def edtf_literal(text: str) -> str:
    return f'"{text}"{EDTF_TYPE}'


def write_date(out: list[str], this: str, term: str, date: EdtfDate) -> None:
    """Write a date as stated and, for those that queries filter by, its bounds."""
    out.append(f'{this} {TERMS[term]} "{date.text}"{EDTF_TYPE}')
    if term in ("start", "end", "firstStart"):
        if date.earliest:
            out.append(f'{this} {TERMS[term + "Earliest"]} "{date.earliest}"{DATE_TYPE}')
        if date.latest:
            out.append(f'{this} {TERMS[term + "Latest"]} "{date.latest}"{DATE_TYPE}')


class QuadBuckets:
    """N-Triples lines by named graph: what will be one N-Quads file. The name ``""`` means the default graph."""

    def __init__(self) -> None:
        self.graphs: dict[str, list[str]] = {}

    def bucket(self, graph: str) -> list[str]:
        """Return the list of lines ``s p o`` of a graph; append to it."""
        return self.graphs.setdefault(graph, [])

    def settle(self) -> None:
        """Sort each graph's lines and drop repetitions; what is read later comes in this order."""
        self.graphs = {graph: sorted(set(self.graphs[graph])) for graph in sorted(self.graphs)}

    def text(self, size: int = 10_000) -> Iterable[str]:
        """Yield all quads as N-Quads, in pieces of at most `size` lines."""
        for graph, lines in self.graphs.items():
            end = f" <{graph}> .\n" if graph else " .\n"
            for at in range(0, len(lines), size):
                yield end.join(lines[at : at + size]) + end
