"""Partnerships with the claims behind them, as a portrait and an explanation both need them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from twingraph.portraits.asking import Asker, Row, key_of, source_id
from twingraph.portraits.model import Claim, Concept, Conflict, Evidence, Fact, Member, Phase, Side, Tie

__all__ = ["claim_weight", "collect_sides", "evidence_of", "gather_ties", "group_facts", "read_ties"]

#: The field of `Claim` that holds what a conflict about a property is about.
_FIELDS = {"hasKind": "kind", "hasStatus": "status"}


def claim_weight(*, is_own_voice: bool, is_checked: bool, is_inferred: bool) -> float:
    """Return what a claim weighs: 4 for a participant's own voice, 2 for others, one less unread, half inferred.

    >>> claim_weight(is_own_voice=True, is_checked=False, is_inferred=True)
    1.5
    """
    weight = (4.0 if is_own_voice else 2.0) - (not is_checked)
    return weight / 2 if is_inferred else weight


def evidence_of(row: Row) -> Evidence:
    """Return where the claim of a row stands."""
    return Evidence(row["claim"], source_id(row["claim"]), row["locator"])


def read_ties(asker: Asker, municipality: str) -> list[Tie]:
    """Return all partnerships of a municipality, the earliest first, those without a date last."""
    return gather_ties(asker, municipality, municipality)


def gather_ties(asker: Asker, one: str, other: str) -> list[Tie]:
    """Return the partnerships that both municipalities take part in, with claims, phases and conflicts."""
    pair = {"one": one, "other": other}
    heads = asker.ask_named("portrait/pair-ties", **pair)
    if not heads:
        return []
    members = _by_tie(asker.ask_named("portrait/pair-members", **pair))
    phases = _by_tie(asker.ask_named("portrait/pair-phases", **pair))
    facts = _by_tie(asker.ask_named("portrait/pair-facts", **pair))
    conflicts = _by_tie(asker.ask("portrait/pair-conflicts", **pair))
    claims = _by_tie(asker.ask("portrait/pair-claims", **pair))
    mentions: dict[str, list[Row]] = defaultdict(list)
    for row in asker.ask("portrait/pair-mentions", **pair):
        mentions[row["claim"]].append(row)
    ties = []
    for head in heads:
        iri = head["tie"]
        read = [_claim(row, mentions[row["claim"]]) for row in claims[iri]]
        ties.append(
            Tie(
                iri=iri,
                key=key_of(iri),
                label=_label(head["label"], members[iri]),
                members=[_member(row) for row in members[iri]],
                kind=Concept(head["kind"], head["kind_name"]),
                status=Concept(head["status"], head["status_name"]),
                start=head["start"],
                end=head["end"],
                status_since=head["status_since"],
                phases=[Phase(Concept(row["kind"], row["kind_name"]), row["start"], row["end"]) for row in phases[iri]],
                claim_count=head["claims"],
                source_count=head["sources"],
                is_reciprocated=bool(head["is_reciprocated"]),
                facts=group_facts(facts[iri]),
                conflicts=_conflicts(conflicts[iri], read),
                claims=read,
            )
        )
    return ties


def group_facts(rows: Iterable[Row]) -> list[Fact]:
    """Return one fact for each value of a property, with all claims that state it."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["property"], str(row["value"])].append(row)
    return [
        Fact(
            property=name,
            value=value,
            name=str(found[0]["value_name"]),
            is_approximate=any(row.get("is_approximate") for row in found),
            is_inferred=all(row.get("basis") == "inferred" for row in found),
            notes=list(dict.fromkeys(row["note"] for row in found if row.get("note"))),
            evidence=list(dict.fromkeys(evidence_of(row) for row in found)),
        )
        for (name, value), found in groups.items()
    ]


def collect_sides(claims: Iterable[Claim], field: str) -> list[Side]:
    """Return the values that claims give for one of their fields, the weightiest first."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        value = getattr(claim, field)
        if value:
            groups[value].append(claim)
    sides = [
        Side(
            value,
            sum(claim.weight for claim in found),
            [Evidence(claim.iri, claim.source, claim.locator) for claim in found],
        )
        for value, found in groups.items()
    ]
    return sorted(sides, key=lambda side: (-side.weight, side.value))


def _by_tie(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["tie"]].append(row)
    return groups


def _label(label: str, members: list[Row]) -> str:
    """Return the label with names in the reader's language; a union's own label stays."""
    return label if len(members) > 4 else " – ".join(row["name"] for row in members)


def _member(row: Row) -> Member:
    return Member(
        row["member"],
        key_of(row["member"]),
        row["name"],
        row["country"],
        row["country_name"],
        row["level"],
        bool(row["is_own_voice"]),
    )


def _claim(row: Row, mentions: list[Row]) -> Claim:
    basis, is_checked = row["basis"] or "stated", bool(row["is_checked"])
    is_own_voice = bool(row["is_own_voice"])
    return Claim(
        iri=row["claim"],
        source=source_id(row["claim"]),
        locator=row["locator"],
        names=[mention["name"] for mention in sorted(mentions, key=_position)],
        by_judgement=[mention["name"] for mention in mentions if mention["basis"] == "judgement"],
        kind=row["kind"],
        becomes=row["becomes"],
        # An end without a later kind says that it is over.
        status=row["status"] or ("ended" if row["end"] and not row["becomes"] else None),
        start=row["start"],
        end=row["end"],
        status_since=row["status_since"],
        first_contact=row["first_contact"],
        renewed=row["renewed"],
        taken_over_from=row["taken_over_from"],
        taken_over_on=row["taken_over_on"],
        written_country=row["written_country"],
        country=row["country"],
        basis=basis,
        is_checked=is_checked,
        is_own_voice=is_own_voice,
        weight=claim_weight(is_own_voice=is_own_voice, is_checked=is_checked, is_inferred=basis == "inferred"),
        note=row["note"],
    )


def _position(mention: Row) -> int:
    last = str(mention["mention"]).rpartition("/")[2]
    return int(last) if last.isdigit() else 0


def _conflicts(rows: Iterable[Row], claims: list[Claim]) -> list[Conflict]:
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        groups[row["conflict"], row["property"]].add(row["claim"])
    return [
        Conflict(
            iri,
            name,
            collect_sides((claim for claim in claims if claim.iri in apart), _FIELDS.get(name, name)),
        )
        for (iri, name), apart in sorted(groups.items())
    ]
