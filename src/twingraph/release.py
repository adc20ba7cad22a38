"""The files of a release: the graph in the formats people ask for, tables, and a description with counts.

The same input gives the same bytes: everything is written from sorted lines, and no clock is read.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from twingraph.conclusions import Conclusions
from twingraph.model import Dataset
from twingraph.rdf import QuadBuckets, display_name
from twingraph.vocab import BASE, CONCLUSIONS_GRAPH, DCTERMS, ID, PREFIXES, RDF, SKOS, SOURCE_GRAPHS, TW, XSD

__all__ = ["safe_cell", "write_release"]

Report = Callable[[str], None]

_TYPE = f"<{RDF.type}>"


def write_release(
    folder: Path,
    nquads: Path,
    buckets: QuadBuckets,
    dataset: Dataset,
    conclusions: Conclusions,
    *,
    context: dict[str, Any],
    version: str,
    report: Report,
) -> None:
    """Write all files of a release into an existing folder.

    Args:
        folder: where to write.
        nquads: the N-Quads file the store was loaded from; it stays where it is.
        buckets: the same quads, by graph.
        dataset: for the tables.
        conclusions: for the tables.
        context: the JSON-LD context (the object under ``@context``).
        version: version of the data, for the description.
        report: called with a word for each file, for progress.
    """
    report("TriG")
    # The store has read the same lines strictly; reading them leniently gives the same bytes sooner.
    quads = ox.parse(path=nquads, format=ox.RdfFormat.N_QUADS, lenient=True)
    ox.serialize(quads, folder / "twingraph.trig", ox.RdfFormat.TRIG, prefixes=PREFIXES)
    report("Turtle")
    lines = " .\n".join(buckets.bucket(CONCLUSIONS_GRAPH)) + " .\n"
    triples = ox.parse(lines.encode(), ox.RdfFormat.N_TRIPLES, lenient=True)
    ox.serialize(triples, folder / "conclusions.ttl", ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    del lines, triples
    report("JSON-LD")
    _write_jsonld(folder / "twingraph.jsonld", buckets, context)
    report("tables")
    _write_tables(folder, dataset, conclusions)
    report("description")
    (folder / "void.ttl").write_bytes(_describe(buckets, dataset, conclusions, version))


# --- JSON-LD ---------------------------------------------------------------------------------------------


def _write_jsonld(path: Path, buckets: QuadBuckets, context: dict[str, Any]) -> None:
    """Write one JSON document: the context, then the named graphs with their nodes in short form.

    The lines are turned into JSON as text: N-Triples escapes strings the way JSON does, and a library that
    builds the objects first takes many times as long.
    """
    write_value = _ValueWriter(_terms(context))
    with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as out:
        out.write('{"@context": ')
        json.dump(context, out, ensure_ascii=False, sort_keys=True)
        out.write(',\n"@graph": [')
        between_graphs = "\n"
        for graph, lines in buckets.graphs.items():
            out.write(f'{between_graphs}{{"@id": "{graph}", "@graph": [')
            between_graphs = ",\n"
            between_nodes = "\n"
            for subject, group in groupby(lines, _subject):
                start = len(subject) + 1
                cells = []
                for predicate, same in groupby([line[start:] for line in group], _subject):
                    cut = len(predicate) + 1
                    cells.append(write_value(predicate, [rest[cut:] for rest in same]))
                out.write(f'{between_nodes}{{"@id": "{_bare(subject)}", {", ".join(cells)}}}')
                between_nodes = ",\n"
            out.write("\n]}")
        out.write("\n]}\n")


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


# --- tables ----------------------------------------------------------------------------------------------


def safe_cell(text: str) -> str:
    """Return a cell that a spreadsheet will not take for a formula: a leading ``'`` where one could start.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("Vitré")
    ("'=HYPERLINK(1)", 'Vitré')
    """
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _write_table(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")


def _write_tables(folder: Path, dataset: Dataset, conclusions: Conclusions) -> None:
    places = dataset.municipalities
    _write_table(
        folder / "municipalities.csv",
        [
            "municipality",
            "name",
            "name_de",
            "name_en",
            "country",
            "level",
            "lat",
            "long",
            "wikidata_id",
            "geonames_id",
        ],
        (
            [
                place.key,
                *map(safe_cell, (place.name, place.name_de, place.name_en)),
                place.country,
                place.level,
                place.lat,
                place.long,
                place.wikidata_id,
                place.geonames_id,
            ]
            for place in sorted(places.values(), key=lambda place: place.key)
        ),
    )
    header = "partnership,participants,names,countries,kind,status,start,start_earliest,start_latest,end,"
    header += "end_earliest,end_latest,claims,sources,is_reciprocated,conflicts"
    _write_table(
        folder / "partnerships.csv",
        header.split(","),
        (
            [
                found.key,
                ";".join(found.participants),
                safe_cell("; ".join(display_name(places[key]) for key in found.participants)),
                ";".join(places[key].country for key in found.participants),
                found.kind,
                found.status,
                *(
                    [found.start.text, found.start.earliest or "", found.start.latest or ""]
                    if found.start
                    else [""] * 3
                ),
                *([found.end.text, found.end.earliest or "", found.end.latest or ""] if found.end else [""] * 3),
                str(len(found.claims)),
                str(len({claim.source for claim in found.claims})),
                "true" if found.is_reciprocated else "false",
                ";".join(conflict.property for conflict in found.conflicts),
            ]
            for found in conclusions.partnerships.values()
        ),
    )
    header = "claim,source,locator,partnership,written_names,kind,status,start,end,basis,is_checked"
    _write_table(
        folder / "claims.csv",
        header.split(","),
        (
            [
                f"{claim.source}/{claim.id}",
                claim.source,
                safe_cell(claim.locator),
                conclusions.partnership_of.get((claim.source, claim.id), ""),
                safe_cell("; ".join(place.name for place in claim.places)),
                claim.kind,
                claim.status,
                claim.start,
                claim.end,
                claim.basis,
                "true" if claim.checked else "false",
            ]
            for claim in dataset.partnership_claims
        ),
    )
    _write_table(
        folder / "sources.csv",
        ["source", "title", "publisher", "type", "language", "url", "date", "inferred_date"],
        (
            [
                source.id,
                safe_cell(source.title),
                safe_cell(source.publisher),
                source.type,
                source.language,
                source.url,
                source.date,
                source.inferred_date,
            ]
            for source in dataset.sources.values()
        ),
    )


# --- description -----------------------------------------------------------------------------------------

_FILES = (
    ("twingraph.nq", "application/n-quads"),
    ("twingraph.trig", "application/trig"),
    ("twingraph.jsonld", "application/ld+json"),
    ("conclusions.ttl", "text/turtle"),
    ("partnerships.csv", "text/csv"),
    ("claims.csv", "text/csv"),
    ("municipalities.csv", "text/csv"),
    ("sources.csv", "text/csv"),
)


def _describe(buckets: QuadBuckets, dataset: Dataset, conclusions: Conclusions, version: str) -> bytes:
    """Return the VoID and DCAT description of the data set, as Turtle."""
    this = f"<{BASE}dataset>"
    retrieved = max((source.retrieved for source in dataset.sources.values()), default="")
    counts = {graph: len(lines) for graph, lines in buckets.graphs.items()}
    classes: dict[str, set[str]] = {}
    properties: dict[str, int] = {}
    for lines in buckets.graphs.values():
        for line in lines:
            subject, predicate, value = line.split(" ", 2)
            properties[predicate] = properties.get(predicate, 0) + 1
            if predicate.endswith("#type>"):
                classes.setdefault(value, set()).add(subject)
    out = ["@prefix dcat: <http://www.w3.org/ns/dcat#> .", "@prefix void: <http://rdfs.org/ns/void#> ."]
    out += ["@prefix dcterms: <http://purl.org/dc/terms/> .", f"@prefix xsd: <{XSD}> ."]
    out += ["@prefix foaf: <http://xmlns.com/foaf/0.1/> .", ""]
    out += [
        f"{this} a void:Dataset, dcat:Dataset ;",
        '  dcterms:title "twingraph: the knowledge graph of municipal partnerships"@en ;',
        '  dcterms:description "Partnerships between municipalities, with the claims and sources they rest on."@en ;',
        f'  dcat:version "{version}" ;',
    ]
    if retrieved:
        out.append(f'  dcterms:modified "{retrieved}"^^xsd:date ;')
    out += [
        f'  void:uriSpace "{ID}" ;',
        f"  void:triples {sum(counts.values())} ;",
        f"  void:entities {len(set().union(*classes.values())) if classes else 0} ;",
        f"  void:classes {len(classes)} ;",
        f"  void:properties {len(properties)} ;",
        f"  void:vocabulary <{TW}>, <{SKOS}>, <{DCTERMS}> ;",
        f"  void:exampleResource <{ID}kind/partnership> ;",
    ]
    out += [f"  void:subset <{graph}> ;" for graph in sorted(counts)]
    out += [f"  dcat:distribution <{BASE}release/{name}> ;" for name, _ in _FILES]
    for value in sorted(classes):
        out.append(f"  void:classPartition [ void:class {value} ; void:entities {len(classes[value])} ] ;")
    for predicate in sorted(properties):
        out.append(f"  void:propertyPartition [ void:property {predicate} ; void:triples {properties[predicate]} ] ;")
    out[-1] = out[-1].removesuffix(" ;") + " ."
    out.append("")
    for graph in sorted(counts):
        source = graph.removeprefix(SOURCE_GRAPHS)
        about = f" ; dcterms:source <{ID}source/{source}>" if source != graph else ""
        out.append(f"<{graph}> a void:Dataset ; void:triples {counts[graph]}{about} .")
    for name, media in _FILES:
        out.append(
            f'<{BASE}release/{name}> a dcat:Distribution ; dcterms:title "{name}" ; '
            f"dcat:mediaType <https://www.iana.org/assignments/media-types/{media}> ."
        )
    text = "\n".join(out) + "\n"
    # Read once: a description that is no Turtle must not leave the house.
    for _ in ox.parse(text.encode(), ox.RdfFormat.TURTLE):
        pass
    return text.encode()
