"""From a name as written to a municipality of the gazetteer, by evidence, never by a name alone.

A name is resolved when a judgement says so, when ``twingraph resolve`` matched it, when its source gives an
identifier that the gazetteer holds, or when the gazetteer holds exactly one municipality of that name in that
country. Everything else stays unresolved: the claim keeps its written name, loses nothing, and is listed by
``twingraph check``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from twingraph.names import search_key
from twingraph.sourcedata.model import Dataset, WrittenPlace

__all__ = ["Resolution", "Resolver", "judged_as"]

#: In the text of a country: it names a part of it as well ("Ohio, United States").
_PARTED = re.compile(r"[,(/]")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a written name.

    Attributes:
        municipality: key in the gazetteer, or None while unresolved.
        basis: ``judgement``, ``match``, ``identifier``, ``name and country``; or why it is unresolved.
        candidates: keys that fit by name, where none could be chosen.
    """

    municipality: str | None
    basis: str
    candidates: tuple[str, ...] = ()


def judged_as(case: tuple[str, str, str, str]) -> tuple[tuple[str, str, str, str], ...]:
    """Return what judgements may call a written place, the closest first: source, name, country, id.

    A judgement without an id says nothing about a place that has one: there the id parts namesakes, and a
    judgement on the name would make them one.
    """
    _, name, country, identifier = case
    return case, ("", name, country, identifier)


class Resolver:
    """Resolves written names against a dataset's gazetteer and judgements. Answers are remembered."""

    def __init__(self, dataset: Dataset) -> None:
        self._by_name: dict[tuple[str, str], list[str]] = {}
        self._anywhere: dict[str, list[str]] = {}
        for place in dataset.municipalities.values():
            for name in {place.name, place.name_de, place.name_en} - {""}:
                self._index(name, place.key, place.country)
        for extra in dataset.names:
            self._index(extra.name, extra.municipality, dataset.municipalities[extra.municipality].country)
        self._keys = dataset.municipalities.keys()
        self._identifiers: dict[str, str] = {}
        self._qids: dict[str, str] = {}
        for place in dataset.municipalities.values():
            if place.wikidata_id:
                self._identifiers[place.wikidata_id] = place.key
                self._qids[place.key] = place.wikidata_id
            if place.geonames_id:
                self._identifiers[f"geonames:{place.geonames_id}"] = place.key
        self._matches = {(m.source, m.name, m.country, m.id): m for m in dataset.matches}
        self._positive: dict[tuple[str, str, str, str], str] = {}
        self._negative: dict[tuple[str, str, str, str], set[str]] = {}
        self._unsure: set[tuple[str, str, str, str]] = set()
        for decision in dataset.judgements:
            key = (decision.source, decision.name, decision.country, decision.id)
            if decision.judgement == "positive":
                self._positive[key] = decision.municipality
            elif decision.judgement == "negative":
                self._negative.setdefault(key, set()).add(decision.municipality)
            else:
                self._unsure.add(key)
        self._known: dict[tuple[str, str, str, str], Resolution] = {}
        ids: dict[tuple[str, str, str], set[str]] = {}
        for stated in dataset.source_places:
            ids.setdefault((stated.source, stated.name, stated.country), set()).add(stated.id)
        #: Names that a source gives to several places, or to one in a part of the country.
        self._parted = {name for name, found in ids.items() if len(found) > 1} | {
            (stated.source, stated.name, stated.country)
            for stated in dataset.source_places
            if _PARTED.search(stated.written_country)
        }

    def _index(self, name: str, key: str, country: str) -> None:
        normal = search_key(name)
        if not normal:
            return
        found = self._by_name.setdefault((normal, country), [])
        if key not in found:
            found.append(key)
            self._anywhere.setdefault(normal, []).append(key)

    def resolve(self, place: WrittenPlace, source: str) -> Resolution:
        """Return which municipality `source` means by `place`."""
        case = (source, place.name, place.country, place.id)
        found = self._known.get(case)
        if found is None:
            found = self._known[case] = self._decide(place, source)
        return found

    def _decide(self, place: WrittenPlace, source: str) -> Resolution:
        cases = judged_as((source, place.name, place.country, place.id))
        rejected = set().union(*(self._negative.get(case, set()) for case in cases))
        for case in cases:
            if case in self._positive and self._positive[case] not in rejected:
                return Resolution(self._positive[case], "judgement")
        match = self._matches.get(cases[0])
        if match and not any(case in self._unsure for case in cases):
            if match.municipality and match.municipality not in rejected:
                return Resolution(match.municipality, "match")
            if not match.municipality:
                known_here = tuple(key for key in match.candidates if key in self._keys)
                return Resolution(None, match.basis, known_here)
        known = self._identifiers.get(place.id)
        if known and known not in rejected:
            return Resolution(known, "identifier")
        normal = search_key(place.name)
        if not place.country:
            near = tuple(key for key in self._anywhere.get(normal, ()) if key not in rejected)
            return Resolution(None, "the source names no country; it needs a judgement", near)
        candidates = [key for key in self._by_name.get((normal, place.country), ()) if key not in rejected]
        if place.id.startswith("Q"):
            # Another item of Wikidata is another place, whatever its name.
            candidates = [key for key in candidates if self._qids.get(key, place.id) == place.id]
        if any(case in self._unsure for case in cases):
            return Resolution(None, "judged unsure", tuple(candidates))
        if (source, place.name, place.country) in self._parted:
            return Resolution(None, "name and country do not tell which; run twingraph resolve", tuple(candidates))
        if len(candidates) == 1:
            return Resolution(candidates[0], "name and country")
        if candidates:
            return Resolution(None, f"{len(candidates)} municipalities have this name", tuple(candidates))
        return Resolution(None, "no municipality of this name in the gazetteer")
