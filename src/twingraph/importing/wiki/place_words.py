"""The words beside a partner that tell where it lies: a country, a part of one, a linked place around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from twingraph.importing.wiki.markup import Line, is_country
from twingraph.importing.wiki.tie_words import Token
from twingraph.resolving.countries import find_country

__all__ = ["Places", "find_places"]

#: Words that stand in the name of a country, too.
_WITHIN_NAMES = frozenset(("plain", "town", "has", "and", "past", "not", "until", "since", "link", ""))
_ENDS = frozenset("()[],;:–·•")
#: A country that has the name of a state of another: alone, it may be either.
_EITHER = frozenset(("Georgia",))


@dataclass(slots=True)
class Places:
    """What words tell of where a partner lies.

    Attributes:
        words: all words; those that tell it have the meaning "place".
        country: as it is written, or "".
        is_beside: whether a further place is taken for the region where the partner lies.
        is_several: whether two countries are named.
    """

    words: list[Token]
    country: str = ""
    is_beside: bool = False
    is_several: bool = False
    _codes: set[str] = field(default_factory=set)


def find_places(words: Sequence[Token], text: str, line: Line, country: str, start: int) -> Places:
    """Find the words that tell where a partner lies.

    Args:
        words: of the text; a linked place is one word with the meaning "link" and its letter as text.
        text: that the words are of.
        line: that holds the links.
        country: as flags tell it, or "".
        start: where in the text the words behind the name begin.
    """
    found = Places(list(words))
    segments = list(_segments(words))
    first = next((word.start for word in words if word.start >= start), -1)
    for segment in segments:
        adjoins = words[segment[0]].start == first
        _take_country(found, segment, text, line, country if adjoins else None, has_flag=bool(country))
    lies_in = found.country or country
    for number, segment in enumerate(segments):
        follows = number + 1 < len(segments) and all(found.words[at].meaning == "place" for at in segments[number + 1])
        _take_region(found, segment, text, line, lies_in, is_before_country=follows)
    return found


def _segments(words: Sequence[Token]) -> Iterator[list[int]]:
    """Yield the words between two marks or dates."""
    segment: list[int] = []
    for at, word in enumerate(words):
        is_end = word.meaning in ("date", "span") or (word.meaning == "mark" and word.text in _ENDS)
        is_dash = word.text == "-" and not (
            0 < at < len(words) - 1 and words[at - 1].end == word.start and words[at + 1].start == word.end
        )
        if not is_end and not is_dash:
            segment.append(at)
        elif segment:
            yield segment
            segment = []
    if segment:
        yield segment


def _runs(found: Places, segment: list[int]) -> Iterator[list[int]]:
    """Yield what may be the name in a segment: from its first to its last unknown word, and more around them."""
    unknown = [at for at in segment if found.words[at].meaning in ("", "link")]
    if not unknown:
        return
    first, last = segment.index(unknown[0]), segment.index(unknown[-1])
    for start, end in ((0, len(segment)), (first, last + 1), (max(first - 1, 0), last + 1), (first, last + 2)):
        run = segment[start:end]
        if run and all(found.words[at].meaning in _WITHIN_NAMES or found.words[at].text in ".-'’/&" for at in run):
            yield run


def _written(found: Places, run: list[int], text: str, line: Line) -> str:
    """Return the words of a run as a reader sees them."""
    words, end = [], found.words[run[0]].start
    for at in run:
        word = found.words[at]
        words.append(text[end : word.start])
        words.append(line.linked(word.text).label if word.meaning == "link" else word.text)
        end = word.end
    if text[end : end + 1] == "." and "." in "".join(words):
        words.append(".")
    return " ".join("".join(words).split())


def _mark(found: Places, run: list[int]) -> None:
    for at in run:
        word = found.words[at]
        found.words[at] = Token("place", word.text, word.start, word.end)


def _take_country(
    found: Places, segment: list[int], text: str, line: Line, flag: str | None, *, has_flag: bool
) -> None:
    """Take a segment's country; behind a name without a mark between ("Mackinac Island") only if the flag tells it."""
    meanings = {found.words[at].meaning for at in segment}
    after = segment[0] > 0 and found.words[segment[0] - 1].meaning in ("date", "span")
    if after or "until" in meanings:
        # "1991 Slovakia" and "Czechoslovakia until 1992" are about the place's own past.
        return
    for run in _runs(found, segment):
        written = _written(found, run, text, line)
        parts = re.split(r"\s*/\s*", written)
        if not all(map(is_country, parts)):
            continue
        link = line.linked(found.words[run[0]].text) if found.words[run[0]].meaning == "link" else None
        if written in _EITHER and not (link and "(country)" in (link.target or "")):
            continue
        named = find_country(written)
        code = named.code if named else ""
        told = find_country(flag) if flag else None
        if flag is not None and link is None and not (told and told.code == code):
            continue
        _mark(found, [*run, *(at for at in segment if found.words[at].meaning == "past")])
        if not ("past" in meanings and has_flag):
            found.country = found.country or written
        # A state of the past beside that of today is no second country.
        found._codes |= {code} if len(code) == 2 else set()
        found.is_several = len(found._codes) > 1
        return


def _take_region(
    found: Places, segment: list[int], text: str, line: Line, country: str, *, is_before_country: bool
) -> None:
    others = [at for at in segment if found.words[at].meaning not in ("", "link", "plain", "has", "and", "mark")]
    for run in _runs(found, segment):
        written = _written(found, run, text, line)
        if not written[:1].isupper():
            continue
        named = find_country(written)
        whole = find_country(country) if country else None
        is_part = (
            named is not None
            and named.how == "subdivision"
            and (whole is None or len(whole.code) == 4 or whole.code == named.code)
        )
        if country and not is_part:
            both = find_country(f"{written}, {country}")
            is_part = both is not None and bool(both.region) and not is_country(written)
        if is_part or (written in _EITHER and (whole is None or whole.code in ("US", "GE"))):
            found.is_beside = (
                found.is_beside or written in _EITHER or any(found.words[at].meaning == "link" for at in run)
            )
            _mark(found, run)
            return
    unknown = [at for at in segment if found.words[at].meaning in ("", "link")]
    is_named = all(
        found.words[at].meaning == "link" or (is_before_country and found.words[at].text[:1].isupper())
        for at in unknown
    )
    if unknown and is_named and not others and segment[0] == unknown[0] and segment[0] > 0:
        before = found.words[segment[0] - 1]
        if before.meaning == "mark" and before.text in "(,[":
            _mark(found, segment)
            found.is_beside = True
