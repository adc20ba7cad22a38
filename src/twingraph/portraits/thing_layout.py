"""Associations, events, waves and countries as pages, or as parts of one."""

from __future__ import annotations

from twingraph.portraits.bibliography import Bibliography
from twingraph.portraits.model import Thing
from twingraph.portraits.pages import Facts, Item, Items, Page, Paragraph, Table
from twingraph.portraits.phrases import conflict_item, fact_rows, joined, source_items, with_references
from twingraph.portraits.subjects import CountryPortrait, ThingPortrait
from twingraph.querying.wording import plural

__all__ = ["country_page", "event_items", "thing_items", "thing_page"]

_MANY = 25


def thing_items(things: list[Thing], books: Bibliography) -> list[Items]:
    """Return associations or waves, each with what is stated of it."""
    items = []
    for thing in things:
        rows = fact_rows(thing.facts, books, today=False)
        items.append(Item(thing.name, "-", [f"{label}: {value}" for label, value in rows]))
    return [Items(items)] if items else []


def event_items(events: list[Thing], books: Bibliography) -> list[Items]:
    """Return events, each with its date in front; a date that sources give in two forms is spelled out below."""
    items = []
    for event in events:
        dates = [fact.value for fact in event.facts if fact.property == "takesPlaceOn"]
        shown = [fact for fact in event.facts if fact.property != "takesPlaceOn" or len(dates) > 1]
        text = with_references(event.name, books.cite(item for fact in event.facts for item in fact.evidence))
        details = [
            f"{label}: {value}"
            for label, value in fact_rows(shown, books)
            if label in ("Date", "Motto", "Participants", "Moderated by", "Organised by", "Topic", "Local actors")
            or label in ("What it needs", "Open questions", "Followed by", "Web page")
        ]
        items.append(Item(text, max(dates, key=len, default="undated"), details))
    return [Items(items)] if items else []


def thing_page(portrait: ThingPortrait) -> Page:
    """Return the page of an association, an event or a wave."""
    books = Bibliography()
    page = Page(f"{portrait.name} ({portrait.type})")
    rows = [("Other names", joined(name.name for name in portrait.names if not name.is_best))]
    rows = [row for row in rows if row[1]]
    rows += fact_rows(portrait.facts, books, today=False)
    rows.append(("Key", f"{portrait.type}:{portrait.key}  {portrait.iri}"))
    page.blocks.append(Facts(rows))
    conflicts = [conflict_item(portrait.name, conflict, books) for conflict in portrait.conflicts]
    page.add("Sources disagree", *([Items(conflicts)] if conflicts else []))
    notes = list(dict.fromkeys(note for fact in portrait.facts for note in fact.notes))
    page.add("Notes", *([Items([Item(note) for note in notes])] if notes else []))
    page.add("Sources", source_items(books, portrait.sources))
    return page


def country_page(portrait: CountryPortrait) -> Page:
    """Return the page of a country."""
    books = Bibliography()
    page = Page(f"{portrait.name} ({portrait.key})")
    rows = [("Continent", portrait.continent or "")]
    if portrait.start or portrait.end:
        rows.append(("Existed", f"{portrait.start or '?'} – {portrait.end or 'today'}"))
    rows.append(("Municipalities", f"{len(portrait.municipalities):,} in the graph"))
    rows.append(("Named in", plural(portrait.claim_count, "claim")))
    rows.append(("IRI", portrait.iri))
    page.blocks.append(Facts([row for row in rows if row[1]]))
    if portrait.partners:
        total = sum(pair.partnerships for pair in portrait.partners)
        table = Table(
            ("Country", "Partnerships", "Earliest dated"),
            [
                [
                    pair.name if pair.country != portrait.key else f"{pair.name} (domestic)",
                    pair.partnerships,
                    f"{pair.first} {pair.first_start}" if pair.first and pair.first_start else "",
                ]
                for pair in portrait.partners
            ],
        )
        page.add(f"Partnerships of two: {total:,} with {plural(len(portrait.partners), 'country', 'countries')}", table)
    towns = portrait.municipalities[:_MANY]
    if towns:
        more = (
            []
            if len(portrait.municipalities) <= _MANY
            else [Paragraph(f"and {len(portrait.municipalities) - _MANY:,} more; `--format json` has all of them.")]
        )
        table = Table(("Municipality", "Partners", "Key"), [[t.name, t.partners, t.key] for t in towns])
        page.add("Municipalities with the most partners in force", table, *more)
    page.add("Waves of partnerships that sources describe", *thing_items(portrait.waves, books))
    if books.entries():
        page.add("Sources", source_items(books, portrait.sources))
    return page
