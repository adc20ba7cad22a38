"""How well a place of a gazetteer fits a written name: points with reasons, and a score from 0 to 1.

Points are added up like the logarithms of odds; the score is the logistic function of what they exceed `_MIDDLE` by.
The weights were set on lists whose places are known; `benchmarks/measure_resolution.py` measures what they give.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache

from twingraph.names import search_key
from twingraph.resolving.countries import region_named
from twingraph.resolving.gazetteers import Entry, Gazetteer
from twingraph.resolving.questions import BRACKETS, Question, short_name

__all__ = ["ACCEPT", "AHEAD", "Candidate", "candidates_for", "score_of"]

#: From this score on a match is taken, if the next candidate is `AHEAD` points behind.
ACCEPT = 0.9
AHEAD = 1.0
_MIDDLE = 3.3

_MAIN, _OTHER, _VARIANT, _OTHER_VARIANT, _ALIKE = 3.0, 2.6, 2.55, 2.0, 1.5
_COUNTRY, _ONLY = 1.5, 1.5
#: Kilometres up to which a distance gives these points; farther gives the last.
_DISTANCES = ((3.0, 4.0), (10.0, 3.0), (25.0, 1.5), (60.0, -0.7), (150.0, -3.0), (math.inf, -6.0))
_NEAR, _FAR = 10.0, 300.0
_ANOTHER_AT_THE_SPOT = -1.5
#: How alike (0 to 100) names near the stated coordinates must be.
_NEARLY = 88.0
#: Coordinates may come from a search for the name: they don't outweigh that another place has the very name.
_ANOTHERS_NAME = -3.0
#: What the name says beside itself is told of the candidate; of another one instead.
_TOLD, _TOLD_OF_ANOTHER, _NOT_TOLD = 1.5, -4.5, -0.2
#: A name beside the main one that is rather a region's, or that few use: cities have names in many languages.
_A_REGIONS_NAME, _HARDLY_KNOWN = -2.0, -0.3
_SMALL, _LARGE = 10_000, 150_000
_ENGLISH = ("AU", "CA", "GB", "IE", "NZ", "US")
#: A unit of another kind is another place, wherever it lies.
_ANOTHER_LEVEL = -12.0
#: Kilometres up to which a place that the name says in brackets may be a part of another.
_NEIGHBOURHOOD = 40.0
_ARTICLES = re.compile(r"\b(?:a|al|am|an|as|das|de|der|die|do|el|il|im|in|la|las|le|les|lo|los|o|of|the)\b")
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


def candidates_for(question: Question, gazetteer: Gazetteer) -> list[Candidate]:
    """Return what a name may mean, best first, with points and reasons.

    Candidates come in blocks: places of the country with that name or a form of it, places near the coordinates with
    a name that is alike, and, where nothing else is found, names of the country that are nearly the same.
    """
    countries = question.countries or gazetteer.countries
    found: dict[str, Candidate] = {}
    exact: list[Entry] = []
    for country in countries:
        for named in gazetteer.named(question.key, country):
            candidate = Candidate(named.entry)
            is_main = named.is_main or _is_main(question, named.entry)
            candidate.add(_MAIN if is_main else _OTHER, "same name" if is_main else "one of its names")
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
    if not found:
        _look_abbreviated(question, gazetteer, found, exact)
    if question.lat is not None and question.long is not None:
        _look_near(question, gazetteer, found)
    if not found and question.place.country and len(question.key) > 4:
        _look_alike(question, gazetteer, found)
    if question.parts:
        found = {ref: one for ref, one in found.items() if _is_on_land(one.entry, question)}
        exact = [entry for entry in exact if entry.ref in found]
    for candidate in found.values():
        _weigh(candidate, question, exact, gazetteer)
    return sorted(found.values(), key=lambda one: (-one.points, -one.entry.population, one.entry.ref))


def _is_on_land(entry: Entry, question: Question) -> bool:
    # Of the data folder's own places the part is not known.
    return not entry.region or entry.region in question.parts


def _digits(key: str) -> str:
    """Return the digits in a name, and a Roman numeral at its end: Budapest II is not Budapest."""
    numeral = re.search(r"\w \b([ivx]+)\Z", key)
    return "".join(ch for ch in key if ch.isdigit()) + (numeral[1] if numeral else "")


def _look_near(question: Question, gazetteer: Gazetteer, found: dict[str, Candidate]) -> None:
    from rapidfuzz import fuzz

    assert question.lat is not None and question.long is not None
    # With the words in brackets, "Nanhai (Foshan)" would be like Foshan.
    forms = {question.plain, *question.variants}
    for _, entry in gazetteer.near(question.lat, question.long, 12.0):
        if entry.ref in found or (question.countries and entry.country not in question.countries):
            continue
        close = (
            (fuzz.ratio(form, key, score_cutoff=_NEARLY), form, key)
            for key in set(map(search_key, (entry.name, *entry.names)))
            for form in forms
        )
        alike = max((ratio for ratio, form, key in close if ratio and not _differ(form, key)), default=0.0)
        if alike:
            candidate = Candidate(entry)
            points = _ALIKE if alike >= 95 else _ALIKE - 1.0
            candidate.add(points, f"a name that is alike ({entry.name}, {alike:.0f} of 100)")
            found[entry.ref] = candidate


def _look_abbreviated(
    question: Question, gazetteer: Gazetteer, found: dict[str, Candidate], exact: list[Entry]
) -> None:
    """Look for names of which the words are shortened: Frankfurt a. M., Rothenburg o. d. Tauber."""
    first, *others = question.plain.split() or [""]
    if not any(len(word) < 4 for word in others):
        return
    for country in question.countries:
        for entry in gazetteer.beginning(first, country):
            words = search_key(entry.name).split()[1:]
            if len(words) == len(others) and all(word.startswith(one) for word, one in zip(words, others, strict=True)):
                candidate = Candidate(entry)
                candidate.add(_VARIANT, f"short for its name ({entry.name})")
                found[entry.ref] = candidate
                exact.append(entry)


def _differ(one: str, other: str) -> bool:
    """Whether two names that are alike differ in a number (Prague 1, Prague) or by words (St Mary's, St Mary's Bay)."""
    words, others = (set(_ARTICLES.sub(" ", name).split()) for name in (one, other))
    return _digits(one) != _digits(other) or words < others or others < words


def _look_alike(question: Question, gazetteer: Gazetteer, found: dict[str, Candidate]) -> None:
    from rapidfuzz import fuzz, process

    entries, names = gazetteer.starting(question.key[0], question.place.country)
    for name, alike, number in process.extract(question.key, names, scorer=fuzz.ratio, score_cutoff=88, limit=3):
        if _differ(name, question.key):
            continue
        candidate = Candidate(entries[number])
        candidate.add(_ALIKE - 0.7, f"a name that is alike ({entries[number].name}, {alike:.0f} of 100)")
        found[entries[number].ref] = candidate


def _weigh(candidate: Candidate, question: Question, exact: list[Entry], gazetteer: Gazetteer) -> None:
    """Add all evidence but the name."""
    entry, place = candidate.entry, question.place
    if place.country:
        candidate.add(_COUNTRY, "same country")
    elif question.former:
        candidate.add(_COUNTRY, f"on the land of {question.former}")
    if question.beside:
        exact = _weigh_words_beside(candidate, question, exact, gazetteer)
    if entry in exact:
        _weigh_rivals(candidate, question, exact, gazetteer)
    if entry in exact and not _is_main(question, entry):
        _weigh_other_name(candidate, question)
    if question.lat is not None and question.long is not None and not _is_main(question, entry):
        owners = [one for one in exact if one.ref != entry.ref and search_key(one.name) in question.plains]
        # Newcastle is short for Newcastle upon Tyne, where that lies at the spot and no Newcastle does.
        is_short = search_key(entry.name).startswith(f"{question.plain} ")
        near = min((one.distance_to(question.lat, question.long) for one in owners), default=math.inf)
        at_the_spot = entry.distance_to(question.lat, question.long) <= _DISTANCES[0][0]
        if owners and not (is_short and at_the_spot and near > _NEAR):
            candidate.add(_ANOTHERS_NAME, f"another place has this name as its main one ({owners[0].ref})")
    if question.lat is not None and question.long is not None and not math.isnan(entry.lat):
        away = entry.distance_to(question.lat, question.long)
        points = next(points for limit, points in _DISTANCES if away <= limit)
        words = f"{away:.0f} km away" if away >= 1 else "at the same spot"
        if away > _FAR and entry.distance_to(question.long, question.lat) < _FAR / 10:
            words += ", but near if latitude and longitude are swapped"
        candidate.add(points, words)
        at_the_spot = away > _NEAR and any(
            other.distance_to(question.lat, question.long) <= _DISTANCES[0][0]
            for other in exact
            if other.ref != entry.ref
        )
        if at_the_spot:
            candidate.add(_ANOTHER_AT_THE_SPOT, "another place that has this name lies at the spot")
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
    if question.level in ("district", "region", "other") and entry.level != question.level:
        unit = "unit of another kind" if question.level == "other" else question.level
        candidate.add(_ANOTHER_LEVEL, f"a {unit} is meant, this is a place in it")
    elif question.level == "borough" and entry.level != "borough":
        candidate.add(-0.8, "a part of a town is meant")


def _weigh_other_name(candidate: Candidate, question: Question) -> None:
    """Weigh that the name is not the place's main one."""
    entry = candidate.entry
    is_city = entry.population >= _LARGE
    is_short = search_key(entry.name).startswith(f"{question.plain} ")
    if region_named(question.plain, entry.country) and not is_city and not is_short:
        candidate.add(_A_REGIONS_NAME, "a region has this name as well")
    elif entry.population < _SMALL or (entry.country in _ENGLISH and not is_city):
        # Gazetteers lack the small place of that name, and give former names and quarters of others.
        candidate.add(_HARDLY_KNOWN, "a name that is hardly used for it")


def _weigh_words_beside(
    candidate: Candidate, question: Question, exact: list[Entry], gazetteer: Gazetteer
) -> list[Entry]:
    """Weigh what the name says in brackets; return the places that are rivals then."""
    named = any(_is_main(question, one) for one in exact)
    told = [
        one
        for one in exact
        # Bao'an (Shenzhen) is not Shenzhen, though that has both names.
        if _is_told(one, question) and not (named and search_key(one.name) in question.beside)
    ]
    words = " ".join(question.beside)
    if candidate.entry in told:
        is_around = search_key(candidate.entry.name) in question.beside
        if is_around and question.lat is not None and question.long is not None:
            away = candidate.entry.distance_to(question.lat, question.long)
            if away > _DISTANCES[0][0]:
                # Győrszentiván (Győr) is a part of it; Breslau (Wrocław) is the place itself.
                candidate.add(_ANOTHERS_NAME, f"the name may be that of a part of it, {away:.0f} km away")
                return told
        candidate.add(_TOLD, f"“{words}” is told of it")
        return told
    if told:
        candidate.add(_TOLD_OF_ANOTHER, f"“{words}” is told of {told[0].name} ({told[0].ref})")
        return exact
    entry = candidate.entry
    for beside in question.beside:
        around = [
            other.entry
            for other in gazetteer.named(beside, entry.country)
            if other.entry.ref != entry.ref and entry.distance_to(other.entry.lat, other.entry.long) <= _NEIGHBOURHOOD
        ]
        # Hamburg (Bergedorf) is the part; Mitte (Berlin) says of which town it is one.
        # A village stands beside its municipality so, too: Gstaad (Saanen).
        is_city = entry.population >= _LARGE
        part = next((other for other in around if is_city and other.population < entry.population), None)
        if part:
            candidate.add(_TOLD_OF_ANOTHER, f"“{beside}” is a part of it or a place near it ({part.ref})")
        elif not around and any(other.ref != entry.ref for other in exact) and question.lat is not None:
            candidate.add(_TOLD_OF_ANOTHER, f"“{beside}” is not told of it, and others have this name")
        elif not around:
            candidate.add(_NOT_TOLD, f"“{beside}” is not told of it")
        else:
            continue
        break
    return exact


def _is_main(question: Question, entry: Entry) -> bool:
    """Whether the name is a place's main one, as it is or without brackets or words such as City."""
    return any(name in question.plains for name in _main_names(entry.name))


@lru_cache(maxsize=1 << 17)
def _main_names(name: str) -> tuple[str, str]:
    return search_key(name), search_key(short_name(re.sub(BRACKETS, " ", name).strip()))


def _is_short_for(one: str, other: str) -> bool:
    """Whether two words are the same, one of them perhaps shortened: Westf., Westfalen."""
    return one == other or (min(len(one), len(other)) > 3 and (one.startswith(other) or other.startswith(one)))


def _is_told(entry: Entry, question: Question) -> bool:
    """Whether the words in brackets are among a place's names: Halle (Westf.), Wrocław (Breslau)."""
    names = [search_key(name) for name in (entry.name, *entry.names)]
    own = set(question.plain.split())

    def says(name: str, words: str) -> bool:
        others = set(name.split()) - own
        return all(any(_is_short_for(part, one) for one in others) for part in words.split())

    return all(any(says(name, words) for name in names) for words in question.beside)


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
    where = "in the country" if place.country else "on its land" if question.former else "in the world"
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
    if entry.ref in gazetteer.singled_out:
        candidate.add(0.0, "a place that a person added; others may have its name")
    elif not rivals and not longer:
        candidate.add(_ONLY, f"the only place of this name {where}")
    elif rivals:
        # One that has the name only beside its own must be much larger to be meant: Kehl is also called Kiel.
        needed = max(other.population * (20 if search_key(other.name) in question.plains else 4) for other in rivals)
        main = _is_main(question, entry) or search_key(entry.name) == question.key
        # The largest may lie in another part than the one that the source names.
        if question.part and not inside:
            candidate.add(0.0, f"{len(rivals)} more of this name {where}; which lies in {question.part} is not known")
        elif main and entry.population > max(needed, 5_000) and not longer:
            candidate.add(1.0, f"far larger than the {len(rivals)} others of this name {where}")
        else:
            candidate.add(0.0, f"{len(rivals)} more of this name {where}")
    else:
        candidate.add(0.2, f"it may be short for {longer[0].name}")
