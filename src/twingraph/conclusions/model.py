"""What the graph concludes, as plain objects: partnerships, their phases and conflicts, and open names."""

from __future__ import annotations

from dataclasses import dataclass, field

from twingraph.dates import EdtfDate
from twingraph.sourcedata.model import PartnershipClaim

__all__ = ["CHANGES", "IN_FORCE", "Conclusions", "Conflict", "Partnership", "Phase", "Unresolved"]

#: Statuses that a source declares as a change; "active" is what a page says by listing a partner.
CHANGES = ("ended", "suspended", "dormant")
#: A partnership of these statuses counts as in force: it is not known to be over or at rest.
IN_FORCE = ("active", "unknown")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Claims that can't all be true.

    Attributes:
        property: start, end, kind or status (or a property of another subject).
        claims: ids of the claims, as ``(source, id)``, in order.
        values: what each says.
    """

    property: str
    claims: tuple[tuple[str, str], ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a partnership's life under one kind."""

    kind: str
    start: EdtfDate | None
    end: EdtfDate | None


@dataclass(slots=True)
class Partnership:
    """A conclusion from one or more claims. Participants are gazetteer keys, sorted."""

    key: str
    participants: tuple[str, ...]
    claims: list[PartnershipClaim]
    kind: str = "other"
    status: str = "unknown"
    start: EdtfDate | None = None
    end: EdtfDate | None = None
    status_since: EdtfDate | None = None
    phases: tuple[Phase, ...] = ()
    #: Where there are phases: when the first of known start began.
    first_start: EdtfDate | None = None
    fields: tuple[str, ...] = ()
    conflicts: list[Conflict] = field(default_factory=list)
    confirmed_by: tuple[str, ...] = ()
    taken_over_from: tuple[str, ...] = ()

    @property
    def is_in_force(self) -> bool:
        """Whether it is not known to be ended, suspended or dormant."""
        return self.status in IN_FORCE

    @property
    def is_reciprocated(self) -> bool:
        """Whether each participant's own voice states it."""
        return len(self.confirmed_by) == len(self.participants)


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A written name for which no municipality could be chosen."""

    source: str
    claim: str
    row: int
    name: str
    country: str
    reason: str
    candidates: tuple[str, ...]


@dataclass(slots=True)
class Conclusions:
    """All partnerships, and what could not be resolved."""

    partnerships: dict[str, Partnership] = field(default_factory=dict)
    unresolved: list[Unresolved] = field(default_factory=list)
    #: Partnership key of each claim that supports one.
    partnership_of: dict[tuple[str, str], str] = field(default_factory=dict)
    #: How many claims each source has, and how many of them were checked; sources without claims are left out.
    claim_counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Municipalities for which a source speaks, by source.
    voices: dict[str, frozenset[str]] = field(default_factory=dict)
