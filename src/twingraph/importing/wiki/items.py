"""A list item of a wiki's page: the partner that it names, and what all words beside the name tell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from twingraph.importing.values import Rejected
from twingraph.importing.wiki.date_words import Told, mark_dates, read_words
from twingraph.importing.wiki.markup import BREAK, FLAG, LINK, LINK_LETTER, STRUCK, Line, is_country, without_marks
from twingraph.importing.wiki.place_words import Places, find_places
from twingraph.importing.wiki.tie_words import AGAINST, ELSEWHERE, NOTHING_NAMED, Token, tokens
from twingraph.importing.wiki.units import INSTITUTION, level_of

__all__ = ["Partner", "read_partner"]

#: What may stand between two partners.
_JOINED = re.compile(rf"[/&+;:–{BREAK}{FLAG}]|\s-\s|\b(?:and|und|sowie|et|e|ed|y|i|oraz)\b", re.IGNORECASE)
_MARKUP = re.compile(r"\[\[|\]\]|\{\{|\}\}|[<>|{}]")
_NO_MARKS_OF_NAMES = re.compile(r"[^\w\s.,'’‘`´ʻ()\"“”„«»!/&·–:°º-]")
#: Meanings that words in the name of a place may have.
_OF_NAMES = frozenset(("", "plain", "town", "and", "has", "mark", "since", "until"))
#: A name without a link is shorter than this.
_LONGEST_NAME = 60


@dataclass(slots=True)
class Partner:
    """A partner as an item names it.

    Attributes:
        country: as written, or "".
        told: what the words beside the name tell.
        words: all words beside the name.
        is_struck: whether it is struck out.
        is_beside: whether a further place is taken for the region where it lies.
    """

    name: str
    country: str = ""
    told: Told = field(default_factory=Told)
    words: str = ""
    is_struck: bool = False
    is_beside: bool = False


def read_partner(line: Line, *, is_sure: bool) -> Partner | None:
    """Return the partner that an item names; None where it names none.

    Args:
        line: the item without its bullets.
        is_sure: whether a name without link, flag or country is a partner's.

    Raises:
        Rejected: what stands there is no partner, or more than one.
    """
    marked, is_struck = _unstruck(line)
    shown = without_marks(marked)
    first = LINK.search(marked)
    if ELSEWHERE.match(shown) and not (first and shown.startswith(without_marks(first[0]))):
        raise Rejected("it names no partner", "name")
    places = [(match, line.linked(match[1])) for match in LINK.finditer(marked) if without_marks(match[0])]
    named = [(match, link) for match, link in places if len(places) == 1 or not is_country(link.label)]
    target = None
    if named and _begins_with_name(marked[: named[0][0].start()]):
        # "Lecce, [[Apulia]]": the link is where the partner lies, not the partner.
        raise Rejected(f"it is not sure which is the partner ({shown[:60]})", "name")
    if places:
        match, link = (named or places)[0]
        if link.target is not None and (not link.target or link.target.startswith("#")):
            raise Rejected("it links to no page, or to a part of this one", "name")
        name, target, start, end = link.label, link.target, match.start(), match.end()
    else:
        start, end = _unlinked(marked)
        name = without_marks(marked[start:end])
        if not name or len(name) > _LONGEST_NAME:
            if line.asides and not shown:
                raise Rejected(f"stands in a template that is not read ({line.asides[0][:60]})", "name")
            return None
    _check_name(name, target)
    before, after = marked[:start], marked[end:]
    _check_one(line, before, after, [link.label for _, link in named], is_linked=bool(places))
    found, dates, told_before = _words(line, before, after)
    if not (line.links or is_sure or line.flags or found.country):
        return None
    if level_of(name) == INSTITUTION:
        raise Rejected(f"it is no municipality ({name[:60]})", "name")
    if len(set(line.flags)) > 1:
        raise Rejected(f"it has flags of several countries ({', '.join(line.flags[:5])})", "country")
    if told_before:
        raise Rejected(f"the words before the name are not understood ({told_before[:60]})", "name")
    if found.is_several and not named[1:] and _JOINED.search(after):
        raise _several([line.shown])
    if len(named) > 1 and (found.is_several or (len(named) > 2 and not (found.country or line.flags))):
        raise _several([link.label for _, link in named])
    told = read_words(found.words, dates)
    told.is_understood = told.is_understood and not line.asides
    if not told.is_understood:
        told.columns = {key: date for key, date in told.columns.items() if key == "start"}
    country = found.country or (line.flags[0] if line.flags else "")
    beside = (without_marks(before).strip(" ,;:–-"), without_marks(after).strip(" ,;:–-"))
    words = [text for text in beside if text.strip(".")]
    words += [f"[{aside}]" for aside in line.asides]
    return Partner(name, country, told, " … ".join(words), is_struck, found.is_beside)


def _begins_with_name(before: str) -> bool:
    """Whether what stands before the first link begins with a name of its own, as "Lecce, [[Apulia]]" does."""
    name = re.match(r"([^\W\d_][^,(;:–]*?)\s*[,(]", without_marks(before))
    if not name or not name[1][:1].isupper() or is_country(name[1]):
        return False
    return any(not word.meaning for word in tokens(name[1]))


def _unstruck(line: Line) -> tuple[str, bool]:
    """Return the marked words without those struck out, and whether the partner is struck out."""
    marked = line.marked
    is_struck = False
    while match := STRUCK.search(marked):
        rest = marked[: match.start()] + marked[match.end() :]
        first = LINK.search(marked)
        is_partner = not re.search(r"\w", without_marks(rest)) or bool(
            first and match.start() <= first.start() < match.end()
        )
        is_struck = is_struck or is_partner
        marked = marked[: match.start()] + (match[1] if is_partner else " ") + marked[match.end() :]
    return marked, is_struck


def _unlinked(marked: str) -> tuple[int, int]:
    """Return where a name without a link stands: behind words before a colon and dates, up to the next mark or date."""
    text = re.sub(f"[{FLAG}]", " ", marked)
    dated, _ = mark_dates(text)
    # Marks of dates are shorter than dates: names are looked for in the text as it is.
    first = list(tokens(dated))
    head = re.match(r"[^:]*:\s*", text)
    start = 0
    if head and all(token.meaning for token in tokens(mark_dates(head[0])[0])) and len(head[0].strip()) > 1:
        start = head.end()
    elif first and first[0].meaning in ("date", "span"):
        match = re.match(r"[\d\W]*(?=[^\W\d])", text)
        start = match.end() if match else 0
    start += len(text[start:]) - len(text[start:].lstrip(" :,–-"))
    rest = text[start:]
    end = re.search(rf"\s*(?:[,(–:;{BREAK}]|\s-\s|\Z)", rest)
    name = rest[: end.start()] if end else rest
    cut = re.search(r"\s(?:\d{1,2}\.\s?)?(?:\w+\s)?\d{4}\b", name)
    if cut:
        words = list(tokens(name[: cut.start()]))
        while len(words) > 1 and words[-1].meaning:
            words.pop()
        name = name[: words[-1].end] if words else name
    name = name.rstrip(" .*†")
    return start, start + len(name)


def _check_name(name: str, target: str | None) -> None:
    """Refuse what is no name of a place, or holds more than one.

    Args:
        name: as it is shown.
        target: of its link; None where it has none.

    Raises:
        Rejected: it is a year, or holds markup, marks or words of no name.
    """
    if _MARKUP.search(name):
        raise Rejected("the name holds markup that can't be read", "name")
    if re.fullmatch(r"[\W\d_]*\d[\W\d_]*", name):
        raise Rejected("a number or a year is no name", "name")
    if NOTHING_NAMED.match(name.strip(" .()")):
        raise Rejected("it names no partner", "name")
    words = list(tokens(mark_dates(name)[0]))
    if all(word.meaning not in ("", "plain", "town", "and", "has", "since", "until") for word in words):
        raise Rejected("it names no place", "name")
    if target is not None and name in target:
        return
    is_against = any(word.meaning in AGAINST - {"until"} and not word.text[:1].isupper() for word in words)
    if is_against or _NO_MARKS_OF_NAMES.search(name):
        raise Rejected(f"the name holds words or marks that are none of a name ({name[:60]})", "name")
    last = next((word for word in reversed(words) if word.meaning != "mark"), words[-1])
    is_open = last.meaning != "town" and (last.text[:1].islower() or re.search(r"\d", last.text) is not None)
    if is_open and not (target is not None and last.text in target):
        raise Rejected(f"it is not sure where the name ends ({name[:60]})", "name")


def _several(names: list[str]) -> Rejected:
    return Rejected(f"names several places ({', '.join(names[:5])}); write each in a line of its own", "name")


def _check_one(line: Line, before: str, after: str, names: list[str], *, is_linked: bool) -> None:
    """Refuse an item that names two partners.

    Args:
        line: the item.
        before: the marked words before the first name.
        after: those behind it.
        names: of all places that it links.
        is_linked: whether the first name is a link.

    Raises:
        Rejected: links are joined by words or marks for that, or a line break or a flag stands between.
    """
    end = 0
    for match in LINK.finditer(after):
        gap, end = after[end : match.start()], match.end()
        is_place = not is_country(line.linked(match[1]).label)
        if is_linked and is_place and _is_joint(gap):
            raise _several(names)
    broken, flagged = after.partition(BREAK)[2], after.partition(FLAG)[2]
    is_second = LINK.search(broken) or FLAG in broken or (FLAG in before and re.search(r"\w", without_marks(flagged)))
    if is_second:
        raise _several(names or [line.shown])


def _is_joint(gap: str) -> bool:
    """Whether what stands before a link joins two partners, and says no more than where and since when."""
    if not _JOINED.search(gap):
        return False
    rest = _JOINED.sub(" ", gap)
    words = [word for word in tokens(mark_dates(rest)[0]) if word.meaning != "mark"]
    return all(word.meaning in ("plain", "date", "span", "since", "place") or is_country(word.text) for word in words)


def _words(line: Line, before: str, after: str) -> tuple[Places, list[str], str]:
    """Return the words beside the name, their dates, and those before the name that are not understood."""

    def shown(link: re.Match[str]) -> str:
        # "[[Twin town|former twin]]" is no place.
        label = line.linked(link[1]).label
        is_place = label[:1].isupper() and all(
            word.meaning in _OF_NAMES or is_country(label) for word in tokens(mark_dates(label)[0])
        )
        return f"\ue014{link[1]}\ue015" if is_place else link[2]

    def plain(text: str) -> str:
        text = LINK.sub(shown, text)
        return text.replace(FLAG, " ").replace(BREAK, " , ")

    text, dates = mark_dates(f"{plain(before)} ; {plain(after)}")
    # The last part of this text is behind the name: links and dates are marks of one letter before it as well.
    start = len(mark_dates(plain(before))[0]) + 3
    words: list[Token] = []
    for word in tokens(text):
        if word.text == "\ue014" or (words and word.text == "\ue015"):
            continue
        if LINK_LETTER.match(word.text):
            words.append(Token("link", word.text, word.start - 1, word.end + 1))
        else:
            words.append(word)
    flag = line.flags[0] if line.flags else ""
    found = find_places(words, text, line, flag, start)
    found.words = [Token("", w.text, w.start, w.end) if w.meaning == "link" else w for w in found.words]
    silent = frozenset(" \"'„“”«»’‘-/()[],;:–·•.*")
    unknown = [
        word
        for word in found.words
        if word.end <= start and (not word.meaning or (word.meaning == "mark" and word.text not in silent))
    ]
    return found, dates, without_marks(before) if unknown else ""
