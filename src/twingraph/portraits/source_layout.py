"""Sources as pages: the list, and one with everything it states."""

from __future__ import annotations

from collections.abc import Sequence

from twingraph.portraits.asking import key_of
from twingraph.portraits.model import CountedSource, SourceClaim, SourceReport
from twingraph.portraits.pages import Facts, Item, Items, Page, Paragraph, Table
from twingraph.portraits.phrases import PROPERTY_NAMES, joined, period
from twingraph.querying.wording import plural

__all__ = ["report_page", "sources_page"]


def sources_page(sources: Sequence[CountedSource]) -> Page:
    """Return the list of sources as a page."""
    checked = sum(source.is_checked for source in sources)
    claims = sum(source.claims for source in sources)
    page = Page(f"{plural(len(sources), 'source')}, {checked:,} of them checked, {plural(claims, 'claim')}")
    items = []
    for source in sources:
        facts = [source.type, source.language, _date(source), plural(source.claims, "claim")]
        if not source.is_checked:
            facts.append("not checked in full")
        details = [
            source.publisher if source.title == source.publisher else f"{source.publisher}: {source.title}",
            joined(part for part in facts if part),
            source.url or "no web address",
        ]
        items.append(Item(source.id, "✓" if source.is_checked else "–", details))
    page.blocks.append(Items(items) if items else Paragraph("No source fits."))
    return page


def _date(source: CountedSource) -> str:
    return source.date or (f"[{source.inferred_date}]" if source.inferred_date else "")


def report_page(report: SourceReport) -> Page:
    """Return a source with everything it states as a page."""
    source = report.source
    page = Page(f"{source.publisher}: {source.title}")
    inferred = f"{source.inferred_date} (inferred: {source.inference})" if source.inferred_date else ""
    rows = [
        ("Id", f"{source.id}  {source.iri}"),
        ("Web page", source.url or "none"),
        ("Type", source.type),
        ("Language", source.language),
        ("Date", source.date or inferred or "none stated, none inferred"),
        ("Speaks for", joined(report.speaks_for) or "no municipality"),
        ("Retrieved", source.retrieved or "unknown"),
        ("Checked", _checked(source)),
        ("Licence", source.rights or "unknown"),
        ("Claims", f"{source.claims:,}"),
    ]
    page.blocks.append(Facts(rows))
    ties = [claim for claim in report.statements if claim.names]
    others = [claim for claim in report.statements if not claim.names]
    if ties:
        table = Table(
            ("Claim", "Where", "Names as written", "Kind", "Status", "Dates", "Read"), [_row(c) for c in ties]
        )
        page.add(f"Partnerships: {plural(len(ties), 'claim')}", table)
        unresolved = [f"{key_of(claim.iri)}: {joined(claim.unresolved)}" for claim in ties if claim.unresolved]
        page.add("Names not identified yet", *([Items([Item(text) for text in unresolved])] if unresolved else []))
    if others:
        rows_of_others = [
            [
                _number(claim),
                claim.locator,
                joined(claim.about_names) or "(not identified yet)",
                f"{_property(claim.property)}: {claim.value}"
                if claim.property
                else "(nothing that could be taken over)",
                _read(claim),
            ]
            for claim in others
        ]
        table = Table(("Claim", "Where", "About", "States", "Read"), rows_of_others)
        page.add(f"Other facts: {plural(len(others), 'claim')}", table)
    notes = [Item(claim.note, _number(claim)) for claim in report.statements if claim.note]
    page.add("Notes", *([Items(notes)] if notes else []))
    return page


def _property(names: str) -> str:
    """Return the English names of the properties that a claim states."""
    return joined(PROPERTY_NAMES.get(name, name).removesuffix(" today") for name in names.split(", "))


def _checked(source: CountedSource) -> str:
    how = f" ({source.check_note})" if source.check_note else ""
    if source.is_checked:
        return f"yes{how}"
    return f"{source.checked_claims:,} of {plural(source.claims, 'claim')}{how}"


def _number(claim: SourceClaim) -> str:
    return key_of(claim.iri).partition("/")[2]


def _read(claim: SourceClaim) -> str:
    if claim.is_checked is None:
        return ""
    return ("yes" if claim.is_checked else "no") + (", inferred" if claim.basis == "inferred" else "")


def _row(claim: SourceClaim) -> list[str]:
    return [
        _number(claim),
        claim.locator,
        " – ".join(claim.names),
        claim.kind or "",
        claim.status or "",
        period(claim.start, claim.end) if claim.start or claim.end else "",
        _read(claim),
    ]
