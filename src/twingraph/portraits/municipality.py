"""Everything known about a municipality, gathered from the query library."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from twingraph.portraits.asking import Asker, Row, key_of
from twingraph.portraits.bibliography import read_sources
from twingraph.portraits.model import Claim, Concept, Evidence, Fact, Thing, Tie
from twingraph.portraits.subjects import (
    Gap,
    Identifier,
    MunicipalityPortrait,
    Transfer,
    UnresolvedTie,
    WrittenName,
)
from twingraph.portraits.things import read_conflicts, read_names, read_thing, subject_facts
from twingraph.portraits.ties import evidence_of, read_ties
from twingraph.vocab import GN, WD

__all__ = ["cited", "portray_municipality"]

_GAZETTEER = ("statesIdentifier", "statesCoordinates")
_MERGERS = ("mergedInto", "mergedOn")


def portray_municipality(asker: Asker, iri: str) -> MunicipalityPortrait:
    """Return everything the graph knows about a municipality."""
    card = asker.ask_named("portrait/municipality-card", municipality=iri)[0]
    stated = subject_facts(asker, iri)
    identifiers = [_identifier(fact) for fact in stated if fact.property == "statesIdentifier"]
    coordinates = [fact for fact in stated if fact.property == "statesCoordinates"]
    ties = read_ties(asker, iri)
    open_ties = [
        UnresolvedTie(row["name"], row["written_country"], row["start"], evidence_of(row))
        for row in asker.ask("portrait/unresolved-ties", municipality=iri)
    ]
    portrait = MunicipalityPortrait(
        type="municipality",
        iri=iri,
        key=key_of(iri),
        name=card["name"],
        country=card["country"],
        country_name=card["country_name"],
        level=Concept(card["level"], card["level_name"]),
        latitude=card["latitude"],
        longitude=card["longitude"],
        coordinates_evidence=[evidence for fact in coordinates for evidence in fact.evidence],
        partner_count=card["partners"] or 0,
        partner_country_count=card["partner_countries"] or 0,
        names=read_names(asker, iri),
        written_names=_written_names(asker, iri),
        identifiers=sorted(identifiers, key=lambda item: (item.scheme != "Wikidata", item.scheme)),
        partnerships=ties,
        unresolved_partnerships=open_ties,
        facts=[fact for fact in stated if fact.property not in _GAZETTEER],
        transfers=_transfers(asker, iri),
        associations=_things(asker, "association", "portrait/associations-around", iri),
        events=_things(asker, "event", "portrait/events-around", iri),
        waves=_things(asker, "wave", "portrait/waves-told", iri),
        conflicts=read_conflicts(asker, iri),
        gaps=[],
    )
    portrait.gaps.extend(_gaps(portrait))
    portrait.sources.extend(read_sources(asker, {evidence.source for evidence in cited(portrait)}))
    return portrait


def cited(found: Any) -> Iterator[Evidence]:
    """Yield all evidence that stands anywhere in a dataclass, and that of its claims."""
    if isinstance(found, Evidence):
        yield found
    elif isinstance(found, list):
        for item in found:
            yield from cited(item)
    elif isinstance(found, dict):
        yield from cited(list(found.values()))
    elif isinstance(found, Claim):
        yield Evidence(found.iri, found.source, found.locator)
    elif is_dataclass(found):
        for item in fields(found):
            yield from cited(getattr(found, item.name))


def _identifier(fact: Fact) -> Identifier:
    for scheme, space in (("Wikidata", str(WD)), ("GeoNames", str(GN))):
        if fact.value.startswith(space):
            local = fact.value.removeprefix(space).strip("/")
            return Identifier(scheme, local, fact.value, fact.evidence)
    return Identifier("other", fact.value, fact.value, fact.evidence)


def _written_names(asker: Asker, iri: str) -> list[WrittenName]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in asker.ask("portrait/names-written", municipality=iri):
        groups[row["name"]].append(row)
    return [
        WrittenName(name, any(row["basis"] == "judgement" for row in rows), [evidence_of(row) for row in rows])
        for name, rows in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _transfers(asker: Asker, iri: str) -> list[Transfer]:
    return [
        Transfer(row["relation"], row["municipality"], row["name"], row["date"], row["tie"], row["label"])
        for row in asker.ask_named("portrait/mergers", municipality=iri)
        if row["municipality"] != iri or row["relation"] in ("merged into", "absorbed")
    ]


def _things(asker: Asker, type: str, query: str, iri: str) -> list[Thing]:
    return [read_thing(asker, type, row[type], row["name"]) for row in asker.ask(query, municipality=iri)]


def _gaps(portrait: MunicipalityPortrait) -> Iterator[Gap]:
    """Yield what is not known, so that a reader does not take silence for an answer."""
    if portrait.latitude is None:
        yield Gap("no-coordinates", "no source gives its coordinates", [portrait.iri])
    for scheme in ("Wikidata", "GeoNames"):
        if not any(item.scheme == scheme for item in portrait.identifiers):
            kind = f"no-{scheme.lower()}-id"
            yield Gap(kind, f"no source confirms its {scheme} id", [portrait.iri])
    ties = portrait.partnerships
    if not ties:
        yield Gap("no-partnership", "no source names a partner that is identified", [portrait.iri])
    checks: list[tuple[str, str, list[Tie]]] = [
        ("no-start", "no source dates the start", [tie for tie in ties if tie.start is None]),
        ("one-source", "only one source", [tie for tie in ties if tie.source_count == 1]),
        (
            "not-checked",
            "no claim was read in its source",
            [tie for tie in ties if not any(claim.is_checked for claim in tie.claims)],
        ),
        (
            "own-side-silent",
            f"no source that speaks for {portrait.name} names it",
            [tie for tie in ties if any(m.iri == portrait.iri and not m.is_own_voice for m in tie.members)],
        ),
    ]
    for kind, message, found in checks:
        if found:
            yield Gap(kind, message, [tie.iri for tie in found])
    if portrait.unresolved_partnerships:
        claims = [tie.evidence.claim for tie in portrait.unresolved_partnerships]
        yield Gap("unresolved", "the partner is not identified", claims)
