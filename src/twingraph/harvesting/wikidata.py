"""Wikidata's statements of twinned administrative bodies (P190) as a source of claims."""

from __future__ import annotations

import csv
import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twingraph.dates import parse_edtf
from twingraph.errors import DataError, EndpointError
from twingraph.harvesting.pages import Pages
from twingraph.importing.intake import Intake, Rejected, StatedPlace
from twingraph.importing.outcome import Outcome, finish

__all__ = ["ENDPOINT", "SOURCE", "Harvest", "harvest_wikidata"]

ENDPOINT = "https://query.wikidata.org/sparql"
SOURCE = "wikidata-p190"
_WD = "http://www.wikidata.org/entity/"
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
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
#: Facts of places that come along: property → what it is called here.
_FACTS = {"P31": "type", "P17": "country", "P625": "point", "P1082": "population", "P1566": "geonames", "P439": "ags"}
_AT_ONCE = 200
_POINT = re.compile(r"Point\(\s*([-+.\deE]+)\s+([-+.\deE]+)\s*\)", re.IGNORECASE)
#: Precision of a time (https://www.wikidata.org/wiki/Help:Dates) → how many letters of it are known.
_PRECISIONS = {7: 2, 8: 3, 9: 4, 10: 7, 11: 10}
_SEEN = re.compile(r"first seen (\d{4}-\d{2}-\d{2}), last seen (\d{4}-\d{2}-\d{2})")
_COMPARED = ("name", "partner", "id", "partner_id", "start", "end")

Say = Callable[[str], None]


@dataclass(slots=True)
class Harvest:
    """What a harvest brought.

    Attributes:
        outcome: the source as it was written.
        statements: how many were read.
        new, ended, changed, gone: ids of claims that differ from the harvest before; all are new at first.
        requests, repeated, kept: questions asked, asked again, and answered from the folder.
    """

    outcome: Outcome
    statements: int
    new: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    requests: int = 0
    repeated: int = 0
    kept: int = 0


@dataclass(slots=True)
class _Statement:
    id: str
    item: str
    partner: str
    rank: str
    start: str = ""
    end: str = ""
    causes: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)


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
    deprecated rank, and those that a row of the tables can't hold, are left out with the reason.

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
        DataError: nothing was found, or the folder can't be written.
    """
    now = (today or datetime.date.today()).isoformat()
    waits = {} if sleep is None else {"sleep": sleep}
    folder = data / ".harvest" / SOURCE
    pages = Pages(endpoint, folder, agent=agent, limit=limit, say=say, **waits)
    total = _count(pages, country)
    statements = _statements(pages, country, size, lambda done: progress("statements", done, total))
    if len(statements) != total:
        # Statements that came in or went while pages were read; a part that is missing is more.
        missing = total - len(statements)
        if missing > max(20, total // 100):
            raise EndpointError(
                f"{endpoint} counts {total:,} statements but gave {len(statements):,}; ask again later. What came "
                f"is kept in {folder} and is not asked for again; remove that folder to begin anew",
                url=endpoint,
                status=200,
            )
        say(f"the endpoint counts {total:,} statements and gave {len(statements):,}")
    items = sorted({key for one in statements.values() for key in (one.item, one.partner)})
    places = _places(pages, items, languages, lambda done: progress("places", done, len(items)))
    before = _before(data)
    intake, harvest_ids = Intake(), []
    counts: Counter[str] = Counter()
    for number, statement in enumerate(statements.values(), 1):
        intake.read += 1
        cells = {"item": statement.item, "partner": statement.partner, "statement": statement.id}
        seen = _SEEN.search(before.get(statement.id, {}).get("note", ""))
        try:
            _take(intake, number, statement, places, f"first seen {seen[1] if seen else now}, last seen {now}")
            harvest_ids.append(statement.id)
        except Rejected as error:
            counts[error.reason] += 1
            intake.reject(number, error, cells)
    for place in intake.places:
        place["note"] = _note(places[place["wikidata_id"]])
    found = {row["claim"]: row for row in intake.claims}
    gone = sorted(set(before) - set(found) - {row.cells["statement"] for row in intake.rejected})
    for key in gone:
        row = before[key]
        intake.reject(0, Rejected(f"gone from Wikidata since {now}; {row.get('note', '')}"), {"statement": key, **row})
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
    harvest = Harvest(outcome, len(statements), gone=gone)
    for key, row in found.items():
        former = before.get(key)
        if former is None:
            harvest.new.append(key)
        elif row.get("end") and not former.get("end"):
            harvest.ended.append(key)
        elif any(row.get(name, "") != former.get(name, "") for name in _COMPARED):
            harvest.changed.append(key)
    harvest.requests, harvest.repeated, harvest.kept = pages.requests, pages.repeated, pages.kept
    pages.clear()
    return harvest


def _in_country(country: str | None) -> str:
    if country is None:
        return ""
    if not re.fullmatch(r"[A-Za-z]{2}", country):
        raise DataError(f"{country!r} is no code of a country; give two letters, such as DE", file="--country")
    return f'?item wdt:P17 ?state . ?state wdt:P297 "{country.upper()}" . '


def _count(pages: Pages, country: str | None) -> int:
    query = (
        f"SELECT (COUNT(DISTINCT ?statement) AS ?n) WHERE {{ ?item p:P190 ?statement . {_in_country(country)}"
        "?statement ps:P190 ?partner }"
    )
    rows = pages.ask(_SPACES + query)
    return int(str(rows[0]["n"]))


def _statements(pages: Pages, country: str | None, size: int, progress: Callable[[int], None]) -> dict[str, _Statement]:
    inside = _in_country(country)

    def query(last: str, count: int) -> str:
        after = f'FILTER(STR(?statement) > "{last}") ' if last else ""
        return f"""{_SPACES}SELECT ?statement ?item ?partner ?rank ?start ?startPrecision ?end ?endPrecision ?cause
  ?url ?source ?retrieved WHERE {{
  {{ SELECT DISTINCT ?statement ?item ?partner
     WHERE {{ ?item p:P190 ?statement . {inside}?statement ps:P190 ?partner . {after}}}
     ORDER BY STR(?statement) LIMIT {count} }}
  OPTIONAL {{ ?statement wikibase:rank ?rank }}
  OPTIONAL {{ ?statement pqv:P580 ?startNode .
    ?startNode wikibase:timeValue ?start ; wikibase:timePrecision ?startPrecision }}
  OPTIONAL {{ ?statement pqv:P582 ?endNode . ?endNode wikibase:timeValue ?end ; wikibase:timePrecision ?endPrecision }}
  OPTIONAL {{ ?statement pq:P1534 ?cause }}
  OPTIONAL {{ ?statement prov:wasDerivedFrom ?reference
    OPTIONAL {{ ?reference pr:P854 ?url }} OPTIONAL {{ ?reference pr:P248 ?source }}
    OPTIONAL {{ ?reference pr:P813 ?retrieved }} }}
}} ORDER BY STR(?statement)"""

    found: dict[str, _Statement] = {}
    for rows in pages.walk(query, "statement", size):
        for row in rows:
            key = _claim_id(str(row["statement"]))
            one = found.get(key)
            if one is None:
                rank = str(row["rank"] or "").rpartition("#")[2].removesuffix("Rank").lower()
                one = found[key] = _Statement(key, _qid(row["item"]), _qid(row["partner"]), rank)
            one.start = one.start or _edtf(row["start"], row["startPrecision"])
            one.end = one.end or _edtf(row["end"], row["endPrecision"])
            if row["cause"]:
                one.causes.add(_qid(row["cause"]))
            reference = row["url"] or (row["source"] and _qid(row["source"]))
            if reference:
                read = f" (read {str(row['retrieved'])[:10]})" if row["retrieved"] else ""
                one.references.add(f"{reference}{read}")
        progress(len(found))
    return found


def _places(
    pages: Pages, items: Sequence[str], languages: Sequence[str], progress: Callable[[int], None]
) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = {
        item: {"labels": {}, "names": [], **{name: set() for name in _FACTS.values()}} for item in items
    }
    properties = " ".join(f"wdt:{name}" for name in _FACTS)
    spoken = ", ".join(f'"{language}"' for language in [*languages, "mul"])
    for first in range(0, len(items), _AT_ONCE):
        wanted = " ".join(f"wd:{item}" for item in items[first : first + _AT_ONCE])
        rows = pages.ask(
            f"{_SPACES}SELECT ?item ?property ?value WHERE {{ VALUES ?item {{ {wanted} }} "
            f"VALUES ?property {{ {properties} }} ?item ?property ?value }}"
        )
        for row in rows:
            name = _FACTS[str(row["property"]).rpartition("/")[2]]
            facts[_qid(row["item"])][name].add(str(row["value"]))
        rows = pages.ask(
            f"{_SPACES}SELECT ?item ?label ?language ?isAlias WHERE {{ VALUES ?item {{ {wanted} }} "
            "{ ?item rdfs:label ?label BIND(false AS ?isAlias) } UNION "
            "{ ?item skos:altLabel ?label BIND(true AS ?isAlias) } "
            f"BIND(LANG(?label) AS ?language) FILTER(?language IN ({spoken})) }}"
        )
        for row in rows:
            place = facts[_qid(row["item"])]
            text = _clean(str(row["label"]))
            if text and not row["isAlias"]:
                place["labels"][str(row["language"])] = text
            if text:
                place["names"].append(text)
        progress(min(first + _AT_ONCE, len(items)))
    states = sorted({_qid(value) for place in facts.values() for value in place["country"]})
    codes = _values(pages, states, "wdt:P297")
    kinds = sorted({_qid(value) for place in facts.values() for value in place["type"]})
    types = _values(pages, kinds, "rdfs:label", 'FILTER(LANG(?value) IN ("en", "mul"))')
    for place in facts.values():
        found = {code for value in place["country"] for code in codes.get(_qid(value), ())}
        place["code"] = found.pop() if len(found) == 1 else ""
        place["types"] = sorted(label for value in place["type"] for label in sorted(types.get(_qid(value), ()))[:1])
    return facts


def _values(pages: Pages, items: Sequence[str], term: str, condition: str = "") -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for first in range(0, len(items), _AT_ONCE):
        wanted = " ".join(f"wd:{item}" for item in items[first : first + _AT_ONCE])
        query = f"SELECT ?item ?value WHERE {{ VALUES ?item {{ {wanted} }} ?item {term} ?value {condition} }}"
        for row in pages.ask(_SPACES + query):
            found[_qid(row["item"])].add(str(row["value"]))
    return found


def _take(
    intake: Intake, number: int, statement: _Statement, places: Mapping[str, Mapping[str, Any]], seen: str
) -> None:
    if statement.rank == "deprecated":
        raise Rejected("its rank is deprecated", "statement")
    for key in (statement.item, statement.partner):
        if not re.fullmatch(r"Q[1-9]\d*", key):
            raise Rejected(f"{key[:60]!r} is no item (an unknown or no value)", "partner")
    notes = [seen]
    if statement.rank == "preferred":
        notes.append("preferred rank")
    notes += [f"end cause {cause}" for cause in sorted(statement.causes)]
    tie = {"kind": "partnership", "note": "; ".join(notes)}
    for name in ("start", "end"):
        if getattr(statement, name):
            tie[name] = getattr(statement, name)
    if statement.end:
        tie["status"] = "ended"
    references = [text for text in sorted(statement.references) if "@" not in text]
    locator = f"{statement.item}, P190" + (f"; reference {references[0]}" if references else "")
    ends = (_place(key, places[key]) for key in (statement.item, statement.partner))
    first, partner = ends
    intake.add(number, locator[:200], first, partner, tie, statement.id)


def _place(key: str, facts: Mapping[str, Any]) -> StatedPlace:
    labels: Mapping[str, str] = facts["labels"]
    name = next(iter(labels.values()), key)
    others = tuple(dict.fromkeys(text for text in facts["names"] if text != name and ";" not in text))
    lat, long = _coordinates(facts["point"])
    population = max((int(float(text)) for text in facts["population"] if _is_number(text)), default=None)
    geonames = sorted(text for text in facts["geonames"] if text.isdecimal())
    return StatedPlace(
        name=name,
        country=facts["code"],
        id=key,
        lat=lat,
        long=long,
        population="" if population is None else str(population),
        level=_level(facts["types"]),
        wikidata_id=key,
        geonames_id=geonames[0] if len(geonames) == 1 else "",
        names=others[:20],
    )


#: Words in the names of types that tell the level of a place; of several the first that fits.
_LEVEL_WORDS = (
    ("municipality", r"cit(y|ies)|towns?|municipalit(y|ies)|communes?|urban|million|metropolis|capital"),
    ("borough", r"boroughs?|quarters?|neighbou?rhoods?|city district"),
    ("district", r"district|count(y|ies)|raion|arrondissement|department"),
    ("region", r"province|region|state|prefecture|oblast|voivodeship|canton"),
    ("village", r"villages?|hamlets?"),
)


def _level(types: Iterable[str]) -> str:
    text = " ; ".join(types).lower()
    for level, words in _LEVEL_WORDS:
        if re.search(rf"\b({words})\b", text) and not (level == "municipality" and "city district" in text):
            return level
    return ""


def _note(facts: Mapping[str, Any]) -> str:
    """Return what else Wikidata says of a place, as a remark."""
    keys = sorted(text for text in facts["ags"] if text.isalnum())
    told = [f"AGS {', '.join(keys)}"] if keys else []
    if facts["types"]:
        told.append(f"type: {', '.join(facts['types'][:6])}")
    return "; ".join(told)


def _coordinates(points: Iterable[str]) -> tuple[str, str]:
    """Return latitude and longitude where there is one point; several may be anywhere."""
    found = [match for text in sorted(points) if (match := _POINT.search(text))]
    if len(found) != 1:
        return "", ""
    long, lat = (round(float(text), 5) for text in found[0].groups())
    return (_plain(lat), _plain(long)) if abs(lat) <= 90 and abs(long) <= 180 else ("", "")


def _plain(degrees: float) -> str:
    return f"{degrees:.5f}".rstrip("0").rstrip(".")


def _is_number(text: str) -> bool:
    try:
        return 0 <= float(text) < 1e9
    except ValueError:
        return False


def _edtf(value: object, precision: object) -> str:
    """Return a time of Wikidata as EDTF, as far as its precision reaches; "" where that is no date."""
    text = str(value or "").removeprefix("+")
    known = _PRECISIONS.get(int(float(str(precision))) if precision not in (None, "") else 0)
    if not known or not re.match(r"\d{4}-", text):
        return ""
    shown = text[:known] + "X" * (4 - known)
    try:
        parse_edtf(shown)
    except ValueError:
        return ""
    return shown


def _clean(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]


def _qid(value: object) -> str:
    return str(value).removeprefix(_WD)


def _claim_id(statement: str) -> str:
    # https://www.wikidata.org/entity/statement/Q64-…; old statements begin with a small q.
    return statement.rpartition("/")[2].replace("$", "-")[:64]


def _before(data: Path) -> dict[str, dict[str, str]]:
    """Return the claims of the harvest before, by id."""
    file = data / "sources" / SOURCE / "partnership_claims.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["claim"]: row for row in csv.DictReader(lines)}
