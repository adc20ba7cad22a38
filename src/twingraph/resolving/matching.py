"""Match all written names of a data folder with its gazetteer and GeoNames, and write what came of it.

A run is a function of the sources, the judgements and the gazetteers: what an earlier run matched is matched anew,
keys stay. Sources whose folder has a ``places.csv`` (as imports and harvests write it) are matched; names of the others
are left to the rule of name and country, and kept as they were where a new municipality would make them ambiguous.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from twingraph.conclusions.resolution import Resolver, judged_as
from twingraph.names import search_key
from twingraph.resolving.cases import DECIDED, MADE, Case, Key, Matching, degrees, made_key
from twingraph.resolving.doubts import part_namesakes, part_pairs
from twingraph.resolving.evidence import ACCEPT, AHEAD, Candidate, candidates_for
from twingraph.resolving.gazetteers import Entry, Gazetteer
from twingraph.resolving.partners import Partners
from twingraph.resolving.questions import ask
from twingraph.sourcedata.model import Dataset, Judgement, Match, Municipality, SourcePlace, WrittenPlace

__all__ = ["match_names"]

Progress = Callable[[str, int, int], None]

#: Kilometres up to which two entries are taken for the same place.
_SAME_SPOT = 5.0
#: Points for one partner, and for two or more, that the candidate has in other sources, too.
_PARTNER, _PARTNERS = 2.0, 3.5
#: Partners that an item and an entry must have in common to be one.
_COMMON = 3
_PASSES = 4
_OWN_ITEM = "identifier of the source"


def match_names(dataset: Dataset, gazetteer: Gazetteer, progress: Progress | None = None) -> Matching:
    """Match the names of a dataset.

    Args:
        dataset: the data folder's content; it is not changed.
        gazetteer: the world's places; those of the data folder are added to it.
        progress: called with task, cases done and in all.
    """
    return _Run(dataset, gazetteer, progress or (lambda task, done, total: None)).run()


class _Run:
    def __init__(self, dataset: Dataset, gazetteer: Gazetteer, progress: Progress) -> None:
        self.dataset = dataset
        self.gazetteer = gazetteer
        self.progress = progress
        judged = {decision.municipality for decision in dataset.judgements}
        named = {name.municipality for name in dataset.names}
        self.kept_keys: dict[str, str] = {}
        self.places: dict[str, Municipality] = {}
        for key, place in dataset.municipalities.items():
            if place.note.startswith(MADE) and key not in judged:
                # The QID of an entry of GeoNames follows from the run, and may go to another one.
                if place.geonames_id:
                    self.kept_keys[f"geonames:{place.geonames_id}"] = key
                elif place.wikidata_id:
                    self.kept_keys[place.wikidata_id] = key
            elif not place.note.startswith(DECIDED) or key in judged or key in named:
                # A municipality that was decided to be goes with the decision.
                # Its QID follows from the decision anew, so that none is left when the decision is taken back.
                made = place.note.startswith(DECIDED)
                self.places[key] = replace(place, wikidata_id="", wikidata_source="") if made else place
        #: Municipality by QID and by ref of the gazetteer's entry.
        self.by_qid: dict[str, str] = {}
        self.by_ref: dict[str, str] = {}
        self.partners: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def run(self) -> Matching:
        self._add_own_places()
        cases = self._collect()
        resolver = Resolver(replace(self.dataset, matches=[]))
        self._judge(cases, resolver)
        total = len(cases)
        for number, case in enumerate(cases):
            self._take_identifier(case)
            if number % 1000 == 0:
                self.progress("looking for identifiers", number, total)
        shared = _shared_coordinates(cases)
        for number, case in enumerate(cases):
            if number % 500 == 0:
                self.progress("comparing names", number, total)
            if not case.is_decided:
                case.question = ask(case.place, self.gazetteer, shared.get(case.key[0], frozenset()))
                case.candidates = candidates_for(case.question, self.gazetteer)[:8]
        self._accept(cases)
        self._stand_alone(cases)
        for number in range(_PASSES):
            self.progress("comparing partners", number, _PASSES)
            # What was added may hold the identifier of another source's place.
            for case in cases:
                self._take_identifier(case)
            if not self._use_partners(cases):
                break
        self._join_items(cases)
        self._doubt_coordinates(cases)
        part_namesakes(cases)
        part_pairs(self.dataset, cases)
        kept = self._keep_others(resolver)
        matches = [self._match(case) for case in cases if case.basis != "judgement"] + kept
        return Matching(cases, self.places, matches, self._idle())

    def _add_own_places(self) -> None:
        """Add the folder's municipalities to the gazetteer, with their names; those of GeoNames under its id."""
        more: dict[str, list[str]] = defaultdict(list)
        for name in self.dataset.names:
            more[name.municipality].append(name.name)
        extra: dict[str, list[str]] = {}
        for key, place in self.places.items():
            names = [name for name in (place.name, place.name_de, place.name_en, *more[key]) if name]
            ref = f"geonames:{place.geonames_id}" if place.geonames_id else key
            self.by_ref[ref] = key
            if place.wikidata_id:
                self.by_qid[place.wikidata_id] = key
            if ref in self.gazetteer.by_ref:
                extra[ref] = names
                continue
            if place.note.startswith(DECIDED):
                self.gazetteer.singled_out.add(ref)
            lat = float(place.lat) if place.lat else math.nan
            long = float(place.long) if place.long else math.nan
            self.gazetteer.add(Entry(ref, names[0], place.country, lat, long, 0, "", place.level, tuple(names[1:])))
        self.gazetteer.extend_names(extra)

    def _collect(self) -> list[Case]:
        """Return a case for each written place of the sources that are to be matched."""
        matched = {
            source
            for source in self.dataset.sources
            if (self.dataset.folder / "sources" / source / "places.csv").exists()
        }
        stated = {(one.source, one.name, one.country, one.id): one for one in self.dataset.source_places}
        counts: Counter[Key] = Counter()
        for claim in self.dataset.partnership_claims:
            if claim.source in matched:
                for written in claim.places:
                    counts[claim.source, written.name, written.country, written.id] += 1
        cases = []
        for key, count in counts.items():
            source, name, country, identifier = key
            place = stated.get(key) or SourcePlace(source, identifier, name, country)
            if not place.wikidata_id and identifier.startswith("Q") and identifier[1:].isdecimal():
                place = replace(place, wikidata_id=identifier)
            elif not place.geonames_id and identifier.startswith("geonames:"):
                place = replace(place, geonames_id=identifier.removeprefix("geonames:"))
            cases.append(Case(key, place, claims=count))
        return cases

    def _judge(self, cases: list[Case], resolver: Resolver) -> None:
        """Decide what judgements decide."""
        self.rejected: dict[Key, set[str]] = defaultdict(set)
        unsure: set[Key] = set()
        for decision in self.dataset.judgements:
            key = (decision.source, decision.name, decision.country, decision.id)
            if decision.judgement == "negative":
                self.rejected[key].add(decision.municipality)
            elif decision.judgement == "unsure":
                unsure.add(key)
        for case in cases:
            source, name, country, identifier = case.key
            found = resolver.resolve(WrittenPlace(name, country, identifier), source)
            if found.basis == "judgement" and found.municipality:
                case.municipality, case.score, case.basis, case.is_decided = found.municipality, 1.0, "judgement", True
                self._lend_identifier(case)
            elif any(one in unsure for one in judged_as(case.key)):
                case.basis, case.is_decided = "judged unsure", True

    def _idle(self) -> list[Judgement]:
        """Return the decisions on what no claim writes."""
        written = {
            name
            for claim in self.dataset.partnership_claims
            for place in claim.places
            for name in judged_as((claim.source, place.name, place.country, place.id))
        }
        return [one for one in self.dataset.judgements if (one.source, one.name, one.country, one.id) not in written]

    def _lend_identifier(self, case: Case) -> None:
        """Let the QID of a decided place lead to its municipality in all sources: one decision joins what was two."""
        qid, key = case.place.wikidata_id, case.municipality
        if not qid or qid in self.by_qid or key not in self.places:
            return
        self.by_qid[qid] = key
        place = self.places[key]
        if not place.wikidata_id and place.note.startswith((MADE, DECIDED)):
            self.places[key] = replace(place, wikidata_id=qid, wikidata_source=case.place.source)

    def _is_rejected(self, case: Case, municipality: str) -> bool:
        return any(municipality in self.rejected.get(one, ()) for one in judged_as(case.key))

    def _take_identifier(self, case: Case) -> None:
        """Decide where the source gives an identifier that the gazetteer holds."""
        place = case.place
        if case.is_decided:
            return
        known = self.by_qid.get(place.wikidata_id) if place.wikidata_id else None
        if known is None and place.geonames_id:
            ref = f"geonames:{place.geonames_id}"
            known = self.by_ref.get(ref)
            if known is None and ref in self.gazetteer.by_ref:
                known = self._municipality(case, self.gazetteer.by_ref[ref])
        if known and not self._is_rejected(case, known):
            case.municipality, case.score, case.basis, case.is_decided = known, 1.0, "same identifier", True

    def _fits(self, case: Case, candidate: Candidate) -> bool:
        """Whether nothing rules a candidate out: a judgement, or an identifier that differs."""
        known = self.by_ref.get(candidate.entry.ref)
        if known is None:
            return True
        if self._is_rejected(case, known):
            return False
        qid = self.places[known].wikidata_id
        return not (case.place.wikidata_id and qid and qid != case.place.wikidata_id)

    def _accept(self, cases: Iterable[Case]) -> int:
        """Decide the cases with a clear best candidate, the surest first; return how many."""
        ready = []
        for case in cases:
            if case.is_decided or not case.candidates:
                continue
            best = case.candidates[0]
            if best.score >= ACCEPT and _lead(case.candidates) >= AHEAD:
                ready.append((-best.points, case.key, case))
        #: For each entry, how well it suits each item of Wikidata that may be it.
        rivals: dict[str, dict[str, float]] = defaultdict(dict)
        for points, _, case in ready:
            if qid := case.place.wikidata_id:
                items = rivals[case.candidates[0].entry.ref]
                items[qid] = max(-points, items.get(qid, -points))
        count = 0
        for _, _, case in sorted(ready, key=lambda one: one[:2]):
            # A surer case may have decided what the identifier means.
            self._take_identifier(case)
            if case.is_decided:
                count += 1
                continue
            best = case.candidates[0]
            qid = case.place.wikidata_id
            if qid and any(points >= best.points for item, points in rivals[best.entry.ref].items() if item != qid):
                # Two items are two places; where nothing tells which of them the entry is, it is neither.
                continue
            if not self._fits(case, best):
                known = self.by_ref[best.entry.ref]
                case.duplicates = (known,)
                case.candidates = [one for one in case.candidates if self._fits(case, one)]
                continue
            case.municipality = self._municipality(case, best.entry)
            case.score, case.basis, case.is_decided = best.score, "; ".join(best.reasons), True
            count += 1
        return count

    def _municipality(self, case: Case, entry: Entry) -> str:
        """Return the key of the municipality of an entry; add it to the gazetteer where it is new."""
        place = case.place
        known = self.by_ref.get(entry.ref)
        if known is not None:
            if place.wikidata_id and not self.places[known].wikidata_id and place.wikidata_id not in self.by_qid:
                self.places[known] = replace(
                    self.places[known], wikidata_id=place.wikidata_id, wikidata_source=place.source
                )
                self.by_qid[place.wikidata_id] = known
            return known
        qid = place.wikidata_id if place.wikidata_id not in self.by_qid else ""
        key = self.kept_keys.get(entry.ref) or self.kept_keys.get(qid) or qid or made_key(entry.ref)
        if key in self.places:
            key = made_key(entry.ref)
        source = self.gazetteer.source
        self.places[key] = Municipality(
            key,
            entry.name,
            "und",
            entry.country,
            place.level or entry.level or "municipality",
            lat=degrees(entry.lat),
            long=degrees(entry.long),
            coordinates_source=source if not math.isnan(entry.lat) else "",
            wikidata_id=qid,
            wikidata_source=place.source if qid else "",
            geonames_id=entry.ref.removeprefix("geonames:"),
            geonames_source=source,
            note=f"{MADE} from GeoNames",
        )
        self.by_ref[entry.ref] = key
        if qid:
            self.by_qid[qid] = key
        return key

    def _stand_alone(self, cases: list[Case]) -> None:
        """Give places that have a QID and a country, but no entry in GeoNames, a municipality of their own."""
        for case in cases:
            place = case.place
            if case.is_decided or not place.wikidata_id or not place.country:
                continue
            key = self.by_qid.get(place.wikidata_id)
            if key is None:
                key = self.kept_keys.get(place.wikidata_id) or place.wikidata_id
                if key in self.places:
                    continue
                self.places[key] = Municipality(
                    key,
                    place.name,
                    place.language or "und",
                    place.country,
                    place.level or (case.question.level if case.question else "") or "municipality",
                    lat=place.lat,
                    long=place.long,
                    coordinates_source=place.source if place.lat else "",
                    wikidata_id=place.wikidata_id,
                    wikidata_source=place.source,
                    note=f"{MADE} from {place.source}",
                )
                self.by_qid[place.wikidata_id] = self.by_ref[key] = key
            near = tuple(one.entry.ref for one in case.candidates[:3] if one.score > 0.5)
            case.duplicates = case.duplicates or near
            case.municipality, case.score, case.is_decided = key, 1.0, True
            case.basis = _OWN_ITEM
            if near:
                case.basis += "; it may be the same as an entry of GeoNames, but that is not sure enough"

    def _use_partners(self, cases: list[Case]) -> int:
        """Decide open cases by partners that a candidate has in other sources, too; return how many."""
        known_partners = Partners(self.dataset, cases)
        changed = []
        for case in cases:
            if case.is_decided or not case.candidates:
                continue
            if case.key not in known_partners.of_name:
                continue
            fresh = []
            for candidate in case.candidates:
                base = Candidate(candidate.entry, candidate.points, [])
                for reason in candidate.reasons:
                    if " in other sources" in reason:
                        base.points -= _PARTNERS if reason[0] != "1" else _PARTNER
                    else:
                        base.reasons.append(reason)
                known = self.by_ref.get(candidate.entry.ref)
                if known:
                    both = known_partners.shared(case.key, known)
                    if both:
                        words = "1 partner is its partner" if both == 1 else f"{both} partners are its partners"
                        base.add(_PARTNER if both == 1 else _PARTNERS, f"{words} in other sources, too")
                fresh.append(base)
            case.candidates = sorted(fresh, key=lambda one: (-one.points, -one.entry.population, one.entry.ref))
            changed.append(case)
        return self._accept(changed)

    def _join_items(self, cases: list[Case]) -> None:
        """Join an entry of GeoNames that names lead to with that of several items of its name that has its partners.

        Where a city and its district are two items, nothing else tells which of them lists of names mean.
        """
        partners = Partners(self.dataset, cases)
        rivals: dict[str, dict[str, Case]] = defaultdict(dict)
        for case in cases:
            best = case.candidates[0] if case.candidates else None
            known = self.by_ref.get(best.entry.ref, "") if best else ""
            qid = case.place.wikidata_id
            if (
                best
                and known
                and case.basis.startswith(_OWN_ITEM)
                and case.municipality == self.by_qid.get(qid)
                and not self.places[known].wikidata_id
                and best.score >= ACCEPT
                and _lead(case.candidates) >= AHEAD
                and not self._is_rejected(case, known)
            ):
                rivals[known].setdefault(qid, case)
        joined: dict[str, tuple[str, str]] = {}
        for known, items in rivals.items():
            shared = {qid: partners.in_common(self.by_qid[qid], known) for qid in items}
            ranked = sorted(shared, key=lambda qid: (-shared[qid], qid))
            if shared[ranked[0]] >= _COMMON and (len(ranked) == 1 or shared[ranked[0]] > shared[ranked[1]]):
                qid = ranked[0]
                joined[self.by_qid[qid]] = (known, qid)
                source = items[qid].place.source
                self.places[known] = replace(self.places[known], wikidata_id=qid, wikidata_source=source)
                self.places.pop(self.by_qid[qid])
                self.by_qid[qid] = known
        for case in cases:
            if case.municipality in joined:
                case.municipality, qid = joined[case.municipality]
                case.basis = f"identifier of the source; of the items of this name {qid} has most partners of the entry"
                case.duplicates = ()

    def _doubt_coordinates(self, cases: list[Case]) -> None:
        """Open cases whose coordinates lead to one place of the name, and their partners to another."""
        known_partners = Partners(self.dataset, cases)
        doubted = []
        for case in cases:
            at, place = case.question, case.place
            # With an id, the coordinates are those of an item, not of whatever a search for the name gave.
            if not case.municipality or place.wikidata_id or place.geonames_id or at is None or at.lat is None:
                continue
            chosen = next((c for c in case.candidates if self.by_ref.get(c.entry.ref) == case.municipality), None)
            if chosen is None or known_partners.shared(case.key, case.municipality):
                continue
            for other in case.candidates:
                key = self.by_ref.get(other.entry.ref)
                away = chosen.entry.distance_to(other.entry.lat, other.entry.long)
                if key is None or key == case.municipality or away <= _SAME_SPOT or not self._fits(case, other):
                    continue
                both = known_partners.shared(case.key, key)
                if both:
                    doubted.append((case, chosen, other, both))
                    break
        # Afterwards, so that one doubt does not bear on another.
        for case, chosen, other, both in doubted:
            case.basis = (
                f"its coordinates lead to {chosen.entry.name} ({chosen.entry.ref}), but in other sources "
                f"{'1 partner is that' if both == 1 else f'{both} partners are those'} of {other.entry.name} "
                f"({other.entry.ref})"
            )
            case.municipality, case.score = "", 0.0

    def _keep_others(self, resolver: Resolver) -> list[Match]:
        """Return matches for names of other sources that would become ambiguous by the added municipalities."""
        fresh: set[tuple[str, str]] = set()
        for key, known in self.places.items():
            if key not in self.dataset.municipalities or known.note.startswith(MADE):
                fresh.add((search_key(known.name), known.country))
        kept: dict[Key, Match] = {}
        old = {(match.source, match.name, match.country, match.id): match for match in self.dataset.matches}
        for claim in self.dataset.partnership_claims:
            if (self.dataset.folder / "sources" / claim.source / "places.csv").exists():
                continue
            for place in claim.places:
                case = (claim.source, place.name, place.country, place.id)
                if case in kept or (search_key(place.name), place.country) not in fresh:
                    continue
                before = old.get(case)
                found = resolver.resolve(place, claim.source)
                if before and before.municipality in self.places:
                    kept[case] = before
                elif found.municipality in self.places and found.basis == "name and country":
                    kept[case] = Match(
                        *case, found.municipality or "", "1", "name and country, before others were added"
                    )
        return list(kept.values())

    def _match(self, case: Case) -> Match:
        if case.municipality:
            basis, candidates = case.basis, case.duplicates
        else:
            candidates = tuple(self.by_ref.get(one.entry.ref, one.entry.ref) for one in case.candidates[:5])
            basis = case.basis or _why_open(case)
        score = case.score or (case.candidates[0].score if case.candidates else 0.0)
        return Match(*case.key, case.municipality, f"{score:.3f}", basis, candidates)


def _lead(candidates: list[Candidate]) -> float:
    """Return by how many points the best is ahead of the next that lies elsewhere."""
    best = candidates[0]
    for other in candidates[1:]:
        if best.entry.distance_to(other.entry.lat, other.entry.long) > _SAME_SPOT or math.isnan(other.entry.lat):
            return best.points - other.points
    return math.inf


def _why_open(case: Case) -> str:
    if not case.candidates:
        return "no place of this name was found"
    best = case.candidates[0]
    if best.score < ACCEPT:
        return f"not sure enough: {'; '.join(best.reasons)}"
    return f"{len(case.candidates)} places fit: {'; '.join(best.reasons)}"


def _shared_coordinates(cases: list[Case]) -> dict[str, frozenset[tuple[str, str]]]:
    """Return the coordinates that a source gives to places whose names have nothing in common, or in two countries."""
    from rapidfuzz import fuzz

    at: dict[tuple[str, str, str], list[SourcePlace]] = defaultdict(list)
    for case in cases:
        if case.place.lat:
            at[case.key[0], case.place.lat, case.place.long].append(case.place)
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for (source, lat, long), places in at.items():
        if len(places) > 1:
            names = [search_key(place.name) for place in places]
            differ = any(fuzz.partial_ratio(names[0], other) < 60 for other in names[1:])
            if differ or len({place.country for place in places}) > 1:
                found[source].add((lat, long))
    return {source: frozenset(spots) for source, spots in found.items()}
