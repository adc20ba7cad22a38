"""Wikidata's statements of twinned administrative bodies (P190) as a source of claims."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twingraph.errors import DataError, EndpointError
from twingraph.harvesting.earlier import Changes, Earlier
from twingraph.harvesting.pages import Pages, Row, whole
from twingraph.harvesting.statements import (
    QID,
    WD,
    Statement,
    cleaned,
    place_note,
    read_claim_id,
    read_countries,
    read_qid,
    read_time,
    take_statement,
)
from twingraph.importing.intake import Intake
from twingraph.importing.outcome import Outcome, finish
from twingraph.importing.values import Rejected
from twingraph.resolving.countries import country_rows
from twingraph.sourcedata.cells import LAST_DAY
from twingraph.sourcedata.tables import cell_fault

__all__ = ["ENDPOINT", "SOURCE", "Harvest", "harvest_wikidata"]

ENDPOINT = "https://query.wikidata.org/sparql"
SOURCE = "wikidata-p190"
_SPACES = """PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX pq: <http://www.wikidata.org/prop/qualifier/>
PREFIX pqv: <http://www.wikidata.org/prop/qualifier/value/>
PREFIX pr: <http://www.wikidata.org/prop/reference/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_TIMES = """OPTIONAL { ?statement pqv:P580 ?startNode .
    ?startNode wikibase:timeValue ?start ; wikibase:timePrecision ?startPrecision }
  OPTIONAL { ?statement pqv:P582 ?endNode . ?endNode wikibase:timeValue ?end ; wikibase:timePrecision ?endPrecision }"""
#: Facts of places that come along: property → what it is called here.
_FACTS = {"P31": "type", "P17": "country", "P625": "point", "P1082": "population", "P1566": "geonames", "P439": "ags"}
_AT_ONCE = 200
#: Longer references are no addresses that anyone could follow.
_LONGEST_REFERENCE = 2000

Say = Callable[[str], None]


@dataclass(slots=True)
class Harvest:
    """What a harvest brought.

    Attributes:
        outcome: the source as it was written.
        statements: how many were read.
        taken, left_out: how many of them came in, and did not.
        places: how many places they are about.
        changes: what differs from the harvest before; all claims are new at first.
        requests, repeated, kept: questions asked, asked again, and answered from the folder.
    """

    outcome: Outcome
    statements: int
    taken: int
    left_out: int
    places: int
    changes: Changes
    requests: int = 0
    repeated: int = 0
    kept: int = 0


def harvest_wikidata(
    data: Path,
    *,
    endpoint: str = ENDPOINT,
    country: str | None = None,
    languages: Sequence[str] = ("en", "de", "fr"),
    agent: str = "twingraph",
    size: int = 2000,
    limit: float = 60.0,
    today: datetime.date | None = None,
    progress: Callable[[str, int, int], None] = lambda *_: None,
    say: Say = lambda _: None,
    sleep: Callable[[float], None] | None = None,
) -> Harvest:
    """Ask for all statements of P190 and write them as the source `SOURCE` into a data folder.

    Each statement is a claim, whose id is that of the statement, so that a later harvest finds it again. Statements of
    deprecated rank, and those that a row of the tables can't hold, are left out with the reason. A harvest of one
    country leaves what earlier ones brought of others as it is.

    Args:
        data: the folder; answers are kept in a hidden folder of it until the harvest is whole.
        endpoint: Wikidata's Query Service, or another with the same data.
        country: ISO code; only statements of places that lie there.
        languages: of names, the first that there is names a place.
        agent: what the endpoint is told of who asks.
        size: statements of the first page.
        limit: seconds that the endpoint gives a query.
        today: the day that is noted as seen.
        progress: is told how many of the statements and places are there.
        say: is told what is being waited for.
        sleep: waits; another one for tests.

    Raises:
        EndpointError: the endpoint does not answer, however often it is asked; what came is kept.
        DataError: nothing was found, or the folder can't be read or written.
    """
    earlier = Earlier.read(data, SOURCE)
    now = (today or datetime.date.today()).isoformat()
    waits = {} if sleep is None else {"sleep": sleep}
    folder = data / ".harvest" / SOURCE
    pages = Pages(endpoint, folder, agent=agent, limit=limit, say=say, **waits)
    total = pages.number(_counting(country))
    statements = _statements(pages, country, size, lambda done: progress("statements", done, total))
    if len(statements) != total:
        # Statements that came in or went while pages were read; a part that is missing is more.
        missing = total - len(statements)
        if abs(missing) > max(20, total // 100):
            # Pages of an interrupted harvest that no longer go together.
            pages.clear()
            raise EndpointError(
                f"{endpoint} counted {total:,} statements but gave {len(statements):,}; nothing was written. "
                "Run it again: it asks for everything anew",
                url=endpoint,
                status=200,
            )
        say(f"the endpoint counted {total:,} statements and gave {len(statements):,}")
    if not statements:
        pages.clear()
        where = f" of a place in {country.upper()}" if country else ""
        raise DataError(f"it has no statement{where}, so no claim could be read and nothing came in", file=endpoint)
    items = sorted({key for one in statements.values() for key in (one.item, one.partner) if QID.fullmatch(key)})
    places = _places(pages, items, languages, lambda done: progress("places", done, len(items)))
    _follow_redirects(pages, statements.values(), places, languages)
    intake = Intake()
    for number, statement in enumerate(statements.values(), 1):
        intake.read += 1
        seen = f"first seen {earlier.first_seen(statement.id) or now}, last seen {now}"
        try:
            take_statement(intake, number, statement, places, languages, seen, now)
        except Rejected as error:
            stated = {"item": statement.item, "partner": statement.partner, "statement": statement.id}
            state = places[statement.item]["code"] if statement.item in places else ""
            intake.reject(number, error, {**stated, "country": state, "note": seen})
    for place in intake.places:
        place["note"] = place_note(places[place["wikidata_id"]])
    taken, left_out, named = len(intake.claims), len(intake.rejected), len(intake.places)
    inside = _inside(pages, earlier.items_in_doubt(statements, country), country)
    elsewhere = _still_there(pages, earlier.missing_inside(statements, country))
    changes = earlier.compare(intake, statements, now, country, inside, elsewhere)
    metadata = {
        "title": "Wikidata: twinned administrative body (P190)",
        "publisher": "Wikidata",
        "url": "https://www.wikidata.org/wiki/Property:P190",
        "language": languages[0],
        "type": "database",
        "retrieved": now,
        "licence": "CC0 1.0",
    }
    outcome = finish(intake, data, SOURCE, metadata, dry_run=False)
    harvest = Harvest(outcome, len(statements), taken, left_out, named, changes)
    harvest.requests, harvest.repeated, harvest.kept = pages.requests, pages.repeated, pages.kept
    pages.clear()
    return harvest


def _in_country(country: str | None) -> str:
    if country is None:
        return ""
    if not re.fullmatch(r"[A-Za-z]{2}", country):
        raise DataError(f"{country!r} is no code of a country; give two letters, such as DE", file="--country")
    return f'?item wdt:P17 ?state . ?state wdt:P297 "{country.upper()}" . '


def _counting(country: str | None, last: str = "") -> str:
    return (
        f"{_SPACES}SELECT (COUNT(DISTINCT ?statement) AS ?n) WHERE {{ ?item p:P190 ?statement . {_in_country(country)}"
        f"?statement ps:P190 ?partner {_after(last)}}}"
    )


def _after(last: str) -> str:
    return f'FILTER(STR(?statement) > "{last}") ' if last else ""


def _statements(pages: Pages, country: str | None, size: int, progress: Callable[[int], None]) -> dict[str, Statement]:
    inside = _in_country(country)

    def query(last: str, count: int) -> str:
        pattern = f"""
  {{ SELECT DISTINCT ?statement ?item ?partner
     WHERE {{ ?item p:P190 ?statement . {inside}?statement ps:P190 ?partner . {_after(last)}}}
     ORDER BY STR(?statement) LIMIT {count} }}
  OPTIONAL {{ ?statement wikibase:rank ?rank }}
  {_TIMES}
  OPTIONAL {{ ?statement pq:P582 ?over }}
  OPTIONAL {{ ?statement pq:P1534 ?cause }}
  OPTIONAL {{ ?statement prov:wasDerivedFrom ?reference
    OPTIONAL {{ ?reference pr:P854 ?url }} OPTIONAL {{ ?reference pr:P248 ?source }}
    OPTIONAL {{ ?reference pr:P813 ?retrieved }} }}
"""
        return (
            f"{_SPACES}SELECT ?statement ?item ?partner ?rank ?start ?startPrecision ?end ?endPrecision ?over ?cause "
            f"?url ?source ?retrieved WHERE {whole(pattern, 'statement')}"
        )

    found: dict[str, Statement] = {}
    for rows in pages.walk(query, lambda last: _counting(country, last), "statement", size):
        for row in rows:
            key = read_claim_id(str(row["statement"]))
            one = found.get(key)
            if one is None:
                rank = str(row["rank"] or "").rpartition("#")[2].removesuffix("Rank").lower()
                one = found[key] = Statement(key, read_qid(row["item"]), read_qid(row["partner"]), rank)
            for name, dates in (("start", one.starts), ("end", one.ends)):
                date = read_time(row[name], row[f"{name}Precision"])
                dates |= date
                if row[name] and not date:
                    day = cleaned(re.sub(r"[T ]\d\d:.*", "", str(row[name])))[:40]
                    one.lost.add(f"{name} time {day} of precision {row[f'{name}Precision']}")
            # An end that is not known is an end; one that no table may hold since it is too far ahead is none.
            end = str(row["end"] or row["over"] or "")
            year = re.match(r"\+?(\d+)-", end, re.ASCII)
            one.is_over = one.is_over or bool(end and not (year and int(year[1]) > int(LAST_DAY[:4])))
            if QID.fullmatch(read_qid(row["cause"])):
                one.causes.add(read_qid(row["cause"]))
            reference, lost = _reference(row)
            if reference:
                one.references.add(reference)
            if lost:
                one.lost.add(lost)
        progress(len(found))
    return found


def _reference(row: Row) -> tuple[str, str]:
    """Return the reference of a row in words, and what of it no table may hold; each "" where there is none."""
    source, url = read_qid(row["source"]), str(row["url"] or "")
    parts, lost = [], ""
    if url and "/.well-known/genid/" not in url:
        fault = "it is very long" if len(url) > _LONGEST_REFERENCE else cell_fault(url)
        if fault:
            lost = f"a reference, since {fault.partition(';')[0].replace('in the cell', 'in it')}"
        else:
            parts.append(url)
    if QID.fullmatch(source):
        parts.append(source)
    if not parts:
        return "", lost
    day = str(row["retrieved"] or "")[:10]
    return ", ".join(parts) + (f" (read {day})" if _is_day(day) else ""), lost


def _is_day(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) is not None


def _places(
    pages: Pages, items: Sequence[str], languages: Sequence[str], progress: Callable[[int], None]
) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = {
        item: {"labels": {}, "names": [], "countries": [], **{name: set() for name in _FACTS.values()}}
        for item in items
    }
    properties = " ".join(f"wdt:{name}" for name in _FACTS)
    spoken = ", ".join(f'"{language}"' for language in [*languages, "mul"])
    for first in range(0, len(items), _AT_ONCE):
        wanted = " ".join(f"wd:{item}" for item in items[first : first + _AT_ONCE])
        fault = _strangers(items[first : first + _AT_ONCE])
        rows = pages.ask(
            f"{_SPACES}SELECT ?item ?property ?value WHERE "
            + whole(f"VALUES ?item {{ {wanted} }} VALUES ?property {{ {properties} }} ?item ?property ?value", "item"),
            "item",
            fault,
        )
        for row in rows:
            name = _FACTS[str(row["property"]).rpartition("/")[2]]
            facts[read_qid(row["item"])][name].add(str(row["value"]))
        # Statements of former countries give way to those of preferred rank.
        rows = pages.ask(
            f"{_SPACES}SELECT ?item ?state ?start ?startPrecision ?end ?endPrecision WHERE "
            + whole(
                f"VALUES ?item {{ {wanted} }} ?item p:P17 ?statement . ?statement ps:P17 ?state ; wikibase:rank ?rank "
                f"FILTER(?rank != wikibase:DeprecatedRank) {_TIMES}",
                "item",
            ),
            "item",
            fault,
        )
        for row in rows:
            times = (read_time(row[name], row[f"{name}Precision"]) for name in ("start", "end"))
            facts[read_qid(row["item"])]["countries"].append((read_qid(row["state"]), *map("".join, times)))
        rows = pages.ask(
            f"{_SPACES}SELECT ?item ?property ?label ?language WHERE "
            + whole(
                f"VALUES ?item {{ {wanted} }} VALUES ?property {{ rdfs:label skos:altLabel }} ?item ?property ?label "
                f"BIND(LANG(?label) AS ?language) FILTER(?language IN ({spoken}))",
                "item",
            ),
            "item",
            fault,
        )
        for row in rows:
            place = facts[read_qid(row["item"])]
            text = cleaned(str(row["label"]))
            # A semicolon parts names in the tables.
            if text and ";" not in text:
                is_label = str(row["property"]).endswith("#label")
                language = str(row["language"])
                place["names"].append((not is_label, spoken.find(f'"{language}"'), text))
                if is_label:
                    place["labels"][language] = text
        progress(min(first + _AT_ONCE, len(items)))
    states = {read_qid(value) for place in facts.values() for value in place["country"]}
    states |= {state for place in facts.values() for state, *_ in place["countries"]}
    codes = _values(pages, states, "wdt:P297|wdt:P773")
    kinds = {read_qid(value) for place in facts.values() for value in place["type"]}
    types = _values(pages, kinds, "rdfs:label", 'FILTER(LANG(?value) IN ("en", "mul"))')
    for place in facts.values():
        stated = {code for value in place["country"] for code in codes.get(read_qid(value), ())}
        place["code"], former = read_countries(stated)
        place["former"] = [
            (name, start, end)
            for state, start, end in place["countries"]
            if (name := read_countries(codes.get(state, ()))[1])
        ]
        if former and all(former != name for name, *_ in place["former"]):
            place["former"].append((former, "", ""))
        stated |= {code for state, *_ in place["countries"] for code in codes.get(state, ())}
        place["codes"] = sorted(code for code in stated if code not in country_rows())
        labels = [cleaned(label) for value in place["type"] for label in sorted(types.get(read_qid(value), ()))[:1]]
        place["types"] = sorted(filter(None, labels))
    return facts


def _follow_redirects(
    pages: Pages, statements: Iterable[Statement], places: dict[str, dict[str, Any]], languages: Sequence[str]
) -> None:
    """Put in place of items that were merged into others these others, of which alone something is said."""
    told = ("names", *_FACTS.values())
    bare = [item for item, facts in places.items() if not any(facts[name] for name in told)]
    found = {}
    for item, values in _values(pages, bare, "owl:sameAs").items():
        target = read_qid(min(values))
        if len(values) == 1 and QID.fullmatch(target):
            found[item] = target
    places |= _places(pages, sorted(set(found.values()) - set(places)), languages, lambda _: None)
    for one in statements:
        if one.partner in found:
            one.redirected = f"{one.partner} is redirected to {found[one.partner]}"
            one.partner = found[one.partner]


def _strangers(items: Sequence[str]) -> Callable[[Sequence[Row]], str]:
    asked_for = set(items)
    fault = "answered about other items than those asked for"
    return lambda rows: "" if all(read_qid(row["item"]) in asked_for for row in rows) else fault


def _inside(pages: Pages, items: Iterable[str], country: str | None) -> set[str]:
    """Return those of the items that lie in the country, as the statements asked for do."""
    found: set[str] = set()
    ordered = sorted(filter(QID.fullmatch, items))
    for first in range(0, len(ordered), _AT_ONCE):
        wanted = " ".join(f"wd:{item}" for item in ordered[first : first + _AT_ONCE])
        query = f"SELECT DISTINCT ?item WHERE {whole(f'VALUES ?item {{ {wanted} }} {_in_country(country)}', 'item')}"
        found |= {read_qid(row["item"]) for row in pages.ask(_SPACES + query, "item")}
    return found


def _still_there(pages: Pages, statements: Sequence[str]) -> set[str]:
    """Return those of the statements that are there, wherever their item lies."""
    found: set[str] = set()
    ordered = [key for key in statements if re.fullmatch(r"[\w-]+", key, re.ASCII)]
    for first in range(0, len(ordered), _AT_ONCE):
        wanted = " ".join(f"<{WD}statement/{key}>" for key in ordered[first : first + _AT_ONCE])
        pattern = f"VALUES ?statement {{ {wanted} }} ?item p:P190 ?statement"
        rows = pages.ask(f"{_SPACES}SELECT ?statement WHERE {whole(pattern, 'statement')}", "statement")
        found |= {read_claim_id(str(row["statement"])) for row in rows}
    return found


def _values(pages: Pages, values: Iterable[str], term: str, condition: str = "") -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    items = sorted(filter(QID.fullmatch, values))
    for first in range(0, len(items), _AT_ONCE):
        wanted = " ".join(f"wd:{item}" for item in items[first : first + _AT_ONCE])
        pattern = f"VALUES ?item {{ {wanted} }} ?item {term} ?value {condition}"
        for row in pages.ask(f"{_SPACES}SELECT ?item ?value WHERE {whole(pattern, 'item')}", "item"):
            found[read_qid(row["item"])].add(str(row["value"]))
    return found
