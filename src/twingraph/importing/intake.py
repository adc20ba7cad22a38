"""What comes in: rows become claims and places; a row that can't be taken is kept with the reason."""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field

from twingraph.dates import parse_edtf
from twingraph.importing.dates import to_edtf
from twingraph.importing.mapping import Mapping
from twingraph.importing.namesakes import SAME_PLACE, Namesakes, distance
from twingraph.names import search_key
from twingraph.resolving.countries import find_country, named_part
from twingraph.sourcedata.cells import SLUG
from twingraph.sourcedata.tables import KINDS, LEVELS, STATUSES, cell_fault

__all__ = ["Intake", "Rejected", "RejectedRow", "StatedPlace"]

#: The column of a file of rows left out that tells where a row stood.
REJECTED_ROW = "rejected_row"
_QID = re.compile(r"(?:.*[/:])?(Q[1-9]\d{0,11})\Z")
_GEONAMES = re.compile(r"(?:.*?geonames\.org/)?(\d{1,10})/?(?:[\w-]*\.html)?\Z", re.IGNORECASE)
_NUMBER = r"[-+]?\d{1,3}(?:[.,]\d+)?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*[,;/ ]\s*({_NUMBER})\s*\Z")
_POINT = re.compile(r"\s*POINT\s*\(\s*([-\d.]+)\s+([-\d.]+)\s*\)\s*\Z", re.IGNORECASE)
#: What cells say where nothing is known.
_NOTHING = frozenset(("", "na", "n/a", "nan", "null", "none", "-", "–", "—", "?", "unknown", "unbekannt"))
#: Words that tables use for our kinds, statuses and levels, as search keys.
_WORDS: dict[str, dict[str, str]] = {
    "kind": {
        **{kind: kind for kind in KINDS},
        **dict.fromkeys(
            (
                "partnerschaft",
                "stadtepartnerschaft",
                "staedtepartnerschaft",
                "gemeindepartnerschaft",
                "partnerstadt",
                "jumelage",
                "twinning",
                "twin town",
                "twin city",
                "twinned",
                "sister city",
                "sister cities",
                "gemellaggio",
                "hermanamiento",
            ),
            "partnership",
        ),
        **dict.fromkeys(
            (
                "freundschaft",
                "stadtefreundschaft",
                "friendship city",
                "friendly city",
                "amitie",
                "friendship agreement",
            ),
            "friendship",
        ),
        **dict.fromkeys(("kontakt", "kontakte", "contacts"), "contact"),
        **dict.fromkeys(("projektpartnerschaft", "klimapartnerschaft", "projekt", "cooperation"), "project"),
        **dict.fromkeys(("patenschaft", "patenstadt", "adoption"), "sponsorship"),
    },
    "status": {
        **{status: status for status in STATUSES},
        **dict.fromkeys(("aktiv", "in force", "current", "actif"), "active"),
        **dict.fromkeys(("beendet", "former", "ehemalig", "terminated", "dissolved"), "ended"),
        **dict.fromkeys(("ruhend", "ausgesetzt", "on hold", "paused"), "suspended"),
        **dict.fromkeys(("inaktiv", "inactive", "eingeschlafen"), "dormant"),
    },
    "level": {
        **{level: level for level in LEVELS},
        **dict.fromkeys(("city", "town", "commune", "stadt", "gemeinde"), "municipality"),
        **dict.fromkeys(("stadtbezirk", "ortsteil", "stadtteil"), "borough"),
        **dict.fromkeys(("landkreis", "kreis", "county", "department"), "district"),
        **dict.fromkeys(("province", "state", "bundesland", "prefecture"), "region"),
    },
}


class Rejected(Exception):  # noqa: N818 - it is an outcome, not a fault of the program.
    """A row can't be taken. `column` is the table's own, or None for the row as a whole."""

    def __init__(self, reason: str, column: str | None = None) -> None:
        self.reason = reason
        self.column = column
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was left out, with the reason."""

    row: int
    column: str
    reason: str
    cells: dict[str, str]


@dataclass(slots=True)
class StatedPlace:
    """A place as a row states it; numbers are checked text. `part` is what the country's cell names beside it."""

    name: str
    country: str = ""
    written_country: str = ""
    former_country: str = ""
    part: str = ""
    id: str = ""
    lat: str = ""
    long: str = ""
    population: str = ""
    level: str = ""
    wikidata_id: str = ""
    geonames_id: str = ""
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Intake:
    """Collects what comes in from one source.

    Attributes:
        claims, places: rows for the tables of the source's folder; places without an id come in with `settle`.
        rejected: rows left out.
        numbered: ids of claims that are where they stand, since the source has none of its own.
        unknown_countries: how often a text was met in which no country could be found.
        guessed_countries: code and how it was found, for texts that are no country's usual name.
    """

    claims: list[dict[str, str]] = field(default_factory=list)
    places: list[dict[str, str]] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    numbered: set[str] = field(default_factory=set)
    unknown_countries: Counter[str] = field(default_factory=Counter)
    guessed_countries: dict[str, str] = field(default_factory=dict)
    read: int = 0
    _ids: set[str] = field(default_factory=set)
    _namesakes: Namesakes = field(default_factory=Namesakes)
    _spelled: set[tuple[str, str, str]] = field(default_factory=set)
    _by_id: dict[str, dict[str, str]] = field(default_factory=dict)

    def settle(self) -> None:
        """Add the places without an id, once all rows are read; claims get the ids that tell namesakes apart."""
        self.places += self._namesakes.settle()
        self._namesakes = Namesakes()

    def reject(self, row: int, error: Rejected, cells: MappingType[str, str]) -> None:
        """Keep a row that can't be taken."""
        self.rejected.append(RejectedRow(row, error.column or "", error.reason, dict(cells)))

    def country(self, place: StatedPlace) -> None:
        """Set a place's country from how it is written; leave it open where that can't be told."""
        text = place.written_country
        if not text:
            return
        found = find_country(text)
        place.part = named_part(text)
        if found is None:
            self.unknown_countries[text] += 1
        elif len(found.code) == 4:
            place.former_country = found.code
        else:
            place.country = found.code
            if found.how != "name":
                self.guessed_countries[text] = found.code

    def add(
        self,
        row: int,
        locator: str,
        first: StatedPlace,
        partner: StatedPlace,
        tie: MappingType[str, str],
        claim_id: str = "",
        order: int = 0,
    ) -> None:
        """Take one tie between two places.

        Args:
            row: where it stands; the claim's id, if the source has none of its own.
            locator: the same in words.
            first: the municipality whose partner is told.
            partner: the other one.
            tie: columns of the claim that are about the tie.
            claim_id: the source's own id of the claim.
            order: of several ties in one row, which this is, from 1.

        Raises:
            Rejected: the two are one, the claim's id is given already, or its dates and status can't be true together.
        """
        self.country(first)
        self.country(partner)
        if (first.name, first.country, first.part, first.id) == (
            partner.name,
            partner.country,
            partner.part,
            partner.id,
        ) and (not first.lat or distance(first.lat, first.long, partner.lat, partner.long) < SAME_PLACE):
            raise Rejected("a municipality can't be a partner of itself")
        is_numbered = not claim_id
        claim_id = (claim_id or str(row)) + (f".{order}" if order else "")
        if claim_id in self._ids:
            raise Rejected(f"the claim id {claim_id!r} stands in a row before")
        if not re.match(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z", claim_id):
            raise Rejected(f"{claim_id!r} is no claim id; use letters, digits, dot, hyphen, underscore")
        start, end = tie.get("start", ""), tie.get("end", "")
        if start and end:
            begins, ends = parse_edtf(start).earliest, parse_edtf(end).latest
            if begins and ends and begins > ends:
                raise Rejected(f"it ends ({end}) before it starts ({start})")
        _check_times(tie)
        self._ids.add(claim_id)
        if is_numbered:
            self.numbered.add(claim_id)
        claim = {
            "claim": claim_id,
            "locator": locator,
            "name": first.name,
            "country": first.country,
            "partner": partner.name,
            "partner_country": partner.country,
            "id": "",
            "partner_id": "",
            "written_country": partner.written_country,
            "then_country": partner.former_country,
            **tie,
        }
        self._note(first, claim, "id")
        self._note(partner, claim, "partner_id")
        self.claims.append(claim)

    def _note(self, place: StatedPlace, claim: dict[str, str], column: str) -> None:
        """Give a claim the id under which it names this place; note what the source says about it."""
        given = place.id or place.wikidata_id or (f"geonames:{place.geonames_id}" if place.geonames_id else "")
        if given:
            claim[column] = given
            known = self._by_id.get(given)
            if known is None:
                known = self._by_id[given] = self._row(place, given)
                self.places.append(known)
            elif known["name"] != place.name or known["country"] != place.country:
                # The same id under another spelling: claims keep what each row writes.
                spelled = (place.name, place.country, given)
                if spelled not in self._spelled:
                    self._spelled.add(spelled)
                    self.places.append(self._row(place, given))
            return
        self._namesakes.add(place.part, self._row(place, ""), claim, column)

    @staticmethod
    def _row(place: StatedPlace, key: str) -> dict[str, str]:
        return {
            "id": key,
            "name": place.name,
            "country": place.country,
            "written_country": place.written_country,
            "names": "; ".join(place.names),
            "lat": place.lat,
            "long": place.long,
            "population": place.population,
            "level": place.level,
            "wikidata_id": place.wikidata_id,
            "geonames_id": place.geonames_id,
        }


def _check_times(tie: MappingType[str, str]) -> None:
    """See that what is said to have begun lies in no later year than this, and that nothing active is over.

    Raises:
        Rejected: it does not, or is.
    """
    today = datetime.date.today()
    for what, words in (("start", "starts"), ("renewed", "is renewed"), ("first_contact", "has its first contact")):
        day = parse_edtf(tie[what]).earliest if tie.get(what) else None
        if day and int(day[:4]) > today.year:
            raise Rejected(f"it {words} in the future ({tie[what]}); mend the year, or wait until then")
    over = parse_edtf(tie["end"]).latest if tie.get("end") else None
    if over and tie.get("status") == "active" and over < today.isoformat():
        raise Rejected(f"it is said to be active, but ended ({tie['end']}); mend the status or the end")


class RowReader:
    """Reads the cells of a row as a mapping says."""

    def __init__(self, mapping: Mapping, header: list[str]) -> None:
        self.mapping = mapping
        self._index = {name: place for place, name in enumerate(header)}

    def missing(self) -> list[str]:
        """Return the mapping's columns that the table does not have."""
        return [column for column in self.mapping.columns.values() if column not in self._index]

    def cell(self, cells: list[str], what: str) -> str:
        """Return the text of a field, or its default where nothing is stated.

        Raises:
            Rejected: a spreadsheet's error or a formula stands there, so that nobody knows what is stated.
        """
        return self.stated(cells, what) or self.mapping.defaults.get(what, "")

    def stated(self, cells: list[str], what: str) -> str:
        """Return the text of a field as `cell` does, but "" where the row states nothing."""
        column = self.mapping.columns.get(what)
        text = " ".join(cells[self._index[column]].split()) if column else ""
        if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@"):
            text = text[1:]
        check_value(text, column)
        return "" if text.casefold() in _NOTHING else text

    def original_row(self, cells: list[str]) -> str:
        """Return the row's number in the table it was left out of, where it is one of a file of rows left out."""
        place = self._index.get(REJECTED_ROW)
        text = cells[place].strip() if place is not None else ""
        return text if re.match(r"[1-9]\d{0,8}\Z", text, re.ASCII) else ""

    def column(self, what: str) -> str | None:
        """Return the table's column of a field."""
        return self.mapping.columns.get(what)

    def place(self, cells: list[str], prefix: str, name: str | None = None) -> StatedPlace:
        """Return one of the two places of a row.

        Raises:
            Rejected: no name, or a value of another kind than it must be.
        """
        own = "partner" if prefix else "name"
        values = {what: self.cell(cells, prefix + what) for what in _PLACE_PARTS}
        text = name if name is not None else self.cell(cells, own)
        return read_place(text, values, lambda what: self.column(own if what == "name" else prefix + what), self.words)

    def words(self, what: str, text: str) -> str:
        """Return our word for a kind, status or level; see `to_word`."""
        return to_word(what, text, self.mapping.values.get(what, {}))

    def tie(self, cells: list[str]) -> dict[str, str]:
        """Return the columns of a claim that are about the tie.

        Raises:
            Rejected: a date, kind or status that can't be read.
        """
        texts = {what: self.cell(cells, what) for what in _TIE_PARTS}
        if texts["end"] and not self.stated(cells, "status"):
            # A default status is said of all rows, an end of this one.
            texts["status"] = ""
        return read_tie(texts, self.column, self.words, self.mapping.date_format)


_TIE_PARTS = ("start", "end", "renewed", "first_contact", "kind", "status", "union", "note")
_PLACE_PARTS = (
    "country",
    "lat",
    "long",
    "coordinates",
    "wikidata_id",
    "geonames_id",
    "population",
    "level",
    "id",
)


#: What spreadsheets write where a formula failed, in English and German.
_ERROR = re.compile(
    r"#(?:REF!|DIV/0!|N/A|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|FIELD!|BUSY!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA"
    r"|BEZUG!|NV|WERT!|ZAHL!)\Z"
)


def check_value(text: str, column: str | None) -> None:
    """See that a cell holds a value.

    Raises:
        Rejected: it holds a spreadsheet's error, or a formula in place of what it gives.
    """
    if text[:1] not in ("#", "="):
        return
    if _ERROR.match(text):
        raise Rejected(f"the spreadsheet's error {text} stands there; mend the formula, or write the value", column)
    if text.startswith("=") and len(text) > 1:
        raise Rejected(
            f"{text[:60]!r} is a formula, and what it gives is not in the file; write the value, or save the table "
            "again with a spreadsheet program",
            column,
        )


def to_word(what: str, text: str, own: MappingType[str, str]) -> str:
    """Return our word for a kind, status or level.

    Raises:
        ValueError: the word is not known.
    """
    key = search_key(text)
    word = own.get(key) or _WORDS[what].get(key)
    if word is None:
        known = {"kind": KINDS, "status": STATUSES, "level": LEVELS}[what]
        raise ValueError(f"{text[:60]!r} is no {what} that is known ({', '.join(known)}); name it in [values.{what}]")
    return word


def read_tie(
    texts: MappingType[str, str],
    column: Callable[[str], str | None],
    words: Callable[[str, str], str],
    formats: Sequence[str] = (),
) -> dict[str, str]:
    """Return the columns of a claim that are about the tie.

    Args:
        texts: text by field of a tie; fields that are empty or missing are not stated.
        column: function from field to the table's column, for messages.
        words: function from field and text to our word.
        formats: of dates, see `to_edtf`.

    Raises:
        Rejected: a value of another kind than it must be.
    """
    found: dict[str, str] = {}
    for what in ("start", "end", "renewed", "first_contact", "kind", "status"):
        text = texts.get(what)
        if text:
            try:
                found[what] = words(what, text) if what in ("kind", "status") else to_edtf(text, formats)
            except ValueError as error:
                raise Rejected(str(error), column(what)) from None
    union = texts.get("union")
    if union:
        slug = search_key(union).replace(" ", "-")
        if not SLUG.match(slug):
            raise Rejected(f"{union!r} can't be an id of a union; use letters and digits", column("union"))
        found["union"] = slug
    note = texts.get("note")
    if note:
        fault = cell_fault(note, is_note=True)
        if fault:
            raise Rejected(fault, column("note"))
        found["note"] = note
    return found


def read_place(text: str, values: MappingType[str, str], column: object, words: object) -> StatedPlace:
    """Return a place from its name and what else is said.

    Args:
        text: the name.
        values: text by field of a place.
        column: function from field to the table's column, for messages.
        words: function from field and text to our word.

    Raises:
        Rejected: no name, or a value of another kind than it must be.
    """
    assert callable(column) and callable(words)
    if not text:
        raise Rejected("the name is empty", column("name"))
    check_value(text, column("name"))
    if text[0] in "=@" or (text[0] in "+-" and len(text) > 1 and not text[1].isalpha()):
        raise Rejected(f"{text[:40]!r} looks like a spreadsheet's formula, not a name", column("name"))
    if ";" in text:
        raise Rejected("a name holds ';', which parts names; name a partner_separator, or mend it", column("name"))
    if not search_key(text):
        raise Rejected(f"{text[:40]!r} holds no letter or digit", column("name"))
    check_value(values.get("country", ""), column("country"))
    for what, value in (("name", text), ("country", values.get("country", ""))):
        if len(value) > 200:
            raise Rejected("is longer than 200 letters, so it is no name", column(what))
        fault = cell_fault(value)
        if fault:
            raise Rejected(fault, column(what))
    place = StatedPlace(text, written_country=values.get("country", ""))
    lat, long = values.get("lat", ""), values.get("long", "")
    if values.get("coordinates"):
        lat, long = _pair(values["coordinates"], column("coordinates"))
    if lat and long:
        place.lat = _degrees(lat, 90, column("lat"))
        place.long = _degrees(long, 180, column("long"))
        if place.lat == place.long == "0":
            place.lat = place.long = ""
    qid = values.get("wikidata_id", "")
    if qid:
        match = _QID.match(qid)
        if not match:
            raise Rejected(f"{qid[:40]!r} is no QID", column("wikidata_id"))
        place.wikidata_id = match[1]
    geonames = values.get("geonames_id", "")
    if geonames:
        match = _GEONAMES.match(geonames.removesuffix(".0"))
        if not match or match[1].startswith("0"):
            raise Rejected(f"{geonames[:40]!r} is no GeoNames id", column("geonames_id"))
        place.geonames_id = match[1]
    population = values.get("population", "")
    if population:
        digits = re.sub(r"[\s.,'’](?=\d{3}(?:\D|\Z))", "", population).removesuffix(".0")
        if not re.match(r"\d{1,10}\Z", digits, re.ASCII):
            raise Rejected(f"{population[:40]!r} is no number of inhabitants", column("population"))
        place.population = digits
    if values.get("level"):
        try:
            place.level = words("level", values["level"])
        except ValueError as error:
            raise Rejected(str(error), column("level")) from None
    key = values.get("id", "")
    if key:
        if _QID.match(key):
            key = _QID.match(key)[1]  # type: ignore[index]
            place.wikidata_id = place.wikidata_id or key
        if cell_fault(key) or ";" in key or len(key) > 100:
            raise Rejected(f"{key[:40]!r} can't be an identifier", column("id"))
        place.id = key
    return place


def _pair(text: str, column: str | None) -> tuple[str, str]:
    if match := _POINT.match(text):
        return match[2], match[1]
    match = _PAIR.match(text)
    if not match:
        raise Rejected(f"{text[:40]!r} is no pair of coordinates", column)
    return match[1], match[2]


def _degrees(text: str, limit: int, column: str | None) -> str:
    """Return degrees as plain decimal text of at most six places (0.1 m)."""
    try:
        value = float(text.replace(",", ".", 1) if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        raise Rejected(f"{text[:40]!r} is no number of degrees", column) from None
    if not math.isfinite(value) or abs(value) > limit:
        raise Rejected(f"{text[:40]} is outside -{limit} to {limit} degrees", column)
    plain = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if plain == "-0" else plain
