"""What a run of matching is about and what comes of it: cases, the outcome, and its files."""

from __future__ import annotations

import base64
import hashlib
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path

from twingraph.resolving.evidence import Candidate
from twingraph.resolving.questions import Question
from twingraph.sourcedata import tables
from twingraph.sourcedata.model import Judgement, Match, Municipality, SourcePlace
from twingraph.sourcedata.writing import write_table

__all__ = ["DECIDED", "MADE", "Case", "Key", "Matching", "degrees", "made_key", "write_matching"]

Key = tuple[str, str, str, str]

#: Begins the note of municipalities that matching added; those that nothing needs any more go again.
MADE = "Added by twingraph resolve"
#: Begins the note of municipalities that a decision added.
DECIDED = "Added by a decision"


@dataclass(slots=True)
class Case:
    """A written place on its way to a municipality.

    Attributes:
        key: source, name, country, id as in the claims.
        place: what the source says.
        candidates: best first.
        municipality: key in the gazetteer, or "" while open.
        score, basis: how sure, and why; for open cases why it is open.
        duplicates: municipalities or places that this one may be another entry of.
    """

    key: Key
    place: SourcePlace
    question: Question | None = None
    candidates: list[Candidate] = field(default_factory=list)
    municipality: str = ""
    score: float = 0.0
    basis: str = ""
    is_decided: bool = False
    duplicates: tuple[str, ...] = ()
    claims: int = 0


@dataclass(slots=True)
class Matching:
    """The outcome of a run.

    Attributes:
        cases: all written places of matched sources.
        municipalities: the gazetteer after the run.
        matches: rows for ``matches.csv``.
        idle: decisions on what no claim writes.
    """

    cases: list[Case]
    municipalities: dict[str, Municipality]
    matches: list[Match]
    idle: list[Judgement]

    @property
    def open(self) -> list[Case]:
        """Cases without a municipality, those in most claims first."""
        return sorted((case for case in self.cases if not case.municipality), key=lambda case: (-case.claims, case.key))


def made_key(ref: str) -> str:
    """Return an id for a municipality: m and ten characters (50 bits) of the digest of its entry."""
    return "m" + base64.b32encode(hashlib.sha256(ref.encode()).digest()).decode().lower()[:10]


def degrees(value: float) -> str:
    """Return a coordinate as the gazetteer writes it, "" for none."""
    return "" if math.isnan(value) else f"{value:.6f}".rstrip("0").rstrip(".")


def write_matching(data: Path, found: Matching) -> None:
    """Write the gazetteer and ``matches.csv``, each whole or not at all.

    Municipalities that matching added and that nothing refers to are left out.
    """
    order = {key: number for number, key in enumerate(found.municipalities)}
    rows = [asdict(place) for place in found.municipalities.values()]
    for row in rows:
        row.pop("row")
    # Matches first go, then come: at no moment does a match name a municipality that is not there.
    path = data / "resolution" / "matches.csv"
    path.unlink(missing_ok=True)
    write_table(
        data / "gazetteer" / "municipalities.csv",
        tables.MUNICIPALITIES,
        sorted(rows, key=lambda row: order[row["key"]]),
    )
    write_table(
        path,
        tables.MATCHES,
        (
            {
                "source": match.source,
                "name": match.name,
                "country": match.country,
                "id": match.id,
                "municipality": match.municipality,
                "score": match.score,
                "basis": match.basis,
                "candidates": "; ".join(match.candidates),
            }
            for match in sorted(found.matches, key=lambda one: (one.source, one.name, one.country, one.id))
        ),
    )
