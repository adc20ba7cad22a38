"""Why the graph concludes what it concludes: the claims' values with their weights, in plain words.

The rules are those of `twingraph.conclusions.weighing`; here they are told again from the graph alone, so that an
explanation works on any store or endpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from twingraph.dates import are_compatible, parse_edtf
from twingraph.portraits.model import Claim, Reason, Side, Tie
from twingraph.portraits.phrases import period
from twingraph.portraits.ties import collect_sides

__all__ = ["explain_tie"]

_TEXTS = {
    "en": {
        "then": ", then ",
        "undated": "no date",
        "became": "when it became what it is now ({0}); before that {1}.",
        "other_end": "a source dates an end, but the status concluded is another.",
        "no_date": "no source gives a date.",
        "dates_one": "the only claim that dates it.",
        "dates_both": "both claims that date it agree.",
        "dates_all": "all {0} claims that date it agree.",
        "precise": "the most precise of dates that fit each other ({0})",
        "more": "weight {0:g} fits it, more than {1}",
        "tied": "weight {0:g} fits it, against {1}; on a tie the more precise, then the earlier counts",
        "gives_way": "weight {0:g} fits it, against {1}; a date made more precise by another gives way",
        "kind_follows": "follows from what an earlier kind became.",
        "no_kind": "no source names a kind.",
        "kind_one": "the only claim that names one.",
        "kind_both": "both claims that name one agree.",
        "kind_all": "all {0} claims that name one agree.",
        "side": "{0} (weight {1:g})",
        "kind_tied": "weight {0:g} against {1}; on a tie the less formal kind counts.",
        "kind_more": "weight {0:g} against {1}.",
        "no_status": "no source says whether it is in force.",
        "lists_one": "the one claim that says anything.",
        "lists_all": "{0} claims list it, none against.",
        "status_one": "the only claim that says anything.",
        "status_both": "both claims that say anything agree.",
        "status_all": "all {0} claims that say anything agree.",
        "declared_one": "declared by 1 claim; {1}",
        "declared": "declared by {0} claims; {1}",
        "known_later": "a list of partners counts against a dated change only if it is known to be later.",
        "older": "the sources that list it as active are older.",
        "lists": "weight {0:g} lists it, against {1}; no change is dated, or the lists are known to be later.",
    },
    "de": {
        "then": ", dann ",
        "undated": "ohne Datum",
        "became": "als sie wurde, was sie jetzt ist ({0}); davor {1}.",
        "other_end": "eine Quelle datiert ein Ende, doch der erschlossene Stand ist ein anderer.",
        "no_date": "keine Quelle nennt ein Datum.",
        "dates_one": "die einzige Aussage, die ein Datum nennt.",
        "dates_both": "beide Aussagen, die ein Datum nennen, stimmen überein.",
        "dates_all": "alle {0} Aussagen, die ein Datum nennen, stimmen überein.",
        "precise": "das genaueste der Daten, die zueinander passen ({0})",
        "more": "Gewicht {0:g} passt dazu, mehr als {1}",
        "tied": "Gewicht {0:g} passt dazu, gegen {1}; bei Gleichstand zählt das genauere, dann das frühere",
        "gives_way": "Gewicht {0:g} passt dazu, gegen {1}; ein Datum, das ein anderes genauer macht, weicht ihm",
        "kind_follows": "folgt daraus, was aus einer früheren Art wurde.",
        "no_kind": "keine Quelle nennt eine Art.",
        "kind_one": "die einzige Aussage, die eine nennt.",
        "kind_both": "beide Aussagen, die eine nennen, stimmen überein.",
        "kind_all": "alle {0} Aussagen, die eine nennen, stimmen überein.",
        "side": "{0} (Gewicht {1:g})",
        "kind_tied": "Gewicht {0:g} gegen {1}; bei Gleichstand zählt die weniger förmliche Art.",
        "kind_more": "Gewicht {0:g} gegen {1}.",
        "no_status": "keine Quelle sagt, ob sie besteht.",
        "lists_one": "die eine Aussage, die etwas dazu sagt.",
        "lists_all": "{0} Aussagen führen sie auf, keine spricht dagegen.",
        "status_one": "die einzige Aussage, die etwas dazu sagt.",
        "status_both": "beide Aussagen, die etwas dazu sagen, stimmen überein.",
        "status_all": "alle {0} Aussagen, die etwas dazu sagen, stimmen überein.",
        "declared_one": "von 1 Aussage erklärt; {1}",
        "declared": "von {0} Aussagen erklärt; {1}",
        "known_later": "eine Liste von Partnern zählt gegen eine datierte Änderung nur, wenn sie sicher jünger ist.",
        "older": "die Quellen, die sie als aktiv aufführen, sind älter.",
        "lists": "Gewicht {0:g} führt sie auf, gegen {1}; keine Änderung ist datiert, oder die Listen sind jünger.",
    },
}
#: Says a text of `_TEXTS` in the reader's language.
_Say = Callable[..., str]

_CHANGES = ("ended", "suspended", "dormant")


def explain_tie(tie: Tie, language: str = "en", name: Callable[[str], str] = str) -> list[Reason]:
    """Return the reasons for a partnership's start, end, kind and status, in this order.

    Args:
        tie: the partnership with its claims.
        language: of the reasons, ``en`` or ``de``.
        name: what a kind or status is called, by its notation.
    """

    def say(key: str, *values: object) -> str:
        return _TEXTS[language][key].format(*values)

    earlier = _earlier(tie) if tie.phases else set()
    current = [claim for claim in tie.claims if claim.iri not in earlier]
    reasons = [
        _explain_start(tie, current, say),
        _explain_kind(tie, current, say, name),
        _explain_status(tie, say, name),
    ]
    if tie.end or any(claim.end and claim.iri not in earlier for claim in tie.claims):
        ends = [claim for claim in current if claim.status == "ended"]
        reasons.insert(1, Reason("end", tie.end, _explain_end(tie, ends, say), collect_sides(ends, "end")))
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


def _explain_start(tie: Tie, current: list[Claim], say: _Say) -> Reason:
    if tie.phases:
        spans = [(phase.kind.name, phase.start, phase.end) for phase in tie.phases[:-1]]
        phases = [f"{kind} {period(start, end) if start or end else say('undated')}" for kind, start, end in spans]
        because = say("became", tie.kind.name, say("then").join(phases))
        return Reason("start", tie.start, because, collect_sides(tie.claims, "start"))
    own = [claim for claim in current if claim.start and claim.kind in (None, tie.kind.id)]
    sides = collect_sides(own or current, "start")
    return Reason("start", tie.start, _weigh_dates(tie.start, sides, say), sides)


def _explain_end(tie: Tie, claims: list[Claim], say: _Say) -> str:
    if tie.end is None:
        return say("other_end")
    return _weigh_dates(tie.end, collect_sides(claims, "end"), say)


def _weigh_dates(concluded: str | None, sides: list[Side], say: _Say) -> str:
    if concluded is None:
        return say("no_date")
    if len(sides) == 1:
        return _agree(sides[0], "dates", say)
    fitting = [side for side in sides if _fit(side.value, concluded)]
    against = [side for side in sides if not _fit(side.value, concluded)]
    support = sum(side.weight for side in fitting)
    others = _listed(side.value for side in fitting if side.value != concluded)
    precise = say("precise", others) if others else ""
    if not against:
        return f"{precise}."
    rivals = {side.value: sum(other.weight for other in sides if _fit(other.value, side.value)) for side in against}
    listed = _listed(f"{value} ({weight:g})" for value, weight in rivals.items())
    most = max(rivals.values())
    verdict = say("more" if most < support else "tied" if most == support else "gives_way", support, listed)
    return f"{precise}; {verdict}." if precise else f"{verdict}."


def _agree(side: Side, what: str, say: _Say) -> str:
    count = len(side.evidence)
    return say(f"{what}_{'one' if count == 1 else 'both' if count == 2 else 'all'}", count)


def _explain_kind(tie: Tie, current: list[Claim], say: _Say, name: Callable[[str], str]) -> Reason:
    sides = collect_sides(current, "kind")
    if not sides:
        because = say("kind_follows" if tie.phases else "no_kind")
    elif len(sides) == 1:
        because = _agree(sides[0], "kind", say)
    else:
        rest = _listed(say("side", name(side.value), side.weight) for side in sides if side.value != tie.kind.id)
        own = sum(side.weight for side in sides if side.value == tie.kind.id)
        is_tie = any(side.weight == own for side in sides if side.value != tie.kind.id)
        because = say("kind_tied" if is_tie else "kind_more", own, rest)
    return Reason("kind", tie.kind.id, because, sides)


def _explain_status(tie: Tie, say: _Say, name: Callable[[str], str]) -> Reason:
    claims = [claim for claim in tie.claims if claim.status not in (None, "unknown") and not claim.becomes]
    sides = collect_sides(claims, "status")
    apart = {e.claim for c in tie.conflicts if c.property == "hasStatus" for s in c.sides for e in s.evidence}
    changes = [side for side in sides if side.value in _CHANGES]
    if not sides:
        because = say("no_status")
    elif len(sides) == 1 and not changes:
        count = len(sides[0].evidence)
        because = say("lists_one" if count == 1 else "lists_all", count)
    elif len(sides) == 1:
        because = _agree(sides[0], "status", say)
    elif tie.status.id in _CHANGES:
        count = sum(len(side.evidence) for side in sides if side.value == tie.status.id)
        because = say("declared_one" if count == 1 else "declared", count, say("known_later" if apart else "older"))
    else:
        own = sum(side.weight for side in sides if side.value == tie.status.id)
        rest = _listed(f"{name(side.value)} ({side.weight:g})" for side in sides if side.value != tie.status.id)
        because = say("lists", own, rest)
    return Reason("status", tie.status.id, because, sides)


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)
