"""Who is whose partner, by what has been matched so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from twingraph.resolving.cases import Case, Key
from twingraph.sourcedata.model import Dataset

__all__ = ["Partners"]


class Partners:
    """Who is whose partner, by what has been matched so far.

    Attributes:
        of_name: municipalities that are partners of a written place, in its own source.
    """

    def __init__(self, dataset: Dataset, cases: Iterable[Case]) -> None:
        resolved = {case.key: case.municipality for case in cases if case.municipality}
        self.of_name: dict[Key, set[str]] = defaultdict(set)
        self._sources: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for claim in dataset.partnership_claims:
            keys = [(claim.source, place.name, place.country, place.id) for place in claim.places]
            found = [resolved.get(key, "") for key in keys]
            for number, key in enumerate(keys):
                for other, municipality in enumerate(found):
                    if other != number and municipality:
                        self.of_name[key].add(municipality)
                        if found[number]:
                            self._sources[found[number]][municipality].add(claim.source)

    def shared(self, name: Key, municipality: str) -> int:
        """Return how many partners of a written place are, in other sources, partners of a municipality."""
        theirs = self._sources.get(municipality, {})
        return sum(any(source != name[0] for source in theirs.get(one, ())) for one in self.of_name.get(name, ()))

    def in_common(self, one: str, other: str) -> int:
        """Return how many partners two municipalities have in common."""
        return len(self._sources.get(one, {}).keys() & self._sources.get(other, {}).keys())
