"""The shortest chain of partnerships in force between two municipalities, up to four ties."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from twingraph.portraits.asking import Asker, Row, key_of
from twingraph.portraits.subjects import Chain, Link, Place

__all__ = ["LONGEST", "find_chain", "read_place"]

#: Ties of the longest chain that is looked for: two from either end.
LONGEST = 4


def find_chain(asker: Asker, one: Place, other: Place) -> Chain | None:
    """Return the shortest chain; among several, the one whose keys come first. None: none of four ties.

    A union counts as one tie between any two of its members.
    """
    stops = _stops(_reach(asker, one.iri), _reach(asker, other.iri), one.iri, other.iri)
    if stops is None:
        return None
    places = [one, *(read_place(asker, iri) for iri in stops[1:-1]), other]
    links = []
    for start, end in pairwise(places):
        ties = asker.ask_named("portrait/pair-ties", one=start.iri, other=end.iri)
        tie = next((row for row in ties if row["status"] in ("active", "unknown")), ties[0])
        links.append(Link(start, end, tie["tie"], tie["label"], tie["start"]))
    return Chain(links)


def read_place(asker: Asker, iri: str) -> Place:
    """Return a municipality as others refer to it."""
    row = asker.ask_named("portrait/municipality-card", municipality=iri)[0]
    return Place(iri, key_of(iri), row["name"], row["country"], row["country_name"], row["level"])


def _reach(asker: Asker, start: str) -> dict[str, tuple[str, ...]]:
    """Return the way to every municipality within two ties, the start itself included."""
    ways: dict[str, tuple[str, ...]] = {start: ()}
    rows: list[Row] = asker.ask("portrait/reach", municipality=start)
    second: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        ways.setdefault(row["first"], (row["first"],))
        second[row["second"]].append(row["first"])
    for last, firsts in second.items():
        ways.setdefault(last, (min(firsts), last))
    return ways


def _stops(
    ways: dict[str, tuple[str, ...]], back: dict[str, tuple[str, ...]], one: str, other: str
) -> list[str] | None:
    found = []
    for meeting in ways.keys() & back.keys():
        there, home = ways[meeting], back[meeting]
        stops = [one, *there, *reversed(home[:-1]), other] if home else [one, *there]
        found.append((len(stops), stops))
    return min(found)[1] if found else None
