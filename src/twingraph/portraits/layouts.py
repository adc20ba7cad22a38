"""Portraits as pages."""

from __future__ import annotations

from twingraph.portraits.bibliography import Bibliography
from twingraph.portraits.model import (
    CountryPortrait,
    Evidence,
    MunicipalityPortrait,
    Thing,
    ThingPortrait,
    Tie,
)
from twingraph.portraits.pages import Facts, Item, Items, Page, Paragraph, Table
from twingraph.portraits.phrases import (
    conflict_item,
    coordinates,
    fact_rows,
    joined,
    phase_text,
    plural,
    since,
    source_items,
    with_references,
)

__all__ = ["country_page", "event_items", "municipality_page", "thing_page"]

_MANY = 25
_FEW = 3


def municipality_page(portrait: MunicipalityPortrait) -> Page:
    """Return a municipality's page: what it is, its partnerships, what surrounds them, gaps, sources."""
    books = Bibliography()
    where = f"{portrait.country_name} ({portrait.country})"
    page = Page(f"{portrait.name}, {portrait.level.name} in {where}")
    page.blocks.append(Facts(_identity(portrait, books)))
    ties = portrait.partnerships
    in_force = sum(tie.status.id in ("active", "unknown") for tie in ties)
    if ties:
        title = f"Partnerships: {len(ties)}, {in_force} in force"
        rows = [_tie_row(portrait, tie, books) for tie in ties]
        names = ("Partner", "Kind", "Status", "Since", "Says so", "Sources")
        legend = Paragraph(
            "Says so: which side's own sources state it. ⚠: sources disagree, see below. "
            f"Details of one: twingraph explain {_quoted(portrait.name)} PARTNER"
        )
        page.add(title, Table(names, rows), legend)
    page.add("Partners not identified yet", *_unresolved(portrait, books))
    page.add("Changes over time", *_changes(portrait))
    page.add("Sources disagree", *_conflicts(portrait, books))
    page.add("What sources say of its twinning", *_facts(portrait, books))
    page.add("What sources say of single partnerships", *_tie_facts(portrait, books))
    page.add("Associations", *_thing_items(portrait.associations, books))
    page.add("Events", *event_items(portrait.events, books))
    page.add("Waves of partnerships that its sources describe", *_thing_items(portrait.waves, books))
    page.add("What is not known", *_gaps(portrait))
    page.add("Sources", source_items(books, portrait.sources))
    return page


def _identity(portrait: MunicipalityPortrait, books: Bibliography) -> list[tuple[str, str]]:
    rows = []
    languages: dict[str, list[str]] = {}
    for name in portrait.names:
        languages.setdefault(name.name, [])
        if name.language and name.language not in languages[name.name]:
            languages[name.name].append(name.language)
    names = [f"{name} ({', '.join(tags)})" if tags else name for name, tags in languages.items()]
    rows.append(("Names", joined(names)))
    if portrait.written_names:
        written = []
        for item in portrait.written_names:
            where = f" ({len(item.evidence)}×)" if len(item.evidence) > _FEW else ""
            mark = ", identified by judgement" if item.by_judgement else ""
            references = "" if where else books.cite(item.evidence)
            written.append(with_references(f"“{item.name}”{where}{mark}", references))
        rows.append(("In sources", joined(written)))
    if portrait.latitude is not None and portrait.longitude is not None:
        point = coordinates(portrait.latitude, portrait.longitude)
        rows.append(("Coordinates", with_references(point, books.cite(portrait.coordinates_evidence))))
    for item in portrait.identifiers:
        rows.append((item.scheme, with_references(f"{item.id}  {item.url}", books.cite(item.evidence))))
    rows.append(("Key", f"{portrait.key}  {portrait.iri}"))
    for change in portrait.transfers:
        if change.relation in ("merged into", "absorbed"):
            label = "Merged into" if change.relation == "merged into" else "Absorbed"
            rows.append((label, f"{change.name} {change.date or '(no date)'}"))
    return rows


def _tie_row(portrait: MunicipalityPortrait, tie: Tie, books: Bibliography) -> list[str]:
    partners = [member for member in tie.members if member.iri != portrait.iri]
    if len(partners) > 3:
        who = tie.label
    else:
        who = joined(
            f"{member.name} {member.country}" + ("" if member.level == "municipality" else f" ({member.level})")
            for member in partners
        )
    own = any(member.iri == portrait.iri and member.is_own_voice for member in tie.members)
    others = sum(member.is_own_voice for member in partners)
    if own and others == len(partners):
        voice = "both" if len(partners) == 1 else "all"
    elif own or others:
        voice = "own side" if own and not others else "partner" if not own else "some"
    else:
        voice = "neither"
    evidence = [Evidence(claim.iri, claim.source, claim.locator) for claim in tie.claims]
    status = tie.status.name + (f" {tie.status_since}" if tie.status_since else "")
    mark = "⚠ " if tie.conflicts else ""
    return [who, tie.kind.name, status, mark + since(tie), voice, books.cite(evidence)]


def _unresolved(portrait: MunicipalityPortrait, books: Bibliography) -> list[Items]:
    items = []
    for tie in portrait.unresolved_partnerships:
        country = f" ({tie.written_country})" if tie.written_country else ""
        date = f", {tie.start}" if tie.start else ""
        items.append(Item(with_references(f"“{tie.name}”{country}{date}", books.cite([tie.evidence]))))
    return [Items(items)] if items else []


def _changes(portrait: MunicipalityPortrait) -> list[Items]:
    items = [
        Item(f"{tie.label}: {phase_text(tie.phases)}") for tie in portrait.partnerships if tie.phases
    ]
    for change in portrait.transfers:
        if change.relation == "took over":
            items.append(Item(f"{change.tie_label}: concluded by {change.name}, taken over later"))
        elif change.relation == "passed on":
            items.append(Item(f"{change.tie_label}: concluded by {portrait.name}, passed on to {change.name}"))
    return [Items(items)] if items else []


def _conflicts(portrait: MunicipalityPortrait, books: Bibliography) -> list[Items]:
    items = [
        conflict_item(tie.label, conflict, books)
        for tie in portrait.partnerships
        for conflict in tie.conflicts
    ]
    items += [conflict_item(portrait.name, conflict, books) for conflict in portrait.conflicts]
    for thing in (*portrait.associations, *portrait.events):
        items += [conflict_item(thing.name, conflict, books) for conflict in thing.conflicts]
    return [Items(items)] if items else []


def _facts(portrait: MunicipalityPortrait, books: Bibliography) -> list[Facts]:
    rows = fact_rows((fact for fact in portrait.facts if not fact.property.startswith("merged")), books)
    return [Facts(rows)] if rows else []


def _tie_facts(portrait: MunicipalityPortrait, books: Bibliography) -> list[Facts]:
    rows = []
    for tie in portrait.partnerships:
        partner = joined(member.name for member in tie.members if member.iri != portrait.iri)
        for label, value in fact_rows(tie.facts, books, today=False):
            rows.append((partner if len(tie.members) <= 4 else tie.label, f"{label}: {value}"))
    return [Facts(rows)] if rows else []


def _thing_items(things: list[Thing], books: Bibliography) -> list[Items]:
    items = []
    for thing in things:
        rows = fact_rows(thing.facts, books, today=False)
        items.append(Item(thing.name, "-", [f"{label}: {value}" for label, value in rows]))
    return [Items(items)] if items else []


def _gaps(portrait: MunicipalityPortrait) -> list[Items]:
    labels = {tie.iri: tie.label for tie in portrait.partnerships}
    items = []
    for gap in portrait.gaps:
        about = [labels[iri] for iri in gap.subjects if iri in labels]
        more = f"; and {len(about) - _MANY} more" if len(about) > _MANY else ""
        what = gap.message[0].upper() + gap.message[1:]
        if gap.kind == "unresolved":
            what += f": {plural(len(gap.subjects), 'claim')}, see above"
        items.append(Item(f"{what}: {'; '.join(about[:_MANY])}{more}" if about else what))
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
    rows.append(("Named as the partner's country", plural(portrait.claim_count, "claim")))
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
        more = [] if len(portrait.municipalities) <= _MANY else [
            Paragraph(f"and {len(portrait.municipalities) - _MANY:,} more; `--format json` has all of them.")
        ]
        table = Table(("Municipality", "Partners", "Key"), [[t.name, t.partners, t.key] for t in towns])
        page.add("Municipalities with the most partners in force", table, *more)
    page.add("Waves of partnerships that sources describe", *_thing_items(portrait.waves, books))
    if books.entries():
        page.add("Sources", source_items(books, portrait.sources))
    return page


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name or "'" in name else name
