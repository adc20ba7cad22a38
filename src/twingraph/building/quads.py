"""Model and conclusions as N-Quads.

Every triple is written into exactly one named graph, since a query over the union of all graphs must see
each fact once (Oxigraph's union does not drop a triple that stands in two).
"""

from __future__ import annotations

from twingraph.building.claim_quads import write_other_claim, write_partnership_claim, write_source
from twingraph.building.gazetteer_quads import display_name, write_gazetteer
from twingraph.building.partnership_quads import write_concept_counts, write_derived, write_partnership
from twingraph.building.subject_quads import write_subject
from twingraph.building.terms import QuadBuckets
from twingraph.conclusions.model import Conclusions
from twingraph.conclusions.resolution import Resolver
from twingraph.conclusions.subjects import Subject
from twingraph.sourcedata.model import Dataset
from twingraph.vocab import CONCLUSIONS_GRAPH

__all__ = ["write_quads"]


def write_quads(dataset: Dataset, resolver: Resolver, conclusions: Conclusions, subjects: list[Subject]) -> QuadBuckets:
    """Return the whole graph but the vocabulary as lines by named graph, not yet settled."""
    buckets = QuadBuckets()
    labels = write_gazetteer(dataset, buckets)
    for source in dataset.sources.values():
        write_source(source, dataset, conclusions, buckets)
    out = buckets.bucket(CONCLUSIONS_GRAPH)
    for claim in dataset.partnership_claims:
        write_partnership_claim(claim, dataset, resolver, labels, buckets, out)
    for other in dataset.other_claims:
        write_other_claim(other, buckets)
    countries = {key: place.country for key, place in dataset.municipalities.items()}
    names = {key: display_name(place) for key, place in dataset.municipalities.items()}
    for found in conclusions.partnerships.values():
        write_partnership(found, names, countries, out)
    write_derived(conclusions, countries, out)
    for subject in subjects:
        write_subject(subject, dataset, buckets, out)
    write_concept_counts(out)
    return buckets
