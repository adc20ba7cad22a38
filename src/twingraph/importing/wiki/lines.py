"""The lines of a wiki's page, without what a reader does not see or that is aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from twingraph.importing.wiki.tie_words import AGAINST, tokens

__all__ = ["page_lines"]


def page_lines(text: str) -> list[str]:
    """Return the lines of a page without comments and references; struck words are closed in each line."""
    # Letters for private use are marks here.
    text = re.sub("[\ue000-\uf8ff]", " ", text)
    text = re.sub(r"<!--.*?(?:-->|\Z)", _gap, text, flags=re.DOTALL)
    text = re.sub(r"<ref(\s[^<>/]*)?>([^<>]*)</ref>", _note, text, flags=re.IGNORECASE)
    text = re.sub(r"<ref[^>/]*/>|<ref[^>]*>.*?</ref>", _gap, text, flags=re.DOTALL | re.IGNORECASE)
    return [line.strip() for line in _closed(text.splitlines())]


def _closed(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines; words that are struck over several lines are struck in each, up to the next heading at most."""
    open_tag = ""
    for line in lines:
        if not line.strip() or line.startswith("="):
            open_tag = "" if line.strip() else open_tag
            yield line
            continue
        bullets = re.match(r"[*#:;]*\s*", line)
        start = bullets.end() if bullets else 0
        struck = f"{line[:start]}<{open_tag}>{line[start:]}" if open_tag else line
        tags = re.findall(r"<(/?)(s|del|strike)(?:\s[^<>]*)?>", struck, flags=re.IGNORECASE)
        open_tag = tags[-1][1] if tags and not tags[-1][0] else ""
        yield struck + (f"</{open_tag}>" if open_tag else "")


def _note(reference: re.Match[str]) -> str:
    """Return a reference as a note where it is one: of a group of notes, or words against a tie without a source."""
    words = " ".join(re.sub(r"[{}|]", " ", reference[2]).split())
    is_source = re.search(r"\{\{|\[|://", reference[2])
    is_note = "group" in (reference[1] or "") or (
        not is_source and any(word.meaning in AGAINST for word in tokens(words))
    )
    return ("{{efn|1=" + words + "}}" if is_note else "") + _gap(reference)


def _gap(match: re.Match[str]) -> str:
    """Return the line breaks of what is taken out, so that all lines keep their numbers."""
    return "\n" * match[0].count("\n")
