"""What is asked about a written place: its name in all forms, and what the name and the source say beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from twingraph.names import search_key
from twingraph.resolving.countries import find_country, named_part, region_named
from twingraph.resolving.gazetteers import Gazetteer
from twingraph.sourcedata.model import SourcePlace

__all__ = ["BRACKETS", "Question", "ask", "short_name"]

#: Parts of countries of which it is known which of the gazetteer's places lie in them.
_KNOWN_PARTS = re.compile(r"(?:AU|CA|US)-|GB-(?:ENG|NIR|SCT|WLS)\Z")

#: Words for a level that stand anywhere in a name: Landkreis Celle.
_LEVEL_WORDS = (
    ("district", r"landkreis|kreis|county|comitat|megye|okres|powiat|district of|kreisverband|județ|judet"),
    (
        "region",
        r"province|provinz|provincia|província|prowincja|region|oblast|voivodeship|woiwodschaft|województwo|prefecture|"
        r"departement|département|krai|bundesland|governorate|canton of|canton d[eu]|kanton",
    ),
    # Units that lie around a town of their name, or of which it is one among others.
    (
        "other",
        r"gmina|rural commune|landgemeinde|verbandsgemeinde|samtgemeinde|verwaltungsgemeinschaft|communauté|communaute|"
        r"metropolregion|metropolitan area|urban area",
    ),
    ("borough", r"borough|stadtbezirk|arrondissement|ortsteil|raion|ward|quartier"),
    ("district", r"district"),
)
#: Words that tell a level where they stand in brackets, and may be a name elsewhere: Canton, Land O' Lakes.
_LEVELS_INBRACKETS = (
    ("district", r"comarca|län|fylke"),
    ("region", r"land|canton|cantone|kraj|regione|région|región|departamento|comunidad|estado|state"),
    ("other", r"amt|métropole|agglomeration"),
)
#: Where "X Municipality" is the land around the town X, which is a municipality of its own.
_AROUND_TOWNS = ("EE", "LT", "LV")
#: States of today on the land of former ones.
_SUCCESSORS = {
    "DDDE": ("DE",),
    "CSHH": ("CZ", "SK"),
    "SUHH": ("AM", "AZ", "BY", "EE", "GE", "KG", "KZ", "LT", "LV", "MD", "RU", "TJ", "TM", "UA", "UZ"),
    "YUCS": ("BA", "HR", "ME", "MK", "RS", "SI", "XK"),
}
_PREFIXES = re.compile(
    r"^(?:city of|town of|municipality of|commune of|borough of|city|stadt|gemeinde|markt|ville de|comune di|comune|"
    r"urban gmina|urban commune of)\s+",
    re.IGNORECASE,
)
_SUFFIXES = re.compile(r"\s+(?:city|town|municipality|township|village)$", re.IGNORECASE)
_SAINTS = ((re.compile(r"\bst\b"), "saint"), (re.compile(r"\bst\b"), "sankt"), (re.compile(r"\bsaint\b"), "st"))
#: What stands in brackets in a name.
BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


#: GeoNames' codes of the parts that were one: those in which Potsdam, Schwerin, Dresden, Magdeburg, Erfurt, Berlin lie.
_PARTS_OF_FORMER = {"DDDE": frozenset(("11", "12", "13", "14", "15", "16"))}


@dataclass(frozen=True, slots=True)
class Question:
    """A written place, made ready for the search.

    Attributes:
        place: what the source says.
        countries: where to look: the country, those on the land of a former one, or nothing for all.
        former: a former state as the source names it, or "".
        parts: the gazetteer's codes of the parts of the country that were that state; none where all of it was.
        key: search key of the name.
        plain: search key of the name without brackets and what follows a comma.
        plains: the same, with St written in full, too.
        variants: search keys of the name's other forms.
        beside: search keys of what the name says in brackets that is neither a level nor a known part of the country.
        lat, long: coordinates that can be trusted, or None.
        region: code of a part of the country (``US-OH``), or "".
        part: what the source names beside the country (``US-OH``, ``somerset``), or "".
        level: as stated, or as a word in the name tells, or "".
        population: as stated, or 0.
        doubt: why stated coordinates are not used, or "".
    """

    place: SourcePlace
    countries: tuple[str, ...]
    former: str
    parts: frozenset[str]
    key: str
    plain: str
    plains: frozenset[str]
    variants: tuple[str, ...]
    beside: tuple[str, ...]
    lat: float | None
    long: float | None
    region: str
    part: str
    level: str
    population: int
    doubt: str


def ask(place: SourcePlace, gazetteer: Gazetteer, shared: frozenset[tuple[str, str]]) -> Question:
    """Make a written place ready for the search.

    Args:
        place: what the source says.
        gazetteer: to see in which country coordinates lie.
        shared: coordinates that the source gives to places of other names, too.
    """
    name = place.name
    forms: dict[str, None] = {}
    region = ""
    found = find_country(place.written_country) if place.written_country else None
    if found and found.region:
        region = found.region
    # A former state is no part of the country.
    former = found.code if found and len(found.code) == 4 and not place.country else ""
    part = named_part(place.written_country) if found and len(found.code) == 2 else ""
    plain = re.sub(BRACKETS, " ", name).strip()
    forms[search_key(plain)] = None
    head, comma, tail = plain.partition(",")
    # Neustadt/Orla is one of several of that name, as Neustadt (Orla) is; in Biel/Bienne both are names.
    head, slash, after = head.partition("/")
    beside = []
    if comma or slash:
        forms[search_key(head)] = None
    for words in (after, tail, *(words[1:-1] for words in re.findall(BRACKETS, name))):
        inside = _region_told(words, place.country)
        told = find_country(words) if words else None
        if told and told.how == "name" and told.code == place.country:
            continue
        region = region or inside
        # Which of the gazetteer's places lie in it is known for some countries only.
        if _KNOWN_PARTS.match(inside) or not search_key(words):
            continue
        if not _level_told(f"{plain} {words}", place.country):
            beside.append(search_key(words))
    # "Berlin – Neukölln" is the part; "Biel/Bienne" is one town with two names.
    part_of = re.search(r"\s[–—-]\s", plain)
    for text in (*place.names, *plain.split("/"), *(re.split(r"\s[–—-]\s", plain)[-1:] if part_of else ())):
        forms[search_key(text)] = None
    for text in (plain, head):
        forms[search_key(short_name(text))] = None
    for key in tuple(forms):
        for pattern, other in _SAINTS:
            forms[pattern.sub(other, key)] = None
        if any(pair in key for pair, _ in _UMLAUTS):
            other_key = key
            for pair, letter in _UMLAUTS:
                other_key = other_key.replace(pair, letter)
            forms[other_key] = None
    key = search_key(name)
    level = place.level
    if not level:
        level = _level_told(name, place.country) or ("borough" if part_of else "")
    lat = long = None
    doubt = ""
    if place.lat and place.long:
        if (place.lat, place.long) in shared:
            doubt = "its coordinates are given to places of other names or countries, too"
        else:
            lat, long = float(place.lat), float(place.long)
            others = gazetteer.other_countries(lat, long, 40.0, place.country) if place.country else ()
            if others:
                doubt = f"its coordinates lie in {', '.join(sorted(others))}"
                lat = long = None
    return Question(
        place,
        (place.country,) if place.country else _SUCCESSORS.get(former, ()),
        place.written_country if former else "",
        _PARTS_OF_FORMER.get(former, frozenset()),
        key,
        search_key(head),
        frozenset((search_key(head), *(pattern.sub(other, search_key(head)) for pattern, other in _SAINTS))),
        tuple(form for form in forms if form and form != key),
        tuple(beside),
        lat,
        long,
        region,
        part,
        level,
        int(place.population or 0),
        doubt,
    )


def short_name(name: str) -> str:
    """Return a name without words such as City, which sources add or leave out."""
    return _SUFFIXES.sub("", _PREFIXES.sub("", name))


def _region_told(text: str, country: str) -> str:
    if country:
        return region_named(text, country)
    told = find_country(text.strip())
    return told.region if told and told.how != "spelling" else ""


def _level_told(name: str, country: str) -> str:
    """Return the level that words in a name tell, or ""; a word that is the whole name is none."""
    inside = " ".join(re.findall(BRACKETS, name))
    if country in _AROUND_TOWNS and re.search(r"\b(?:municipality|parish|novads|vald)\b", name, re.IGNORECASE):
        return "district"
    for text, told in ((name, _LEVEL_WORDS), (inside, _LEVELS_INBRACKETS)):
        for level, words in told:
            found = re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)
            if found and search_key(name.partition(",")[0]) != search_key(found[0]):
                return level
    return ""
