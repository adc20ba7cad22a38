"""The ties of a built store, kept beside it after the first reading, since putting them together is slow.

The file belongs to one build and is as old as that: a new build has a new folder. Its first line is a digest of
the rest; a file that does not fit, or was written by another version, is written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from twingraph.networks.lifetimes import Lifetime
from twingraph.networks.model import Origin, Phase, Place, Support, Tie, TieTable

__all__ = ["keep", "kept"]

#: Raise it when what is read from a store changes.
_FORMAT = 2
_FILE = "ties.json"


def kept(build: Path, origin: Origin) -> TieTable | None:
    """Return the ties that were kept for a build; None where there are none that can be trusted."""
    try:
        head, _, body = (build / _FILE).read_bytes().partition(b"\n")
        if head.decode() != _seal(body):
            return None
        plain = json.loads(body)
        return TieTable(
            places={row[0]: Place(*row) for row in plain["places"]},
            ties=[_tie(row) for row in plain["ties"]],
            origin=origin,
            sources=plain["sources"],
            attributes=frozenset(plain["attributes"]),
            notes=plain["notes"],
        )
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        return None


def keep(table: TieTable, build: Path) -> None:
    """Keep the ties for the next reading; where the folder can't be written, do nothing."""
    plain = {
        "places": [
            [p.key, p.name, p.country, p.continent, p.level, p.language, p.lat, p.long, p.iri]
            for p in table.places.values()
        ],
        "ties": [_row(tie) for tie in table.ties],
        "sources": dict(table.sources),
        "attributes": sorted(table.attributes),
        "notes": table.notes,
    }
    body = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    part = build / f".{_FILE}.{os.getpid()}.part"
    try:
        part.write_bytes(_seal(body).encode() + b"\n" + body)
        part.replace(build / _FILE)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _seal(body: bytes) -> str:
    from importlib.metadata import version

    return f"{_FORMAT} {version('twingraph')} {hashlib.sha256(body).hexdigest()}"


def _row(tie: Tie) -> list[Any]:
    return [
        tie.key,
        tie.participants,
        tie.kind,
        tie.status,
        _days(tie.lifetime),
        tie.start,
        tie.end,
        tie.status_since,
        [[phase.kind, _days(phase.lifetime)] for phase in tie.phases],
        [[support.source, support.is_checked] for support in tie.supports],
        tie.is_reciprocated,
        tie.name,
        tie.iri,
    ]


def _tie(row: list[Any]) -> Tie:
    key, participants, kind, status, days, start, end, since, phases, supports, reciprocated, name, iri = row
    return Tie(
        key=key,
        participants=tuple(participants),
        kind=kind,
        status=status,
        lifetime=_lifetime(days),
        start=start,
        end=end,
        status_since=since,
        phases=tuple(Phase(phase[0], _lifetime(phase[1])) for phase in phases),
        supports=tuple(Support(*support) for support in supports),
        is_reciprocated=reciprocated,
        name=name,
        iri=iri,
    )


def _days(life: Lifetime) -> list[Any]:
    return [life.starts, life.lasts, life.ends, life.is_over]


def _lifetime(days: list[Any]) -> Lifetime:
    starts, lasts, ends, is_over = days
    return Lifetime(tuple(starts) if starts else None, tuple(lasts), tuple(ends) if ends else None, is_over)
