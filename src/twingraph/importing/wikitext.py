"""Import lists of partners from wikitext: pages such as "List of twin towns in …", and sections of a town's own page.

Each list item names one partner: a wikilink, its country as a flag template or in words, and dates. What stands above
it (a bold link, a definition term, a heading with a link) is the town that it is a partner of; on a town's own page
it is the page's town.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twingraph.dates import parse_edtf
from twingraph.errors import DataError
from twingraph.importing.date_words import YEAR, dates_in_words
from twingraph.importing.intake import Intake, Rejected, read_place, to_word
from twingraph.importing.mediawiki import MAX_PAGE, WikiPage
from twingraph.importing.outcome import Outcome, finish, source_id
from twingraph.resolving.countries import find_country
from twingraph.sourcedata.tables import cell_fault

if TYPE_CHECKING:
    from mwparserfromhell.wikicode import Wikicode

__all__ = ["import_wikitext", "read_wikitext"]

_FLAGS = re.compile(
    r"(?:flagicon|flagdeco|flag|flagcountry|flaggensymbol|country flag|drapeau|bandiera|pays)\b", re.IGNORECASE
)
_ISO3 = re.compile(r"[A-Z]{3}(?:-[A-Z0-9]{1,3})?\Z")
_SECTIONS = re.compile(
    r"twin town|sister cit|twinning|partnerst|partnergemeind|städtepartner|gemeindepartner|partnerschaft|jumelage|"
    r"villes jumel|gemellagg|hermanami|städtefreund|patenst|international relations",
    re.IGNORECASE,
)
_LIST_TITLE = re.compile(
    r"(?:twin towns|sister cities)(?: and (?:twin towns|sister cities))? (?:in|of) (?:the )?(.+)", re.IGNORECASE
)
_HEADING = re.compile(r"(={2,6})\s*(.*?)\s*\1\s*(?:<!--.*-->)?\s*\Z")
#: Sections whose links are no partners.
_BACK_MATTER = re.compile(
    r"(?:see also|references|notes|footnotes|citations|sources|bibliography|further reading|external links|"
    r"siehe auch|einzelnachweise|anmerkungen|quellen|literatur|weblinks|fußnoten|voir aussi|notes et références|"
    r"références|liens externes|bibliographie|note|voci correlate|collegamenti esterni|véase también|referencias|"
    r"enlaces externos)\b",
    re.IGNORECASE,
)
_FORMER = re.compile(r"(?:former|previous|past|ehemalige?|frühere|beendete|anciens?|anciennes?)\b", re.IGNORECASE)
_STRUCK_TAG = re.compile(r"</?(?:s|del|strike)(?:\s[^<>]*)?>", re.IGNORECASE)
_STRUCK = re.compile(r"<(s|del|strike)(?:\s[^<>]*)?>[^<>]*(?:</\1>|\Z)", re.IGNORECASE)
_SEVERAL = re.compile(r"\]\]\s*(?:/|&|\+|and|und|et)\s*(?:\{\{[^{}]*\}\}\s*)?\[\[", re.IGNORECASE)
_KINDS = (
    (re.compile(r"freundschaft|friendship|amiti", re.IGNORECASE), "friendship"),
    (re.compile(r"patenschaft|patenstadt|sponsor", re.IGNORECASE), "sponsorship"),
    (re.compile(r"projektpartner|klimapartner|cooperation", re.IGNORECASE), "project"),
)
#: A kind in brackets beside the name goes before that of the heading.
_KINDS_BESIDE = tuple((re.compile(rf"\([^()]*(?:{pattern.pattern})", re.IGNORECASE), word) for pattern, word in _KINDS)
#: Two letters of a country's code as regional indicator symbols.
_FLAG_EMOJI = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
_OTHER_SPACES = re.compile(
    r"^:?(?:file|image|datei|bild|fichier|category|kategorie|catégorie|help|template|vorlage|wikipedia|w|s|wikt)\s*:",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Item:
    """A list item as it stands: the partner's link and label, and the words beside it.

    Attributes:
        status: as the heading or the words before the name tell.
        refused: why it can't be taken, or "".
        is_beside: whether it links to a further place that is taken for where the partner lies.
        is_undated: whether a date was left out, as the words beside it do not tell of what it is.
    """

    row: int
    owner: str
    owner_country: str
    kind: str
    name: str = ""
    country: str = ""
    words: str = ""
    flags: list[str] = field(default_factory=list)
    status: str = ""
    refused: str = ""
    is_beside: bool = False
    is_undated: bool = False


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
        DataError: no list of partners was found; nothing came in.
    """
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
    """Take the partners that a page lists into `intake`; return what was not read, in words."""
    if len(page.text) > MAX_PAGE:
        raise DataError(f"is larger than {MAX_PAGE >> 20} MiB, more than any page", file=page.title)
    listed = _LIST_TITLE.search(page.title)
    if listed and not country and find_country(listed[1]):
        country = listed[1]
    unread: list[int] = []
    beside: list[int] = []
    undated: list[int] = []
    for item in _items(page, town or ("" if listed else _plain_title(page.title)), country, bool(listed), unread):
        intake.read += 1
        if item.is_beside and not item.refused:
            beside.append(item.row)
        try:
            _take(item, intake)
        except Rejected as error:
            cells = {"owner": item.owner, "name": item.name, "country": item.country, "words": item.words}
            intake.reject(item.row, error, cells)
        else:
            if item.is_undated:
                undated.append(item.row)
    notes = []
    if unread:
        notes.append(f"not read are {_lines_in_words(unread)} of running text beside the lists")
    if beside:
        notes.append(
            f"{_lines_in_words(beside)} link further places; they are taken for the region where the partner lies"
        )
    if undated:
        notes.append(
            f"{_lines_in_words(undated)} give dates with words that do not tell of what; no such date is taken, "
            "the words are in the claim's note"
        )
    return notes


def _lines_in_words(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:5])) + (" …" if len(rows) > 5 else "")
    return f"{len(rows):,} line{'s' * (len(rows) > 1)} ({shown})"


def _plain_title(title: str) -> str:
    return re.sub(r"\s*\([^)]*\)\s*\Z", "", title)


def _items(page: WikiPage, town: str, country: str, is_list: bool, unread: list[int]) -> Iterator[_Item]:
    """Yield the list items of the parts of a page that are about partners; `unread` gets the lines of other text."""
    text = re.sub(r"<!--.*?-->", lambda match: "\n" * match[0].count("\n"), page.text, flags=re.DOTALL)
    # References hold links that name no partner.
    text = re.sub(r"<ref[^>/]*/>|<ref[^>]*>.*?</ref>", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)
    wanted: int | None = 1 if is_list else None
    aside: int | None = None
    owner, owner_country, kind, status = town, country, "partnership", ""
    table: list[str] | None = None
    for row, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        heading = _HEADING.match(stripped)
        if heading:
            table = None
            level, title = len(heading[1]), heading[2]
            if aside is not None and level <= aside:
                aside = None
            if aside is None and _BACK_MATTER.match(_text(title)):
                aside = level
            if wanted is not None and not is_list and level <= wanted:
                wanted = None
            if wanted is None and _SECTIONS.search(title):
                wanted = level
            kind = next((word for pattern, word in _KINDS if pattern.search(title)), "partnership")
            status = "ended" if _FORMER.match(_text(title)) else ""
            if is_list and _is_country(_text(title)):
                owner_country = _text(title)
            elif is_list and "[[" in title:
                owner = _link(title) or owner
            continue
        if wanted is None or aside is not None:
            continue
        if stripped.startswith("{|"):
            table = []
            continue
        if table is not None:
            # A row ends where the next begins.
            if stripped.startswith(("|-", "|}")):
                yield from _refused_row(table, row, owner, owner_country, kind)
                table = [] if stripped.startswith("|-") else None
            else:
                table.append(stripped)
            continue
        if is_list and (stripped.startswith("'''") or stripped.startswith(";")) and "[[" in stripped:
            owner = _link(stripped) or owner
            continue
        if is_list and re.match(r"'''[^']+'''\s*\Z", stripped):
            owner = _text(stripped)
            continue
        if re.match(r"[*#]+[^*#]", stripped) and not re.match(r"[*#]+\s*\Z", stripped):
            item = _Item(row, owner, owner_country, kind, status=status)
            if _read_item(stripped.lstrip("*#: "), item, bool(is_list)):
                yield item
            else:
                unread.append(row)
        elif owner and _link(stripped):
            unread.append(row)


def _refused_row(cells: list[str], row: int, owner: str, country: str, kind: str) -> Iterator[_Item]:
    """Yield the row of a table before the line `row`, as one that is not read, if a link stands in it."""
    words = " ".join(cells)
    name = _link(words)
    if name:
        reason = "stands in a table, which is not read; write it as a list, or import the table as CSV"
        yield _Item(row - len(cells), owner, country, kind, name=name, words=_text(words), refused=reason)


def _is_country(text: str) -> bool:
    """Whether a text is a country's name; a slip of the pen does not count: Chard is not Chad."""
    found = find_country(text)
    return found is not None and found.how == "name"


def _parse(text: str) -> Wikicode:
    import mwparserfromhell

    return mwparserfromhell.parse(text, skip_style_tags=True)


def _text(text: str) -> str:
    """Return what a reader sees."""
    return " ".join(
        str(_parse(text).strip_code(normalize=True, collapse=True)).replace("'''", "").replace("''", "").split()
    )


def _link(text: str) -> str:
    """Return the label of the first link to a page."""
    for link in _parse(text).filter_wikilinks():
        target = str(link.title)
        if not _OTHER_SPACES.match(target):
            return _text(str(link.text or link.title))
    return ""


def _read_item(text: str, item: _Item, is_list: bool) -> bool:
    """Fill an item in; return whether it names a partner."""
    if struck := _STRUCK.search(text):
        # A struck partner is one of the past; other struck words do not count.
        if _link(struck[0]) or not _text(_STRUCK.sub(" ", text)):
            item.status = "ended"
            text = _STRUCK_TAG.sub("", text)
        else:
            text = _STRUCK.sub(" ", text)
    code = _parse(text)
    for template in code.filter_templates(recursive=False):
        name = str(template.name).strip()
        flag = ""
        if _FLAGS.match(name) and template.has(1):
            flag = str(template.get(1).value).strip()
        elif _ISO3.match(name):
            flag = name.partition("-")[0]
            if template.has(1):
                label = str(template.get(1).value).strip()
                # {{FRA|Vitré}} shows the label beside the flag; {{FRA|#}} shows the flag alone.
                if label and label != "#" and not item.name and not _is_country(label):
                    item.name = _text(label)
        if flag and find_country(flag):
            item.flags.append(flag)
    links = [link for link in code.filter_wikilinks() if not _OTHER_SPACES.match(str(link.title))]
    labels = [_text(str(link.text or link.title)) for link in links]
    places = [label for label in labels if label and not (_is_country(label) and len(labels) > 1)]
    if not item.name and places:
        item.name = places[0]
    told = next((label for label in labels if label != item.name and len(labels) > 1 and _is_country(label)), "")
    item.country = told
    item.is_beside = len(places) > 1
    if _SEVERAL.search(text) and len(places) > 1:
        item.refused = f"names several places ({', '.join(places[:5])}); write each in a line of its own"
    shown = _text(text)
    item.words = shown
    if not item.flags and (emoji := _FLAG_EMOJI.search(shown)):
        item.flags.append("".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in emoji[0]))
    item.kind = next((word for pattern, word in _KINDS_BESIDE if pattern.search(shown)), item.kind)
    if _FORMER.match(shown) and not shown.startswith(item.name or shown):
        item.status = "ended"
    if not item.name:
        # "Reims, France (1967)" without links
        head = re.split(r"\s*[,(–—]", shown, maxsplit=1)[0].strip()
        told = shown.partition(",")[2].split("(")[0].strip()
        if not head or len(head) > 60 or not (is_list or item.flags or _is_country(told)):
            return False
        item.name = head
    if item.flags:
        item.country = item.flags[0]
    beside = shown.partition(item.name)[2]
    for part in re.split(r"[,()–—;:]", beside):
        word = re.sub(rf"\b(?:seit|since|depuis|in)?\s*{YEAR}.*", "", part).strip()
        if word and len(word) > 1 and (found := find_country(word)) and found.how in ("name", "part"):
            item.country = word
            break
    return True


def _take(item: _Item, intake: Intake) -> None:
    def column(what: str) -> str:
        return what

    def words(what: str, text: str) -> str:
        return to_word(what, text, {})

    if item.refused:
        raise Rejected(item.refused, "name")
    if not item.owner:
        raise Rejected("it is not told whose partner this is; name the town with --town", "owner")
    owner = read_place(item.owner, {"country": item.owner_country}, column, words)
    partner = read_place(item.name, {"country": item.country}, column, words)
    before, _, after = item.words.partition(item.name)
    beside = after.strip() or before
    dates, item.is_undated = dates_in_words(beside)
    tie: dict[str, Any] = {"kind": item.kind, **dates}
    if item.status:
        tie["status"] = item.status
    if item.is_undated:
        note = beside.strip(" ,;:–—-")
        if fault := cell_fault(note, is_note=True):
            raise Rejected(fault, "words")
        tie["note"] = note
    start, since = tie.get("start"), tie.get("status_since")
    if start and since and (parse_edtf(since).latest or start) < (parse_edtf(start).earliest or since):
        raise Rejected(f"it is {tie['status']} ({since}) before it starts ({start})", "words")
    intake.add(item.row, f"line {item.row}", owner, partner, tie)
