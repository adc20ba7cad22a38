"""What the graph concludes from the claims: partnerships, their dates, kind and status, and the conflicts.

No claim is changed. How claims are weighed is set out in ``docs/how-claims-are-weighed.md``; in short: the
value that most weight is compatible with, then the more precise one; a participant's own voice weighs 4, any
other source 2, an unread source one less, an inferred value half.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from twingraph.conclusions.resolution import Resolver
from twingraph.dates import EdtfDate, are_compatible, parse_edtf
from twingraph.errors import DataError, InvalidDataError
from twingraph.names import search_key
from twingraph.sourcedata.model import Dataset, OtherClaim, PartnershipClaim, Source, WrittenPlace
from twingraph.sourcedata.tables import KINDS

__all__ = ["Conclusions", "Conflict", "Partnership", "Phase", "Unresolved", "conclude", "weigh_dates"]

#: Statuses that a source declares as a change; "active" is what a page says by listing a partner.
CHANGES = ("ended", "suspended", "dormant")
#: A partnership of these statuses counts as in force: it is not known to be over or at rest.
IN_FORCE = ("active", "unknown")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that can't all be true.

    Attributes:
        property: start, end, kind or status (or a property of another subject).
        claims: ids of the claims, as ``(source, id)``, in order.
        values: what each says.
    """

    property: str
    claims: tuple[tuple[str, str], ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a partnership's life under one kind."""

    kind: str
    start: EdtfDate | None
    end: EdtfDate | None


@dataclass(slots=True)
class Partnership:
    """A conclusion from one or more claims. Participants are gazetteer keys, sorted."""

    key: str
    participants: tuple[str, ...]
    claims: list[PartnershipClaim]
    kind: str = "other"
    status: str = "unknown"
    start: EdtfDate | None = None
    end: EdtfDate | None = None
    status_since: EdtfDate | None = None
    phases: tuple[Phase, ...] = ()
    #: Where there are phases: when the first of known start began.
    first_start: EdtfDate | None = None
    fields: tuple[str, ...] = ()
    conflicts: list[Conflict] = field(default_factory=list)
    confirmed_by: tuple[str, ...] = ()
    taken_over_from: tuple[str, ...] = ()

    @property
    def is_in_force(self) -> bool:
        """Whether it is not known to be ended, suspended or dormant."""
        return self.status in IN_FORCE

    @property
    def is_reciprocated(self) -> bool:
        """Whether each participant's own voice states it."""
        return len(self.confirmed_by) == len(self.participants)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A written name for which no municipality could be chosen."""

    source: str
    claim: str
    row: int
    name: str
    country: str
    reason: str
    candidates: tuple[str, ...]


@dataclass(slots=True)
class Conclusions:
    """All partnerships, and what could not be resolved."""

    partnerships: dict[str, Partnership] = field(default_factory=dict)
    unresolved: list[Unresolved] = field(default_factory=list)
    #: Partnership key of each claim that supports one.
    partnership_of: dict[tuple[str, str], str] = field(default_factory=dict)
    #: How many claims each source has, and how many of them were checked; sources without claims are left out.
    claim_counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Municipalities for which a source speaks, by source.
    voices: dict[str, frozenset[str]] = field(default_factory=dict)


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
        result.partnerships[name] = _weigh(name, members, claims, dataset, resolver, result)
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


def _weigh(
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
    weights = [_weight(claim, members, result.voices) for claim in claims]
    _conclude_kind(found, weights)
    _conclude_status(found, weights, dataset.sources)
    found.fields = tuple(sorted({name for claim in claims for name in claim.fields}))
    for claim in claims:
        if claim.taken_over_from:
            places = [type(claim.places[0])(claim.taken_over_from, place.country) for place in claim.places]
            for place in places:
                former = resolver.resolve(place, claim.source).municipality
                if former and former not in members:
                    found.taken_over_from = (*found.taken_over_from, former)
    found.taken_over_from = tuple(sorted(set(found.taken_over_from)))
    return found


def _weight(claim: PartnershipClaim, members: set[str], voices: dict[str, frozenset[str]]) -> float:
    weight = 4.0 if voices[claim.source] & members else 2.0
    if not claim.checked:
        weight -= 1
    return weight / 2 if claim.basis == "inferred" else weight


def weigh_dates(stated: Sequence[tuple[EdtfDate, float]]) -> EdtfDate | None:
    """Return the date to conclude from what several claims state.

    A date that another one makes more precise gives way to it (``1960`` to ``1960-04-02``); among the rest
    the one that most weight is compatible with, then the more precise, then the earlier.

    >>> weigh_dates([(parse_edtf("1948"), 4.0), (parse_edtf("1952"), 2.0)]).text
    '1948'
    >>> weigh_dates([(parse_edtf("1960"), 4.0), (parse_edtf("1960-04-02"), 2.0)]).text
    '1960-04-02'
    """
    if len(stated) < 2:
        return stated[0][0] if stated else None
    dates = {date for date, _ in stated}

    def rank(date: EdtfDate) -> tuple[bool, float, int, str, str]:
        is_refined = any(other.span < date.span and are_compatible(date, other) for other in dates)
        support = sum(weight for other, weight in stated if are_compatible(date, other))
        return (is_refined, -support, date.span, date.earliest or "", date.text)

    return min(dates, key=rank)


def _dates(
    claims: Iterable[PartnershipClaim], weights: dict[str, float], column: str
) -> list[tuple[PartnershipClaim, EdtfDate, float]]:
    return [
        (claim, parse_edtf(text), weights[f"{claim.source}/{claim.id}"])
        for claim in claims
        if (text := getattr(claim, column))
    ]


def _conclude_dates(
    found: Partnership, claims: list[PartnershipClaim], weights: dict[str, float], column: str
) -> EdtfDate | None:
    """Weigh one date over `claims`, and note the conflict where they disagree."""
    stated = _dates(claims, weights, column)
    apart = [
        (claim, date) for claim, date, _ in stated if any(not are_compatible(date, other) for _, other, _ in stated)
    ]
    if apart:
        found.conflicts.append(_conflict(column, [(claim, date.text) for claim, date in apart]))
    return weigh_dates([(date, weight) for _, date, weight in stated])


def _conflict(name: str, sides: list[tuple[PartnershipClaim, str]]) -> Conflict:
    return Conflict(
        name,
        tuple((claim.source, claim.id) for claim, _ in sides),
        tuple(value for _, value in sides),
    )


def _conclude_kind(found: Partnership, weight_list: list[float]) -> None:
    """Set kind, start, end and the phases.

    A kind that a source says turned into another is a phase of its own, not a conflict; so is the same
    kind in another source whose start fits that phase.
    """
    claims = found.claims
    weights = {f"{c.source}/{c.id}": w for c, w in zip(claims, weight_list, strict=True)}
    earlier = [claim for claim in claims if claim.becomes and claim.kind]
    if earlier:
        turned = {claim.kind for claim in earlier}
        later = {claim.becomes for claim in earlier}
        declared = list(earlier)
        for claim in claims:
            if not claim.becomes and claim.kind in turned - later and _fits_phase(claim, declared):
                earlier.append(claim)
        if _is_outweighed(declared, [claim for claim in claims if claim not in earlier], weights):
            earlier = []
    current = [claim for claim in claims if claim not in earlier]
    votes: dict[str, float] = {}
    for claim in current:
        if claim.kind:
            votes[claim.kind] = votes.get(claim.kind, 0) + weights[f"{claim.source}/{claim.id}"]
    if votes:
        # On a tie the less formal kind: a conclusion must not claim more than its sources.
        found.kind = max(votes, key=lambda kind: (votes[kind], KINDS.index(kind)))
    elif earlier:
        found.kind = next((claim.becomes for claim in earlier if claim.becomes), "other")
    if len(votes) > 1:
        found.conflicts.append(_conflict("kind", [(c, c.kind) for c in current if c.kind]))
    found.end = _conclude_dates(found, [c for c in current if _status(c) == "ended"], weights, "end")
    if earlier:
        _conclude_phases(found, earlier, current, weights)
    else:
        found.start = _conclude_dates(found, current, weights, "start")
        # Claims on another kind show the conflict, but don't decide when the concluded kind began.
        own = _dates([c for c in current if c.kind in (found.kind, "")], weights, "start")
        if own and len(votes) > 1:
            found.start = weigh_dates([(date, weight) for _, date, weight in own])


def _conclude_phases(
    found: Partnership, earlier: list[PartnershipClaim], current: list[PartnershipClaim], weights: dict[str, float]
) -> None:
    """Set the phases and, from the last of them, the start: kind and start of a partnership belong together.

    A claim that has the present kind begin before the phase before it ends is about the tie's beginning.
    """
    ends: dict[str, EdtfDate | None] = {}
    for kind in dict.fromkeys(claim.kind for claim in earlier):
        of_kind = [claim for claim in earlier if claim.kind == kind]
        stated = _dates(of_kind, weights, "end")
        apart = [
            (claim, f"{kind} until {date.text}")
            for claim, date, _ in stated
            if any(not are_compatible(date, other) for _, other, _ in stated)
        ]
        if apart:
            found.conflicts.append(_conflict("kind", apart))
        ends[kind] = weigh_dates([(date, weight) for _, date, weight in stated])
    turned = max((end.earliest for end in ends.values() if end and end.earliest), default="")
    too_early = _begun_before(current, turned)
    _mark_overlap(found, earlier, too_early)
    found.start = _conclude_dates(found, [c for c in current if c not in too_early], weights, "start")
    if found.start is None:
        found.start = max((end for end in ends.values() if end), key=lambda end: end.earliest or "", default=None)
    first = min(earlier, key=lambda c: (parse_edtf(c.start).earliest or "9") if c.start else "9").kind
    phases = []
    for kind, end in ends.items():
        begun = [claim for claim in earlier if claim.kind == kind] + (too_early if kind == first else [])
        phases.append(Phase(kind, _conclude_dates(found, begun, weights, "start"), end))
    phases.sort(key=lambda phase: ((phase.start.earliest or "") if phase.start else "", phase.kind))
    phases.append(Phase(found.kind, found.start, found.end))
    found.phases = tuple(phases)
    found.first_start = next((phase.start for phase in phases if phase.start), None)


def _fits_phase(claim: PartnershipClaim, declared: list[PartnershipClaim]) -> bool:
    """Return whether a claim of an earlier kind is about the phase that others say turned into the next."""
    if not claim.start:
        return True
    own = parse_edtf(claim.start)
    for other in declared:
        if other.kind != claim.kind:
            continue
        if other.end:
            end = parse_edtf(other.end)
            return not (own.earliest and end.latest and own.earliest > end.latest)
        if not other.start or are_compatible(own, parse_edtf(other.start)):
            return True
    return False


def _begun_before(claims: list[PartnershipClaim], day: str) -> list[PartnershipClaim]:
    return [claim for claim in claims if claim.start and (parse_edtf(claim.start).latest or "9") < day]


def _is_outweighed(
    declared: list[PartnershipClaim], current: list[PartnershipClaim], weights: dict[str, float]
) -> bool:
    """Return whether as much weight says that the present kind was there before it is said to have come about."""
    turned = max((parse_edtf(claim.end).earliest or "" for claim in declared if claim.end), default="")
    against = sum(weights[f"{claim.source}/{claim.id}"] for claim in _begun_before(current, turned))
    return 0 < against >= sum(weights[f"{claim.source}/{claim.id}"] for claim in declared)


def _mark_overlap(found: Partnership, earlier: list[PartnershipClaim], too_early: list[PartnershipClaim]) -> None:
    """Note the conflict where one source has a kind begin before another has the kind before it end."""
    sides = {}
    for claim in earlier:
        end = parse_edtf(claim.end).earliest if claim.end else None
        for other in too_early:
            if end and (parse_edtf(other.start).latest or "9") < end:
                sides[claim.source, claim.id] = (claim, f"{claim.kind} until {claim.end}")
                sides[other.source, other.id] = (other, f"{other.kind or found.kind} from {other.start}")
    if sides:
        found.conflicts.append(_conflict("kind", list(sides.values())))


def _conclude_status(found: Partnership, weights: list[float], sources: dict[str, Source]) -> None:
    """Set the status. A page that lists a tie outweighs a dated change only if it is known to be later.

    A list that is older than the change is no conflict; one whose date can't be told is one, but it does not
    vote against a declared change, since whoever lists a partner may just not have mended the page. Dormant is
    nothing that is declared: against it such a list has half its vote. Without any dated change all vote.
    """
    said = [
        (claim, weight)
        for claim, weight in zip(found.claims, weights, strict=True)
        if _status(claim) not in ("", "unknown") and not claim.becomes
    ]
    if not said:
        return
    changes = [(claim, weight) for claim, weight in said if _status(claim) in CHANGES]
    listed = [(claim, weight) for claim, weight in said if _status(claim) == "active"]
    if not changes:
        found.status = "active"
        return
    times = [when for change, _ in changes if (when := _changed_on(change, sources))]
    is_declared = any(_status(change) != "dormant" for change, _ in changes)
    against, voting = [], list(changes)
    for claim, weight in listed:
        as_of = _as_of(sources[claim.source])
        if as_of and any(as_of.latest and when.latest and as_of.latest < when.latest for when in times):
            continue
        against.append((claim, weight))
        is_later = as_of and all(as_of.earliest and when.latest and as_of.earliest > when.latest for when in times)
        if is_later or not times:
            voting.append((claim, weight))
        elif not is_declared:
            voting.append((claim, weight / 2))
    votes: dict[str, float] = {}
    for claim, weight in voting:
        votes[_status(claim)] = votes.get(_status(claim), 0) + weight
    # On a tie the declared change.
    order = ("active", "dormant", "suspended", "ended")
    found.status = max(votes, key=lambda status: (votes[status], order.index(status)))
    sides = [(claim, _status(claim)) for claim, _ in (*changes, *against)]
    if len({status for _, status in sides}) > 1:
        found.conflicts.append(_conflict("status", sides))
    since = [
        (parse_edtf(claim.status_since), weight)
        for claim, weight in said
        if _status(claim) == found.status and claim.status_since
    ]
    found.status_since = weigh_dates(since)
    if found.status != "ended":
        found.end = None


def _status(claim: PartnershipClaim) -> str:
    """Return the status a claim states; an end without a later kind says that it is over."""
    return claim.status or ("ended" if claim.end and not claim.becomes else "")


def _changed_on(change: PartnershipClaim, sources: dict[str, Source]) -> EdtfDate | None:
    """Return when a change was declared: its own date, or that of its source."""
    text = change.end or change.status_since
    return parse_edtf(text) if text else _as_of(sources[change.source])


def _as_of(source: Source) -> EdtfDate | None:
    text = source.date or source.inferred_date
    return parse_edtf(text) if text else None
