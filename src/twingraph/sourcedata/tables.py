"""The CSV tables under ``data/``: their columns, and reading them so that every fault is named."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from twingraph.errors import DataError

__all__ = ["TABLES", "Column", "Table", "cell_fault", "read_rows", "read_text"]

#: Larger cells are refused: no name, date or note needs more, and it bounds memory.
MAX_CELL = 10_000
#: Larger files are refused; a world-scale table has some 10 MB.
MAX_FILE = 1 << 30

#: Control characters, and those that turn the direction of writing: nobody sees them, and they mislead.
_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u202a-\u202e\u2066-\u2069]")
_CONTROL_IN_NOTE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u202a-\u202e\u2066-\u2069]")
_EMAIL = re.compile(r"[\w.+-]@[\w-]+\.[\w-]|\w\s*[\[(]at[\])]\s*\w")
_TELEPHONE = re.compile(
    r"(?<!\w)\+[1-9](?:[\s()/.-]{0,3}\d){7}"
    r"|\b(?:tel|telefon|telephone|téléphone|phone|fon|fax|telefax)\b[.:\s]{0,3}[+(]?\d(?:[\s()/.-]{0,3}\d){5}",
    re.IGNORECASE,
)
#: What every cell that has one of these faults matches: one search for most rows.
_SUSPECT = re.compile(
    _CONTROL.pattern + r"|@[\w-]+\.|[\[(]at[\])]|\+\d|[Tt][EeÉé][Ll]|[Ff][Oo][Nn]|[Pp][Hh]|[Ff][Aa][Xx]"
)

KINDS = ("partnership", "friendship", "contact", "project", "sponsorship", "other")
STATUSES = ("active", "suspended", "dormant", "ended", "unknown")
LEVELS = ("municipality", "borough", "district", "region", "village", "other")
BASES = ("stated", "inferred")
JUDGEMENTS = ("positive", "negative", "unsure")
SOURCE_TYPES = (
    "municipal page",
    "association page",
    "newspaper",
    "encyclopedia",
    "database",
    "portal",
    "document",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: as in the header.
        meaning: what a cell says, for the data dictionary.
        required: a row without it is refused.
        type: text, edtf, country, language, number, yes-no, date, or list.
        choices: the words allowed, if only some are.
    """

    name: str
    meaning: str
    required: bool = False
    type: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of CSV file."""

    file: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def header(self) -> list[str]:
        """The names of all columns in the order twingraph writes them."""
        return [column.name for column in self.columns]


_C = Column
_CLAIM_COLUMNS = (
    _C("claim", "Short id, unique within the source, never used again for another claim.", True),
    _C("locator", "Where in the source: paragraph 2, list item 3, table row 4.", True),
)
_BASIS_COLUMNS = (
    _C("basis", "Whether the source states it or it is inferred from it. Empty: stated.", choices=BASES),
    _C("checked", "Whether a person read this in the source itself. Empty: no.", choices=("yes", "no")),
    _C("note", "Remark of the editor, in English; never a quotation."),
)

PARTNERSHIP_CLAIMS = Table(
    "partnership_claims.csv",
    "One row for each claim of the source about a partnership.",
    (
        *_CLAIM_COLUMNS,
        _C("name", "The first municipality, exactly as the source writes it.", True),
        _C("country", "Its country today. Empty where the source leaves it open.", type="country"),
        _C("partner", "The other municipality, as written; several parted by ; for three or more.", True, "list"),
        _C("partner_country", "Its country today; one for all, or one for each, parted by ;", type="country"),
        _C("id", "The source's own identifier of the first municipality: a QID, geonames:2950159, its row."),
        _C("partner_id", "The partner's; one for each, parted by ;"),
        _C("written_country", "The partner's country exactly as the source writes it."),
        _C("then_country", "The state the partner belonged to then, if the source says so.", type="country"),
        _C("kind", "The kind of tie as the source calls it.", choices=KINDS),
        _C("start", "When it began.", type="edtf"),
        _C("end", "When it ended, or when this kind turned into the next.", type="edtf"),
        _C("status", "Its status as of the source.", choices=STATUSES),
        _C("status_since", "Since when it has that status; not before the start.", type="edtf"),
        _C("first_contact", "First contact before there was a tie.", type="edtf"),
        _C("renewed", "When it was confirmed or signed again.", type="edtf"),
        _C("becomes", "The kind it later turned into; that is a row of its own.", choices=KINDS),
        _C("taken_over_from", "The municipality that concluded it first, as written, when it merged."),
        _C("taken_over", "When it was taken over.", type="edtf"),
        _C("union", "Id of the union or ring: all its rows are one partnership."),
        _C("fields", "Fields of activity (concepts of the ontology), parted by ;", type="list"),
        *_BASIS_COLUMNS,
    ),
)
OTHER_CLAIMS = Table(
    "other_claims.csv",
    "One row for each claim of the source about anything else: associations, events, waves, twinning work.",
    (
        *_CLAIM_COLUMNS,
        _C("about", "association:id, event:id, wave:id, municipality:Name@CC or claim:id.", True),
        _C("property", "What is said; the list is below.", True),
        _C("value", "The value in the form the property needs.", True),
        *_BASIS_COLUMNS,
    ),
)
PLACES = Table(
    "places.csv",
    "What the source says about places that its claims name: evidence for which municipality each is.",
    (
        _C("id", "The source's own identifier, as in the claims; empty where name and country tell it apart."),
        _C("name", "The name, as in the claims.", True),
        _C("country", "Its country today, as in the claims.", type="country"),
        _C("written_country", "The country exactly as the source writes it."),
        _C("language", "Language tag of the name, if it is not the source's.", type="language"),
        _C("names", "Further names that the source gives, parted by ;", type="list"),
        _C("lat", "Latitude, degrees north (WGS84).", type="number"),
        _C("long", "Longitude, degrees east (WGS84).", type="number"),
        _C("population", "Inhabitants, a whole number.", type="number"),
        _C("level", "What kind of unit it is, if the source says so.", choices=LEVELS),
        _C("wikidata_id", "Wikidata QID that the source states."),
        _C("geonames_id", "GeoNames id that the source states.", type="number"),
        _C("note", "Remark."),
    ),
)
MUNICIPALITIES = Table(
    "municipalities.csv",
    "The gazetteer: one row for each municipality.",
    (
        _C("key", "The Wikidata QID where a source confirms it; else an id made once: m and six characters.", True),
        _C("name", "Its name in its own language.", True),
        _C("language", "Language tag of that name.", True, "language"),
        _C("name_de", "German name, if a source has one."),
        _C("name_en", "English name, if a source has one."),
        _C("country", "Its country today.", True, "country"),
        _C("level", "What kind of unit it is.", True, choices=LEVELS),
        _C("lat", "Latitude, degrees north (WGS84).", type="number"),
        _C("long", "Longitude, degrees east (WGS84).", type="number"),
        _C("coordinates_source", "The source of the coordinates."),
        _C("wikidata_id", "Wikidata QID, only from a source."),
        _C("wikidata_source", "The source of the QID."),
        _C("geonames_id", "GeoNames id, only from a source.", type="number"),
        _C("geonames_source", "The source of the GeoNames id."),
        _C("note", "Remark: the evidence for an id, or why one is missing."),
    ),
)
NAMES = Table(
    "names.csv",
    "More names of municipalities.",
    (
        _C("municipality", "Key of the municipality.", True),
        _C("name", "The name.", True),
        _C("language", "Language tag; und where it is not known.", True, "language"),
        _C("source", "The source that uses it.", True),
    ),
)
COUNTRIES = Table(
    "countries.csv",
    "States of today and of the past.",
    (
        _C("country", "ISO 3166-1 alpha-2 code; former states by their ISO 3166-3 code (DDDE).", True, "country"),
        _C("name_de", "German name.", True),
        _C("name_en", "English name.", True),
        _C("name_fr", "French name."),
        _C("continent", "Continent, in English."),
        _C("start", "When a former state began.", type="edtf"),
        _C("end", "When a former state ended.", type="edtf"),
        _C("source", "The source of the names and dates."),
        _C("note", "Remark."),
    ),
)
JUDGEMENTS_TABLE = Table(
    "judgements.csv",
    "Decisions on which municipality a written name means, where name and country do not tell.",
    (
        _C("source", "The source in which the name is written; empty: any."),
        _C("name", "The name as written.", True),
        _C("country", "The country as in the claim; empty where that is empty.", type="country"),
        _C("municipality", "Key of the municipality; may be empty where the judgement is unsure."),
        _C("judgement", "positive: it is; negative: it is not; unsure: open.", True, choices=JUDGEMENTS),
        _C("basis", "The evidence.", True),
        _C("judged_on", "Day of the decision.", True, "date"),
        _C("id", "The source's own identifier of the place, as in the claim; empty: a place without one."),
    ),
)
MATCHES = Table(
    "matches.csv",
    "What comparing written names with the gazetteers gave; `twingraph resolve` writes it anew. Judgements go first.",
    (
        _C("source", "The source in which the name is written.", True),
        _C("name", "The name as written.", True),
        _C("country", "The country as in the claim.", type="country"),
        _C("id", "The source's own identifier, as in the claim."),
        _C("municipality", "Key of the municipality; empty while the case is open."),
        _C("score", "How sure, 0 to 1.", True, "number"),
        _C("basis", "The reasons.", True),
        _C("candidates", "What it may be, best first: keys, QIDs, geonames: ids, parted by ;", type="list"),
    ),
)
#: Tables of a source folder, of the gazetteer, and of resolution, by path under ``data/``.
TABLES: dict[str, Table] = {
    "sources/<source>/partnership_claims.csv": PARTNERSHIP_CLAIMS,
    "sources/<source>/other_claims.csv": OTHER_CLAIMS,
    "sources/<source>/places.csv": PLACES,
    "gazetteer/municipalities.csv": MUNICIPALITIES,
    "gazetteer/names.csv": NAMES,
    "gazetteer/countries.csv": COUNTRIES,
    "resolution/judgements.csv": JUDGEMENTS_TABLE,
    "resolution/matches.csv": MATCHES,
}


def cell_fault(text: str, *, is_note: bool = False) -> str | None:
    """Return what no cell may hold but this one does, with advice; None when there is nothing.

    Refused are control characters, e-mail addresses and telephone numbers. A note may have line breaks and tabs.
    """
    control = (_CONTROL_IN_NOTE if is_note else _CONTROL).search(text)
    if control:
        code = ord(control[0])
        if code in (0x0A, 0x0D):
            return "a line break stands in the cell; only a note may have one; write it in one line"
        return f"the invisible character U+{code:04X} stands in the cell; delete it"
    if _EMAIL.search(text):
        return "an e-mail address stands in the cell; personal data does not belong here; delete it"
    if _TELEPHONE.search(text):
        return "a telephone number stands in the cell; personal data does not belong here; delete it"
    return None


def read_text(path: Path, limit: int = MAX_FILE) -> str:
    """Return a file's text, decoded as UTF-8; a byte order mark, as Excel writes one, is dropped.

    Raises:
        DataError: no regular file, no permission, too large, or not UTF-8 (with the row).
    """
    try:
        if not path.is_file():
            kind = "is a directory" if path.is_dir() else "is no regular file" if path.exists() else "is missing"
            if kind == "is missing" and path.is_symlink():
                raise DataError("the file is a link that leads nowhere; mend the link or put the file there", file=path)
            raise DataError(f"the file {kind}; put it there or restore it", file=path)
        if path.stat().st_size > limit:
            size = "1 GiB; split it into several sources" if limit == MAX_FILE else f"{limit // 1000} kB; shorten it"
            raise DataError(f"the file is larger than {size}", file=path)
        raw = path.read_bytes()
    except PermissionError:
        raise DataError("no permission to read the file; change its mode or owner", file=path) from None
    except OSError as error:
        raise DataError(f"the file can't be read: {error.strerror}", file=path) from None
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError("the file is UTF-16; save it as UTF-8", file=path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8 (not as ANSI or Latin-1)",
            file=path,
            row=row,
        ) from None
    for bad, what in (("\x00", "NUL"), ("\ufffe", "U+FFFE"), ("\uffff", "U+FFFF")):
        if bad in text:
            row = text.count("\n", 0, text.index(bad)) + 1
            raise DataError(f"the character {what} is not allowed; delete it", file=path, row=row)
    return text


def read_rows(path: Path, table: Table, errors: list[DataError]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file as ``(row number, cells by column)``, with space around cells cut.

    Faults of the whole file or of a row go to `errors`; a faulty row is not yielded. The row number is
    that of the row's first line in a text editor. Columns that the file leaves out read as "".
    """
    try:
        text = read_text(path)
    except DataError as error:
        errors.append(error)
        return
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    known = {column.name: column for column in table.columns}
    required = [column.name for column in table.columns if column.required]
    header: list[str] = []
    line = 1
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            errors.append(DataError(_csv_advice(str(error)), file=path, row=line))
            return
        if not header:
            header = [cell.strip() for cell in cells]
            fault = _header_fault(header, known, required)
            if fault:
                errors.append(DataError(fault[0], file=path, row=line, column=fault[1]))
                return
            continue
        if not any(cells) or not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            errors.append(
                DataError(
                    f"{len(cells)} cells where the header has {len(header)} columns; a comma inside a cell needs "
                    'quotes: "a, b"',
                    file=path,
                    row=line,
                )
            )
            continue
        row = dict(zip(header, [cell.strip() for cell in cells], strict=True))
        if _SUSPECT.search(",".join(row.values())):
            unfit = [(name, cell_fault(value, is_note=name == "note")) for name, value in row.items()]
            found = [DataError(fault, file=path, row=line, column=name) for name, fault in unfit if fault]
            if found:
                errors.extend(found)
                continue
        missing = [name for name in required if not row[name]]
        if missing:
            for name in missing:
                errors.append(DataError("the cell is empty but needs a value", file=path, row=line, column=name))
            continue
        bad = False
        for name, column in known.items():
            value = row.setdefault(name, "")
            if value and column.choices and value not in column.choices:
                bad = True
                errors.append(
                    DataError(f"{value!r} is not one of {', '.join(column.choices)}", file=path, row=line, column=name)
                )
        if not bad:
            yield line, row
    if not header:
        errors.append(DataError(f"the file is empty; its first row must be {','.join(table.header)}", file=path, row=1))


def _header_fault(header: list[str], known: dict[str, Column], required: list[str]) -> tuple[str, str | None] | None:
    """Return what is wrong with a header row, and in which column; None when nothing is."""
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return "the columns are not parted by commas; save the table as CSV with commas (UTF-8)", None
    if "" in header:
        return f"column {header.index('') + 1} of the header has no name; name it or delete the column", None
    for name in header:
        if header.count(name) > 1:
            return f"the column {name!r} stands twice in the header; delete one", name
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; the columns are {', '.join(known)}"
            return f"there is no column {name!r}{hint}", name
    for name in required:
        if name not in header:
            return f"the column {name!r} is missing from the header", name
    return None


def _csv_advice(message: str) -> str:
    if "field larger" in message:
        return f"a cell is longer than {MAX_CELL} characters, or a quote is never closed"
    if "unexpected end" in message or "expected after" in message or "delimiter" in message:
        return 'a quote is not closed or not doubled; write a quote inside a quoted cell as ""'
    return f"the CSV is broken ({message})"
