"""Import lists of partners from wikitext: pages such as "List of twin towns in …", and sections of a town's own page.

Each list item names one partner: a wikilink, its country as a flag template or in words, and dates. What stands above
it (a bold link, a definition term, a heading with a link) is the town that it is a partner of; on a town's own page
it is the page's town. Each line of the parts about partners becomes a claim, is rejected with a reason, or is told as
not read; a claim beside words that are not understood has the status unknown, with the words as its note.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

from twingraph.dates import parse_edtf
from twingraph.errors import DataError
from twingraph.importing.intake import Intake
from twingraph.importing.outcome import Outcome, finish, source_id
from twingraph.importing.values import Rejected, read_place, to_word
from twingraph.importing.wiki.items import Partner, read_partner
from twingraph.importing.wiki.markup import read_line
from twingraph.importing.wiki.mediawiki import MAX_PAGE, WikiPage
from twingraph.importing.wiki.outline import RUNNING_TEXT, Entry, Outline
from twingraph.importing.wiki.remarks import against
from twingraph.importing.wiki.units import level_of
from twingraph.resolving.countries import find_country
from twingraph.sourcedata.tables import cell_fault

__all__ = ["import_wikitext", "read_wikitext"]

_LIST_TITLE = re.compile(
    r"(?:twin towns|sister cities)(?: and (?:twin towns|sister cities))? (?:in|of) (?:the )?(.+)", re.IGNORECASE
)
#: Titles that name no town, but what the page lists: "Jumelages de Lyon", "Lista de ciudades hermanadas".
_ABOUT_TIES = re.compile(
    r"\b(?:twin town|twinned|twinning|sister cit|jumelage|jumelée|gemellaggi|hermanamiento|hermanada|miasta partnersk)|"
    r"partnerschaft|partnerst[aä]dt",
    re.IGNORECASE,
)
_IS_LIST = re.compile(r"(?:list of|liste|lista|elenco|wykaz)\b", re.IGNORECASE)
#: In any language: #REDIRECT, #WEITERLEITUNG, #REDIRECTION, #RINVIA, #PATRZ.
_REDIRECT = re.compile(r"\s*#[^\W\d_]+\s*:?\s*\[\[([^\[\]|]{1,255})(?:\|[^\[\]]*)?\]\]")
#: So many lines are named in a remark.
_NAMED_LINES = 20


def import_wikitext(
    page: WikiPage,
    data: Path,
    *,
    town: str = "",
    country: str = "",
    source: str | None = None,
    metadata: dict[str, str] | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Read the partners on a page as a source and write it into a data folder.

    Args:
        page: the page.
        data: the data folder; made if it is new.
        town: whose partners the page lists; by default the page's title, on a list what stands above each list.
        country: country of these towns; by default as the title of a list says.
        source: id of the source; by default from the title.
        metadata: keys of ``source.toml``.
        dry_run: read and check everything, but write nothing.

    Raises:
        DataError: no list of partners was found, or the page sends the reader to another; nothing came in.
    """
    if redirect := _REDIRECT.match(page.text):
        raise DataError(f"sends the reader on to {redirect[1].strip()!r}; name that page", file=page.title)
    intake = Intake()
    notes = read_wikitext(page, intake, town, country)
    if not intake.claims and not intake.rejected:
        raise DataError(
            "no list of partners was found; read are sections named Twin towns, Städtepartnerschaften, Jumelages or "
            "the like, and pages 'List of twin towns in …'",
            file=page.title,
        )
    about = {
        "title": page.title,
        "publisher": "Wikipedia" if "wikipedia.org" in page.url else "a wiki",
        "url": page.url,
        "language": page.language,
        "type": "encyclopedia" if page.url else "document",
        "date": page.date,
        **({"licence": "CC BY-SA 4.0 (Wikipedia); facts taken from it"} if "wikipedia.org" in page.url else {}),
        **(metadata or {}),
    }
    if about["url"] and about["type"] == "document":
        about["type"] = "encyclopedia"
    return finish(intake, data, source or source_id(page.title), about, dry_run=dry_run, notes=notes)


def read_wikitext(page: WikiPage, intake: Intake, town: str = "", country: str = "") -> list[str]:
    """Take the partners that a page lists into `intake`; return what was not read or not understood, in words."""
    if len(page.text) > MAX_PAGE:
        raise DataError(f"is larger than {MAX_PAGE >> 20} MiB, more than any page", file=page.title)
    listed = _LIST_TITLE.search(page.title)
    if listed and not country and find_country(listed[1]):
        country = listed[1]
    is_about_ties = bool(_ABOUT_TIES.search(page.title))
    is_list = bool(listed) or (is_about_ties and bool(_IS_LIST.match(page.title)))
    town = town or ("" if is_list or is_about_ties else _plain_title(page.title))
    outline = Outline(page.text, town, country, is_list=is_list)
    beside: list[int] = []
    unknown: list[int] = []
    for entry in outline.entries():
        line = read_line(entry.text)
        cells = {"owner": entry.owner, "name": "", "country": entry.country, "words": line.shown[:1000]}
        try:
            if entry.refusal:
                raise Rejected(entry.refusal, "name" if entry.owner else "owner")
            partner = read_partner(line, is_sure=is_list)
            if partner is None:
                outline.unread.setdefault(RUNNING_TEXT, []).append(entry.row)
                continue
            cells |= {"name": partner.name, "country": partner.country or entry.country}
            _take(entry, partner, intake, page.date or datetime.date.today().isoformat())
        except Rejected as error:
            intake.read += 1
            if not cells["name"] and line.links:
                cells["name"] = line.links[0].label
            intake.reject(entry.row, error, cells)
            continue
        intake.read += 1
        if partner.is_beside:
            beside.append(entry.row)
        if intake.claims[-1]["status"] == "unknown":
            unknown.append(entry.row)
    return _notes(outline, beside, unknown)


def _notes(outline: Outline, beside: list[int], unknown: list[int]) -> list[str]:
    notes = [f"not read are {_lines_in_words(sorted(rows))} {why}" for why, rows in outline.unread.items()]
    if beside:
        notes.append(
            f"{_lines_in_words(beside)} link further places; they are taken for the region where the partner lies"
        )
    if unknown:
        notes.append(
            f"{_lines_in_words(unknown)} hold, or stand below, words that are not understood; "
            "the status there is unknown, the words are in the claim's note"
        )
    told = [(row, f"{words[:80]!r}; mind what stands below it") for row, words in outline.doubtful.items()]
    told += [(row, f"{words[:80]!r}; what stands below it is not read") for row, words in outline.passed_over.items()]
    notes.extend(f"line {row} is not wholly understood: {words}" for row, words in sorted(told)[:_NAMED_LINES])
    if len(told) > _NAMED_LINES:
        notes.append(f"nor are {len(told) - _NAMED_LINES:,} further headings and the like")
    return notes


def _lines_in_words(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:_NAMED_LINES])) + (" …" if len(rows) > _NAMED_LINES else "")
    return f"{len(rows):,} line{'s' * (len(rows) > 1)} ({shown})"


def _plain_title(title: str) -> str:
    return re.sub(r"\s*\([^)]*\)\s*\Z", "", title)


def _take(entry: Entry, partner: Partner, intake: Intake, today: str) -> None:
    """Take a partner as a claim.

    Args:
        entry: the line with what stands above it.
        partner: that it names.
        intake: gets the claim.
        today: the day of the page; what begins later is planned.

    Raises:
        Rejected: it can't be one.
    """

    def column(what: str) -> str:
        return what

    def words(what: str, text: str) -> str:
        return to_word(what, text, {})

    told = partner.told
    if told.refusal:
        raise Rejected(told.refusal, "words")
    later = [key for key, date in told.columns.items() if key != "status" and (parse_edtf(date).earliest or "") > today]
    if "start" in later:
        raise Rejected(f"it begins only later ({told.columns['start']})", "words")
    owner = read_place(entry.owner, {"country": entry.owner_country}, column, words)
    where = {"country": partner.country or entry.country, "level": level_of(partner.name)}
    place = read_place(partner.name, where, column, words)
    tie: dict[str, Any] = {"kind": told.kind or entry.kind, **told.columns}
    remarks = against(entry.remarks)
    if not told.is_understood or remarks or later or entry.status == "unknown":
        tie = {key: value for key, value in tie.items() if key in ("kind", "start")}
        tie["status"] = "unknown"
    else:
        said = {"ended" if partner.is_struck else "", entry.status, told.columns.get("status", "")} - {""}
        tie["status"] = "ended" if "ended" in said else told.columns.get("status") or entry.status or "active"
        if tie["status"] != told.columns.get("status"):
            tie.pop("status_since", None)
    is_whole = told.is_whole and not partner.is_beside and told.columns.get("status", tie["status"]) == tie["status"]
    if tie["status"] == "unknown" or not is_whole:
        above = f"below words that are not understood: {entry.doubt[:80]}" if entry.doubt else ""
        note = "; ".join(filter(None, (partner.words, *remarks, above)))
        if fault := cell_fault(note, is_note=True):
            raise Rejected(fault, "words")
        if note:
            tie["note"] = note
    start, since = tie.get("start"), tie.get("status_since")
    if start and since and (parse_edtf(since).latest or start) < (parse_edtf(start).earliest or since):
        raise Rejected(f"it is {tie['status']} ({since}) before it starts ({start})", "words")
    intake.add(entry.row, f"line {entry.row}", owner, place, tie)
