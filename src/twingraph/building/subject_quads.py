"""Associations, events, waves and twinning work as quads."""

from __future__ import annotations

from twingraph.building.partnership_quads import write_conflicts
from twingraph.building.terms import (
    ALT_LABEL,
    DATE_TYPE,
    LABEL,
    TERMS,
    TRUE,
    A,
    QuadBuckets,
    concept_iri,
    edtf_literal,
    iri,
    resource,
    text_literal,
    typed_literal,
)
from twingraph.conclusions.subjects import Subject, concluded_date
from twingraph.dates import parse_edtf
from twingraph.sourcedata.model import Dataset
from twingraph.sourcedata.statements import SCHEMES
from twingraph.vocab import SOURCE_GRAPHS, XSD

__all__ = ["write_subject"]

_CLASSES = {"association": "Association", "event": "Event", "wave": "Wave"}


def write_subject(subject: Subject, dataset: Dataset, buckets: QuadBuckets, out: list[str]) -> None:
    """Write a subject with its values; each claim carries what it states, too."""
    this = resource(subject.type, subject.key)
    if subject.type in _CLASSES:
        out.append(f"{this} {A} {TERMS[_CLASSES[subject.type]]}")
    named = False
    for said in subject.said:
        claim = said.claim
        node = resource("claim", claim.source, claim.id)
        source = buckets.bucket(SOURCE_GRAPHS + claim.source)
        out.append(f"{this} {TERMS['isSupportedBy']} {node}")
        prop = said.property
        predicate = iri(prop.term)
        term = _term(said.target, claim.value, prop.value, dataset.sources[claim.source].language, claim.basis)
        # The claim carries what it states, as a partnership's claim carries tw:start.
        source.append(f"{node} {predicate} {term}")
        if prop.value == "integer" and claim.value.startswith("~"):
            source.append(f"{node} {TERMS['isApproximate']} {TRUE}")
            out.append(f"{this} {TERMS['isApproximate']} {TRUE}")
        if prop.name == "name":
            out.append(f"{this} {ALT_LABEL if named else LABEL} {term}")
            named = True
        elif prop.value != "edtf":
            out.append(f"{term} {predicate} {this}" if prop.reverse else f"{this} {predicate} {term}")
    for name in dict.fromkeys(said.property.name for said in subject.said if said.property.value == "edtf"):
        values = subject.values(name)
        text = concluded_date(values)
        if text:
            date = parse_edtf(text)
            out.append(f"{this} {iri(values[0].property.term)} {edtf_literal(text)}")
            if name == "takes_place_on" and date.earliest and date.latest:
                out.append(f'{this} {TERMS["takesPlaceEarliest"]} "{date.earliest}"{DATE_TYPE}')
                out.append(f'{this} {TERMS["takesPlaceLatest"]} "{date.latest}"{DATE_TYPE}')
    write_conflicts(this, subject.type, subject.key, subject.conflicts, out)


def _term(target: tuple[str, str] | None, value: str, form: str, language: str, basis: str) -> str:
    if target is not None:
        kind, key = target
        return f"<{concept_iri(kind, key)}>" if kind in SCHEMES else resource(kind, key)
    if form == "edtf":
        return edtf_literal(value)
    if form == "integer":
        return typed_literal(str(int(value.lstrip("~"))), XSD.integer)
    if form == "url":
        return iri(value)
    # A name that is inferred is the editor's description, not a name in the source's language.
    return text_literal(value, "" if basis == "inferred" else language)
