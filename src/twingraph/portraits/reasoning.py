"""Why the graph concludes what it concludes: the claims' values with their weights, in plain words.

The rules are those of `twingraph.conclusions.weighing`; here they are told again from the graph alone, so that an
explanation works on any store or endpoint.
"""

from __future__ import annotations

from collections.abc import Iterable

from twingraph.dates import are_compatible, parse_edtf
from twingraph.portraits.model import Claim, Reason, Side, Tie
from twingraph.portraits.phrases import period
from twingraph.portraits.ties import collect_sides
from twingraph.querying.wording import plural

__all__ = ["explain_tie"]

_CHANGES = ("ended", "suspended", "dormant")


def explain_tie(tie: Tie) -> list[Reason]:
    """Return the reasons for a partnership's start, end, kind and status, in this order."""
    earlier = _earlier(tie) if tie.phases else set()
    current = [claim for claim in tie.claims if claim.iri not in earlier]
    reasons = [_explain_start(tie, current), _explain_kind(tie, current), _explain_status(tie)]
    if tie.end or any(claim.end and claim.iri not in earlier for claim in tie.claims):
        ends = [claim for claim in current if claim.status == "ended"]
        reasons.insert(1, Reason("end", tie.end, _explain_end(tie, ends), collect_sides(ends, "end")))
    return reasons


def _earlier(tie: Tie) -> set[str]:
    """Return the claims about a kind that the partnership had before it became another."""
    turning = [claim for claim in tie.claims if claim.becomes and claim.kind]
    later = {claim.becomes for claim in turning}
    found = {claim.iri for claim in turning}
    for claim in tie.claims:
        if not claim.becomes and claim.kind not in later and any(_fits_phase(claim, other) for other in turning):
            found.add(claim.iri)
    return found


def _fits_phase(claim: Claim, turning: Claim) -> bool:
    """Return whether a claim is about the phase of which another says that it turned into the next."""
    if claim.kind != turning.kind:
        return False
    if not claim.start:
        return True
    if turning.end:
        end, own = parse_edtf(turning.end), parse_edtf(claim.start)
        return not (own.earliest and end.latest and own.earliest > end.latest)
    return not turning.start or _fit(claim.start, turning.start)


def _fit(one: str, other: str) -> bool:
    return are_compatible(parse_edtf(one), parse_edtf(other))


def _explain_start(tie: Tie, current: list[Claim]) -> Reason:
    if tie.phases:
        before = ", then ".join(f"{phase.kind.name} {period(phase.start, phase.end)}" for phase in tie.phases[:-1])
        because = f"when it became what it is now ({tie.kind.name}); before that {before}."
        return Reason("start", tie.start, because, collect_sides(tie.claims, "start"))
    own = [claim for claim in current if claim.start and claim.kind in (None, tie.kind.id)]
    sides = collect_sides(own or current, "start")
    return Reason("start", tie.start, _weigh_dates(tie.start, sides), sides)


def _explain_end(tie: Tie, claims: list[Claim]) -> str:
    if tie.end is None:
        return "a source dates an end, but the status concluded is another."
    return _weigh_dates(tie.end, collect_sides(claims, "end"))


def _weigh_dates(concluded: str | None, sides: list[Side]) -> str:
    if concluded is None:
        return "no source gives a date."
    if len(sides) == 1:
        return _agree(sides[0], "dates it", "date it")
    fitting = [side for side in sides if _fit(side.value, concluded)]
    against = [side for side in sides if not _fit(side.value, concluded)]
    support = sum(side.weight for side in fitting)
    others = _listed(side.value for side in fitting if side.value != concluded)
    precise = f"the most precise of dates that fit each other ({others})" if others else ""
    if not against:
        return f"{precise}."
    rivals = {side.value: sum(other.weight for other in sides if _fit(other.value, side.value)) for side in against}
    listed = _listed(f"{value} ({weight:g})" for value, weight in rivals.items())
    if max(rivals.values()) < support:
        verdict = f"weight {support:g} fits it, more than {listed}"
    elif max(rivals.values()) == support:
        verdict = f"weight {support:g} fits it, against {listed}; on a tie the more precise, then the earlier counts"
    else:
        verdict = f"weight {support:g} fits it, against {listed}; a date made more precise by another gives way"
    return f"{precise}; {verdict}." if precise else f"{verdict}."


def _agree(side: Side, one: str, many: str) -> str:
    count = len(side.evidence)
    if count == 1:
        return f"the only claim that {one}."
    return f"{'both' if count == 2 else f'all {count}'} claims that {many} agree."


def _explain_kind(tie: Tie, current: list[Claim]) -> Reason:
    sides = collect_sides(current, "kind")
    if not sides:
        because = "follows from what an earlier kind became." if tie.phases else "no source names a kind."
    elif len(sides) == 1:
        because = _agree(sides[0], "names one", "name one")
    else:
        rest = _listed(f"{side.value} (weight {side.weight:g})" for side in sides if side.value != tie.kind.id)
        own = sum(side.weight for side in sides if side.value == tie.kind.id)
        is_tie = any(side.weight == own for side in sides if side.value != tie.kind.id)
        because = f"weight {own:g} against {rest}{'; on a tie the less formal kind counts' if is_tie else ''}."
    return Reason("kind", tie.kind.id, because, sides)


def _explain_status(tie: Tie) -> Reason:
    claims = [claim for claim in tie.claims if claim.status not in (None, "unknown") and not claim.becomes]
    sides = collect_sides(claims, "status")
    apart = {e.claim for c in tie.conflicts if c.property == "hasStatus" for s in c.sides for e in s.evidence}
    changes = [side for side in sides if side.value in _CHANGES]
    if not sides:
        because = "no source says whether it is in force."
    elif len(sides) == 1 and not changes:
        count = len(sides[0].evidence)
        because = "the one claim that says anything." if count == 1 else f"{count} claims list it, none against."
    elif len(sides) == 1:
        because = _agree(sides[0], "says anything", "say anything")
    elif tie.status.id in _CHANGES:
        count = sum(len(side.evidence) for side in sides if side.value == tie.status.id)
        because = f"declared by {plural(count, 'claim')}; "
        because += (
            "a list of partners counts against a dated change only if it is known to be later."
            if apart
            else "the sources that list it as active are older."
        )
    else:
        own = sum(side.weight for side in sides if side.value == tie.status.id)
        rest = _listed(f"{side.value} ({side.weight:g})" for side in sides if side.value != tie.status.id)
        because = f"weight {own:g} lists it, against {rest}; no change is dated, or the lists are known to be later."
    return Reason("status", tie.status.id, because, sides)


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)
