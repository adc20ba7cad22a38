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
from twingraph.importing.intake import Intake
from twingraph.names import search_key
from twingraph.resolving.data_folder import prepare_folder
from twingraph.sourcedata.metadata import METADATA
from twingraph.sourcedata.tables import SOURCE_TYPES
from twingraph.sourcedata.writing import lock_folder, write_source
from twingraph.spreadsheets import safe_cell

__all__ = ["Outcome", "finish", "source_id"]


@dataclass(slots=True)
class Outcome:
    """What an import brought in, or in a dry run would bring in.

    Attributes:
        source: id of the source.
        folder: the source's folder; None in a dry run.
        rejected_file: the rows left out with their reasons; None where there are none, and in a dry run.
        intake: claims, places and rejected rows.
        replaced: whether a source of that id was replaced.
        notes: what the reader should know.
    """

    source: str
    folder: Path | None
    rejected_file: Path | None
    intake: Intake
    replaced: bool
    notes: list[str]


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
        DataError: the id or the metadata is no good, nothing came in, or the folder can't be written.
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
    if not intake.claims:
        first = intake.rejected[0] if intake.rejected else None
        why = f"; the first row left out: row {first.row}: {first.reason}" if first else ""
        raise DataError(f"no claim could be read, so nothing came in{why}", file=source)
    intake.settle()
    if dry_run:
        return Outcome(source, None, None, intake, replaced, notes)
    data.mkdir(parents=True, exist_ok=True)
    with lock_folder(data):
        for added in prepare_folder(data):
            notes.append(f"added {added}")
        try:
            rejected_file = _write_rejected(data, source, intake)
            write_source(data, source, complete, claims=intake.claims, places=intake.places)
        except OSError as error:
            raise DataError(f"can't be written ({error.strerror}); nothing came in", file=folder) from None
    return Outcome(source, folder, rejected_file, intake, replaced, notes)


def _write_rejected(data: Path, source: str, intake: Intake) -> Path | None:
    path = data / "rejected" / f"{source}.csv"
    if not intake.rejected:
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(exist_ok=True)
    columns = list(dict.fromkeys(name for row in intake.rejected for name in row.cells))
    handle, name = tempfile.mkstemp(prefix=".rejected-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["rejected_row", "rejected_column", "reason", *columns])
            for row in intake.rejected:
                cells = [safe_cell(row.cells.get(column, "")) for column in columns]
                writer.writerow([row.row, safe_cell(row.column), safe_cell(row.reason), *cells])
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
