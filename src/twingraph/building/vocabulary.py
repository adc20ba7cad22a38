"""The ontology as quads, and the check that every concept the data uses is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from twingraph.building.terms import QuadBuckets, concept_iri
from twingraph.errors import DataError, InvalidDataError
from twingraph.sourcedata.model import Dataset
from twingraph.sourcedata.statements import PROPERTIES
from twingraph.vocab import RDF, SKOS, VOCABULARY_GRAPH

__all__ = ["add_vocabulary"]

#: Files of ``ontology/`` that go into the graph; shapes are for checking and stay outside.
VOCABULARY_FILES = ("twingraph.ttl", "concepts.ttl", "alignments.ttl")


def add_vocabulary(dataset: Dataset, buckets: QuadBuckets, folder: Path) -> None:
    """Add the ontology to its graph, and see that every concept the data uses is in it."""
    out = buckets.bucket(VOCABULARY_GRAPH)
    concepts = set()
    for name in VOCABULARY_FILES:
        path = folder / name
        try:
            graph = ox.Dataset(ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE))
        except SyntaxError as error:
            raise DataError(f"the Turtle is broken: {error.msg}", file=path, row=error.lineno) from None
        # Blank nodes get the names of RDF canonicalisation, so that the same ontology gives the same bytes.
        graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        for quad in graph:
            triple = str(quad.triple)
            out.append(triple.replace("_:c14n", f"_:{path.stem}"))
            if quad.predicate.value == RDF.type and str(quad.object) == f"<{SKOS.Concept}>":
                concepts.add(str(quad.subject)[1:-1])
    missing = [
        DataError(
            f"there is no concept {value!r} in the scheme of {scheme}s; mend it or add it to concepts.ttl",
            file=file,
            row=row,
            column=column,
        )
        for scheme, value, file, row, column in _concepts_used(dataset)
        if concept_iri(scheme, value) not in concepts
    ]
    if missing:
        raise InvalidDataError(missing)


def _concepts_used(dataset: Dataset) -> Iterator[tuple[str, str, Path, int, str]]:
    """Yield scheme, notation, file, row and column of every concept in the data but the closed lists."""
    sources = dataset.folder / "sources"
    for claim in dataset.partnership_claims:
        for field in claim.fields:
            yield "field", field, sources / claim.source / "partnership_claims.csv", claim.row, "fields"
    for other in dataset.other_claims:
        form = PROPERTIES[other.about.partition(":")[0], other.property].value
        file = sources / other.source / "other_claims.csv"
        if form.startswith("concept:"):
            yield form.partition(":")[2], other.value, file, other.row, "value"
        elif form.endswith("side") and other.value not in dataset.countries and not set(other.value) & set(":@"):
            yield "region", other.value, file, other.row, "value"
