"""What the words beside a partner tell of the tie: when it began or ended, that it rests, or that it is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from twingraph.importing.dates import MONTHS, to_edtf
from twingraph.importing.wiki.tie_words import KINDS_IN_WORDS, NO_TIE, ONE_DATE, STATUSES_IN_WORDS, TWO_DATES, Token

__all__ = ["Told", "is_date", "mark_dates", "plain_dashes", "read_words"]

#: A year in which there can have been partnerships.
_YEAR = r"(?:1[89]|20)\d\d"
#: Polish months as they stand in a date.
_POLISH_MONTHS = {
    "stycznia": 1,
    "lutego": 2,
    "marca": 3,
    "kwietnia": 4,
    "maja": 5,
    "czerwca": 6,
    "lipca": 7,
    "sierpnia": 8,
    "września": 9,
    "października": 10,
    "listopada": 11,
    "grudnia": 12,
}
_MONTH = "|".join(sorted({*MONTHS, *_POLISH_MONTHS}, key=len, reverse=True))
_DAY = r"\d{1,2}(?:\.|st|nd|rd|th|er|º|°)?"
_DATE = re.compile(
    rf"(?<![\w/])(?:\d{{1,2}}\.\s?\d{{1,2}}\.\s?{_YEAR}|{_YEAR}-\d\d-\d\d|(?:{_MONTH})\.?\s+\d{{1,2}},?\s+{_YEAR}|"
    rf"(?:{_DAY}\s+)?(?:de\s+)?(?:{_MONTH})\.?\s+(?:de\s+)?{_YEAR}|(?:années|anni|años|lata)\s+{_YEAR}(?!\s*[–-]\s*\d)|"
    rf"(?:c\.|ca\.?|circa|about|around|um|etwa|vers|env\.?|około|ok\.|~)\s*{_YEAR}|"
    rf"{_YEAR}(?:s|er[ns]?(?:[\s-]Jahren?)?)?)"
    # "1970/71" and "1970–72" are no year.
    r"(?!\w|[/–—-]\d{1,2}(?!\d)|/\d)",
    re.IGNORECASE,
)
_LINKED_DATE = re.compile(rf"(?:{_DAY}\s+(?:de\s+)?)?(?:{_MONTH})?\.?\s*(?:{_YEAR}s?)?", re.IGNORECASE)
_TO = r"(?:[–-]|\b(?:to|until|till|bis|al|à|au|hasta(?: el)?|a|do|jusqu[’']en|fino al)\b)"
_NOW = r"(?:(?:the\s+)?present|today|now|heute|aujourd[’']hui|nos jours|oggi|hoy|dziś|dzisiaj)\b"
_TODAY = re.compile(rf"{ONE_DATE}\s*{_TO}\s*{_NOW}", re.IGNORECASE)
_RANGE = re.compile(rf"{ONE_DATE}\s*{_TO}\s*{ONE_DATE}", re.IGNORECASE)
#: "(–2010)"
_UP_TO = re.compile(rf"\(\s*[–-]\s*{ONE_DATE}")
#: " –2010" may be an end, or a start behind a dash; of "1990–2000–present" none knows what was in 2000.
_UNCLEAR = re.compile(
    rf"(?<=\s)(?<!{ONE_DATE}\s)[–-](?={ONE_DATE})|{_TO}(?=\s*{ONE_DATE}\s*{_TO}\s*{_NOW})", re.IGNORECASE
)
#: Marks that part clauses, and marks that say nothing.
_PARTING, _SILENT = frozenset("()[],;:–·•."), frozenset("\"'„“”«»’‘-/")
#: Words that make a date the start.
_OF_A_START = frozenset(("since", "begun", *KINDS_IN_WORDS))


@dataclass(slots=True)
class Told:
    """What words tell of a tie.

    Attributes:
        columns: start, end, renewed, status, status_since of a claim; without a status nothing speaks against the tie.
        kind: the kind that they name, or "".
        refusal: why there is no tie, or "".
        is_understood: whether the meaning of each word and date is known.
        is_whole: whether the columns hold all dates.
    """

    columns: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    refusal: str = ""
    is_understood: bool = True
    is_whole: bool = True


@dataclass(slots=True)
class _Clause:
    """Words that belong together, with one date or time between two dates at most.

    Attributes:
        meanings: of its words, in their order.
        dates: none, one, or two for a time.
    """

    meanings: list[str]
    dates: list[str]
    is_understood: bool

    @property
    def statuses(self) -> set[str]:
        """Return our statuses that its words name."""
        return {STATUSES_IN_WORDS[meaning] for meaning in self.meanings if meaning in STATUSES_IN_WORDS}


def plain_dashes(text: str) -> str:
    """Return a text with one hyphen, one dash and one mark for what is left out for all that look like them."""
    text = re.sub(r"\.{2,}", "…", text)
    return re.sub("[\u2012-\u2015\u2212]", "–", re.sub("[\u2010\u2011]", "-", text))


def is_date(text: str) -> bool:
    """Whether a text is a year, or a day with its month: wikis link these, too."""
    return bool(re.search(r"\d", text)) and bool(_LINKED_DATE.fullmatch(text.strip()))


def mark_dates(text: str) -> tuple[str, list[str]]:
    """Return a text with its dates and times between dates replaced by marks, and the dates as EDTF.

    >>> mark_dates("since 1985, ended May 2022")[1]
    ['1985', '2022-05']
    """
    dates = [_edtf(date) for date in _DATE.findall(text)]
    text = _UP_TO.sub(f"(until {ONE_DATE}", _DATE.sub(ONE_DATE, text))
    return _RANGE.sub(TWO_DATES, _TODAY.sub(ONE_DATE, _UNCLEAR.sub(" ? ", text))), dates


def read_words(words: Sequence[Token], dates: Sequence[str]) -> Told:
    """Return what the words beside a partner tell.

    A date is a start where it stands alone or beside words of a start, and an end or a pause where a word for that
    stands beside it. Nothing is told by a date beside any other words.

    Args:
        words: as `tokens` yields them; "place" is the meaning of words that tell where the partner lies.
        dates: of the text, in their order.
    """
    told = Told()
    clauses = list(_clauses(words, list(dates)))
    kinds = {KINDS_IN_WORDS[m] for clause in clauses for m in clause.meanings if m in KINDS_IN_WORDS}
    # "Friendship agreement" and "partnership since 1990, sponsorship before" hold words for a tie as such, too.
    if len(kinds - {"partnership"}) == 1:
        told.kind = (kinds - {"partnership"}).pop()
    told.is_understood = len(kinds) < 2 or (len(kinds) == 2 and len(clauses) == 1)
    reading = _Reading()
    for clause in clauses:
        reason = next((NO_TIE[meaning] for meaning in clause.meanings if meaning in NO_TIE), "")
        if reason and not clause.statuses and not {"renewed", "resumed"} & set(clause.meanings):
            told.refusal = told.refusal or reason
        elif reason or not clause.is_understood or not reading.take(clause):
            told.is_understood = False
    told.is_understood = told.is_understood and reading.is_clear()
    told.columns = reading.columns() if told.is_understood else reading.sure_start()
    told.is_whole = set(dates) <= set(told.columns.values())
    return told


class _Reading:
    """Takes clauses one after the other; each may tell a start, an end, a pause, or that the tie goes on."""

    def __init__(self) -> None:
        #: Dates with words beside them, and whether these are words of a start.
        self._worded: list[tuple[str, bool]] = []
        self._alone: list[str] = []
        self._span_end = ""
        self._status = ""
        self._status_date = ""
        self._renewed = ""
        self._last = ""
        self._is_changed = False

    def take(self, clause: _Clause) -> bool:
        """Take a clause of known words; return whether it fits to those before."""
        meanings, dates = set(clause.meanings), clause.dates
        if "not" in meanings or len(clause.statuses) > 1:
            return False
        if clause.statuses or {"resumed", "renewed"} & meanings:
            self._is_changed = True
        if clause.statuses:
            return self._take_status(clause, clause.statuses.pop())
        if "resumed" in meanings:
            self._status = self._status_date = self._span_end = ""
            return self._follows(dates)
        if "renewed" in meanings:
            # After an end, "renewed" tells that the tie is alive again, but not since when.
            is_first = not self._renewed and not self._status and not self._span_end and len(dates) < 2
            if is_first and dates:
                self._renewed = dates[0]
            return is_first
        if len(dates) == 2:
            if self._span_end or self._status or self._worded or dates[0] > dates[1]:
                return False
            self._worded.append((dates[0], True))
            self._span_end = dates[1]
        elif dates and meanings:
            self._worded.append((dates[0], bool(meanings & _OF_A_START)))
        elif dates:
            # In "inactive, 2015" the date is not the start.
            if self._is_changed:
                return False
            self._alone.append(dates[0])
        return True

    def _take_status(self, clause: _Clause, status: str) -> bool:
        meanings, dates = clause.meanings, clause.dates
        if "begun" in meanings or "renewed" in meanings or "resumed" in meanings:
            return False
        if "past" in meanings and dates:
            # "Former since 1970" does not tell what was then.
            if self._status or len(dates) < 2:
                return False
            self._span_end = dates[1]
            self._worded.append((dates[0], True))
            self._status = status
            return True
        if "until" in meanings and not dates:
            return False
        if len(dates) == 2:
            is_before = meanings.index("span") < min(
                meanings.index(word) for word in meanings if word in STATUSES_IN_WORDS
            )
            has_start = bool(self._worded or self._alone)
            if status == "ended":
                if not is_before or has_start or self._status:
                    return False
                self._worded.append((dates[0], True))
                self._status, self._status_date = status, dates[1]
                return True
            # A pause that is over; "1970–2022 suspended" alone may be one, or a start with a pause since then.
            return not is_before or has_start
        # "Former partner (ended 2005)" says the same twice.
        is_again = self._status == status and not (dates and self._status_date)
        if (self._status and not is_again) or not self._follows(dates):
            return False
        self._status, self._status_date = status, dates[0] if dates else self._status_date
        return True

    def _follows(self, dates: list[str]) -> bool:
        """Return whether a date comes after the last that changed the status."""
        if dates and self._last and dates[-1][:4] < self._last[:4]:
            return False
        self._last = dates[-1] if dates else self._last
        return True

    def is_clear(self) -> bool:
        """Return whether there is one start at most."""
        return len(self._worded) + len(self._alone) < 2

    def sure_start(self) -> dict[str, str]:
        """Return the start if words name it; a date alone may belong to words that are not understood."""
        starts = [date for date, is_of_start in self._worded if is_of_start]
        return {"start": starts[0]} if len(self._worded) == len(starts) == 1 else {}

    def columns(self) -> dict[str, str]:
        """Return the columns of the claim, where all words are understood."""
        starts = [*(date for date, _ in self._worded), *self._alone]
        found = {"start": starts[0]} if starts else {}
        if self._span_end:
            self._status = self._status or "ended"
            self._status_date = self._status_date or self._span_end
        if self._renewed:
            found["renewed"] = self._renewed
        if self._status:
            found["status"] = self._status
            if self._status_date:
                found["end" if self._status == "ended" else "status_since"] = self._status_date
        return found


def _clauses(words: Sequence[Token], dates: list[str]) -> Iterator[_Clause]:
    """Yield the clauses of a text: words go with the date after them, those after the last date with it."""
    clause: list[Token] = []
    for position, word in enumerate(words):
        is_apart = word.meaning == "mark" and (word.text in _PARTING or _is_dash(words, position))
        if not is_apart and word.meaning != "and":
            clause.append(word)
            continue
        yield from _pieces(clause, dates)
        clause = []
    yield from _pieces(clause, dates)


def _is_dash(words: Sequence[Token], position: int) -> bool:
    """Return whether a mark is a hyphen that stands for a dash: with a gap on a side."""
    word = words[position]
    is_joined = 0 < position < len(words) - 1 and (
        words[position - 1].end == word.start and words[position + 1].start == word.end
    )
    return word.text == "-" and not is_joined


def _pieces(clause: list[Token], dates: list[str]) -> Iterator[_Clause]:
    ends = [number for number, word in enumerate(clause, 1) if word.meaning in ("date", "span")]
    start = 0
    for end in [*ends[:-1], len(clause)]:
        piece = clause[start:end]
        start = end
        if not piece:
            continue
        count = sum({"date": 1, "span": 2}.get(word.meaning, 0) for word in piece)
        told, dates[:count] = dates[:count], []
        unknown = [w for w in piece if not w.meaning or (w.meaning == "mark" and w.text not in _SILENT)]
        meanings = [w.meaning for w in piece if w.meaning not in ("mark", "date", "place")]
        yield _Clause(meanings, told, not unknown and _fits(piece))


def _fits(piece: list[Token]) -> bool:
    """Return whether dates and words for a status are of the tie, not of a place: "Czechoslovakia until 1992"."""
    meanings = [word.meaning for word in piece]
    of_place = {"place", "town"} & set(meanings)
    if not of_place:
        return True
    if any(meaning in STATUSES_IN_WORDS or meaning == "begun" for meaning in meanings):
        return False
    dated = [at for at, meaning in enumerate(meanings) if meaning in ("date", "span")]
    return not (dated and "place" in meanings[dated[0] :])


def _edtf(text: str) -> str:
    """Return a date that the pattern found as EDTF; a day that no month has is left to its year."""
    text = " ".join(re.sub(r"(?<=\d)[º°]", "", text.replace("-J", " J").replace("-j", " j")).split())
    decade = re.match(r"(?:années|anni|años|lata)\s+(\d{3})0\Z|(\d{3})0er[ns]\Z", text, re.IGNORECASE)
    for name, number in _POLISH_MONTHS.items():
        text = re.sub(rf"(?:(\d{{1,2}})\.?\s+)?{name}\s+({_YEAR})", rf"\1.{number}.\2", text, flags=re.IGNORECASE)
    try:
        return f"{decade[1] or decade[2]}X" if decade else to_edtf(text.lstrip("."))
    except ValueError:
        year = re.search(_YEAR, text)
        return year[0] if year else ""
