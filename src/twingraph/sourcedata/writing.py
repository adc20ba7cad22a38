"""Write the tables of a data folder: each file and each source folder appears whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from twingraph.errors import DataError
from twingraph.sourcedata.metadata import METADATA
from twingraph.sourcedata.tables import OTHER_CLAIMS, PARTNERSHIP_CLAIMS, PLACES, Table

__all__ = ["lock_folder", "source_toml", "write_source", "write_table"]

Row = Mapping[str, str]


def write_table(path: Path, table: Table, rows: Iterable[Row]) -> None:
    """Write a table beside its place and rename it there. Columns that a row leaves out are empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            _write_rows(out, table, rows)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _write_rows(out: io.TextIOBase, table: Table, rows: Iterable[Row]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    header = table.header
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)


def source_toml(metadata: Mapping[str, str | list[str]]) -> str:
    """Return ``source.toml`` with these keys in the order of the data dictionary, empty ones left out."""
    lines = []
    for key in METADATA:
        value = metadata.get(key)
        if isinstance(value, list):
            lines.append(f"{key} = [{', '.join(map(_quoted, value))}]")
        elif value:
            lines.append(f"{key} = {_quoted(value)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    plain = "".join(ch if ch >= " " and ch != "\x7f" else " " for ch in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_source(
    data: Path,
    source: str,
    metadata: Mapping[str, str | list[str]],
    *,
    claims: Iterable[Row] = (),
    places: Iterable[Row] = (),
    other: Iterable[Row] = (),
) -> Path:
    """Write a source's folder whole, in place of one of that name, and return it.

    Rows are mappings by the columns of `PARTNERSHIP_CLAIMS`, `PLACES` and `OTHER_CLAIMS`. ``places.csv`` is written in
    any case: it tells that ``twingraph resolve`` decides what the names mean.
    """
    folder = data / "sources" / source
    aside = Path(tempfile.mkdtemp(prefix=f".{source}-", dir=data / "sources"))
    try:
        aside.chmod(0o755)
        (aside / "source.toml").write_text(source_toml(metadata), encoding="utf-8", newline="\n")
        write_table(aside / "partnership_claims.csv", PARTNERSHIP_CLAIMS, claims)
        write_table(aside / "places.csv", PLACES, places)
        other = list(other)
        if other:
            write_table(aside / "other_claims.csv", OTHER_CLAIMS, other)
        old = None
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{source}-old-", dir=data / "sources")) / "old"
            folder.rename(old)
        try:
            aside.rename(folder)
        except OSError:
            if old:
                old.rename(folder)
            raise
        if old:
            shutil.rmtree(old.parent, ignore_errors=True)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return folder


@contextmanager
def lock_folder(data: Path) -> Iterator[None]:
    """Let one command at a time write into a data folder. The lock of a killed process is void."""
    import filelock

    lock = filelock.FileLock(data / ".lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise DataError("another command is writing into this folder; wait until that is done", file=data) from None
    except OSError as error:
        raise DataError(f"no permission to write there ({error.strerror})", file=data) from None
    try:
        yield
    finally:
        lock.release()
