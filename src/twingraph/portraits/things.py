"""Everything known about an association, an event, a wave or a country."""

from __future__ import annotations

from collections import defaultdict

from twingraph.portraits.asking import Asker, Row, key_of
from twingraph.portraits.bibliography import read_sources
from twingraph.portraits.model import Conflict, Fact, Side, Thing
from twingraph.portraits.subjects import CountryPair, CountryPortrait, Name, ThingPortrait, Town
from twingraph.portraits.ties import evidence_of, group_facts

__all__ = ["portray_country", "portray_thing", "read_conflicts", "read_names", "read_thing", "subject_facts"]

_NAMES = ("label", "altLabel")


def subject_facts(asker: Asker, iri: str) -> list[Fact]:
    """Return what sources state of something, one fact for each value."""
    return group_facts(asker.ask_named("portrait/statements", subject=iri))


def read_names(asker: Asker, iri: str) -> list[Name]:
    """Return all names that something bears."""
    return [
        Name(row["name"], row["language"], row["is_best"]) for row in asker.ask("portrait/names-borne", subject=iri)
    ]


def read_conflicts(asker: Asker, iri: str) -> list[Conflict]:
    """Return where sources contradict each other about a thing itself, with the value of each claim."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in asker.ask("portrait/own-conflicts", subject=iri):
        groups[row["conflict"], row["property"]].append(row)
    conflicts = []
    for (conflict, name), rows in groups.items():
        values: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            values[str(row["value"])].append(row)
        sides = [Side(value, 0, [evidence_of(row) for row in found]) for value, found in values.items()]
        conflicts.append(Conflict(conflict, name, sides))
    return conflicts


def read_thing(asker: Asker, type: str, iri: str, name: str) -> Thing:
    """Return an association, an event or a wave."""
    facts = [fact for fact in subject_facts(asker, iri) if fact.property != "label"]
    return Thing(type, iri, key_of(iri), name, facts, read_conflicts(asker, iri))


def portray_thing(asker: Asker, type: str, iri: str) -> ThingPortrait:
    """Return everything the graph knows about an association, an event or a wave."""
    facts = subject_facts(asker, iri)
    names = read_names(asker, iri)
    evidence = {item.source for fact in facts for item in fact.evidence}
    return ThingPortrait(
        type=type,
        iri=iri,
        key=key_of(iri),
        name=next((name.name for name in names if name.is_best), key_of(iri)),
        names=names,
        facts=[fact for fact in facts if fact.property not in _NAMES],
        conflicts=read_conflicts(asker, iri),
        sources=read_sources(asker, evidence),
    )


def portray_country(asker: Asker, iri: str) -> CountryPortrait:
    """Return a country in numbers: its municipalities and whom they are twinned with."""
    code = key_of(iri)
    card = asker.ask_named("portrait/country-card", country=code)[0]
    waves = [
        read_thing(asker, "wave", row["wave"], row["name"]) for row in asker.ask("portrait/country-waves", country=code)
    ]
    return CountryPortrait(
        type="country",
        iri=iri,
        key=code,
        name=card["name"],
        continent=card["continent"],
        start=card["start"],
        end=card["end"],
        claim_count=card["claims"],
        partners=[
            CountryPair(row["code"], row["name"], row["partnerships"], row["first"], row["first_start"])
            for row in asker.ask_named("portrait/country-partners", country=code)
        ],
        municipalities=[
            Town(row["municipality"], key_of(row["municipality"]), row["name"], row["partners"])
            for row in asker.ask_named("portrait/country-towns", country=code)
        ],
        waves=waves,
        sources=read_sources(asker, {item.source for wave in waves for fact in wave.facts for item in fact.evidence}),
    )
