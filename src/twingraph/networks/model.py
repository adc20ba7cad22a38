"""What a network is made of: places, ties with the days on which they were in force, and where it comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from twingraph.networks.lifetimes import FIRST, FOREVER, Lifetime

if TYPE_CHECKING:
    import networkx as nx

    from twingraph.networks.selection import Selection

__all__ = ["Network", "Origin", "Phase", "Place", "Support", "Tie", "TieTable"]


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, or a node of a file from elsewhere.

    Attributes:
        key: what the node is called in the graph: a municipality's key (``Q486562``) or the file's node id.
        name: its name for people; the key where none is known.
        country: ISO code of today's country (or what the file says); None where unknown.
        continent, level, language: None where unknown. The language is that of its own name.
        lat, long: degrees (WGS 84); None where unknown.
        iri: its IRI in the graph; None for a place of a file that gives none.
    """

    key: str
    name: str
    country: str | None = None
    continent: str | None = None
    level: str | None = None
    language: str | None = None
    lat: float | None = None
    long: float | None = None
    iri: str | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a tie's life under one kind."""

    kind: str
    lifetime: Lifetime


@dataclass(frozen=True, slots=True)
class Support:
    """A source that states a tie: its id, and whether one of its claims was checked against the source."""

    source: str
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """A partnership of two or more places, as concluded from the sources.

    Attributes:
        key: the partnership's key, or the number of the row in a file.
        participants: keys of the places, sorted.
        kind, status: notations such as ``partnership`` and ``active``; None where a file says nothing.
        lifetime: the days on which it certainly and possibly was in force.
        start, end: the dates as EDTF text; None where unknown. The start is that of the first phase.
        status_since: since when the status holds, as EDTF text; None where unknown.
        phases: where its kind changed, each stretch in order.
        supports: the sources that state it, sorted by id.
        is_reciprocated: whether each participant's own voice states it; None where unknown.
        name: of a partnership of three or more, as its key says it.
        iri: the partnership's IRI; None for a tie of a file that gives none.
    """

    key: str
    participants: tuple[str, ...]
    kind: str | None = None
    status: str | None = None
    lifetime: Lifetime = field(default_factory=Lifetime)
    start: str | None = None
    end: str | None = None
    status_since: str | None = None
    phases: tuple[Phase, ...] = ()
    supports: tuple[Support, ...] = ()
    is_reciprocated: bool | None = None
    name: str | None = None
    iri: str | None = None

    @property
    def is_multilateral(self) -> bool:
        """Whether it has three participants or more."""
        return len(self.participants) > 2

    def lifetimes_as(self, kinds: Collection[str]) -> list[Lifetime]:
        """Return when the tie was in force as one of some kinds, in order; nothing where it never was.

        Phases that follow each other count as one: when a friendship became a partnership does not matter to those who
        ask for both, so that all kinds together give the tie's own lifetime. No phase begins before the tie can
        have begun, or lasts longer than it.
        """
        if not self.phases:
            return [self.lifetime] if self.kind in kinds else []
        found = []
        for is_chosen, run in groupby(enumerate(self.phases), key=lambda item: item[1].kind in kinds):
            if not is_chosen:
                continue
            numbers = [number for number, _ in run]
            first, last = numbers[0], numbers[-1]
            opening = self.lifetime if first == 0 else self.phases[first].lifetime
            closing = self.lifetime if last == len(self.phases) - 1 else self.phases[last].lifetime
            starts = opening.starts
            if self.lifetime.starts:
                begin, until = starts or (FIRST, FOREVER)
                starts = (min(max(begin, self.lifetime.starts[0]), until), until)
            surely, possibly = (min(day, self.lifetime.lasts[1]) for day in closing.lasts)
            found.append(Lifetime(starts, (surely, possibly), closing.ends, closing.is_over))
        return found


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a network was read, so that a figure can be reproduced.

    Attributes:
        kind: ``store``, ``endpoint``, ``file`` or ``memory``.
        name: the directory, address or file as it was given.
        version: a digest of the data: of the input for a store, of the bytes for a file; None where unknown.
    """

    kind: str
    name: str
    version: str | None = None

    def __str__(self) -> str:
        """Return it in words."""
        version = f", version of the data {self.version}" if self.version else ""
        return f"{self.kind} {self.name}{version}"


@dataclass(slots=True)
class TieTable:
    """Everything that a selection chooses from.

    Attributes:
        places: by key; ties name only these.
        ties: in the order of their keys.
        origin: where they were read.
        sources: title by source id.
        attributes: what is known of places and ties at all; a selection by anything else is refused.
        directed: of a file that lists pairs in both directions, how many pairs stand in one and in both;
            None where direction means nothing.
        notes: what was left out or merged while reading, for the reader.
        keeps_isolated: whether a place that has no tie at all belongs to the network where a selection does not
            say: yes for a graph from elsewhere, which lists its nodes on purpose; no for a store, whose gazetteer
            holds namesakes and places without partners.
    """

    places: dict[str, Place]
    ties: list[Tie]
    origin: Origin
    sources: Mapping[str, str] = field(default_factory=dict)
    attributes: frozenset[str] = frozenset()
    directed: tuple[int, int] | None = None
    notes: list[str] = field(default_factory=list)
    keeps_isolated: bool = False


@dataclass(slots=True)
class Network:
    """A selection of ties as NetworkX graphs.

    Attributes:
        selection: what was chosen, and how.
        certain: the graph of the ties that certainly were in force at the time of the selection.
        possible: the graph of those that possibly were; it contains `certain`. Without a time both are equal.
        ties: the ties behind `possible` in any of their time, by key: what figures over time are made of.
        places: the places of these ties, by key.
        origin: where the data was read.
        sources: title by source id.
        undated: how many ties of `possible` have no known start.
        selected: how many ties `possible` stands for; `certain_count` those of `certain`.
        directed: see `TieTable`.
        notes: what the reader should know about this selection.
    """

    selection: Selection
    certain: nx.Graph
    possible: nx.Graph
    ties: list[Tie]
    places: dict[str, Place]
    origin: Origin
    sources: Mapping[str, str]
    selected: int
    certain_count: int
    undated: int
    directed: tuple[int, int] | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def description(self) -> str:
        """The selection in words, with the names of places."""
        return self.described()

    def described(self, language: str = "en") -> str:
        """Return the selection in words, in English (``en``) or German (``de``), with the names of places."""
        return self.selection.in_words({key: place.name for key, place in self.places.items()}, language)

    @property
    def undated_share(self) -> float:
        """The share of ties without a known start among those of `possible`, 0 to 1; 0 where there is none."""
        return self.undated / self.selected if self.selected else 0.0
