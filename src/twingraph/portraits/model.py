"""What sources say and what the graph concludes from it: plain data, the same for every form of output.

Field names are the keys of the JSON output, so they are part of what others rely on. Dates are EDTF text as
concluded or stated, None where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Claim",
    "Concept",
    "Conflict",
    "CountedSource",
    "Evidence",
    "Fact",
    "Member",
    "Phase",
    "Reason",
    "Side",
    "SourceCard",
    "SourceClaim",
    "SourceReport",
    "Thing",
    "Tie",
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
