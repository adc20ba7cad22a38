"""What an import brings in, and writing it: a whole source folder, and a file of the rows left out."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from twingraph.errors import DataError
from twingraph.importing.intake import REJECTED_ROW, Intake, RejectedRow
from twingraph.names import search_key
from twingraph.resolving.data_folder import prepare_folder
from twingraph.resolving.doubts import in_words, unlike_names
from twingraph.sourcedata.metadata import METADATA
from twingraph.sourcedata.tables import PARTNERSHIP_CLAIMS, SOURCE_TYPES
from twingraph.sourcedata.writing import lock_folder, write_source
from twingraph.spreadsheets import safe_cell

__all__ = ["Outcome", "finish", "rejected_path", "source_id"]

#: How many reasons are told where nothing came in.
_REASONS = 5
_VALUE = re.compile(r"""'[^']*'|"[^"]*"|\d+""")


@dataclass(slots=True)
class Outcome:
    """What an import brought in, or in a dry run would bring in.

    Attributes:
        source: id of the source.
        folder: the source's folder; None in a dry run.
        rejected_file: the rows left out with their reasons; None where there are none, and in a dry run.
        intake: claims, places and rejected rows.
        replaced: whether a source of that id was replaced.
        claims_before: how many claims the replaced source had.
        notes: what the reader should know.
    """

    source: str
    folder: Path | None
    rejected_file: Path | None
    intake: Intake
    replaced: bool
    notes: list[str]
    claims_before: int = 0


def rejected_path(data: Path, source: str) -> Path:
    """Return the file of the rows that an import of a source leaves out."""
    return data / "rejected" / f"{source}.csv"


def source_id(text: str) -> str:
    """Return an id for a source made from a file's name.

    >>> source_id("Twin_Cities (2).csv")
    'twin-cities-2-csv'
    """
    return search_key(re.sub(r"[^\w]+|_", " ", text)).encode("ascii", "ignore").decode().replace(" ", "-").strip("-")


def finish(
    intake: Intake,
    data: Path,
    source: str,
    metadata: Mapping[str, str],
    *,
    dry_run: bool,
    notes: list[str] | None = None,
) -> Outcome:
    """Write the source's folder, unless it is a dry run.

    Raises:
        DataError: the id or the metadata is no good, nothing came in (the rows left out are written all the same), or
            the folder can't be written.
    """
    if not re.match(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z", source):
        raise DataError("is no id of a source; write small letters, digits and hyphens: --source my-list", file=source)
    complete = {"title": source, "publisher": "not stated", "language": "und", "type": "document", **metadata}
    complete = {key: value for key, value in complete.items() if key in METADATA}
    if complete["type"] not in SOURCE_TYPES:
        raise DataError(
            f"{complete['type']!r} is no type of source; take {', '.join(SOURCE_TYPES)}", file=source, column="type"
        )
    folder = data / "sources" / source
    replaced = folder.exists()
    if replaced and not (folder / "places.csv").exists():
        raise DataError(
            "this source was made by hand and is not replaced; choose another id with --source", file=folder
        )
    notes = list(notes or [])
    intake.settle()
    if unlike := unlike_names((place["id"], place["name"]) for place in intake.places):
        notes.append(in_words(unlike))
    if dry_run and intake.claims:
        return Outcome(source, None, None, intake, replaced, notes, len(_claims_of(folder)))
    if not intake.claims and (dry_run or not intake.rejected):
        raise DataError(_nothing(intake, notes), file=source)
    data.mkdir(parents=True, exist_ok=True)
    with lock_folder(data):
        added = [f"added {one}" for one in prepare_folder(data)]
        try:
            if not intake.claims:
                left_out = _write_rejected(data, source, intake)
                raise DataError(f"{_nothing(intake, notes)}; they stand in {left_out}", file=source)
            notes += added
            before = _claims_of(folder)
            _keep_ids(intake, before)
            rejected_file = _write_rejected(data, source, intake)
            write_source(data, source, complete, claims=intake.claims, places=intake.places)
        except OSError as error:
            raise DataError(f"can't be written ({error.strerror}); nothing came in", file=folder) from None
    return Outcome(source, folder, rejected_file, intake, replaced, notes, len(before))


def _nothing(intake: Intake, notes: list[str]) -> str:
    """Say that nothing came in, and why: the reasons of the rows left out, the most common first."""
    told = ["no claim could be read, so nothing came in", *notes]
    if intake.rejected:
        reasons: dict[tuple[str, str], list[RejectedRow]] = {}
        for row in intake.rejected:
            # One reason, whatever value it names.
            reasons.setdefault((row.column, _VALUE.sub("", row.reason)), []).append(row)
        shown = []
        for rows in sorted(reasons.values(), key=len, reverse=True)[:_REASONS]:
            where = f"row {rows[0].row}" + (f" and {len(rows) - 1:,} more" if len(rows) > 1 else "")
            shown.append(f"{where}{f', column {rows[0].column!r}' if rows[0].column else ''}: {rows[0].reason}")
        if len(reasons) > _REASONS:
            shown.append(f"and {len(reasons) - _REASONS:,} more reasons")
        told.append(f"rows left out: {len(intake.rejected):,} ({' | '.join(shown)})")
    return "; ".join(told)


def _claims_of(folder: Path) -> list[dict[str, str]]:
    """Return the claims that a source has; none where there is no such source."""
    path = folder / "partnership_claims.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _keep_ids(intake: Intake, before: list[dict[str, str]]) -> None:
    """Give claims that were there before the ids they had, and others none that another claim had.

    Only where ids are the rows in which claims stand: so a link to a claim holds when rows are moved.
    """
    columns = [name for name in PARTNERSHIP_CLAIMS.header if name not in ("claim", "locator")]
    had: dict[tuple[str, ...], list[str]] = {}
    for row in before:
        had.setdefault(tuple(row.get(name) or "" for name in columns), []).append(row.get("claim") or "")
    former = {row.get("claim") or "" for row in before}
    taken = {claim["claim"] for claim in intake.claims} - intake.numbered
    fresh = []
    for claim in intake.claims:
        if claim["claim"] in intake.numbered:
            ids = [one for one in had.get(tuple(claim.get(name, "") for name in columns), ()) if one not in taken]
            if ids:
                claim["claim"] = claim["claim"] if claim["claim"] in ids else ids[0]
                taken.add(claim["claim"])
            else:
                fresh.append(claim)
    for claim in fresh:
        number, free = 1, claim["claim"]
        while free in taken or free in former:
            number += 1
            free = f"{claim['claim']}-{number}"
        claim["claim"] = free
        taken.add(claim["claim"])


def _write_rejected(data: Path, source: str, intake: Intake) -> Path | None:
    path = rejected_path(data, source)
    if not intake.rejected:
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(exist_ok=True)
    own = (REJECTED_ROW, "rejected_column", "reason")
    # A file of rows left out has these columns itself: the row stays that of the first table.
    columns = [name for name in dict.fromkeys(name for row in intake.rejected for name in row.cells) if name not in own]
    handle, name = tempfile.mkstemp(prefix=".rejected-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow([*own, *columns])
            for row in intake.rejected:
                cells = [safe_cell(row.cells.get(column, "")) for column in columns]
                number = row.cells.get(REJECTED_ROW) or str(row.row)
                writer.writerow([*map(safe_cell, (number, row.column, row.reason)), *cells])
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
