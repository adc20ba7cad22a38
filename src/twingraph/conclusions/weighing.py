"""How claims are weighed: the dates, kind, phases and status of a partnership, and where claims disagree.

No claim is changed. The rules are set out in ``docs/how-claims-are-weighed.md``; in short: the value that most
weight is compatible with, then the more precise one; a participant's own voice weighs 4, any other source 2, an
unread source one less, an inferred value half.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from twingraph.conclusions.model import CHANGES, Conflict, Partnership, Phase
from twingraph.dates import EdtfDate, are_compatible, parse_edtf
from twingraph.sourcedata.model import PartnershipClaim, Source
from twingraph.sourcedata.tables import KINDS

__all__ = ["weigh_claims", "weigh_dates"]


def weigh_claims(found: Partnership, voices: dict[str, frozenset[str]], sources: dict[str, Source]) -> None:
    """Set kind, phases, dates and status of a partnership from its claims, and note its conflicts.

    Args:
        found: the partnership, with its participants and claims.
        voices: the municipalities that each source speaks for.
        sources: all sources, for their dates.
    """
    weights = [_weight(claim, set(found.participants), voices) for claim in found.claims]
    _conclude_kind(found, weights)
    _conclude_status(found, weights, sources)


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
