"""Sources of a page, numbered in the order in which they are first cited, with the places cited."""

from __future__ import annotations

from collections.abc import Iterable

from twingraph.portraits.asking import Asker
from twingraph.portraits.model import Evidence, SourceCard
from twingraph.vocab import ID

__all__ = ["Bibliography", "read_source", "read_sources", "reference_text"]


class Bibliography:
    """Numbers sources as they are cited."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def cite(self, evidence: Iterable[Evidence]) -> str:
        """Return ``[1] [4]`` for the sources of some claims."""
        numbers = []
        for item in evidence:
            places = self._places.setdefault(item.source, [])
            if item.locator not in places:
                places.append(item.locator)
            numbers.append(list(self._places).index(item.source) + 1)
        return reference_text(numbers)

    def entries(self) -> list[tuple[int, str, list[str]]]:
        """Return number, source id and the places cited of every source, in order."""
        return [(number, source, places) for number, (source, places) in enumerate(self._places.items(), 1)]


def reference_text(numbers: Iterable[int]) -> str:
    """Return numbers in brackets; three or more in a row become a range.

    >>> reference_text([4, 1, 2, 3, 7, 8, 7])
    '[1–4] [7] [8]'
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        parts += [f"[{run[0]}–{run[-1]}]"] if len(run) > 2 else [f"[{number}]" for number in run]
    return " ".join(parts)


def read_source(asker: Asker, source: str) -> SourceCard | None:
    """Return the source with this id, or None."""
    found = _read(asker, ID + "source/" + source)
    return found[0] if found else None


def read_sources(asker: Asker, sources: Iterable[str] | None = None) -> list[SourceCard]:
    """Return the sources with these ids, or all, in the order of their ids."""
    if sources is None:
        return _read(asker, None)
    cards = (read_source(asker, source) for source in sorted(set(sources)))
    return [card for card in cards if card]


def _read(asker: Asker, iri: str | None) -> list[SourceCard]:
    return [
        SourceCard(
            id=row["id"],
            iri=row["source"],
            title=str(row["title"]),
            publisher=str(row["publisher"]),
            type=row["type"].replace("-", " "),
            language=row["language"],
            url=row["url"],
            date=row["date"],
            inferred_date=row["inferred_date"],
            inference=row["inference"],
            retrieved=None if row["retrieved"] is None else str(row["retrieved"]),
            is_checked=bool(row["is_checked"]),
            check_note=row["check_note"],
            rights=row["rights"],
        )
        for row in asker.ask("portrait/source-card", source=iri)
    ]
