"""A statement of Wikidata as a claim: its times, places, references and remarks in the words of a data folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from twingraph import resources
from twingraph.dates import EdtfDate, are_compatible, parse_edtf
from twingraph.importing.intake import Intake
from twingraph.importing.values import Rejected, StatedPlace
from twingraph.resolving.countries import country_rows
from twingraph.sourcedata.cells import Faults, read_date
from twingraph.sourcedata.tables import COUNTRIES, cell_fault, read_rows

__all__ = [
    "QID",
    "WD",
    "Statement",
    "cleaned",
    "place_note",
    "read_claim_id",
    "read_countries",
    "read_qid",
    "read_time",
    "take_statement",
]

WD = "http://www.wikidata.org/entity/"
QID = re.compile(r"Q[1-9]\d{0,11}", re.ASCII)
_POINT = re.compile(r"Point\(\s*([-+.\deE]+)\s+([-+.\deE]+)\s*\)", re.IGNORECASE)
#: Precision of a time (https://www.wikidata.org/wiki/Help:Dates) → how many letters of it are known.
_PRECISIONS = {8: 3, 9: 4, 10: 7, 11: 10}
_CENTURY = 7
#: A cell has its bounds.
_LONGEST_REMARK = 5000
#: A place has more names than these only where someone has put a dictionary there.
_MOST_NAMES = 100


@dataclass(slots=True)
class Statement:
    """A statement as it was read, row by row.

    Attributes:
        id: of the claim.
        item, partner: QIDs.
        rank: ``normal``, ``preferred`` or ``deprecated``.
        is_over: whether it has an end, be it unknown.
        starts, ends, causes, references: what its rows say; times as EDTF.
        lost: what could not be taken, in words.
        redirected: a remark, where the partner's item was merged into another, or "".
    """

    id: str
    item: str
    partner: str
    rank: str
    is_over: bool = False
    starts: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    redirected: str = ""


def take_statement(
    intake: Intake,
    number: int,
    statement: Statement,
    places: Mapping[str, Mapping[str, Any]],
    languages: Sequence[str],
    seen: str,
    now: str,
) -> None:
    """Take a statement as a claim.

    Args:
        intake: where it goes.
        number: the statement's place in the harvest, for messages.
        statement: as it was read.
        places: what was found of each place, by QID.
        languages: those of the names, the first that there is.
        seen: the remark on when it was seen.
        now: today as EDTF.

    Raises:
        Rejected: its rank is deprecated, a value is no item, or it can't be a claim.
    """
    if statement.rank == "deprecated":
        raise Rejected("its rank is deprecated", "statement")
    for key in (statement.item, statement.partner):
        if not QID.fullmatch(key):
            raise Rejected(f"{key[:60]!r} is no item (an unknown or no value)", "partner")
    notes = [seen]
    if statement.redirected:
        notes.append(statement.redirected)
    if statement.rank == "preferred":
        notes.append("preferred rank")
    notes += [f"end cause {cause}" for cause in sorted(statement.causes)]
    tie, remark = _times(statement, now)
    if remark:
        notes.append(remark)
    notes += [f"not taken: {lost}" for lost in sorted(statement.lost)]
    first_reference, *references = sorted(statement.references) or [""]
    told = [f"further reference {text}" for text in references]
    notes += told if sum(map(len, told)) <= _LONGEST_REMARK else [f"{len(told)} further references"]
    tie |= {"kind": "partnership", "note": "; ".join(notes)}
    locator = f"{statement.item}, P190" + (f"; reference {first_reference}" if first_reference else "")
    first, partner = (_place(key, places[key], languages) for key in (statement.item, statement.partner))
    if "start" in tie:
        partner.former_country = _state_then(places[statement.partner], parse_edtf(tie["start"]))
    intake.add(number, locator, first, partner, tie, statement.id)


def _state_then(facts: Mapping[str, Any], begun: EdtfDate) -> str:
    """Return the former state in which a place lay when a tie began; "" where that is not clear."""
    found = set()
    for name, start, end in facts["former"]:
        if facts["code"] and not start:
            # It may have come to that state at any time of it.
            continue
        state = _former_states()[name]
        first = max(state.earliest or "", (start and parse_edtf(start).earliest) or "")
        last = min(state.latest or "9", (end and parse_edtf(end).latest) or "9")
        if first <= (begun.earliest or "") and (begun.latest or "9") <= last:
            found.add(name)
    return found.pop() if len(found) == 1 else ""


def _times(statement: Statement, now: str) -> tuple[dict[str, str], str]:
    """Return start, end and status of a statement on a day, and what no cell of them can say."""
    starts, ends = ({parse_edtf(text) for text in texts} for texts in (statement.starts, statement.ends))
    last = max((date.latest or "" for date in ends), default="")
    again = {date for date in starts if last and (date.earliest or "") > last}
    tie: dict[str, str] = {}
    if again and again != starts:
        # It ended and began again: it is not known to be over.
        remark = f"ended {_one_date(ends)}, began again {_one_date(again)}"
        return {"start": _one_date(starts - again)}, remark
    if starts:
        tie["start"] = _one_date(starts)
    if ends:
        tie["end"] = _one_date(ends)
    if ends and all((date.earliest or "") > now for date in ends):
        # An end without a status is read as the end of a tie that is over.
        has_begun = not starts or any((date.earliest or "") <= now for date in starts)
        tie["status"] = "active" if has_begun else "unknown"
    elif statement.is_over:
        tie["status"] = "ended"
    return tie, ""


def _one_date(dates: Iterable[EdtfDate]) -> str:
    """Return several times of one statement as one date: the finest where they agree, else one of them.

    >>> _one_date([parse_edtf("1960"), parse_edtf("1960-04-02"), parse_edtf("1975-03")])
    '[1960-04-02,1975-03]'
    """
    apart: list[EdtfDate] = []
    for date in sorted(dates, key=lambda date: (date.span, date.text)):
        if not any(are_compatible(date, other) for other in apart):
            apart.append(date)
    if len(apart) == 1:
        return apart[0].text
    apart.sort(key=lambda date: date.earliest or "")
    if any("/" in date.text for date in apart):
        return f"{(apart[0].earliest or '')[:4]}/{(apart[-1].latest or '')[:4]}"
    return f"[{','.join(date.text for date in apart)}]"


def _place(key: str, facts: Mapping[str, Any], languages: Sequence[str]) -> StatedPlace:
    labels: Mapping[str, str] = facts["labels"]
    name = next((labels[language] for language in (*languages, "mul") if language in labels), key)
    # Labels first, whatever order the server gives them in.
    others = tuple(dict.fromkeys(text for _, _, text in sorted(facts["names"]) if text != name))
    lat, long = _coordinates(facts["point"])
    population = max((int(float(text)) for text in facts["population"] if _is_number(text)), default=None)
    geonames = sorted(text for text in facts["geonames"] if re.fullmatch(r"[1-9]\d{0,9}", text, re.ASCII))
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
        names=others[:_MOST_NAMES],
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


def place_note(facts: Mapping[str, Any]) -> str:
    """Return what else Wikidata says of a place, as a remark."""
    keys = sorted(text for text in facts["ags"] if text.isalnum())
    told = [f"AGS {', '.join(keys)}"] if keys else []
    if facts["codes"]:
        told.append(f"code of a country that is none today: {', '.join(facts['codes'])}")
    if facts["types"]:
        told.append(f"type: {', '.join(facts['types'][:6])}")
    return "; ".join(told)


def _coordinates(points: Iterable[str]) -> tuple[str, str]:
    """Return latitude and longitude where there is one point; several may be anywhere."""
    found = [match for text in sorted(points) if (match := _POINT.search(text))]
    if len(found) != 1:
        return "", ""
    try:
        long, lat = (round(float(text), 5) for text in found[0].groups())
    except ValueError:
        return "", ""
    return (_plain(lat), _plain(long)) if abs(lat) <= 90 and abs(long) <= 180 else ("", "")


def _plain(degrees: float) -> str:
    return f"{degrees:.5f}".rstrip("0").rstrip(".")


def _is_number(text: str) -> bool:
    try:
        return 0 <= float(text) < 1e9
    except ValueError:
        return False


def read_time(value: object, precision: object) -> set[str]:
    """Return a time of Wikidata as EDTF, as far as its precision reaches; nothing where that is no date.

    >>> read_time("2000-01-01T00:00:00Z", 7), read_time("1970-01-01T00:00:00Z", 8)
    ({'1901/2000'}, {'197X'})
    """
    text, digits = str(value or "").removeprefix("+"), str(precision).partition(".")[0]
    if not re.match(r"\d{4}-", text) or not digits.isdecimal():
        return set()
    if int(digits) == _CENTURY:
        # The 20th century is stored as 2000, and as any other of its years.
        last = -(-int(text[:4]) // 100) * 100
        shown = f"{last - 99:04d}/{last:04d}"
    else:
        known = _PRECISIONS.get(int(digits), 0)
        shown = text[:known] + "X" * (4 - known)
    try:
        read_date(shown)
    except ValueError:
        return set()
    return {shown}


def cleaned(text: str) -> str:
    """Return a text in one line; "" where no cell may hold it."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())[:200]
    return "" if cell_fault(line) else line


def read_qid(value: object) -> str:
    """Return the QID of an item's IRI."""
    return str(value).removeprefix(WD)


def read_claim_id(statement: str) -> str:
    """Return the id of a claim made from a statement's IRI."""
    # https://www.wikidata.org/entity/statement/Q64-…; old statements begin with a small q.
    return statement.rpartition("/")[2].replace("$", "-")[:64]


def read_countries(codes: Iterable[str]) -> tuple[str, str]:
    """Return today's country and the former state that codes of ISO 3166 name, each where that is clear.

    >>> read_countries(["DE", "DD"]), read_countries(["SU"]), read_countries(["AN"])
    (('DE', 'DDDE'), ('', 'SUHH'), ('', ''))
    """
    today = {code for code in codes if code in country_rows()}
    former = {name for name in _former_states() for code in codes if code in (name, name[:2])}
    return (
        today.pop() if len(today) == 1 else "",
        former.pop() if len(former) == 1 else "",
    )


@cache
def _former_states() -> dict[str, EdtfDate]:
    """Return when each former state of the shipped gazetteer was."""
    file = resources.data_dir() / "gazetteer" / "countries.csv"
    rows = [cells for _, cells in read_rows(file, COUNTRIES, Faults())]
    return {
        row["country"]: parse_edtf(f"{row['start'] or '..'}/{row['end'] or '..'}")
        for row in rows
        if len(row["country"]) == 4 and (row["start"] or row["end"])
    }
