"""Import a table: rows of two municipalities each, or of one with all its partners in a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from twingraph.errors import DataError
from twingraph.importing.intake import Intake
from twingraph.importing.mapping import Mapping, guess_mapping
from twingraph.importing.outcome import Outcome, finish, rejected_path, source_id
from twingraph.importing.reading import open_table
from twingraph.importing.rows import RowReader
from twingraph.importing.sheets import Sheet
from twingraph.importing.values import Rejected, read_place, to_word
from twingraph.sourcedata.tables import cell_fault

__all__ = ["import_table", "propose_mapping"]

#: How many rows a guess looks at.
_SAMPLE = 200


def _open(path: Path, mapping: Mapping) -> Sheet:
    return open_table(
        path,
        encoding=mapping.encoding,
        delimiter=mapping.delimiter,
        sheet=mapping.sheet,
        has_header=mapping.header,
        records=mapping.records,
    )


def propose_mapping(path: Path, options: Mapping) -> tuple[Mapping, list[str], list[list[str]]]:
    """Guess what the columns of a table mean; return the mapping, the header and the first rows.

    Args:
        path: the table.
        options: a mapping of which only encoding, delimiter, sheet and records count.

    Raises:
        DataError: the table can't be read, or no columns look like two municipalities.
    """
    sheet = _open(path, options)
    rows = [cells for _, cells in islice(sheet.rows, _SAMPLE)]
    try:
        found = guess_mapping(sheet.header, rows)
    except ValueError as error:
        raise DataError(str(error), file=path, row=1) from None
    found = replace(
        found,
        encoding=options.encoding,
        delimiter=options.delimiter,
        sheet=options.sheet,
        header=options.header,
        records=options.records,
    )
    return found, sheet.header, rows


def import_table(
    path: Path,
    mapping: Mapping,
    data: Path,
    *,
    source: str | None = None,
    metadata: dict[str, str] | None = None,
    dry_run: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> Outcome:
    """Read a table as a source and write it into a data folder.

    Args:
        path: the table; see `twingraph.importing.reading.open_table` for its forms.
        mapping: which column is what.
        data: the data folder; made if it is new.
        source: id of the source; by default the mapping's, else from the file's name.
        metadata: keys of ``source.toml`` that go before the mapping's.
        dry_run: read and check everything, but write nothing.
        progress: called with task, bytes or rows done and in all.

    Raises:
        DataError: the file or the mapping is wrong as a whole, with row and column; nothing came in.
    """
    sheet = _open(path, mapping)
    reader = RowReader(mapping, sheet.header)
    missing = reader.missing()
    if missing:
        raise DataError(
            f"the table has no such column; its columns are {', '.join(sheet.header[:40])}",
            file=path,
            row=1,
            column=missing[0],
        )
    known = _read_places(path, mapping) if mapping.places else None
    intake = Intake()
    width = len(sheet.header)
    for number, cells in sheet.rows:
        intake.read += 1
        try:
            if len(cells) != width:
                raise Rejected(f"has {len(cells)} cells, the header {width}")
            _take(intake, reader, number, cells, sheet.row_word, known)
        except Rejected as error:
            named = dict(zip(sheet.header, cells, strict=False))
            if len(cells) > width:
                named["further"] = " | ".join(cells[width:])
            intake.reject(number, error, named)
        if progress and intake.read % 5_000 == 0:
            progress("reading", intake.read, 0)
    about = {"title": path.name, **mapping.source, **(metadata or {})}
    chosen = source or about.pop("id", "") or source_id(path.stem)
    about.pop("id", None)
    if path.resolve() == rejected_path(data, chosen).resolve():
        raise DataError(
            f"these are the rows left out of the source {chosen!r}, which they would replace; give them an id of "
            "their own with --source, or mend them in the table and import that again",
            file=path,
        )
    return finish(intake, data, chosen, about, dry_run=dry_run, notes=sheet.notes)


def _take(
    intake: Intake,
    reader: RowReader,
    number: int,
    cells: list[str],
    word: str,
    known: dict[str, dict[str, str]] | None,
) -> None:
    tie = reader.tie(cells)
    where = f"{word} {reader.original_row(cells) or number}"
    locator = reader.cell(cells, "locator")
    locator = f"{locator}; {where}" if locator and not cell_fault(locator) else where
    claim = reader.cell(cells, "claim")
    if known is not None:
        places = []
        for field in ("id", "partner_id"):
            key = reader.cell(cells, field)
            if key not in known:
                raise Rejected(f"there is no place {key[:40]!r} in the table of places", reader.column(field))
            entry = known[key]
            place = read_place(
                entry.get("name", ""),
                {**entry, "id": key},
                lambda what, field=field: reader.column(field),
                reader.words,
            )
            place.names = tuple(name.strip() for name in entry.get("names", "").split(";") if name.strip())
            places.append(place)
        intake.add(number, locator, places[0], places[1], tie, claim)
        return
    separator = reader.mapping.partner_separator
    text = reader.cell(cells, "partner")
    stated = reader.stated(cells, "partner_country") if separator else ""
    if not separator or separator not in text + stated:
        intake.add(number, locator, reader.place(cells, ""), reader.place(cells, "partner_"), tie, claim)
        return
    partners = [part.strip() for part in text.split(separator) if part.strip()]
    countries = [part.strip() for part in (stated or reader.cell(cells, "partner_country")).split(separator)]
    if len(countries) != len(partners) and (stated or len(countries) > 1):
        raise Rejected(
            f"{len(countries)} countr{'y' if len(countries) == 1 else 'ies'} for "
            f"{len(partners)} partner{'' if len(partners) == 1 else 's'}; name one for each, or none",
            reader.column("partner_country"),
        )
    for what in ("lat", "long", "coordinates", "wikidata_id", "geonames_id", "population", "id"):
        if len(partners) > 1 and reader.stated(cells, f"partner_{what}"):
            raise Rejected(
                f"it stands once for {len(partners)} partners; give each a row of its own",
                reader.column(f"partner_{what}"),
            )
    before = len(intake.claims)
    try:
        for order, name in enumerate(partners, 1):
            partner = reader.place(cells, "partner_", name)
            partner.written_country = countries[order - 1] if len(countries) > 1 else countries[0]
            intake.add(
                number,
                f"{locator}, partner {order}",
                reader.place(cells, ""),
                partner,
                tie,
                claim,
                order,
            )
    except Rejected:
        # All or nothing of a row, so that the file of rejected rows tells the whole.
        del intake.claims[before:]
        raise


def _read_places(path: Path, mapping: Mapping) -> dict[str, dict[str, str]]:
    """Return the rows of the table of places by their id, cells by field."""
    part = mapping.places
    assert part is not None
    file = Path(part.file)
    if not file.is_absolute():
        file = path.parent / file
    sheet = open_table(file, encoding=part.encoding, delimiter=part.delimiter, has_header=part.header)
    index = {name: place for place, name in enumerate(sheet.header)}
    for column in part.columns.values():
        if column not in index:
            raise DataError(
                f"the table has no such column; its columns are {', '.join(sheet.header[:40])}",
                file=file,
                row=1,
                column=column,
            )
    found: dict[str, dict[str, str]] = {}
    for number, cells in sheet.rows:
        if len(cells) != len(sheet.header):
            raise DataError(f"has {len(cells)} cells, the first row {len(sheet.header)}", file=file, row=number)
        entry = {what: " ".join(cells[index[column]].split()) for what, column in part.columns.items()}
        entry = {what: "" if text.casefold() in ("na", "nan", "null") else text for what, text in entry.items()}
        if entry.get("level"):
            try:
                entry["level"] = to_word("level", entry["level"], mapping.values.get("level", {}))
            except ValueError:
                entry["level"] = ""
        found.setdefault(entry["id"], entry)
    return found
