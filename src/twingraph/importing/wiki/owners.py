"""A line of a list of many towns that names the town whose partners follow."""

from __future__ import annotations

import re
from dataclasses import dataclass

from twingraph.importing.wiki.date_words import mark_dates
from twingraph.importing.wiki.markup import LINK, Line, is_country, read_line
from twingraph.importing.wiki.place_words import find_places
from twingraph.importing.wiki.tie_words import AGAINST, ELSEWHERE, tokens

__all__ = ["Owner", "read_owner"]

_HEAD = re.compile(r"\s*(?:'''+(.+?)'''+|<(big|u|b|strong)\b[^<>]*>(.*?)</\2>)(.*)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Owner:
    """The town whose partners follow.

    Attributes:
        name: or "" where the line names none.
        problem: why what follows can't be taken, or "".
        words: beside the name, where they are more than where it lies, or "".
        is_doubtful: whether these words are not understood, or speak against the ties.
    """

    name: str
    problem: str = ""
    words: str = ""
    is_doubtful: bool = False


def read_owner(text: str, *, is_heading: bool = False) -> Owner:
    """Return the town that a line names, without the marks of a heading or an item."""
    bold = _HEAD.match(text)
    head, rest = (bold[1] or bold[3] or "", bold[4]) if bold else (text, "")
    line = read_line(head)
    places = [link for link in line.links if not is_country(link.label)]
    beside = read_line(rest)
    if len(places) > 1 or "'''" in rest or "<big" in rest:
        names = [link.label for link in (*places, *beside.links)]
        return Owner(
            "", f"the line above names several towns ({', '.join(names[:5])}), so it is not told whose partner this is"
        )
    if places:
        name = places[0].label
        match = next(m for m in LINK.finditer(line.marked) if line.linked(m[1]) is places[0])
        before, after = line.marked[: match.start()], line.marked[match.end() :]
        if re.search(r"\w", re.sub("[\ue000-\uf8ff]", "", before)):
            return Owner("")
    else:
        name, after = line.shown.strip(" :"), ""
        words = list(tokens(name))
        is_name = (
            words
            and words[0].text[:1].isupper()
            and all(word.text[:1].isupper() or word.meaning == "plain" or word.meaning == "mark" for word in words)
        )
        if (not bold and not is_heading) or not is_name or len(name) > 60:
            return Owner("")
        if any(word.meaning in (*AGAINST, "tie") for word in words):
            return Owner("")
    # "(county [[Ostalbkreis]])" is where it lies.
    marked = re.sub(rf"\([^()]*{LINK.pattern}[^()]*\)", "", after + beside.marked)
    marked = re.sub("[\ue000-\ue0ff]", " ", LINK.sub(lambda link: link[2], marked))
    if ELSEWHERE.match(marked.strip(" ,.;:()")):
        return Owner("")
    return _with_words(name, marked, [*line.asides, *beside.asides])


def _with_words(name: str, marked: str, asides: list[str]) -> Owner:
    dated, _ = mark_dates(marked)
    found = find_places(list(tokens(dated)), dated, Line(), "", 0)
    words = [word for word in found.words if word.meaning not in ("mark", "place")]
    aside = [word for text in asides for word in tokens(text)]
    is_doubtful = any(not word.meaning or word.meaning in AGAINST for word in words)
    is_doubtful = is_doubtful or any(word.meaning in AGAINST for word in aside)
    shown = " ".join([marked.strip(" ,;:"), *(f"[{text}]" for text in asides)]).strip()
    return Owner(name, words=shown if words or asides else "", is_doubtful=is_doubtful)
