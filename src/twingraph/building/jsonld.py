"""The graph as one JSON-LD document with a context."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from twingraph import resources
from twingraph.building.terms import QuadBuckets
from twingraph.vocab import RDF

__all__ = ["jsonld_context", "jsonld_text", "write_jsonld"]

_TYPE = f"<{RDF.type}>"


def write_jsonld(path: Path, buckets: QuadBuckets, context: dict[str, Any]) -> None:
    """Write one JSON document: the context, then the named graphs with their nodes in short form."""
    with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as out:
        out.writelines(jsonld_text(buckets, context))


def jsonld_context() -> dict[str, Any]:
    """Return the JSON-LD context of the vocabulary: the object under ``@context``."""
    path = resources.ontology_dir() / "context.jsonld"
    context: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["@context"]
    return context


def jsonld_text(buckets: QuadBuckets, context: dict[str, Any]) -> Iterator[str]:
    """Yield a JSON document in pieces: the context, then the named graphs with their nodes in short form.

    The lines are turned into JSON as text: N-Triples escapes strings the way JSON does, and a library that
    builds the objects first takes many times as long.

    Args:
        buckets: settled lines; those of the graph ``""`` belong to the default graph.
        context: what the short names mean.
    """
    write_value = _ValueWriter(_terms(context))
    yield f'{{"@context": {json.dumps(context, ensure_ascii=False, sort_keys=True)},\n"@graph": ['
    between = "\n"
    for graph, lines in buckets.graphs.items():
        if graph:
            yield f'{between}{{"@id": "{graph}", "@graph": ['
            between = "\n"
        for subject, group in groupby(lines, _subject):
            start = len(subject) + 1
            cells = []
            for predicate, same in groupby([line[start:] for line in group], _subject):
                cut = len(predicate) + 1
                cells.append(write_value(predicate, [rest[cut:] for rest in same]))
            yield f'{between}{{"@id": "{_bare(subject)}", {", ".join(cells)}}}'
            between = ",\n"
        if graph:
            yield "\n]}"
            between = ",\n"
    yield "\n]}\n"


def _subject(line: str) -> str:
    return line[: line.index(" ")]


def _bare(term: str) -> str:
    """Return an IRI or blank node as JSON-LD writes it."""
    return term[1:-1] if term[0] == "<" else term


class _ValueWriter:
    """Writes a property and its values as JSON text, in the short form that a context allows."""

    def __init__(self, terms: dict[str, tuple[str, str | None]]) -> None:
        self._terms = terms

    def __call__(self, predicate: str, values: list[str]) -> str:
        if predicate == _TYPE:
            names = [self._terms.get(value[1:-1], (value[1:-1], None))[0] for value in values]
            cells, name = [f'"{found}"' for found in names], "@type"
        else:
            name, coercion = self._terms.get(predicate[1:-1], (predicate[1:-1], None))
            cells = [_json_value(value, coercion) for value in values]
        return f'"{name}": {cells[0]}' if len(cells) == 1 else f'"{name}": [{", ".join(cells)}]'


def _json_value(term: str, coercion: str | None) -> str:
    if term[0] != '"':
        return f'"{_bare(term)}"' if coercion == "@id" else f'{{"@id": "{_bare(term)}"}}'
    end = term.rindex('"') + 1
    text, rest = term[:end], term[end:]
    if not rest:
        return text if coercion is None else f'{{"@value": {text}}}'
    if rest[0] == "@":
        return f'{{"@language": "{rest[1:]}", "@value": {text}}}'
    datatype = rest[3:-1]
    return text if coercion == datatype else f'{{"@type": "{datatype}", "@value": {text}}}'


def _terms(context: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    """Return short key and coerced type of each property IRI of a context."""
    prefixes = {key: value for key, value in context.items() if isinstance(value, str)}

    def expand(name: str) -> str:
        prefix, colon, local = name.partition(":")
        return prefixes[prefix] + local if colon and prefix in prefixes else name

    found: dict[str, tuple[str, str | None]] = {}
    for key, value in context.items():
        if key.startswith("@"):
            continue
        if isinstance(value, dict) and "@id" in value and "@container" not in value:
            coercion = value.get("@type")
            found[expand(value["@id"])] = (key, expand(coercion) if coercion else None)
        elif isinstance(value, str) and not value.endswith(("/", "#")):
            found[expand(value)] = (key, None)
    return found
