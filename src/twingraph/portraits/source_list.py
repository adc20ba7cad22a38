"""The sources of the graph: a list with counts, and one source with everything it states."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields

from twingraph.errors import UnknownNameError
from twingraph.portraits.asking import Asker, Row, key_of
from twingraph.portraits.bibliography import read_sources
from twingraph.portraits.model import CountedSource, SourceCard, SourceClaim, SourceReport
from twingraph.vocab import ID

__all__ = ["list_sources", "report_source"]


def list_sources(asker: Asker) -> list[CountedSource]:
    """Return all sources in the order of their ids, with the number of their claims."""
    counts = {row["source"]: row for row in asker.ask("portrait/source-counts")}
    found = []
    for card in read_sources(asker):
        count = counts.get(card.iri, {"claims": 0, "checked_claims": 0})
        plain = {item.name: getattr(card, item.name) for item in fields(SourceCard)}
        found.append(CountedSource(**plain, claims=count["claims"], checked_claims=count["checked_claims"]))
    return found


def report_source(asker: Asker, source: str) -> SourceReport:
    """Return a source given by its id or IRI, with all its claims.

    Raises:
        UnknownNameError: no source has this id; near ones are named.
    """
    wanted = source.strip().removeprefix(ID + "source/").removeprefix("tws:")
    sources = {item.id: item for item in list_sources(asker)}
    if wanted not in sources:
        raise _unknown(wanted, sources)
    card = sources[wanted]
    names: dict[str, list[Row]] = defaultdict(list)
    for row in asker.ask("portrait/source-names", source=card.iri):
        names[row["claim"]].append(row)
    claims: dict[str, list[Row]] = defaultdict(list)
    for row in asker.ask("portrait/source-claims", source=card.iri):
        claims[row["claim"]].append(row)
    statements = [_claim(iri, rows, names[iri]) for iri, rows in claims.items()]
    return SourceReport(
        source=card,
        speaks_for=[row["name"] for row in asker.ask("portrait/voice-of", source=card.iri)],
        statements=sorted(statements, key=lambda claim: _order(claim.iri)),
    )


def _unknown(wanted: str, sources: dict[str, CountedSource]) -> UnknownNameError:
    import difflib

    near = [key for key in sources if wanted and wanted in key][:6]
    near += difflib.get_close_matches(wanted, sources, 4)
    shown = list(dict.fromkeys(near))
    hint = f"near are {', '.join(shown)}" if shown else "`twingraph sources` lists all"
    return UnknownNameError(f"there is no source {wanted!r}; {hint}.", candidates=shown)


def _claim(iri: str, rows: list[Row], mentions: list[Row]) -> SourceClaim:
    first = rows[0]
    said = list(dict.fromkeys((row["property"], row["value"]) for row in rows if row["property"]))
    return SourceClaim(
        iri=iri,
        locator=first["locator"],
        names=[row["name"] for row in mentions],
        unresolved=[row["name"] for row in mentions if not row["municipality"]],
        kind=first["kind"],
        status=first["status"],
        start=first["start"],
        end=first["end"],
        property=", ".join(dict.fromkeys(name for name, _ in said)) or None,
        value=", ".join(str(value).removeprefix(ID) for _, value in said) or None,
        basis=first["basis"],
        is_checked=first["is_checked"],
        about=list(dict.fromkeys(row["about"] for row in rows if row["about"])),
        about_names=list(dict.fromkeys(row["about_name"] for row in rows if row["about"])),
        note=first["note"],
    )


def _order(iri: str) -> tuple[int, str]:
    last = key_of(iri).partition("/")[2]
    return (int(last), "") if last.isdigit() else (10**9, last)
