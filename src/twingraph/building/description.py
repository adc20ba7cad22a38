"""The VoID and DCAT description of a release, with counts."""

from __future__ import annotations

import pyoxigraph as ox

from twingraph.building.terms import QuadBuckets
from twingraph.sourcedata.model import Dataset
from twingraph.vocab import BASE, DCTERMS, ID, SKOS, SOURCE_GRAPHS, TW, XSD

__all__ = ["FILES", "describe"]

FILES = (
    ("twingraph.nq", "application/n-quads"),
    ("twingraph.trig", "application/trig"),
    ("twingraph.jsonld", "application/ld+json"),
    ("conclusions.ttl", "text/turtle"),
    ("partnerships.csv", "text/csv"),
    ("claims.csv", "text/csv"),
    ("municipalities.csv", "text/csv"),
    ("sources.csv", "text/csv"),
)


def describe(buckets: QuadBuckets, dataset: Dataset, version: str) -> bytes:
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
    out += [f"  dcat:distribution <{BASE}release/{name}> ;" for name, _ in FILES]
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
    for name, media in FILES:
        out.append(
            f'<{BASE}release/{name}> a dcat:Distribution ; dcterms:title "{name}" ; '
            f"dcat:mediaType <https://www.iana.org/assignments/media-types/{media}> ."
        )
    text = "\n".join(out) + "\n"
    # Read once: a description that is no Turtle must not leave the house.
    for _ in ox.parse(text.encode(), ox.RdfFormat.TURTLE):
        pass
    return text.encode()
