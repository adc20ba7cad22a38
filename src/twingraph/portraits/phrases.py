"""How values read in English: dates of a partnership, coordinates, conflicts, facts."""

from __future__ import annotations

from collections.abc import Iterable

from twingraph.portraits.bibliography import Bibliography
from twingraph.portraits.model import Conflict, Fact, Phase, SourceCard, Tie
from twingraph.portraits.pages import Item, Items

__all__ = [
    "PROPERTY_NAMES",
    "conflict_item",
    "coordinates",
    "fact_rows",
    "joined",
    "period",
    "phase_text",
    "since",
    "source_items",
    "source_line",
    "with_references",
]

#: What a property is called on a page, in the order in which facts are shown.
PROPERTY_NAMES: dict[str, str] = {
    "hasAssociationType": "Type",
    "hasEventType": "Type",
    "takesPlaceOn": "Date",
    "takesPlaceIn": "Place",
    "motto": "Motto",
    "participantCount": "Participants",
    "isModeratedBy": "Moderated by",
    "organises": "Organised by",
    "concerns": "About",
    "concernsField": "Topic",
    "resolvedOn": "Decided by the council",
    "foundedOn": "Founded",
    "dissolvedOn": "Dissolved",
    "hasSeat": "Seat",
    "actsFor": "Acts for",
    "supports": "Supports",
    "follows": "Came out of",
    "hasMember": "Members",
    "begins": "Begins",
    "position": "Place in the sequence",
    "hasSide": "One side",
    "hasPartnerSide": "Other side",
    "hasDistinction": "Distinctions",
    "hasEarlierPurpose": "Purposes earlier",
    "hasPurpose": "Purposes today",
    "hasEarlierField": "Fields earlier",
    "hasField": "Fields today",
    "involvesActor": "Local actors",
    "hasSuccessFactor": "What it needs",
    "raisesQuestion": "Open questions",
    "isFollowedBy": "Followed by",
    "partnerCountStated": "Partners as stated",
    "mergedInto": "Merged into",
    "mergedOn": "Merged on",
    "webpage": "Web page",
    "altLabel": "Other names",
    "start": "start",
    "end": "end",
    "hasKind": "kind",
    "hasStatus": "status",
}
_ORDER = {name: number for number, name in enumerate(PROPERTY_NAMES)}


def joined(parts: Iterable[str]) -> str:
    """Return parts as a list in a sentence."""
    return ", ".join(parts)


def since(tie: Tie) -> str:
    """Return start and end as ``1979-05-02 – 2018``, ``1993`` or ``no date``; nothing is padded."""
    return period(tie.start, tie.end, is_over=tie.status.id == "ended")


def period(start: str | None, end: str | None, *, is_over: bool = False) -> str:
    """Return a stretch of time; a question mark stands for a date that no source gives."""
    if start is None and end is None:
        return "? – ?" if is_over else "no date"
    if end is None and not is_over:
        return start or ""
    return f"{start or '?'} – {end or '?'}"


def phase_text(phases: Iterable[Phase]) -> str:
    """Return ``friendship 1996 – 1998, partnership 1998``."""
    return ", then ".join(f"{phase.kind.name} {period(phase.start, phase.end)}" for phase in phases)


def coordinates(latitude: float, longitude: float) -> str:
    """Return a point as a reader of maps writes it.

    >>> coordinates(52.2279, -11.01)
    '52.2279 N, 11.01 W'
    """
    north, east = (f"{abs(value):.5f}".rstrip("0").rstrip(".") for value in (latitude, longitude))
    return f"{north} {'N' if latitude >= 0 else 'S'}, {east} {'E' if longitude >= 0 else 'W'}"


def with_references(text: str, references: str) -> str:
    """Return a text with the numbers of its sources behind it."""
    return f"{text} {references}" if references else text


def fact_rows(facts: Iterable[Fact], books: Bibliography, *, today: bool = True) -> list[tuple[str, str]]:
    """Return facts as labels and values with references, in the order of `PROPERTY_NAMES`.

    Args:
        facts: what sources state.
        books: numbers the sources.
        today: whether purposes and fields are those of today, as opposed to earlier ones.
    """
    rows = []
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        groups.setdefault(fact.property, []).append(fact)
    for name in sorted(groups, key=lambda item: (_ORDER.get(item, len(_ORDER)), item)):
        label = PROPERTY_NAMES.get(name, name)
        if not today:
            label = label.removesuffix(" today")
        values = [_fact_text(fact, books) for fact in groups[name]]
        rows.append((label, "; ".join(values)))
    return rows


def _fact_text(fact: Fact, books: Bibliography) -> str:
    text = f"about {fact.name}" if fact.is_approximate else fact.name
    if fact.is_inferred:
        text += " (inferred)"
    if fact.property in ("partnerCountStated", "hasDistinction") and fact.notes:
        text += f" ({fact.notes[0].rstrip('.')})"
    return with_references(text, books.cite(fact.evidence))


def conflict_item(about: str, conflict: Conflict, books: Bibliography) -> Item:
    """Return a disagreement as one line with what each side says."""
    name = PROPERTY_NAMES.get(conflict.property, conflict.property)
    sides = [with_references(side.value, books.cite(side.evidence)) for side in conflict.sides]
    return Item(f"{about}, {name[0].lower() + name[1:]}: {' / '.join(sides)}", "⚠")


def source_line(card: SourceCard) -> str:
    """Return publisher, title, date and whether the source was read."""
    date = card.date or (f"{card.inferred_date}, inferred" if card.inferred_date else "undated")
    checked = "" if card.is_checked else "; not checked in full"
    title = "" if card.title == card.publisher else f"{card.title}. "
    return f"{card.publisher}: {title}{card.type.capitalize()}, {date}{checked}"


def source_items(books: Bibliography, cards: Iterable[SourceCard]) -> Items:
    """Return the numbered list of what was cited, each with its address and the places in it."""
    by_id = {card.id: card for card in cards}
    items = []
    for number, source, places in books.entries():
        card = by_id.get(source)
        details = [] if card is None else [card.url or "no web address"]
        details.append("Cited: " + "; ".join(sorted(places)[:_PLACES]) + _more(places))
        items.append(Item(source_line(card) if card else source, f"[{number}]", details))
    return Items(items)


_PLACES = 12


def _more(places: list[str]) -> str:
    return f"; and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
