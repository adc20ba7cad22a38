"""What a portrait consists of: plain data, the same for every form of output.

Field names are the keys of the JSON output, so they are part of what others rely on. Dates are EDTF text as
concluded or stated, None where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = [
    "Chain",
    "Claim",
    "Concept",
    "Conflict",
    "CountedSource",
    "CountryPair",
    "CountryPortrait",
    "Evidence",
    "Explanation",
    "Fact",
    "Gap",
    "Identifier",
    "Link",
    "Member",
    "MunicipalityPortrait",
    "Name",
    "Phase",
    "Place",
    "Reason",
    "Side",
    "SourceCard",
    "SourceClaim",
    "SourceReport",
    "Thing",
    "ThingPortrait",
    "Tie",
    "Town",
    "Transfer",
    "UnresolvedTie",
    "WrittenName",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim that supports a fact: where it stands."""

    claim: str
    source: str
    locator: str


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source and what is needed to find it again."""

    id: str
    iri: str
    title: str
    publisher: str
    type: str
    language: str
    url: str | None
    date: str | None
    inferred_date: str | None
    inference: str | None
    retrieved: str | None
    is_checked: bool
    check_note: str | None
    rights: str | None


@dataclass(frozen=True, slots=True)
class CountedSource(SourceCard):
    """A source with the number of its claims; gazetteer entries count as claims, and none of them is checked."""

    claims: int
    checked_claims: int


@dataclass(frozen=True, slots=True)
class SourceClaim:
    """One claim of a source: about a partnership the names, kind and dates, about others property and value."""

    iri: str
    locator: str
    names: list[str]
    unresolved: list[str]
    kind: str | None
    status: str | None
    start: str | None
    end: str | None
    property: str | None
    value: str | None
    basis: str | None
    is_checked: bool | None
    about: list[str]
    about_names: list[str]
    note: str | None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """All that is known of a source, with its claims."""

    source: CountedSource
    speaks_for: list[str]
    statements: list[SourceClaim]


@dataclass(frozen=True, slots=True)
class Concept:
    """A concept of the vocabulary: its id and its name in the reader's language."""

    id: str
    name: str


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
class Member:
    """A participant of a partnership; `is_own_voice`: a source that speaks for it states the partnership."""

    iri: str
    key: str
    name: str
    country: str
    country_name: str
    level: str
    is_own_voice: bool


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a partnership under one kind."""

    kind: Concept
    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says about a partnership, and what it weighs in the conclusion."""

    iri: str
    source: str
    locator: str
    names: list[str]
    by_judgement: list[str]
    kind: str | None
    becomes: str | None
    status: str | None
    start: str | None
    end: str | None
    status_since: str | None
    first_contact: str | None
    renewed: str | None
    taken_over_from: str | None
    taken_over_on: str | None
    written_country: str | None
    country: str | None
    basis: str
    is_checked: bool
    is_own_voice: bool
    weight: float
    note: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """One value in a disagreement, with the claims for it and their weight."""

    value: str
    weight: float
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims about one property that can't all be true."""

    iri: str
    property: str
    sides: list[Side]


@dataclass(frozen=True, slots=True)
class Reason:
    """A conclusion and how the claims lead to it."""

    property: str
    concluded: str | None
    because: str
    sides: list[Side]


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that claims state of something that is no partnership."""

    property: str
    value: str
    name: str
    is_approximate: bool
    is_inferred: bool
    notes: list[str]
    evidence: list[Evidence]


@dataclass(frozen=True, slots=True)
class Thing:
    """An association, event or wave with all that is stated of it."""

    type: str
    iri: str
    key: str
    name: str
    facts: list[Fact]
    conflicts: list[Conflict]


@dataclass(frozen=True, slots=True)
class Tie:
    """A partnership as concluded, with the claims behind it."""

    iri: str
    key: str
    label: str
    members: list[Member]
    kind: Concept
    status: Concept
    start: str | None
    end: str | None
    status_since: str | None
    phases: list[Phase]
    claim_count: int
    source_count: int
    is_reciprocated: bool
    facts: list[Fact]
    conflicts: list[Conflict]
    claims: list[Claim]


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
