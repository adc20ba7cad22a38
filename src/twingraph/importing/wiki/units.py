"""Words for what is no town: parts of one, counties and larger lands, institutions; in names and in sentences."""

from __future__ import annotations

import re

__all__ = ["INSTITUTION", "is_about_another", "level_of"]

#: What `level_of` returns for a university, a ship and the like, which are no units of a state at all.
INSTITUTION = "institution"
#: Words by the level of what they name. They stand at the beginning or the end of a name; a star is any letters.
_WORDS: dict[str, str] = {
    "borough": "borough, quarter, suburb, neighbourhood, neighborhood, ward, ortsteil*, stadtteil*, stadtbezirk*, "
    "stadtviertel*, ortschaft*, quartier*, arrondissement*, frazione, frazioni, circoscrizione, barrio*, pedanía, "
    "dzielnic*, osiedl*, sołectw*",
    "district": "county, counties, district, districts, landkreis*, kreis, kreises, *landkreis, bezirk*, distrito*, "
    "powiat*, canton, kanton*, cantón",
    "region": "province, provinces, region, regions, prefecture, prefectures, state, states, voivodeship, oblast, "
    "krai, governorate, bundesland*, provinz*, regierungsbezirk*, région*, département*, préfecture, provincia, "
    "province, regione, región, departamento, comarca, województw*",
    INSTITUTION: "university, universities, college, colleges, school, schools, academy, museum, hospital, church, "
    "parish church, club, association*, brigade, port of, harbour, airport, universität*, hochschule*, schule*, "
    "*schule, *schulen, gymnasium, gymnasien, *verein, *vereine, *vereins, verein*, feuerwehr*, *feuerwehr, "
    "kirchengemeinde*, pfarr*, *museum, krankenhaus, université*, école, écoles, collège*, lycée*, comité*, "
    "paroisse*, pompiers, musée*, università, scuola, scuole, liceo, associazione, parrocchia, museo, universidad*, "
    "escuela*, colegio*, instituto*, asociación, parroquia, uniwersytet*, szkoł*, liceum, parafi*, straż, "
    "stowarzyszeni*, muzeum",
}
#: Names of towns that hold such words.
_TOWNS = re.compile(
    r"(?:port of spain|state college|college (?:station|park|place)|university (?:park|place|heights|city)|"
    r"(?:\w+ )?quarter|church|ward|club)\Z",
    re.IGNORECASE,
)
_SHIP = re.compile(
    r"(?:HMS|HMCS|HMAS|USS|SMS|ORP|RMS|MS|FC|SV|VfB|VfL|TSV|AC|AS)\s+\w|.*\s(?:F\.?\s?C\.?|A\.?F\.?C\.?)\Z"
)
#: Behind a word for a unit that begins a name.
_OF = r"(?:(?:of|de|du|des|di|del|della|dell['’]|der|von|d['’])(?:\s+|(?<=['’]))(?:la\s+|the\s+)?|\s*)"


def _pattern(words: str) -> str:
    found = [re.escape(word.strip()).replace(r"\*", r"[^\W\d_]*") for word in words.split(",")]
    return "|".join(sorted(found, key=len, reverse=True))


_ANY = re.compile(rf"(?<![\w-])(?:{'|'.join(map(_pattern, _WORDS.values()))})(?![\w-])", re.IGNORECASE)
_FIRST = {level: re.compile(rf"(?:{_pattern(words)})\s+{_OF}\w", re.IGNORECASE) for level, words in _WORDS.items()}
_LAST = {level: re.compile(rf".*[\s]\(?(?:{_pattern(words)})\)?\Z", re.IGNORECASE) for level, words in _WORDS.items()}


def level_of(name: str) -> str:
    """Return the level of what a name calls itself; "" where it holds no word for that, as names of towns do not.

    >>> [level_of(name) for name in ("Landkreis Harz", "Kanagawa Prefecture", "Eton College", "Ulm")]
    ['district', 'region', 'institution', '']
    """
    own = name.partition(",")[0].strip()
    if _TOWNS.match(own):
        return ""
    if _SHIP.match(own):
        return INSTITUTION
    if re.fullmatch(r"\S*\w-Kreis|[A-ZÄÖÜ][^\W\d_]{4,}kreis", own):
        return "district"
    for patterns in (_FIRST, _LAST):
        for level in (INSTITUTION, "borough", "district", "region"):
            # "Canton" and "State" begin names of towns, too: "Canton South", "Stateline".
            if (match := patterns[level].match(own)) and not re.match(r"(?:canton|state)\s+(?!d|of)", match[0], re.I):
                return level
    return ""


def is_about_another(text: str) -> bool:
    """Whether a sentence speaks of a part of a town, a county, an institution or the like."""
    return _ANY.search(text) is not None
