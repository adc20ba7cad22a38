"""A municipality's portrait as a page."""

from __future__ import annotations

from twingraph.portraits.bibliography import Bibliography
from twingraph.portraits.model import Evidence, Tie
from twingraph.portraits.pages import Facts, Item, Items, Page, Paragraph, Table
from twingraph.portraits.phrases import (
    conflict_item,
    coordinates,
    fact_rows,
    joined,
    phase_text,
    since,
    source_items,
    with_references,
)
from twingraph.portraits.subjects import MunicipalityPortrait
from twingraph.portraits.thing_layout import event_items, thing_items
from twingraph.querying.wording import plural

__all__ = ["municipality_page"]

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
    page.add("Associations", *thing_items(portrait.associations, books))
    page.add("Events", *event_items(portrait.events, books))
    page.add("Waves of partnerships that its sources describe", *thing_items(portrait.waves, books))
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
    for known in portrait.identifiers:
        rows.append((known.scheme, with_references(f"{known.id}  {known.url}", books.cite(known.evidence))))
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
    mark = " ⚠" if tie.conflicts else ""
    return [who, tie.kind.name, status, since(tie) + mark, voice, books.cite(evidence)]


def _unresolved(portrait: MunicipalityPortrait, books: Bibliography) -> list[Items]:
    items = []
    for tie in portrait.unresolved_partnerships:
        country = f" ({tie.written_country})" if tie.written_country else ""
        date = f", {tie.start}" if tie.start else ""
        items.append(Item(with_references(f"“{tie.name}”{country}{date}", books.cite([tie.evidence]))))
    return [Items(items)] if items else []


def _changes(portrait: MunicipalityPortrait) -> list[Items]:
    items = [Item(f"{tie.label}: {phase_text(tie.phases)}") for tie in portrait.partnerships if tie.phases]
    for change in portrait.transfers:
        if change.relation == "took over":
            items.append(Item(f"{change.tie_label}: concluded by {change.name}, taken over later"))
        elif change.relation == "passed on":
            items.append(Item(f"{change.tie_label}: concluded by {portrait.name}, passed on to {change.name}"))
    return [Items(items)] if items else []


def _conflicts(portrait: MunicipalityPortrait, books: Bibliography) -> list[Items]:
    items = [conflict_item(tie.label, conflict, books) for tie in portrait.partnerships for conflict in tie.conflicts]
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


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name or "'" in name else name
