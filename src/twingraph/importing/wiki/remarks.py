"""Lines below a list item that are about it: they never say anything of the items that follow."""

from __future__ import annotations

import re
from collections.abc import Sequence

from twingraph.importing.wiki.date_words import mark_dates
from twingraph.importing.wiki.markup import Line, box_title, layout_only, read_line
from twingraph.importing.wiki.tie_words import AGAINST, KINDS_IN_WORDS, tokens

__all__ = ["BULLETS", "against", "is_remark", "lines_below"]

#: A list item, with its bullets and its words.
BULLETS = re.compile(r"(:*[*#][*#:]*)\s*(.*)\Z")
#: A line that is set in, as one below an item is.
_SET_IN = re.compile(r"[*#:]*:(?![*#:])\s*(.*)\Z")
_NO_TEXT = re.compile(r"'''|;|\{\{|\{\||[|!=]|<(?:big|u|b|strong)\b")


def lines_below(lines: Sequence[str], row: int, bullets: str) -> list[int]:
    """Return the rows of the lines that stand below an item: items of it, and remarks.

    Args:
        lines: of the page.
        row: of the item; the first of a page is 1.
        bullets: of the item.
    """
    rows: list[int] = []
    is_apart = False
    for number, line in enumerate(lines[row:], row + 1):
        if not line:
            is_apart = True
            continue
        nested = BULLETS.match(line)
        is_below = bool(nested) and len(nested[1]) > len(bullets) if nested else is_remark(line)
        if not is_below and not (nested or is_apart or _SET_IN.match(line)):
            is_below = _is_plain_remark(line, next(filter(None, lines[number:]), ""))
        if not is_below:
            break
        rows.append(number)
    return rows


def is_remark(line: str) -> bool:
    """Whether a line is set in below an item, without bullets of its own, and says something of the item."""
    set_in = _SET_IN.match(line)
    if not set_in or not re.search(r"\w", set_in[1]) or _opens_list(set_in[1]):
        return False
    return "[[" not in line or _is_against(read_line(set_in[1]).shown)


def against(remarks: Sequence[Line]) -> list[str]:
    """Return remarks below an item that speak against the tie, or hold words alone that are not understood."""
    found = []
    for line in remarks:
        meanings = {word.meaning for word in tokens(mark_dates(line.shown)[0])}
        if meanings & AGAINST or line.asides or ("" in meanings and not line.links):
            found.append(line.shown or f"[{'; '.join(line.asides)}]")
    return found


def _is_against(shown: str) -> bool:
    return any(word.meaning in AGAINST for word in tokens(shown))


def _opens_list(text: str) -> bool:
    """Whether a line between items looks like a heading of those that follow."""
    return text.rstrip("' ").endswith(":") or re.fullmatch(r"'''+[^']+'''+", text) is not None


def _is_plain_remark(line: str, following: str) -> bool:
    """Whether a line right below an item is about it: between two items, or with words against a tie."""
    if _NO_TEXT.match(line) or _opens_list(line) or "[[" in line or layout_only(line) or box_title(line):
        return False
    shown = read_line(line).shown
    meanings = [word.meaning for word in tokens(shown)]
    ties = [at for at, meaning in enumerate(meanings) if meaning in KINDS_IN_WORDS]
    first = next((at for at, meaning in enumerate(meanings) if meaning in AGAINST), None)
    # "Former twin towns" is a heading, "the partnership ended" none.
    if first is not None and ties and first < ties[0] and not shown.endswith("."):
        return False
    return bool(re.search(r"\w", shown)) and (first is not None or BULLETS.match(following) is not None)
