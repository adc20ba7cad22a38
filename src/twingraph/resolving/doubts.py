"""What together can't be, or hardly: cases that are opened again, and what a person should look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from twingraph.names import search_key
from twingraph.resolving.cases import Case
from twingraph.resolving.countries import named_part
from twingraph.resolving.gazetteers import distance_km
from twingraph.sourcedata.model import Dataset, Municipality

__all__ = ["far_decisions", "in_words", "part_namesakes", "part_pairs", "unlike_names"]

#: How alike (0 to 100) two names of one place are at least, as a rule.
_UNLIKE = 45.0
#: Kilometres from which a decision does not fit the coordinates that the source states.
_FAR = 60.0
_SHOWN = 5


def part_namesakes(cases: list[Case]) -> None:
    """Open cases of one name that became one municipality, though their source puts them in several parts."""
    together: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        if case.municipality:
            together[case.key[0], search_key(case.key[1]), case.municipality].append(case)
    for found in together.values():
        parts = {case.key: named_part(case.place.written_country) for case in found}
        named = sorted({part for part in parts.values() if part})
        for case in found if len(named) > 1 else ():
            if case.basis in ("judgement", "same identifier"):
                continue
            if parts[case.key] and f"in {parts[case.key]}" not in case.basis.split("; "):
                others = ", ".join(part for part in named if part != parts[case.key])
                case.basis = (
                    f"it would be the same municipality ({case.municipality}) as one of its name in {others}, "
                    "which its source tells apart"
                )
                case.municipality, case.score = "", 0.0
        _part_spots([case for case in found if case.municipality])


def _part_spots(cases: list[Case]) -> None:
    """Open all but the surest of cases of one municipality that their source has at several spots."""
    spots = [case for case in cases if case.key[3] == f"{case.place.lat},{case.place.long}"]
    spots.sort(key=lambda case: (case.basis != "judgement", -case.score, case.key))
    for case in spots[1:]:
        if case.basis != "judgement":
            case.basis = (
                f"it would be the same municipality ({case.municipality}) as the one of its name at {spots[0].key[3]}, "
                "which its source tells apart"
            )
            case.municipality, case.score = "", 0.0


def part_pairs(dataset: Dataset, cases: list[Case]) -> None:
    """Open the less sure of two cases that would make a municipality a partner of itself."""
    by_key = {case.key: case for case in cases}
    for claim in dataset.partnership_claims:
        found = [by_key.get((claim.source, place.name, place.country, place.id)) for place in claim.places]
        decided = [case for case in found if case and case.municipality]
        for case in sorted(decided, key=lambda one: (one.score, one.key)):
            twins = [other for other in decided if other is not case and other.municipality == case.municipality]
            if twins and case.basis != "judgement":
                case.basis = f"it would be the same municipality as its partner {twins[0].key[1]} ({case.municipality})"
                case.municipality, case.score = "", 0.0
                decided.remove(case)


def unlike_names(named: Iterable[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Return the identifiers that stand for names with little in common, the most unlike first.

    Args:
        named: identifiers, "" for none, with names that are written with them.
    """
    from rapidfuzz import fuzz

    names: dict[str, dict[str, str]] = defaultdict(dict)
    for key, name in named:
        if key:
            names[key].setdefault(search_key(name), name)
    found = []
    for key, written in names.items():
        if len(written) > 1:
            first, *others = written
            alike = min(fuzz.ratio(first, other) for other in others)
            if alike < _UNLIKE:
                found.append((alike, key, list(written.values())))
    return [(key, written) for _, key, written in sorted(found)]


def in_words(unlike: list[tuple[str, list[str]]]) -> str:
    """Say what `unlike_names` found."""
    shown = "; ".join(f"{key} ({', '.join(names[:3])})" for key, names in unlike[:_SHOWN])
    more = f" and {len(unlike) - _SHOWN:,} more" if len(unlike) > _SHOWN else ""
    return (
        f"one identifier stands for names with little in common: {shown}{more}; they are taken for one place, so look "
        "whether one is mistyped"
    )


def far_decisions(cases: list[Case], municipalities: Mapping[str, Municipality]) -> list[tuple[Case, float]]:
    """Return the decided cases whose source has the place elsewhere, with the distance in kilometres."""
    found = []
    for case in cases:
        chosen = municipalities.get(case.municipality)
        if case.basis == "judgement" and chosen and chosen.lat and case.place.lat:
            spots = (chosen.lat, chosen.long, case.place.lat, case.place.long)
            away = distance_km(*map(float, spots))
            if away > _FAR:
                found.append((case, away))
    return found
