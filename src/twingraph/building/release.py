"""The files of a release: the graph in the formats people ask for, tables, and a description with counts.

The same input gives the same bytes: everything is written from sorted lines, and no clock is read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from twingraph.building.csv_tables import write_tables
from twingraph.building.description import describe
from twingraph.building.jsonld import write_jsonld
from twingraph.building.terms import QuadBuckets
from twingraph.conclusions.model import Conclusions
from twingraph.sourcedata.model import Dataset
from twingraph.vocab import CONCLUSIONS_GRAPH, PREFIXES

__all__ = ["write_release"]

Report = Callable[[str], None]


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
    write_jsonld(folder / "twingraph.jsonld", buckets, context)
    report("tables")
    write_tables(folder, dataset, conclusions)
    report("description")
    (folder / "void.ttl").write_bytes(describe(buckets, dataset, version))
