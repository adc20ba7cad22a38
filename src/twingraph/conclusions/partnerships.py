"""Which claims are about the same partnership, and whose voice speaks for its participants."""

from __future__ import annotations

import difflib

from twingraph.conclusions.model import Conclusions, Partnership, Unresolved
from twingraph.conclusions.resolution import Resolver
from twingraph.conclusions.weighing import weigh_claims
from twingraph.errors import DataError, InvalidDataError
from twingraph.names import search_key
from twingraph.sourcedata.model import Dataset, OtherClaim, PartnershipClaim, Source, WrittenPlace

__all__ = ["conclude"]


def conclude(dataset: Dataset, resolver: Resolver) -> Conclusions:
    """Group the claims by the partnership they are about and weigh them.

    Raises:
        InvalidDataError: a claim whose names turn out to be one and the same municipality, or a source that
            speaks for a municipality that is not in the gazetteer.
    """
    result = Conclusions()
    faults: list[DataError] = []
    for source in dataset.sources.values():
        result.voices[source.id] = _voices(source, dataset, resolver, faults)
    everything: list[PartnershipClaim | OtherClaim] = [*dataset.partnership_claims, *dataset.other_claims]
    for stated in everything:
        count, checked = result.claim_counts.get(stated.source, (0, 0))
        result.claim_counts[stated.source] = (count + 1, checked + stated.checked)
    groups: dict[str, tuple[set[str], list[PartnershipClaim]]] = {}
    for claim in dataset.partnership_claims:
        keys = _participants(claim, resolver, result)
        if keys is None:
            continue
        if len(set(keys)) < 2 or (len(set(keys)) < len(keys) and not claim.union):
            twice = next(key for key in keys if keys.count(key) > 1)
            names = " and ".join(place.name for place, key in zip(claim.places, keys, strict=True) if key == twice)
            faults.append(
                DataError(
                    f"{names} are the same municipality ({twice}); a partnership needs two or more",
                    file=dataset.folder / "sources" / claim.source / "partnership_claims.csv",
                    row=claim.row,
                    column="partner",
                )
            )
            continue
        name = f"union-{claim.union}" if claim.union else "-".join(sorted(keys, key=_key_order))
        members, claims = groups.setdefault(name, (set(), []))
        members.update(keys)
        claims.append(claim)
        result.partnership_of[claim.source, claim.id] = name
        _note_predecessor(claim, resolver, result)
    if faults:
        raise InvalidDataError(faults)
    for name in sorted(groups):
        members, claims = groups[name]
        result.partnerships[name] = _conclude_one(name, members, claims, dataset, resolver, result)
    return result


def _voices(source: Source, dataset: Dataset, resolver: Resolver, faults: list[DataError]) -> frozenset[str]:
    """Return the municipalities a source speaks for; a name that is none of the gazetteer is a fault."""
    keys = set()
    for place in source.speaks_for:
        found = resolver.resolve(place, source.id)
        if found.municipality:
            keys.add(found.municipality)
            continue
        near = found.candidates or _near(place, dataset)
        known = ", ".join(f"{dataset.municipalities[key].name}@{dataset.municipalities[key].country}" for key in near)
        faults.append(
            DataError(
                f"{place.name}@{place.country}: {found.basis}; "
                + (f"near are {known}" if known else "add it to gazetteer/municipalities.csv or mend the name"),
                file=source.file,
                column="speaks_for",
            )
        )
    return frozenset(keys)


def _near(place: WrittenPlace, dataset: Dataset) -> tuple[str, ...]:
    """Return up to three municipalities whose name is spelled alike, those of the same country first."""
    wanted = search_key(place.name)
    for here in (True, False):
        keys: dict[str, str] = {}
        for one in dataset.municipalities.values():
            if (one.country == place.country) is here:
                for name in (one.name, one.name_de, one.name_en):
                    keys.setdefault(search_key(name), one.key)
        keys.pop("", None)
        close = difflib.get_close_matches(wanted, keys, 3, 0.7 if here else 0.9)
        if close:
            return tuple(dict.fromkeys(keys[name] for name in close))
    return ()


def _note_predecessor(claim: PartnershipClaim, resolver: Resolver, result: Conclusions) -> None:
    """Note the municipality a partnership was taken over from while it is unresolved."""
    if not claim.taken_over_from:
        return
    places = [WrittenPlace(claim.taken_over_from, place.country) for place in claim.places]
    tried = [resolver.resolve(place, claim.source) for place in places]
    if any(found.municipality for found in tried):
        return
    # Written without a country: it is that of one of the partners.
    place, found = max(zip(places, tried, strict=True), key=lambda pair: len(pair[1].candidates))
    result.unresolved.append(
        Unresolved(claim.source, claim.id, claim.row, place.name, place.country, found.basis, found.candidates)
    )


def _key_order(key: str) -> tuple[str, int, str]:
    return (key[0], int(key[1:]), key) if key[0] == "Q" else (key[0], 0, key)


def _participants(claim: PartnershipClaim, resolver: Resolver, result: Conclusions) -> list[str] | None:
    """Return the municipalities of a claim, or None (and a note) while one is unresolved."""
    keys: list[str] = []
    complete = True
    for place in claim.places:
        found = resolver.resolve(place, claim.source)
        if found.municipality is None:
            complete = False
            result.unresolved.append(
                Unresolved(claim.source, claim.id, claim.row, place.name, place.country, found.basis, found.candidates)
            )
        else:
            keys.append(found.municipality)
    return keys if complete else None


def _conclude_one(
    key: str,
    members: set[str],
    claims: list[PartnershipClaim],
    dataset: Dataset,
    resolver: Resolver,
    result: Conclusions,
) -> Partnership:
    found = Partnership(key, tuple(sorted(members, key=_key_order)), claims)
    voices = set().union(*(result.voices[claim.source] for claim in claims))
    found.confirmed_by = tuple(place for place in found.participants if place in voices)
    weigh_claims(found, result.voices, dataset.sources)
    found.fields = tuple(sorted({name for claim in claims for name in claim.fields}))
    for claim in claims:
        if claim.taken_over_from:
            for place in claim.places:
                written = WrittenPlace(claim.taken_over_from, place.country)
                former = resolver.resolve(written, claim.source).municipality
                if former and former not in members:
                    found.taken_over_from = (*found.taken_over_from, former)
    found.taken_over_from = tuple(sorted(set(found.taken_over_from)))
    return found
