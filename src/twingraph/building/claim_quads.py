"""Sources and their claims as quads, each in the graph of its source."""

from __future__ import annotations

from twingraph.building.terms import (
    ALT_LABEL,
    FALSE,
    INTEGER_TYPE,
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
    write_date,
)
from twingraph.conclusions.model import Conclusions
from twingraph.conclusions.resolution import Resolver
from twingraph.dates import parse_edtf
from twingraph.names import search_key
from twingraph.sourcedata.model import Dataset, OtherClaim, PartnershipClaim, Source
from twingraph.vocab import CONCLUSIONS_GRAPH, DCTERMS, SKOS, SOURCE_GRAPHS, XSD

__all__ = ["write_other_claim", "write_partnership_claim", "write_source"]


def write_source(source: Source, dataset: Dataset, conclusions: Conclusions, buckets: QuadBuckets) -> None:
    """Write a source's metadata into its own graph, and for whom it speaks."""
    out = buckets.bucket(SOURCE_GRAPHS + source.id)
    this = resource("source", source.id)
    out.append(f"{this} {A} {TERMS['Source']}")
    out.append(f"{this} {iri(DCTERMS + 'title')} {text_literal(source.title, source.language)}")
    out.append(f"{this} {iri(DCTERMS.publisher)} {text_literal(source.publisher)}")
    out.append(f"{this} {iri(DCTERMS.language)} {text_literal(source.language)}")
    out.append(f"{this} {iri(DCTERMS.identifier)} {text_literal(source.id)}")
    out.append(f"{this} {TERMS['hasSourceType']} <{concept_iri('source-type', source.type.replace(' ', '-'))}>")
    if source.url:
        out.append(f"{this} {TERMS['webpage']} <{source.url}>")
    if source.date:
        out.append(f"{this} {iri(DCTERMS.date)} {edtf_literal(source.date)}")
    if source.inferred_date:
        out.append(f"{this} {TERMS['inferredDate']} {edtf_literal(source.inferred_date)}")
        out.append(f"{this} {TERMS['inferenceNote']} {text_literal(source.inference, 'en')}")
    if source.retrieved:
        out.append(f"{this} {TERMS['retrievedOn']} {typed_literal(source.retrieved, XSD.date)}")
    if source.checked_how:
        out.append(f"{this} {TERMS['checkNote']} {text_literal(source.checked_how, 'en')}")
    if source.licence:
        out.append(f"{this} {iri(DCTERMS.rights)} {text_literal(source.licence)}")
    count, checked = conclusions.claim_counts.get(source.id, (0, 0))
    is_checked = checked == count if count else bool(source.checked_how)
    out.append(f"{this} {TERMS['isChecked']} {TRUE if is_checked else FALSE}")
    out.append(f'{this} {TERMS["claimCount"]} "{count}"{INTEGER_TYPE}')
    out.append(f'{this} {TERMS["checkedClaimCount"]} "{checked}"{INTEGER_TYPE}')
    for key in sorted(conclusions.voices.get(source.id, ())):
        buckets.bucket(CONCLUSIONS_GRAPH).append(f"{this} {TERMS['speaksFor']} {resource('municipality', key)}")


def write_claim_head(claim: PartnershipClaim | OtherClaim, out: list[str]) -> str:
    this = resource("claim", claim.source, claim.id)
    out.append(f"{this} {A} {TERMS['Claim']}")
    out.append(f"{this} {TERMS['isStatedBy']} {resource('source', claim.source)}")
    out.append(f"{this} {TERMS['locator']} {text_literal(claim.locator)}")
    out.append(f"{this} {TERMS['hasBasis']} <{concept_iri('basis', claim.basis)}>")
    out.append(f"{this} {TERMS['isChecked']} {TRUE if claim.checked else FALSE}")
    if claim.note:
        out.append(f"{this} {iri(SKOS.note)} {text_literal(claim.note, 'en')}")
    return this


_CLAIM_DATES = (
    ("start", "start"),
    ("end", "end"),
    ("status_since", "statusSince"),
    ("first_contact", "firstContact"),
    ("renewed", "renewed"),
    ("taken_over", "takenOverOn"),
)


def write_partnership_claim(
    claim: PartnershipClaim,
    dataset: Dataset,
    resolver: Resolver,
    labels: dict[str, set[str]],
    buckets: QuadBuckets,
    conclusions: list[str],
) -> None:
    """Write a claim as its source states it; to which municipalities its names refer is a conclusion."""
    out = buckets.bucket(SOURCE_GRAPHS + claim.source)
    this = write_claim_head(claim, out)
    language = dataset.sources[claim.source].language
    for number, place in enumerate(claim.places, 1):
        mention = resource("mention", claim.source, claim.id, str(number))
        name = text_literal(place.name)
        out.append(f"{this} {TERMS['hasMention']} {mention}")
        out.append(f"{this} {TERMS['writtenName']} {name}")
        out.append(f"{mention} {A} {TERMS['Mention']}")
        out.append(f"{mention} {TERMS['writtenName']} {name}")
        found = resolver.resolve(place, claim.source)
        if found.municipality is None:
            continue
        municipality = resource("municipality", found.municipality)
        conclusions.append(f"{mention} {TERMS['refersTo']} {municipality}")
        if found.basis in ("judgement", "match"):
            conclusions.append(f"{mention} {TERMS['resolutionBasis']} {text_literal(found.basis)}")
        known = labels[found.municipality]
        literal = text_literal(place.name, language)
        if literal not in known:
            known.add(literal)
            conclusions.append(f"{municipality} {ALT_LABEL} {literal}")
            search = text_literal(search_key(place.name))
            if f"search {search}" not in known:
                known.add(f"search {search}")
                conclusions.append(f"{municipality} {TERMS['searchName']} {search}")
    country = claim.then_country or (claim.places[1].country if claim.written_country else "")
    if country:
        out.append(f"{this} {TERMS['countryAsStated']} {resource('country', country)}")
    if claim.written_country:
        out.append(f"{this} {TERMS['writtenCountry']} {text_literal(claim.written_country)}")
    if claim.kind:
        out.append(f"{this} {TERMS['hasKind']} <{concept_iri('kind', claim.kind)}>")
    if claim.status:
        out.append(f"{this} {TERMS['hasStatus']} <{concept_iri('status', claim.status)}>")
    if claim.becomes:
        out.append(f"{this} {TERMS['becomesKind']} <{concept_iri('kind', claim.becomes)}>")
    for field in claim.fields:
        out.append(f"{this} {TERMS['hasField']} <{concept_iri('field', field)}>")
    for column, term in _CLAIM_DATES:
        text = getattr(claim, column)
        if text:
            write_date(out, this, term, parse_edtf(text))
    if claim.taken_over_from:
        out.append(f"{this} {TERMS['writtenPredecessor']} {text_literal(claim.taken_over_from)}")


def write_other_claim(claim: OtherClaim, buckets: QuadBuckets) -> None:
    """Write the head of a claim about something else; its value is written with the subject."""
    write_claim_head(claim, buckets.bucket(SOURCE_GRAPHS + claim.source))
