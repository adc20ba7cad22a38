"""One line of wikitext as a reader sees it: words, links, flags, and what stands aside in notes and templates."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from twingraph.importing.wiki.date_words import is_date, plain_dashes
from twingraph.resolving.countries import find_country

if TYPE_CHECKING:
    from mwparserfromhell.nodes import Template
    from mwparserfromhell.wikicode import Wikicode

__all__ = [
    "BREAK",
    "FLAG",
    "LINK",
    "LINK_LETTER",
    "STRUCK",
    "Line",
    "Link",
    "box_title",
    "ends_box",
    "is_country",
    "layout_only",
    "read_line",
    "without_marks",
]

#: Marks in the words of a line: a flag, a line break, struck words, a link with its number as a letter.
FLAG, BREAK = "\ue012", "\ue013"
STRUCK = re.compile("\ue010([^\ue010\ue011]*)\ue011")
LINK = re.compile("\ue014([\ue100-\uf8ff])([^\ue014\ue015]*)\ue015")
LINK_LETTER = re.compile("[\ue100-\uf8ff]")
_FIRST_LETTER, _MOST_LINKS = 0xE100, 0xF8FF - 0xE100
_OTHER_SPACES = re.compile(
    r"^:?(?:file|image|datei|bild|fichier|plik|archivo|category|kategorie|catégorie|categoria|categoría|kategoria|help|"
    r"template|vorlage|modèle|wikipedia|w|s|wikt|commons|user)\s*:",
    re.IGNORECASE,
)
_ISO3 = re.compile(r"[A-Z]{3}(?:-[A-Z0-9]{1,3})?\Z")
#: Two letters of a country's code as regional indicator symbols, and flags of England, Scotland and Wales.
_FLAG_EMOJI = re.compile("[\U0001f1e6-\U0001f1ff]{2}|\U0001f3f4[\U000e0061-\U000e007f]+")
_STRUCK_TAGS = frozenset(("s", "del", "strike"))
#: Templates by what they do; a name is written in small letters.
_TEMPLATES: dict[str, frozenset[str]] = {
    what: frozenset(name.strip() for name in names.split(","))
    for what, names in {
        "flag": "flagicon, flagdeco, flag, flagu, flagcountry, flaggensymbol, country flag, flagicon image, drapeau, "
        "drapeau2, bandiera, bandera, bandera2, pays, państwo, flaga, flagga, vlajka, vlag",
        "shown": "small, smaller, big, large, larger, nowrap, nobr, nobold, nobreak, center, centre, petit, mini, "
        "hlist, plainlist, ubl, unbulleted list, bold, italic, incise, citation nécessaire, référence nécessaire, "
        "refnec",
        "shown second": "lang, sort, color, colour, font color",
        "shown with meaning": "abbr, tooltip, abréviation, abbréviation",
        "struck": "s, strike, strikethrough, del, strikeout, strikethroughtext, s-, durchgestrichen",
        "date": "start date, start-date, date, dts, dtsh, start date and age, date-, dat, data, datum, end date",
        "link": "ill, interlanguage link, interlanguage link multi, lien, illm, link-interwiki, iw, ill2",
        "as of": "as of, stand, au",
        "dash": "ndash, mdash, snd, spnd, snds, spaced ndash, spaced en dash, en dash, em dash, –, —, dash, tiret",
        "gap": "0, nbsp, space, spaces, sp, dot, ·, •, bull, pad, clear, -, br, break, nnbsp",
        "note": "efn, efn-lr, efn-ua, refn, #tag:ref, note, fn, anm, nota, notetag, uwaga, adnotacja, fußnote",
        "reference": "citation needed, cn, fact, dead link, better source, better source needed, verify source, sfn, "
        "sfnp, r, rp, cite web, cite news, cite book, webarchive, internetquelle, literatur, belege fehlen, harvsp, "
        "lien brisé, refn needed, update inline, full citation needed, failed verification, cita requerida, "
        "senza fonte, fakt, cytuj, coord, coordinate, anchor, anker, ancre, unsigned, when, primary source inline, "
        "ref",
        "box": "hidden begin, collapse top, hidden, collapse, collapsible list, boîte déroulante, "
        "boîte déroulante/début, nbs begin",
        "layout": "div col, div col end, col-begin, col-end, col-break, col div, column, columns-list, "
        "columns-start, columns-end, colonnes, début de colonnes, fin de colonnes, div col begin, div, end div, "
        "multicol, multicol-break, multicol-end, colonne, see also, main, further, siehe auch, hauptartikel, "
        "article détaillé, vedi anche, véase, short description, reflist, references, hidden end, collapse bottom, "
        "collapsible list end, clear left, clear right, toc, compact toc, compacttoc, compacttoc8, toc limit, "
        "use dmy dates, use mdy dates, flagu list, main article, kolumny, wiele kolumn, cols, mehrspaltige liste, "
        "refbegin, refend, flex columns, portal",
    }.items()
}
#: Codes that sports use, and templates of flags with them: country by code.
_SPORTS_CODES = {
    "ENG": "England",
    "SCO": "Scotland",
    "WAL": "Wales",
    "NIR": "Northern Ireland",
    "YUG": "Yugoslavia",
    "TCH": "Czechoslovakia",
    "CSK": "Czechoslovakia",
    "URS": "Soviet Union",
    "SUN": "Soviet Union",
    **dict(
        re.findall(
            r"(\w+)=(\w+)",
            "ALG=DZ ANG=AO BAN=BD BUL=BG CAM=KH CGO=CG CHI=CL CRC=CR CRO=HR DEN=DK ESA=SV GER=DE GRE=GR GUA=GT HAI=HT "
            "HON=HN INA=ID IRI=IR KOS=XK KSA=SA KUW=KW LAT=LV LIB=LB MAS=MY MGL=MN MYA=MM NCA=NI NED=NL NEP=NP NGR=NG "
            "PAR=PY PHI=PH POR=PT PUR=PR RSA=ZA SLO=SI SUD=SD SUI=CH TAN=TZ TPE=TW UAE=AE URU=UY VIE=VN ZAM=ZM ZIM=ZW",
        )
    ),
}
#: A template that goes on over further lines, with its name and parameters that have a name.
_OPENED = re.compile(r"\{\{\s*([^{}|\[\]]+)((?:\|[^{}|\[\]=]*=[^{}|\[\]]*)*)\|?\s*\Z")
_EMPTY_LINE = re.compile(
    r"[\s|}<>/:*#;-]*(?:</?(?:div|center|small|ul|span|br|p|gallery)\b[^<>]*>\s*)*\Z", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page: what a reader sees, and its target; None for a name that a flag's template shows."""

    label: str
    target: str | None


@dataclass(slots=True)
class Line:
    """A line as a reader sees it.

    Attributes:
        marked: its words, with marks around links and struck words and for flags and line breaks.
        links: in the order of their marks.
        flags: what each flag's template names as the country.
        asides: words of notes, and of templates that are not known.
    """

    marked: str = ""
    links: list[Link] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """Return the words without marks."""
        return without_marks(self.marked)

    def link(self, text: str, label: str, target: str | None) -> str:
        """Return the marked words of a link; beyond any number that a line has, its words alone."""
        if len(self.links) >= _MOST_LINKS:
            return text
        self.links.append(Link(label, target))
        return f"\ue014{chr(_FIRST_LETTER + len(self.links) - 1)}{text}\ue015"

    def linked(self, letter: str) -> Link:
        """Return the link that a letter in the marked words stands for."""
        return self.links[ord(letter) - _FIRST_LETTER]


def without_marks(marked: str) -> str:
    """Return marked words as a reader sees them."""
    return " ".join(re.sub("[\ue000-\uf8ff]", "", re.sub(f"[{FLAG}{BREAK}]", " ", marked)).split())


def is_country(text: str) -> bool:
    """Whether a text is a country's name; a slip of the pen does not count (Chard is not Chad), nor does a small word.

    Short words in small letters happen to be codes of countries ("de", "um", "est"), and some are names ("island"); two
    large letters are a state of the US as well ("CA", "MO").
    """
    if (
        not text[:1].isupper()
        or (len(text) < 4 and not text.isupper())
        or (len(text) == 2 and text not in ("UK", "US"))
    ):
        return False
    found = find_country(text)
    return found is not None and found.how == "name"


def read_line(text: str) -> Line:
    """Return a line of wikitext as a reader sees it."""
    import mwparserfromhell

    line = Line()
    marked = _read(mwparserfromhell.parse(text, skip_style_tags=True), line)
    for emoji in _FLAG_EMOJI.findall(marked):
        line.flags.append(_country_of_emoji(emoji))
    marked = re.sub(r"'{2,5}", "", _FLAG_EMOJI.sub(FLAG, marked))
    line.marked = plain_dashes(re.sub(r"[^\S\n]+", " ", marked)).strip()
    return line


def layout_only(text: str) -> bool:
    """Return whether a line holds nothing for a reader but the layout of those around it."""
    import mwparserfromhell

    if _EMPTY_LINE.match(text):
        return True
    opened = _OPENED.match(text)
    if opened:
        return not opened[2] or opened[1].strip().lower() in _TEMPLATES["layout"] | _TEMPLATES["shown"]
    code = mwparserfromhell.parse(text, skip_style_tags=True)
    templates = code.filter_templates(recursive=False)
    if any(_what(template) not in ("layout", "reference", "gap", "box") for template in templates):
        return False
    rest = str(code)
    for template in templates:
        rest = rest.replace(str(template), "")
    rest = re.sub(r"\[\[:?(?:file|image|datei|bild|fichier|plik|category|kategorie)\s*:.*\]\]", "", rest, flags=re.I)
    return bool(_EMPTY_LINE.match(re.sub(r"__[A-Z]+__", "", rest)))


def box_title(text: str) -> str:
    """Return the title of a box that a line opens; "" where it opens none, or one without a title."""
    import mwparserfromhell

    whole = text + "}}" if _OPENED.match(text) else text
    templates = mwparserfromhell.parse(whole, skip_style_tags=True).filter_templates(recursive=False)
    if len(templates) != 1 or _what(templates[0]) != "box":
        return ""
    keys = ("title", "titre", "header", "1")
    return next((read_line(str(templates[0].get(key).value)).shown for key in keys if templates[0].has(key)), "")


def ends_box(text: str, opening: str) -> bool:
    """Return whether a line ends the box that the line `opening` began: as a template for that, or as the open one."""
    if not opening:
        return False
    if _OPENED.match(opening):
        return text.startswith("}}")
    return re.match(r"\{\{[^{}|]*\b(?:end|bottom|fin)\s*\}\}", text, re.IGNORECASE) is not None


def _read(code: Wikicode, line: Line) -> str:
    """Return the marked words of parsed wikitext; put links, flags and asides into `line`."""
    from mwparserfromhell import nodes

    words = []
    for node in code.nodes:
        if isinstance(node, nodes.Text):
            words.append(str(node))
        elif isinstance(node, nodes.HTMLEntity):
            words.append(html.unescape(str(node)))
        elif isinstance(node, nodes.Wikilink):
            if not _OTHER_SPACES.match(str(node.title).strip()):
                label = read_line(str(node.text or "")).shown or str(node.title).strip().lstrip(":")
                if is_date(label):
                    words.append(label)
                    continue
                words.append(line.link(label, label, str(node.title).strip()))
        elif isinstance(node, nodes.ExternalLink):
            words.append(_read(node.title, line) if node.title else "")
        elif isinstance(node, nodes.Template):
            words.append(_template(node, line))
        elif isinstance(node, nodes.Tag):
            tag = str(node.tag).strip().lower()
            within = _read(node.contents, line) if node.contents and tag != "nowiki" else str(node.contents or "")
            is_struck = tag in _STRUCK_TAGS or "line-through" in "".join(map(str, node.attributes))
            words.append(BREAK if tag == "br" else f"\ue010{within}\ue011" if is_struck else within)
        elif isinstance(node, nodes.Argument):
            line.asides.append(str(node))
    return "".join(words)


def _name(template: Template) -> str:
    return " ".join(str(template.name).replace("_", " ").split())


def _what(template: Template) -> str:
    """Return what a template does, or "" where that is not known."""
    name = _name(template).lower()
    return next((what for what, names in _TEMPLATES.items() if name in names or name.partition(":")[0] in names), "")


def _template(template: Template, line: Line) -> str:
    """Return the marked words that a template shows."""
    name, what = _name(template), _what(template)
    if name.startswith("#tag:ref"):
        what = "note"
    given = [parameter.value for parameter in template.params if not parameter.showkey]
    given += [parameter.value for parameter in template.params if parameter.showkey and str(parameter.name).isdigit()]
    first = read_line(str(given[0])).shown if given else ""
    if what == "flag" and first:
        if code := _country_of_code(first):
            line.flags.append(code)
            return FLAG
    elif re.fullmatch(r"\d{1,2}(?:er|e|re)", name) and not given:
        return name
    elif what in ("dash", "gap"):
        return " – " if what == "dash" else " "
    elif what in ("reference", "layout") or (what in ("box", "date") and not given):
        return ""
    elif what == "note":
        words = first or name.partition(":")[2]
        line.asides.append(words)
        return ""
    elif what in ("shown", "struck"):
        within = " · ".join(_read(value, line) for value in given)
        return f"\ue010{within}\ue011" if what == "struck" else within
    elif what == "shown second":
        return _read(given[-1], line) if given else ""
    elif what == "shown with meaning" and given:
        line.asides.extend(read_line(str(value)).shown for value in given[1:])
        return _read(given[0], line)
    elif what == "date":
        return _date([read_line(str(value)).shown for value in given])
    elif what == "as of":
        return f" as of {' '.join(read_line(str(value)).shown for value in given)} "
    elif what == "link":
        label = next(
            (str(template.get(key).value).strip() for key in ("lt", "texte", "fr", "display") if template.has(key)),
            first,
        )
        if label:
            return line.link(label, label, first or label)
    elif _ISO3.match(name) and (code := _country_of_code(name.partition("-")[0])):
        line.flags.append(code)
        # {{FRA|Vitré}} shows the label beside the flag; {{FRA|#}} shows the flag alone.
        if first in ("", "#"):
            return FLAG
        return f"{FLAG} {first if is_country(first) else line.link(first, first, None)} "
    elif len(name) > 3 and is_country(name[:1].upper() + name[1:]):
        line.flags.append(name[:1].upper() + name[1:])
        return FLAG
    shown = ", ".join(filter(None, (read_line(str(p.value)).shown for p in template.params)))
    if not re.fullmatch(r"[^,]*\.(?:svg|png|jpe?g|gif)(?:, [\dpx]*)*", shown, re.IGNORECASE):
        line.asides.append(f"{name}: {shown}" if shown else name)
    return ""


def _country_of_code(text: str) -> str:
    """Return the country that a flag's template names, or ""."""
    country = _SPORTS_CODES.get(text, text)
    found = find_country(country)
    return country if found and found.how in ("name", "part") else ""


def _country_of_emoji(emoji: str) -> str:
    if len(emoji) == 2:
        return "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in emoji)
    return "GB"


def _date(given: list[str]) -> str:
    """Return the date of a template: year, month and day, in this order or the other, or words."""
    numbers = [text for text in given if text]
    if all(text.isdigit() for text in numbers) and len(numbers) > 1:
        if len(numbers[-1]) == 4:
            numbers.reverse()
        if len(numbers[0]) == 4 and len(numbers) == 3:
            return f" {numbers[0]}-{int(numbers[1]):02}-{int(numbers[2]):02} "
        if len(numbers[0]) == 4 and len(numbers) == 2:
            return f" {int(numbers[1])}/{numbers[0]} "
    return f" {' '.join(numbers)} "
