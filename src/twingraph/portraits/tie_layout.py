"""An explanation of a tie as a page: the conclusion with its reasons, then the claims side by side."""

from __future__ import annotations

from collections.abc import Iterable

from twingraph.portraits.bibliography import Bibliography, reference_text
from twingraph.portraits.chains import LONGEST
from twingraph.portraits.model import Claim, Conflict, Evidence, Reason, SourceCard, Tie
from twingraph.portraits.pages import Block, Facts, Item, Items, Page, Paragraph, Table
from twingraph.portraits.phrases import PROPERTY_NAMES, fact_rows, joined, phase_text, since, source_line
from twingraph.portraits.subjects import Chain, Explanation, Place
from twingraph.portraits.thing_layout import event_items
from twingraph.querying.wording import plural

__all__ = ["explanation_page"]

_CONFLICT_COLUMNS = {"start": "start", "end": "end", "hasKind": "kind", "hasStatus": "status"}


def explanation_page(found: Explanation) -> Page:
    """Return the page of an explanation."""
    page = Page(f"{_named(found.one)} and {_named(found.other)}")
    if not found.partnerships:
        page.blocks.append(Paragraph("No source in the graph names a tie between the two."))
        page.add(*_chain(found))
        return page
    cards = {card.id: card for card in found.sources}
    count = len(found.partnerships)
    if count > 1:
        page.blocks.append(Paragraph(f"They take part in {count} partnerships together."))
    for tie in found.partnerships:
        _add_tie(page, tie, found, cards)
    books = Bibliography()
    page.add("Events", *event_items(found.events, books))
    if books.entries():
        lines = [Item(source_line(cards[key]) if key in cards else key, f"[{n}]") for n, key, _ in books.entries()]
        page.add("Sources of the events", Items(lines))
    return page


def _add_tie(page: Page, tie: Tie, found: Explanation, cards: dict[str, SourceCard]) -> None:
    prefix = f"{tie.label}: " if len(found.partnerships) > 1 else ""
    numbers = {claim.iri: number for number, claim in enumerate(_sorted(tie.claims), 1)}
    others = [evidence for fact in tie.facts for evidence in fact.evidence]
    for evidence in others:
        numbers.setdefault(evidence.claim, len(numbers) + 1)
    rows = [
        ("Kind", tie.kind.name),
        ("Status", tie.status.name + (f" since {tie.status_since}" if tie.status_since else "")),
    ]
    rows.append(("Dates", since(tie)))
    if tie.phases:
        rows.append(("Phases", phase_text(tie.phases)))
    rows.append(("Said by", _voices(tie)))
    rows.append(("Evidence", f"{plural(tie.claim_count, 'claim')} of {plural(tie.source_count, 'source')}"))
    if len(tie.members) > 2:
        rows.append(("Participants", joined(f"{member.name} {member.country}" for member in tie.members)))
    if found.associations.get(tie.iri):
        rows.append(("Associations", joined(found.associations[tie.iri])))
    rows += fact_rows(tie.facts, _ClaimNumbers(numbers), today=False)
    rows.append(("IRI", tie.iri))
    page.add(f"{prefix}What the graph concludes", Facts(rows))
    page.add(f"{prefix}Why", *_why(found.reasons[tie.iri], numbers))
    if tie.conflicts:
        items = [_conflict(conflict, numbers) for conflict in tie.conflicts]
        page.add(f"{prefix}Where the claims disagree", Items(items))
    page.add(f"{prefix}The claims side by side", *_claims(tie, numbers))
    places = [_details(claim, numbers, cards) for claim in _sorted(tie.claims)]
    known = {claim.iri for claim in tie.claims}
    places += [_place(item, numbers, cards) for item in dict.fromkeys(others) if item.claim not in known]
    page.add(f"{prefix}Where each claim stands", Items(places))


def _place(evidence: Evidence, numbers: dict[str, int], cards: dict[str, SourceCard]) -> Item:
    card = cards.get(evidence.source)
    details = [card.url or "no web address"] if card else []
    return Item(
        source_line(card) if card else evidence.source,
        f"[{numbers[evidence.claim]}]",
        [*details, evidence.locator],
    )


class _ClaimNumbers(Bibliography):
    """Refers to claims by their number on the page instead of numbering sources."""

    def __init__(self, numbers: dict[str, int]) -> None:
        super().__init__()
        self._numbers = numbers

    def cite(self, evidence: Iterable[Evidence]) -> str:
        """Return the numbers of the claims."""
        return reference_text(self._numbers[item.claim] for item in evidence)


def _sorted(claims: list[Claim]) -> list[Claim]:
    return sorted(claims, key=lambda claim: (-claim.weight, claim.source, claim.iri))


def _named(place: Place) -> str:
    return f"{place.name} ({place.country})"


def _voices(tie: Tie) -> str:
    own = [member.name for member in tie.members if member.is_own_voice]
    silent = [member.name for member in tie.members if not member.is_own_voice]
    if not silent:
        return "sources that speak for " + ("both sides" if len(own) == 2 else "every participant")
    if not own:
        return "others only: no source that speaks for a participant names it"
    return f"sources that speak for {joined(own)}; none yet that speaks for {joined(silent)}"


def _why(reasons: list[Reason], numbers: dict[str, int]) -> list[Block]:
    rows = []
    for reason in reasons:
        value = reason.concluded or "unknown"
        rows.append((PROPERTY_NAMES.get(reason.property, reason.property).capitalize(), f"{value}: {reason.because}"))
        if len(reason.sides) > 1:
            for side in reason.sides:
                claims = reference_text(numbers[e.claim] for e in side.evidence)
                rows.append(("", f"{side.value}: weight {side.weight:g} {claims}"))
    rule = Paragraph(
        "Weights: 4 for a source that speaks for a participant, 2 for any other; one less when the claim was not "
        "read in the source itself; half when it is inferred."
    )
    return [Facts(rows), rule]


def _conflict(conflict: Conflict, numbers: dict[str, int]) -> Item:
    name = PROPERTY_NAMES.get(conflict.property, conflict.property).capitalize()
    sides = []
    for side in conflict.sides:
        claims = reference_text(numbers[e.claim] for e in side.evidence)
        sides.append(f"{side.value} {claims}")
    return Item(f"{name}: {' / '.join(sides)}", "⚠")


def _claims(tie: Tie, numbers: dict[str, int]) -> list[Block]:
    apart = {
        (evidence.claim, _CONFLICT_COLUMNS.get(conflict.property))
        for conflict in tie.conflicts
        for side in conflict.sides
        for evidence in side.evidence
    }
    has_end = any(claim.end for claim in tie.claims)
    rows = []
    for claim in _sorted(tie.claims):
        cells = {
            "kind": (claim.kind or "") + (f" → {claim.becomes}" if claim.becomes else ""),
            "start": claim.start or "",
            "end": claim.end or "",
            "status": claim.status or "",
        }
        for column in cells:
            if (claim.iri, column) in apart:
                cells[column] += " ⚠"
        if not has_end:
            del cells["end"]
        voice = "participant" if claim.is_own_voice else "other"
        read = ("" if claim.is_checked else "not read ") + ("inferred" if claim.basis == "inferred" else "")
        rows.append([f"[{numbers[claim.iri]}]", voice, *cells.values(), read.strip(), f"{claim.weight:g}"])
    columns = [name.capitalize() for name in ("kind", "start", "end", "status") if name != "end" or has_end]
    return [Table(("Claim", "Voice", *columns, "Basis", "Weight"), rows)]


def _details(claim: Claim, numbers: dict[str, int], cards: dict[str, SourceCard]) -> Item:
    card = cards.get(claim.source)
    details = [card.url or "no web address"] if card else []
    names = joined(f"“{name}”" for name in claim.names)
    if claim.written_country:
        names += f", country written “{claim.written_country}”"
    details.append(f"{claim.locator}: {names}")
    if claim.by_judgement:
        details.append(f"Identified by judgement: {joined(claim.by_judgement)}")
    more = [
        ("status since", claim.status_since),
        ("first contact", claim.first_contact),
        ("renewed", claim.renewed),
        ("taken over from", claim.taken_over_from),
        ("taken over on", claim.taken_over_on),
    ]
    said = [f"{label} {value}" for label, value in more if value]
    if said:
        details.append(joined(said))
    if claim.note:
        details.append(f"Note: {claim.note}")
    return Item(source_line(card) if card else claim.source, f"[{numbers[claim.iri]}]", details)


def _chain(found: Explanation) -> tuple[str, Block]:
    chain: Chain | None = found.chain
    if chain is None:
        text = f"No chain of up to {LONGEST} partnerships in force joins them either."
        return "What joins them", Paragraph(text)
    rows = [
        [str(number), f"{_named(link.start)} – {_named(link.end)}", link.since or "no date"]
        for number, link in enumerate(chain.links, 1)
    ]
    title = f"The shortest chain of partnerships in force: {plural(len(chain.links), 'tie')}"
    return title, Table(("Step", "Tie", "Since"), rows)
