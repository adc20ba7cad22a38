"""Partnerships as quads, and what follows from all of them together."""

from __future__ import annotations

from twingraph.building.terms import (
    FALSE,
    INTEGER_TYPE,
    LABEL,
    TERMS,
    TRUE,
    A,
    concept_iri,
    iri,
    resource,
    text_literal,
    write_date,
)
from twingraph.conclusions.model import Conclusions, Conflict, Partnership
from twingraph.names import search_key
from twingraph.sourcedata.statements import PROPERTIES
from twingraph.vocab import ID, TW

__all__ = ["write_concept_counts", "write_conflicts", "write_derived", "write_partnership"]


def write_partnership(found: Partnership, names: dict[str, str], countries: dict[str, str], out: list[str]) -> None:
    """Write a partnership with its counts, phases and conflicts."""
    this = resource("partnership", found.key)
    add = out.append
    add(f"{this} {A} {TERMS['Partnership']}")
    add(f"{this} {LABEL} {text_literal(_partnership_label(found, names))}")
    for key in found.participants:
        add(f"{this} {TERMS['hasParticipant']} {resource('municipality', key)}")
    for key in found.confirmed_by:
        add(f"{this} {TERMS['isConfirmedBy']} {resource('municipality', key)}")
    for key in found.taken_over_from:
        add(f"{this} {TERMS['takenOverFrom']} {resource('municipality', key)}")
    add(f"{this} {TERMS['hasKind']} <{concept_iri('kind', found.kind)}>")
    add(f"{this} {TERMS['hasStatus']} <{concept_iri('status', found.status)}>")
    for field in found.fields:
        add(f"{this} {TERMS['hasField']} <{concept_iri('field', field)}>")
    for claim in found.claims:
        add(f"{this} {TERMS['isSupportedBy']} {resource('claim', claim.source, claim.id)}")
    if found.start:
        write_date(out, this, "start", found.start)
        year = found.start.year
        if year is not None:
            add(f'{this} {TERMS["startYear"]} "{year}"{INTEGER_TYPE}')
        earliest, latest = found.start.earliest, found.start.latest
        if earliest and latest and earliest[:3] == latest[:3]:
            add(f'{this} {TERMS["startDecade"]} "{int(earliest[:3])}0"{INTEGER_TYPE}')
    if found.first_start:
        write_date(out, this, "firstStart", found.first_start)
    if found.end:
        write_date(out, this, "end", found.end)
        if found.end.year is not None:
            add(f'{this} {TERMS["endYear"]} "{found.end.year}"{INTEGER_TYPE}')
    if found.status_since:
        write_date(out, this, "statusSince", found.status_since)
    add(f'{this} {TERMS["claimCount"]} "{len(found.claims)}"{INTEGER_TYPE}')
    add(f'{this} {TERMS["sourceCount"]} "{len({c.source for c in found.claims})}"{INTEGER_TYPE}')
    add(f'{this} {TERMS["participantCount"]} "{len(found.participants)}"{INTEGER_TYPE}')
    add(f"{this} {TERMS['isReciprocated']} {TRUE if found.is_reciprocated else FALSE}")
    states = [countries[key] for key in found.participants]
    add(f"{this} {TERMS['isDomestic']} {TRUE if len(set(states)) == 1 else FALSE}")
    if len(states) == 2:
        add(f"{this} {TERMS['hasCountryPair']} {resource('country-pair', _pair(states))}")
    for number, phase in enumerate(found.phases, 1):
        node = resource("phase", found.key, str(number))
        add(f"{this} {TERMS['hasPhase']} {node}")
        add(f"{node} {A} {TERMS['Phase']}")
        add(f'{node} {TERMS["position"]} "{number}"{INTEGER_TYPE}')
        add(f"{node} {TERMS['hasKind']} <{concept_iri('kind', phase.kind)}>")
        if phase.start:
            write_date(out, node, "start", phase.start)
        if phase.end:
            write_date(out, node, "end", phase.end)
    write_conflicts(this, "partnership", found.key, found.conflicts, out)


def _partnership_label(found: Partnership, names: dict[str, str]) -> str:
    if len(found.participants) <= 4 or not found.key.startswith("union-"):
        return " – ".join(sorted((names[key] for key in found.participants), key=search_key))
    union = found.key.removeprefix("union-").replace("-", " ").title()
    return f"{union} ({len(found.participants)} municipalities)"


_CONFLICT_TERMS = {"kind": "hasKind", "status": "hasStatus"}


def write_conflicts(this: str, kind: str, key: str, conflicts: list[Conflict], out: list[str]) -> None:
    """Write the conflicts of a subject, each with its property and the claims that disagree."""
    for number, conflict in enumerate(conflicts, 1):
        node = resource("conflict", kind, key, f"{conflict.property}-{number}")
        term = TW + _CONFLICT_TERMS.get(conflict.property, conflict.property)
        if kind != "partnership":
            term = PROPERTIES[kind, conflict.property].term
        values = ", ".join(dict.fromkeys(conflict.values))
        name = conflict.property.replace("_", " ")
        out.append(f"{this} {TERMS['hasConflict']} {node}")
        out.append(f"{node} {A} {TERMS['Conflict']}")
        out.append(f"{node} {TERMS['concernsProperty']} {iri(term)}")
        out.append(f"{node} {LABEL} {text_literal(f'{name}: {values}')}")
        for source, claim in conflict.claims:
            out.append(f"{node} {TERMS['hasClaim']} {resource('claim', source, claim)}")


def _pair(states: list[str]) -> str:
    one, other = sorted(states)
    return f"{one}-{other}"


def _components(partners: dict[str, set[str]]) -> dict[str, str]:
    """Return for each municipality the first key, in alphabetical order, of all that can be reached from it."""
    named: dict[str, str] = {}
    for first in sorted(partners):
        if first in named:
            continue
        named[first] = first
        waiting = [first]
        while waiting:
            for other in partners[waiting.pop()]:
                if other not in named:
                    named[other] = first
                    waiting.append(other)
    return named


def write_derived(conclusions: Conclusions, countries: dict[str, str], out: list[str]) -> None:
    """Write what follows from all partnerships together: neighbours, counts, country pairs."""
    partners: dict[str, set[str]] = {}
    pairs: dict[str, list[Partnership]] = {}
    for found in conclusions.partnerships.values():
        if found.is_in_force:
            for key in found.participants:
                partners.setdefault(key, set()).update(found.participants)
        if len(found.participants) == 2:
            pairs.setdefault(_pair([countries[key] for key in found.participants]), []).append(found)
    components = _components(partners)
    for key in sorted(partners):
        this = resource("municipality", key)
        others = partners[key] - {key}
        for other in others:
            out.append(f"{this} {TERMS['isTwinnedWith']} {resource('municipality', other)}")
        out.append(f'{this} {TERMS["partnerCount"]} "{len(others)}"{INTEGER_TYPE}')
        states = {countries[other] for other in others}
        out.append(f'{this} {TERMS["partnerCountryCount"]} "{len(states)}"{INTEGER_TYPE}')
        out.append(f"{this} {TERMS['component']} {text_literal(components[key])}")
    for name in sorted(pairs):
        node = resource("country-pair", name)
        out.append(f"{node} {A} {TERMS['CountryPair']}")
        for code in set(name.split("-")):
            out.append(f"{node} {TERMS['ofCountry']} {resource('country', code)}")
        out.append(f"{node} {TERMS['displayName']} {text_literal(name.replace('-', '–'))}")
        out.append(f'{node} {TERMS["partnershipCount"]} "{len(pairs[name])}"{INTEGER_TYPE}')
        dated = [p for p in pairs[name] if p.start and p.start.earliest]
        if dated:
            first = min(dated, key=lambda p: (p.start.earliest, p.start.latest or "9", p.key) if p.start else ())
            out.append(f"{node} {TERMS['firstPartnership']} {resource('partnership', first.key)}")


def write_concept_counts(out: list[str]) -> None:
    """Write how many partnerships each kind, status and field has, so that no query needs to count them.

    Fields come from claims about the partnership and from other claims; so what is written already is counted.
    """
    partnership = f"<{ID}partnership/"
    predicates = {TERMS[name] for name in ("hasKind", "hasStatus", "hasField")}
    # A field can be stated twice; kinds and statuses can't.
    pairs: set[tuple[str, str]] = set()
    for line in out:
        if line.startswith(partnership):
            subject, predicate, value = line.split(" ", 2)
            if predicate in predicates:
                pairs.add((value, subject))
    counts: dict[str, int] = {}
    for concept, _ in pairs:
        counts[concept] = counts.get(concept, 0) + 1
    out += [f'{concept} {TERMS["partnershipCount"]} "{count}"{INTEGER_TYPE}' for concept, count in counts.items()]
