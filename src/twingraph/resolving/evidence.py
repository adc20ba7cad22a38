"""How well a place of a gazetteer fits a written name: points with reasons, and a score from 0 to 1.

Points are added up like the logarithms of odds; the score is the logistic function of what they exceed `_MIDDLE` by.
The weights were set on lists whose places are known; `benchmarks/measure_resolution.py` measures what they give.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from twingraph.names import search_key
from twingraph.resolving.countries import find_country, named_part
from twingraph.resolving.gazetteers import Entry, Gazetteer
from twingraph.sourcedata.model import SourcePlace

__all__ = ["ACCEPT", "Candidate", "Question", "ask", "candidates_for", "score_of"]

#: From this score on a match is taken, if the next candidate is `AHEAD` points behind.
ACCEPT = 0.9
AHEAD = 1.0
_MIDDLE = 3.3

_MAIN, _OTHER, _VARIANT, _OTHER_VARIANT, _ALIKE = 3.0, 2.6, 2.4, 2.0, 1.5
_COUNTRY, _ONLY = 1.5, 1.5
#: Kilometres up to which a distance gives these points; farther gives the last.
_DISTANCES = ((3.0, 4.0), (10.0, 3.0), (25.0, 1.5), (60.0, -0.5), (150.0, -3.0), (math.inf, -6.0))
#: How alike (0 to 100) names near the stated coordinates must be.
_NEARLY = 82.0
_LEVEL_WORDS = (
    (re.compile(r"\b(?:landkreis|kreis|county|comitat|powiat|district of|kreisverband)\b", re.IGNORECASE), "district"),
    (
        re.compile(
            r"\b(?:province|provinz|region|oblast|voivodeship|woiwodschaft|prefecture|departement|département|krai|"
            r"bundesland|governorate|canton)\b",
            re.IGNORECASE,
        ),
        "region",
    ),
    (re.compile(r"\b(?:borough|stadtbezirk|arrondissement|ortsteil|raion|ward|quartier)\b", re.IGNORECASE), "borough"),
    (re.compile(r"\bdistrict\b", re.IGNORECASE), "district"),
)
_PREFIXES = re.compile(
    r"^(?:city of|town of|municipality of|commune of|borough of|city|stadt|gemeinde|markt|ville de|comune di|comune|"
    r"gmina|urban commune of)\s+",
    re.IGNORECASE,
)
_SUFFIXES = re.compile(r"\s+(?:city|town|municipality|township|village)$", re.IGNORECASE)
_SAINTS = ((re.compile(r"\bst\b"), "saint"), (re.compile(r"\bst\b"), "sankt"), (re.compile(r"\bsaint\b"), "st"))
_OF_BRITAIN = ("ENG", "SCT", "WLS", "NIR")
#: GeoNames' own codes (its table admin1CodesASCII) for parts of countries whose towns are often named with them.
_GEONAMES_CODES = {
    "AU-ACT": "01",
    "AU-NSW": "02",
    "AU-NT": "03",
    "AU-QLD": "04",
    "AU-SA": "05",
    "AU-TAS": "06",
    "AU-VIC": "07",
    "AU-WA": "08",
    "CA-AB": "01",
    "CA-BC": "02",
    "CA-MB": "03",
    "CA-NB": "04",
    "CA-NL": "05",
    "CA-NS": "07",
    "CA-ON": "08",
    "CA-PE": "09",
    "CA-QC": "10",
    "CA-SK": "11",
    "CA-YT": "12",
    "CA-NT": "13",
    "CA-NU": "14",
}
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


@dataclass(frozen=True, slots=True)
class Question:
    """A written place, made ready for the search.

    Attributes:
        place: what the source says.
        key: search key of the name.
        variants: search keys of the name's other forms, with what tells them apart.
        lat, long: coordinates that can be trusted, or None.
        region: code of a part of the country (``US-OH``), or "".
        part: what the source names beside the country (``US-OH``, ``somerset``), or "".
        level: as stated, or as a word in the name tells, or "".
        population: as stated, or 0.
        doubt: why stated coordinates are not used, or "".
    """

    place: SourcePlace
    key: str
    variants: tuple[str, ...]
    lat: float | None
    long: float | None
    region: str
    part: str
    level: str
    population: int
    doubt: str


@dataclass(slots=True)
class Candidate:
    """A place that a name may mean.

    Attributes:
        entry: the place.
        points: the sum of the evidence.
        reasons: the evidence in words.
    """

    entry: Entry
    points: float = 0.0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: float, reason: str) -> None:
        """Count a piece of evidence."""
        self.points += points
        self.reasons.append(reason)

    @property
    def score(self) -> float:
        """How sure, 0 to 1."""
        return score_of(self.points)


def score_of(points: float) -> float:
    """Return points as a score from 0 to 1."""
    return 1 / (1 + math.exp(_MIDDLE - points))


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
    part = named_part(place.written_country) if found and len(found.code) == 2 else ""
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", name).strip()
    forms[search_key(plain)] = None
    head, comma, tail = plain.partition(",")
    if comma:
        forms[search_key(head)] = None
        told = find_country(tail.strip())
        if told and told.region and (not place.country or told.region[:2] == place.country):
            region = region or told.region
    # "Berlin – Neukölln" is the part; "Biel/Bienne" is one town with two names.
    part_of = re.search(r"\s[–—-]\s", plain)
    for text in (*place.names, *plain.split("/"), *(re.split(r"\s[–—-]\s", plain)[-1:] if part_of else ())):
        forms[search_key(text)] = None
    for text in (plain, head):
        forms[search_key(_SUFFIXES.sub("", _PREFIXES.sub("", text)))] = None
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
        level = next((level for pattern, level in _LEVEL_WORDS if pattern.search(name)), "borough" if part_of else "")
    lat = long = None
    doubt = ""
    if place.lat and place.long:
        if (place.lat, place.long) in shared:
            doubt = "its coordinates are given to places of other names, too"
        else:
            lat, long = float(place.lat), float(place.long)
            others = gazetteer.other_countries(lat, long, 40.0, place.country) if place.country else ()
            if others:
                doubt = f"its coordinates lie in {', '.join(sorted(others))}"
                lat = long = None
    return Question(
        place,
        key,
        tuple(form for form in forms if form and form != key),
        lat,
        long,
        region,
        part,
        level,
        int(place.population or 0),
        doubt,
    )


def candidates_for(question: Question, gazetteer: Gazetteer) -> list[Candidate]:
    """Return what a name may mean, best first, with points and reasons.

    Candidates come in blocks: places of the country with that name or a form of it, places near the coordinates with
    a name that is alike, and, where nothing else is found, names of the country that are nearly the same.
    """
    place = question.place
    countries = [place.country] if place.country else gazetteer.countries
    found: dict[str, Candidate] = {}
    exact: list[Entry] = []
    for country in countries:
        for named in gazetteer.named(question.key, country):
            candidate = Candidate(named.entry)
            candidate.add(_MAIN if named.is_main else _OTHER, "same name" if named.is_main else "one of its names")
            found[named.entry.ref] = candidate
            exact.append(named.entry)
    for key in question.variants:
        for country in countries:
            for named in gazetteer.named(key, country):
                if named.entry.ref not in found:
                    candidate = Candidate(named.entry)
                    candidate.add(
                        _VARIANT if named.is_main else _OTHER_VARIANT, f"same name in another form ({named.entry.name})"
                    )
                    found[named.entry.ref] = candidate
                    exact.append(named.entry)
    if question.lat is not None and question.long is not None:
        _look_near(question, gazetteer, found)
    if not found and place.country and len(question.key) > 4:
        _look_alike(question, gazetteer, found)
    for candidate in found.values():
        _weigh(candidate, question, exact, gazetteer)
    return sorted(found.values(), key=lambda one: (-one.points, -one.entry.population, one.entry.ref))


def _digits(key: str) -> str:
    return "".join(ch for ch in key if ch.isdigit())


def _look_near(question: Question, gazetteer: Gazetteer, found: dict[str, Candidate]) -> None:
    from rapidfuzz import fuzz

    assert question.lat is not None and question.long is not None
    forms = (question.key, *question.variants)
    for _, entry in gazetteer.near(question.lat, question.long, 12.0):
        if entry.ref in found or (question.place.country and entry.country != question.place.country):
            continue
        # Prague 1 is not Prague.
        keys = {key for key in map(search_key, (entry.name, *entry.names)) if _digits(key) == _digits(question.key)}
        alike = max((fuzz.ratio(form, key) for form in forms for key in keys), default=0.0)
        if alike >= _NEARLY:
            candidate = Candidate(entry)
            points = _ALIKE if alike >= 90 else _ALIKE - 0.7
            candidate.add(points, f"a name that is alike ({entry.name}, {alike:.0f} of 100)")
            found[entry.ref] = candidate


def _look_alike(question: Question, gazetteer: Gazetteer, found: dict[str, Candidate]) -> None:
    from rapidfuzz import fuzz, process

    entries, names = gazetteer.starting(question.key[0], question.place.country)
    for name, alike, number in process.extract(question.key, names, scorer=fuzz.ratio, score_cutoff=88, limit=3):
        if _digits(name) != _digits(question.key):
            continue
        candidate = Candidate(entries[number])
        candidate.add(_ALIKE - 0.7, f"a name that is alike ({entries[number].name}, {alike:.0f} of 100)")
        found[entries[number].ref] = candidate


def _weigh(candidate: Candidate, question: Question, exact: list[Entry], gazetteer: Gazetteer) -> None:
    """Add all evidence but the name."""
    entry, place = candidate.entry, question.place
    if place.country:
        candidate.add(_COUNTRY, "same country")
    if entry in exact:
        _weigh_rivals(candidate, question, exact, gazetteer)
    if question.lat is not None and question.long is not None and not math.isnan(entry.lat):
        away = entry.distance_to(question.lat, question.long)
        points = next(points for limit, points in _DISTANCES if away <= limit)
        candidate.add(points, f"{away:.0f} km away" if away >= 1 else "at the same spot")
    elif question.doubt:
        candidate.add(-0.2, question.doubt)
    inside = _is_inside(entry, question.region)
    if inside is not None:
        # England is large: to lie there says little.
        for_it = 0.3 if entry.country == "GB" else 3.0
        candidate.add(for_it if inside else -4.0, f"{'in' if inside else 'not in'} {question.region}")
    if question.population and entry.population:
        ratio = max(question.population, entry.population) / max(1, min(question.population, entry.population))
        if ratio <= 1.5:
            candidate.add(1.0, "about as many inhabitants")
        elif ratio > 6:
            candidate.add(-1.5, "far more or fewer inhabitants")
    if question.level in ("district", "region") and entry.level != question.level:
        candidate.add(-2.5, f"a {question.level} is meant, this is a place in it")
    elif question.level == "borough" and entry.level != "borough":
        candidate.add(-0.8, "a part of a town is meant")


def _is_inside(entry: Entry, region: str) -> bool | None:
    """Return whether a place lies in a part of its country; None where the gazetteer's codes do not tell."""
    country, _, letters = region.partition("-")
    code = _GEONAMES_CODES.get(region, "")
    if country == "US" or (country == "GB" and letters in _OF_BRITAIN):
        code = letters
    if country != entry.country or not code or not entry.region:
        return None
    return entry.region == code


def _weigh_rivals(candidate: Candidate, question: Question, exact: list[Entry], gazetteer: Gazetteer) -> None:
    """Say how many others have the name, and whether they count beside this one."""
    entry, place = candidate.entry, question.place
    where = "in the country" if place.country else "in the world"
    # In a part that the source names, only places there are rivals.
    inside = bool(_is_inside(entry, question.region))
    if inside:
        where = f"in {question.region}"
    # The same town twice, or parts of it, are no rivals of the largest of them.
    rivals = [
        other
        for other in exact
        if other.ref != entry.ref
        and not (inside and not _is_inside(other, question.region))
        and not (other.population <= entry.population and entry.distance_to(other.lat, other.long) < 12)
    ]
    longer = [
        other
        for other in (gazetteer.beginning(question.key, place.country) if place.country else ())
        if other.ref != entry.ref
        and other not in rivals
        and not (inside and not _is_inside(other, question.region))
        and other.population > entry.population / 2
        and entry.distance_to(other.lat, other.long) > 12
    ]
    if not rivals and not longer:
        candidate.add(_ONLY, f"the only place of this name {where}")
    elif rivals:
        # One that has the name only beside its own must be much larger to be meant: Kehl is also called Kiel.
        needed = max(other.population * (20 if search_key(other.name) == question.key else 4) for other in rivals)
        main = search_key(entry.name) == question.key
        # The largest may lie in another part than the one that the source names.
        if question.part and not inside:
            candidate.add(0.0, f"{len(rivals)} more of this name {where}; which lies in {question.part} is not known")
        elif main and entry.population > max(needed, 5_000) and not longer:
            candidate.add(1.0, f"far larger than the {len(rivals)} others of this name {where}")
        else:
            candidate.add(0.0, f"{len(rivals)} more of this name {where}")
    else:
        candidate.add(0.2, f"it may be short for {longer[0].name}")
