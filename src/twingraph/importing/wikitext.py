"""Import lists of partners from wikitext: pages such as "List of twin towns in …", and sections of a town's own page.

Each list item names one partner: a wikilink, its country as a flag template or in words, and dates. What stands above
it (a bold link, a definition term, a heading with a link) is the town that it is a partner of; on a town's own page
it is the page's town.
"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twingraph.dates import parse_edtf
from twingraph.errors import DataError, EndpointError
from twingraph.importing.dates import MONTHS, to_edtf
from twingraph.importing.intake import Intake, Rejected, read_place, to_word
from twingraph.importing.outcome import Outcome, finish, source_id
from twingraph.resolving.countries import find_country
from twingraph.sourcedata.tables import cell_fault

if TYPE_CHECKING:
    from mwparserfromhell.wikicode import Wikicode

__all__ = ["WikiPage", "fetch_page", "import_wikitext", "read_wikitext"]

#: The largest page of Wikipedia has some 2 MB.
_MAX_PAGE = 16 << 20
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
_YEAR = r"(?:1[89]|20)\d\d"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"\d{1,2}(?:\.|st|nd|rd|th|er)?"
_DATE = re.compile(
    rf"(?<![\w/])(?:\d{{1,2}}\.\s?\d{{1,2}}\.\s?{_YEAR}|{_YEAR}-\d\d-\d\d|(?:{_MONTH})\.?\s+\d{{1,2}},?\s+{_YEAR}|"
    rf"(?:{_DAY}\s+)?(?:de\s+)?(?:{_MONTH})\.?\s+(?:de\s+)?{_YEAR}|années\s+{_YEAR}|"
    rf"(?:c\.|ca\.?|circa|about|around|um|etwa|vers|env\.?|~)\s*{_YEAR}|"
    rf"{_YEAR}(?:s|er(?:[\s-]Jahren?)?)?)"
    # "1970/71" and "1970–72" are no year.
    r"(?!\w|[/–—-]\d{1,2}(?!\d)|/\d)",
    re.IGNORECASE,
)
#: What stands for a date, or for two with the time between them, once they are read.
_ONE, _TWO = "\ue000", "\ue001"
_TO = r"(?:[–—-]|\b(?:to|until|till|bis|al|à|au|hasta|a)\b)"
_TODAY = re.compile(
    rf"{_ONE}\s*{_TO}\s*(?:(?:the\s+)?present|today|now|heute|aujourd[’']hui|oggi|hoy)\b", re.IGNORECASE
)
_RANGE = re.compile(rf"{_ONE}\s*{_TO}\s*{_ONE}", re.IGNORECASE)
#: "(–2010)"
_UP_TO = re.compile(rf"\(\s*[–—-]\s*{_ONE}")
_CLAUSES = re.compile(r"[()\[\],;–—]|\s-(?=\s|\))|\.(?=\s|\Z)|\b(?:and|und|et|y)\b", re.IGNORECASE)
#: Statuses with the words for them.
_STATUS_WORDS = (
    (
        "ended",
        re.compile(
            r"\b(?:ended|terminated|termination|dissolved|cancell?ed|severed|discontinued|revoked|expired|defunct|"
            r"beendet|beendigung|gekündigt|kündigung|aufgelöst|auflösung|aufgehoben|erloschen|eingestellt|"
            r"ausgelaufen|dissoute?|rompue?|terminée?|résiliée?|cessat[oa]|finalizad[oa]|"
            rf"(?:bis|until|till|jusqu[’'](?:en|au|à)|fino al|hasta)\b(?=.*{_ONE}))(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        "suspended",
        re.compile(
            r"\b(?:suspended|on hold|frozen|paused|dormant|inactive|inaktiv|pausiert|ausgesetzt|ruhend|ruht|"
            r"eingefroren|suspendue?|en sommeil|en pause|inactif|sospes[oa]|inattiv[oa]|suspendid[oa]|inactiv[oa])\b",
            re.IGNORECASE,
        ),
    ),
)
_RENEWED = re.compile(r"\b(?:renewed|erneuert|renouvelée?)\b", re.IGNORECASE)
#: Words for an end only where no others stand beside them: "(ehemals Chemnitz)" is a name.
_PAST = re.compile(r"(?:former|formerly|ehemals|ehemalige[rns]?)\Z", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|never|nicht|nie|kein\w*|pas|jamais|non|no)\b", re.IGNORECASE)
#: Words beside a date that make it no other than the start.
_OF_A_START = re.compile(
    r"(?:since|seit|depuis|dal|dalla|desde|from|à|a|partir|partire|as|von|vom|ab|dès|in|on|of|im|am|en|le|la|les|the|dem|den|der|de|du|des|"
    r"del|di|il|el|year|years|jahr|jahre|année|anno|año|signed|established|founded|formed|started|begun|began|"
    r"agreed|created|concluded|twinned|partnered|unterzeichnet|gegründet|begründet|besiegelt|vereinbart|"
    r"geschlossen|abgeschlossen|begonnen|verschwister\w*|mit|with|avec|con|signée?|conclue?|fondée?|créée?|jumel\w+|"
    r"firmat[oa]|firmad[oa]|gemell\w+|hermana\w+|official|officially|offiziell|formal|formally|"
    r"twin|sister|town|towns|city|cities|twinning|partner|partnership|friendship|agreement|treaty|charter|contract|"
    r"(?:städte|gemeinde|orts|kreis|schul)?(?:partner|freund|paten)\w*|vertrag|urkunde|abkommen|"
    r"partenariat|accord|convention|charte|amitié|patto|accordo|amicizia|acuerdo|convenio|amistad)\Z",
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


@dataclass(frozen=True, slots=True)
class WikiPage:
    """A page with its text and where it is from.

    Attributes:
        title: of the page.
        text: its wikitext.
        url: the page a reader can open; of this version where it is known.
        language: of the wiki, "und" where unknown.
        date: EDTF day of this version, or "".
    """

    title: str
    text: str
    url: str = ""
    language: str = "und"
    date: str = ""


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


def fetch_page(address: str, *, timeout: float = 60.0) -> WikiPage:
    """Ask a wiki's MediaWiki API for the text of a page.

    Args:
        address: of the page for readers, such as ``https://de.wikipedia.org/wiki/Helmstedt``.
        timeout: seconds.

    Raises:
        EndpointError: no such page, no answer, or one that is no MediaWiki's.
    """
    parts = urllib.parse.urlsplit(address)
    title = urllib.parse.unquote(parts.path.rpartition("/wiki/")[2]).replace("_", " ")
    if parts.scheme not in ("http", "https") or "/wiki/" not in parts.path or not title:
        raise EndpointError("is no address of a page: https://en.wikipedia.org/wiki/Title", url=address)
    query = {
        "action": "query",
        "prop": "revisions",
        "rvprop": "content|ids|timestamp",
        "rvslots": "main",
        "titles": title,
        "redirects": "1",
        "format": "json",
        "formatversion": "2",
    }
    api = f"{parts.scheme}://{parts.netloc}/w/api.php?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above.
        api, headers={"User-Agent": "twingraph (https://w3id.org/twingraph) python-urllib"}
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:  # noqa: S310
            raw = answer.read(_MAX_PAGE + 1)
    except urllib.error.HTTPError as error:
        raise EndpointError(
            f"the wiki answered {error.code} {error.reason}; try again later", url=address, status=error.code
        ) from None
    except (OSError, ValueError) as error:
        raise EndpointError(f"the wiki gave no answer ({error})", url=address) from None
    if len(raw) > _MAX_PAGE:
        raise EndpointError("the answer is larger than any page", url=address)
    try:
        page = json.loads(raw)["query"]["pages"][0]
        if page.get("missing"):
            raise EndpointError("there is no such page", url=address)
        revision = page["revisions"][0]
        text = revision["slots"]["main"]["content"]
        title = page["title"]
    except (ValueError, KeyError, IndexError, TypeError):
        raise EndpointError("the answer is none of a MediaWiki, or cut off", url=address) from None
    language = parts.netloc.split(".")[0]
    return WikiPage(
        title,
        text,
        f"{parts.scheme}://{parts.netloc}/w/index.php?oldid={revision.get('revid', '')}",
        language if re.match(r"[a-z]{2,3}\Z", language) else "und",
        str(revision.get("timestamp", ""))[:10],
    )


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
    if len(page.text) > _MAX_PAGE:
        raise DataError(f"is larger than {_MAX_PAGE >> 20} MiB, more than any page", file=page.title)
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
        word = re.sub(rf"\b(?:seit|since|depuis|in)?\s*{_YEAR}.*", "", part).strip()
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
    dates, item.is_undated = _dates(beside)
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


def _dates(text: str) -> tuple[dict[str, str], bool]:
    """Return start, end, renewal and status that the words beside a partner tell, and whether a date was left out.

    A date is a start where it stands alone or beside words of a start, and an end or a pause where a word for that
    stands beside it. Beside any other words it is left out.

    >>> _dates("(since 1985; ended 2022)")
    ({'status': 'ended', 'end': '2022', 'start': '1985'}, False)
    >>> _dates("(since 1985, mayor elected 2001)")
    ({'start': '1985'}, True)
    """
    text = text.replace(_ONE, " ").replace(_TWO, " ")
    dates = [_edtf(date) for date in _DATE.findall(text)]
    text = _TODAY.sub(_ONE, _DATE.sub(_ONE, text))
    text = _UP_TO.sub(f"(until {_ONE}", _RANGE.sub(_TWO, text))
    found: dict[str, str] = {}
    #: Starts with words for it, and dates alone.
    worded: list[str] = []
    alone: list[str] = []
    is_span = False
    is_left = bool(re.search(_YEAR, text))
    for clause in _parts(text):
        ones, spans = clause.count(_ONE), clause.count(_TWO)
        told, dates = dates[: ones + 2 * spans], dates[ones + 2 * spans :]
        words = clause.replace(_ONE, " ").replace(_TWO, " ")
        others = _other_words(words)
        status = next((status for status, pattern in _STATUS_WORDS if pattern.search(clause)), "")
        of_past = [word for word in words.split() if _PAST.match(word)]
        if of_past and not status:
            plain = [word for word in words.split() if re.search(r"\w", word) and not _OF_A_START.match(word)]
            if plain == of_past:
                found.setdefault("status", "ended")
            # "formerly since 1970" does not tell when it ended.
            is_left = is_left or bool(told)
            continue
        if _NOT.search(words):
            is_left = is_left or bool(told)
        elif _RENEWED.search(words):
            if told:
                found.setdefault("renewed", told[-1])
        elif status and "status" not in found:
            found["status"] = status
            if spans:
                worded.append(told[0])
            if told:
                found["end" if status == "ended" else "status_since"] = told[-1]
        elif status:
            is_left = is_left or bool(told)
        elif not told:
            continue
        elif others:
            is_left = True
        elif spans and not is_span and told[0] <= told[1]:
            is_span = True
            worded.append(told[0])
            span_end = told[1]
        elif spans or (not words.strip() and (found or is_left)):
            # In "inactive, 2015" and "visits in 1970 and 1990" the last date is not the start.
            is_left = True
        else:
            (worded if words.strip() else alone).append(told[0])
    if is_span:
        if found.setdefault("status", "ended") == "ended":
            found.setdefault("end", span_end)
        else:
            found.setdefault("status_since", span_end)
    starts = worded[:1] or (alone if len(alone) == 1 else [])
    if starts:
        found["start"] = starts[0]
    return found, is_left or len(worded) + len(alone) > len(starts)


def _parts(text: str) -> Iterator[str]:
    """Yield the clauses of a text, each with one date at most: words go with the date after them."""
    for clause in _CLAUSES.split(text):
        pieces = re.findall(rf"[^{_ONE}{_TWO}]*[{_ONE}{_TWO}]", clause)
        rest = clause[sum(map(len, pieces)) :]
        if not pieces:
            yield clause
            continue
        yield from pieces[:-1]
        yield pieces[-1] + rest


def _other_words(text: str) -> str:
    """Return the words that are neither of a start nor a country or a part of one."""
    words = [word for word in re.split(r"[\s:]+", text) if re.search(r"\w", word)]
    others = " ".join(word for word in words if not _OF_A_START.match(word.strip(".'’\"")))
    place = find_country(others) if others else None
    return "" if place and place.how in ("name", "part") else others


def _edtf(text: str) -> str:
    text = " ".join(text.replace("-J", " J").replace("-j", " j").split())
    decade = re.match(r"années\s+(\d{3})0\Z", text, re.IGNORECASE)
    try:
        return f"{decade[1]}X" if decade else to_edtf(text)
    except ValueError:
        year = re.search(_YEAR, text)
        return year[0] if year else ""
