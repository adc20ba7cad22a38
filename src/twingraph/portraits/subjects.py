"""What is portrayed: municipalities, countries, associations, events, and pairs of municipalities.

Plain data like that of `twingraph.portraits.model`; the field names are the keys of the JSON output.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from twingraph.portraits.model import Concept, Conflict, Evidence, Fact, Reason, SourceCard, Thing, Tie

__all__ = [
    "Chain",
    "CountryPair",
    "CountryPortrait",
    "Explanation",
    "Gap",
    "Identifier",
    "Link",
    "MunicipalityPortrait",
    "Name",
    "Place",
    "ThingPortrait",
    "Town",
    "Transfer",
    "UnresolvedTie",
    "WrittenName",
]


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a municipality; `is_best` marks the one to use in its language."""

    name: str
    language: str
    is_best: bool


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name exactly as sources write it; `by_judgement` where a person decided what it means."""

    name: str
    by_judgement: bool
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier in another database, with who states it."""

    scheme: str
    id: str
    url: str
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality as others refer to it."""

    iri: str
    key: str
    name: str
    country: str
    country_name: str
    level: str


@dataclass(frozen=True, slots=True)
class UnresolvedTie:
    """A claim about the municipality whose other participant is not yet identified."""

    name: str
    written_country: str | None
    start: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Transfer:
    """A merger, or a partnership that passed on: ``merged into``, ``absorbed``, ``passed on``, ``took over``."""

    relation: str
    municipality: str
    name: str
    date: str | None
    tie: str | None
    tie_label: str | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not known, with what it concerns."""

    kind: str
    message: str
    subjects: list[str]


@dataclass(frozen=True, slots=True)
class MunicipalityPortrait:
    """Everything known about a municipality."""

    type: str
    iri: str
    key: str
    name: str
    country: str
    country_name: str
    level: Concept
    latitude: float | None
    longitude: float | None
    coordinates_evidence: list[Evidence]
    partner_count: int
    partner_country_count: int
    names: list[Name]
    written_names: list[WrittenName]
    identifiers: list[Identifier]
    partnerships: list[Tie]
    unresolved_partnerships: list[UnresolvedTie]
    facts: list[Fact]
    transfers: list[Transfer]
    associations: list[Thing]
    events: list[Thing]
    waves: list[Thing]
    conflicts: list[Conflict]
    gaps: list[Gap]
    sources: list[SourceCard] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ThingPortrait:
    """Everything known about an association, an event or a wave."""

    type: str
    iri: str
    key: str
    name: str
    names: list[Name]
    facts: list[Fact]
    conflicts: list[Conflict]
    sources: list[SourceCard]


@dataclass(frozen=True, slots=True)
class CountryPair:
    """How many partnerships a country has with another one."""

    country: str
    name: str
    partnerships: int
    first: str | None
    first_start: str | None


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality of a country with the number of its partners."""

    iri: str
    key: str
    name: str
    partners: int


@dataclass(frozen=True, slots=True)
class CountryPortrait:
    """A country or former state with its partnerships in numbers."""

    type: str
    iri: str
    key: str
    name: str
    continent: str | None
    start: str | None
    end: str | None
    claim_count: int
    partners: list[CountryPair]
    municipalities: list[Town]
    waves: list[Thing]
    sources: list[SourceCard]


@dataclass(frozen=True, slots=True)
class Link:
    """One tie of a chain: from one municipality to the next by a partnership."""

    start: Place
    end: Place
    tie: str
    label: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Chain:
    """The shortest way from one municipality to another over partnerships in force."""

    links: list[Link]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The partnerships of two municipalities with the claims behind them, or the chain that joins them."""

    one: Place
    other: Place
    partnerships: list[Tie]
    reasons: dict[str, list[Reason]]
    associations: dict[str, list[str]]
    events: list[Thing]
    chain: Chain | None
    sources: list[SourceCard] = field(default_factory=list)
