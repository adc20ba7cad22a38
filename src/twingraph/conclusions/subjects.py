"""What the graph concludes about everything that is no partnership: associations, events, waves, twinning work."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from twingraph.conclusions.model import Conclusions, Conflict, Unresolved
from twingraph.conclusions.resolution import Resolver
from twingraph.conclusions.weighing import weigh_dates
from twingraph.dates import are_compatible, parse_edtf
from twingraph.sourcedata.cells import read_place
from twingraph.sourcedata.model import Dataset, OtherClaim
from twingraph.sourcedata.statements import PROPERTIES, Property

__all__ = ["Said", "Subject", "conclude_subjects"]


@dataclass(frozen=True, slots=True)
class Said:
    """One claim about a subject, its references resolved.

    Attributes:
        target: for references ``(type, key)`` such as ``("municipality", "Q3955")``; None for plain values.
    """

    claim: OtherClaim
    property: Property
    target: tuple[str, str] | None


@dataclass(slots=True)
class Subject:
    """An association, an event, a wave, a municipality's twinning work, or a partnership's extra facts."""

    type: str
    key: str
    said: list[Said] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def values(self, name: str) -> list[Said]:
        """Return the claims with this property, in order."""
        return [said for said in self.said if said.property.name == name]


def conclude_subjects(dataset: Dataset, resolver: Resolver, conclusions: Conclusions) -> list[Subject]:
    """Gather the other claims by subject, resolve what they refer to, and mark what contradicts itself.

    A claim about, or referring to, an unresolved name is noted in ``conclusions.unresolved``.
    """
    subjects: dict[tuple[str, str], Subject] = {}
    for claim in dataset.other_claims:
        kind, _, key = claim.about.partition(":")
        about = _reference(kind, key, claim, resolver, conclusions)
        prop = PROPERTIES[kind, claim.property]
        target = None
        if prop.value not in ("text", "edtf", "integer", "url"):
            target = _target(prop.value, claim, dataset, resolver, conclusions)
            if target is None:
                continue
        if about is None:
            continue
        subject = subjects.setdefault(about, Subject(*about))
        subject.said.append(Said(claim, prop, target))
    for subject in subjects.values():
        _mark_conflicts(subject)
    return [subjects[key] for key in sorted(subjects)]


def _target(
    form: str, claim: OtherClaim, dataset: Dataset, resolver: Resolver, conclusions: Conclusions
) -> tuple[str, str] | None:
    value = claim.value
    if form.startswith("concept:"):
        return form.partition(":")[2], value
    if form.endswith("side") and (value in dataset.countries or ("@" not in value and ":" not in value)):
        return ("country", value) if value in dataset.countries else ("region", value)
    kind, colon, key = value.partition(":")
    if colon and kind in ("claim", "association", "event"):
        return _reference(kind, key, claim, resolver, conclusions)
    if form in ("association", "event"):
        return form, key if colon else value
    return _reference("municipality", value, claim, resolver, conclusions)


def _reference(
    kind: str, key: str, claim: OtherClaim, resolver: Resolver, conclusions: Conclusions
) -> tuple[str, str] | None:
    """Return ``(type, key)`` of what a reference means; None (and a note) while it is unresolved."""
    if kind == "claim":
        partnership = conclusions.partnership_of.get((claim.source, key))
        return ("partnership", partnership) if partnership else None
    if kind != "municipality":
        return kind, key
    place = read_place(key)
    found = resolver.resolve(place, claim.source)
    if found.municipality:
        return "municipality", found.municipality
    conclusions.unresolved.append(
        Unresolved(claim.source, claim.id, claim.row, place.name, place.country, found.basis, found.candidates)
    )
    return None


def _mark_conflicts(subject: Subject) -> None:
    groups: dict[str, list[Said]] = defaultdict(list)
    for said in subject.said:
        if said.property.single:
            groups[said.property.name].append(said)
    for name, group in groups.items():
        # How many partners a town has changes over time: only within one source it is a contradiction.
        parts = _by_source(group) if name == "partner_count" else [group]
        for part in parts:
            apart = [one for one in part if any(_contradict(one, other) for other in part)]
            if apart:
                subject.conflicts.append(
                    Conflict(
                        name,
                        tuple((one.claim.source, one.claim.id) for one in apart),
                        tuple(one.claim.value for one in apart),
                    )
                )


def _by_source(group: list[Said]) -> list[list[Said]]:
    parts: dict[str, list[Said]] = defaultdict(list)
    for said in group:
        parts[said.claim.source].append(said)
    return list(parts.values())


def _contradict(one: Said, other: Said) -> bool:
    if one.property.value == "edtf":
        return not are_compatible(parse_edtf(one.claim.value), parse_edtf(other.claim.value))
    return one.claim.value.lstrip("~") != other.claim.value.lstrip("~")


def concluded_date(said: list[Said]) -> str | None:
    """Return the date concluded from several claims of one property, as EDTF text."""
    stated = [(parse_edtf(s.claim.value), 1.0 if s.claim.basis == "inferred" else 2.0) for s in said]
    found = weigh_dates(stated)
    return found.text if found else None
