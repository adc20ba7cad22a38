"""What a row or an item states, read from text: places with what is said of them, and what is said of a tie."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass

from twingraph.importing.dates import to_edtf
from twingraph.names import search_key
from twingraph.sourcedata.cells import SLUG
from twingraph.sourcedata.tables import KINDS, LEVELS, STATUSES, cell_fault

__all__ = ["Rejected", "StatedPlace", "check_value", "read_place", "read_tie", "to_word"]

_QID = re.compile(r"(?:.*[/:])?(Q[1-9]\d{0,11})\Z")
_GEONAMES = re.compile(r"(?:.*?geonames\.org/)?(\d{1,10})/?(?:[\w-]*\.html)?\Z", re.IGNORECASE)
_NUMBER = r"[-+]?\d{1,3}(?:[.,]\d+)?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*[,;/ ]\s*({_NUMBER})\s*\Z")
_POINT = re.compile(r"\s*POINT\s*\(\s*([-\d.]+)\s+([-\d.]+)\s*\)\s*\Z", re.IGNORECASE)
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
