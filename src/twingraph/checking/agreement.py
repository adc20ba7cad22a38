"""How far sources agree: which ties several of them state, which only one, which only one side, and at which level.

Ties are partnerships of two municipalities; unions are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from twingraph.graph import Graph

__all__ = ["Agreement", "SourceAgreement", "measure_agreement"]

_MENTIONS = """\
SELECT ?tie ?source ?mention ?place WHERE {
  ?tie a tw:Partnership ; tw:participantCount 2 ; tw:isSupportedBy ?claim .
  ?claim tw:isStatedBy ?source ; tw:hasMention ?mention .
  ?mention tw:refersTo ?place .
}
"""
_OPEN = """\
SELECT ?source (COUNT(DISTINCT ?claim) AS ?claims) WHERE {
  ?claim tw:hasMention ?mention ; tw:isStatedBy ?source .
  FILTER NOT EXISTS { ?mention tw:refersTo ?place }
}
GROUP BY ?source
"""
_LEVELS = "SELECT ?place ?level WHERE { ?place a tw:Municipality ; tw:hasLevel ?level }"


@dataclass(slots=True)
class SourceAgreement:
    """How one source agrees with the others.

    Attributes:
        source: its id.
        ties: how many it states.
        alone: of these, how many no other source states.
        shared: how many of them each other source states, by its id.
        both_ways: how many it states from both sides.
        one_sided: how many from one side only; None where it lists each pair once, so that sides mean nothing.
        open_claims: how many more of its claims are in no tie, as one of their names is not identified.
    """

    source: str
    ties: int = 0
    alone: int = 0
    shared: dict[str, int] = field(default_factory=dict)
    both_ways: int = 0
    one_sided: int | None = None
    open_claims: int = 0


@dataclass(slots=True)
class Agreement:
    """How far all sources of ties agree.

    Attributes:
        ties: how many ties any source states.
        in_sources: how many ties are stated by 1, 2, 3 … sources.
        in_all: how many are stated by all sources that state any tie.
        wrong_level: ties with a participant that is no municipality: a region, district or borough.
        mixed_level: of these, how many tie two of different levels.
        open_claims: how many claims of all sources are in no tie, as one of their names is not identified.
        sources: each source, the one with most ties first.
    """

    ties: int
    in_sources: dict[int, int]
    in_all: int
    wrong_level: int
    mixed_level: int
    open_claims: int
    sources: list[SourceAgreement]


def measure_agreement(graph: Graph) -> Agreement:
    """Compare the sources of a graph tie by tie.

    A source counts as one that states sides if it states more of its ties from both sides than from one.
    """
    stated: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    places: dict[str, set[str]] = defaultdict(set)
    for tie, source, mention, place in graph.query(_MENTIONS).iter_rows():
        places[tie].add(place)
        sides = stated[tie][source.rpartition("/")[2]]
        if mention.endswith("/1"):
            sides.add(place)
    level = {place: one.rpartition("/")[2] for place, one in graph.query(_LEVELS).iter_rows()}
    found: dict[str, SourceAgreement] = {}
    sided: Counter[str] = Counter()
    for by_source in stated.values():
        for source, sides in by_source.items():
            one = found.setdefault(source, SourceAgreement(source))
            one.ties += 1
            one.alone += len(by_source) == 1
            one.both_ways += len(sides) > 1
            sided[source] += len(sides) == 1
            for other in by_source:
                if other != source:
                    one.shared[other] = one.shared.get(other, 0) + 1
    for source, claims in graph.query(_OPEN).iter_rows():
        name = source.rpartition("/")[2]
        found.setdefault(name, SourceAgreement(name)).open_claims = int(claims)
    stating = sum(one.ties > 0 for one in found.values())
    for source, one in found.items():
        if one.both_ways > sided[source]:
            one.one_sided = sided[source]
        one.shared = dict(sorted(one.shared.items(), key=lambda item: (-item[1], item[0])))
    counts = Counter(len(by_source) for by_source in stated.values())
    levels = [{level.get(place, "municipality") for place in members} for members in places.values()]
    return Agreement(
        ties=len(stated),
        in_sources=dict(sorted(counts.items())),
        in_all=counts[stating],
        wrong_level=sum(bool(one - {"municipality", "village"}) for one in levels),
        mixed_level=sum(bool(one - {"municipality", "village"}) and len(one) > 1 for one in levels),
        open_claims=sum(one.open_claims for one in found.values()),
        sources=sorted(found.values(), key=lambda one: (-one.ties, one.source)),
    )
