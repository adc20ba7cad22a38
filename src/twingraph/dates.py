"""Dates as sources state them: EDTF text and the earliest and latest day it can mean.

A date is never padded: ``1960`` stays ``1960``. Sorting and filtering use the bounds. What is read here
is the part of EDTF (ISO 8601-2:2019, annex A; https://www.loc.gov/standards/datetime/) that dates of
partnerships need; anything else is refused with advice rather than guessed.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["EdtfDate", "are_compatible", "parse_edtf"]

_DAYS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PLAIN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)
_QUALIFIED = re.compile(r"([\dX]{4})(?:-([\dX]{2})(?:-([\dX]{2}))?)?([?~%]?)\Z", re.ASCII)
_GERMAN = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class EdtfDate:
    """One date of a source.

    Attributes:
        text: the EDTF text, as written in the data.
        earliest: the first day it can mean, ``YYYY-MM-DD``; None when open or unknown.
        latest: the last day it can mean; None when open or unknown.
    """

    text: str
    earliest: str | None
    latest: str | None

    @property
    def year(self) -> int | None:
        """The year, when both bounds lie in one; else None."""
        if self.earliest and self.latest and self.earliest[:4] == self.latest[:4]:
            return int(self.earliest[:4])
        return None

    @property
    def span(self) -> int:
        """A measure of how imprecise the date is, in days; open dates are the least precise."""
        if self.earliest is None or self.latest is None:
            return 10**7
        return _ordinal(self.latest) - _ordinal(self.earliest)


def are_compatible(one: EdtfDate, other: EdtfDate) -> bool:
    """Return whether two dates can mean the same day: ``1960`` and ``1960-04-02`` can, 1948 and 1952 not.

    >>> are_compatible(parse_edtf("1960"), parse_edtf("1960-04-02"))
    True
    """
    after = one.earliest and other.latest and one.earliest > other.latest
    before = one.latest and other.earliest and one.latest < other.earliest
    return not (after or before)


@lru_cache(maxsize=1 << 16)
def parse_edtf(text: str) -> EdtfDate:
    """Read an EDTF date.

    Taken are days, months and years, each with ``?`` (uncertain), ``~`` (about) or ``%`` (both);
    unspecified digits (``196X``, ``1960-XX``, ``XXXX-05-20``); a date within a span (``1974/1975``,
    ``../1960``, ``1960/..``); one of several (``[1974,1976]``). ``~`` and ``%`` widen the bounds by one
    unit of the precision (``1960~`` means 1959 to 1961), since "about" does not exclude the neighbours;
    the EDTF standard leaves the width open.

    Args:
        text: the date, without surrounding space.

    Raises:
        ValueError: not a date of this kind; the message says what to write instead.

    >>> parse_edtf("1960").latest, parse_edtf("1974/1975").latest, parse_edtf("1960~").earliest
    ('1960-12-31', '1975-12-31', '1959-01-01')
    """
    plain = _PLAIN.match(text)
    if plain:
        year, month, day = plain.groups()
        return EdtfDate(text, *_bounds(text, year, month, day))
    if text.startswith("[") and text.endswith("]"):
        members = [_one_of(part.strip()) for part in text[1:-1].split(",")]
        return _enclose(text, members)
    if "/" in text:
        left, _, right = text.partition("/")
        if "/" in right:
            raise ValueError(_advice(text))
        first, last = _side(left, text), _side(right, text)
        earliest, latest = first[0], last[1]
        if earliest and latest and earliest > latest:
            raise ValueError(f"{text!r} ends before it starts")
        if earliest is None and latest is None and not (left or right).strip("."):
            raise ValueError(f"{text!r} says nothing; leave the cell empty")
        return EdtfDate(text, earliest, latest)
    return EdtfDate(text, *_single(text))


def _single(text: str) -> tuple[str | None, str | None]:
    """Return the bounds of one date with its qualifier and unspecified digits."""
    match = _QUALIFIED.match(text)
    if not match:
        raise ValueError(_advice(text))
    year, month, day, qualifier = match.groups()
    if year == "XXXX":
        if (month, day) == (None, None):
            raise ValueError("'XXXX' says nothing; leave the cell empty")
        _check_day_of_year(text, month, day)
        return None, None
    if "X" in year.rstrip("X") or ("X" in year and (month or day)):
        raise ValueError(_advice(text))
    if month and "X" in month:
        if month != "XX" or (day and day != "XX"):
            raise ValueError(_advice(text))
        month = day = None
    if day and "X" in day:
        if day != "XX":
            raise ValueError(_advice(text))
        day = None
    first, last = year.replace("X", "0"), year.replace("X", "9")
    earliest = _bounds(text, first, month, day)[0]
    latest = _bounds(text, last, month, day)[1]
    if qualifier in ("~", "%"):
        earliest, latest = _widen(earliest, latest, month, day)
    return earliest, latest


def _bounds(text: str, year: str, month: str | None, day: str | None) -> tuple[str, str]:
    if year == "0000":
        raise ValueError(f"{text!r}: there is no year 0000")
    if month is None:
        return f"{year}-01-01", f"{year}-12-31"
    number = int(month)
    if not 1 <= number <= 12:
        raise ValueError(f"{text!r}: there is no month {month}; write YYYY-MM-DD, year first, then month")
    last = _last_day(int(year), number)
    if day is None:
        return f"{year}-{month}-01", f"{year}-{month}-{last:02d}"
    if not 1 <= int(day) <= last:
        raise ValueError(f"{text!r}: there is no day {day} in {year}-{month}")
    return f"{year}-{month}-{day}", f"{year}-{month}-{day}"


def _last_day(year: int, month: int) -> int:
    return 29 if month == 2 and calendar.isleap(year) else _DAYS[month]


def _check_day_of_year(text: str, month: str | None, day: str | None) -> None:
    # 2000 is a leap year, so that XXXX-02-29 is a day.
    if month and "X" not in month:
        _bounds(f"2000-{month}-{day or '01'}", "2000", month, day if day and "X" not in day else None)
    elif day and "X" not in day:
        raise ValueError(_advice(text))


def _widen(earliest: str, latest: str, month: str | None, day: str | None) -> tuple[str, str]:
    """Move both bounds outwards by a day, a month or a year, whatever the date is given to."""
    if day:
        return _shift_day(earliest, -1), _shift_day(latest, 1)
    if month:
        first, last = _shift_month(earliest, -1), _shift_month(latest, 1)
        return f"{first}-01", f"{last}-{_last_day(int(last[:4]), int(last[5:])):02d}"
    return f"{max(int(earliest[:4]) - 1, 1):04d}-01-01", f"{min(int(latest[:4]) + 1, 9999):04d}-12-31"


def _shift_day(day: str, days: int) -> str:
    number = datetime.date.fromisoformat(day).toordinal() + days
    return datetime.date.fromordinal(min(max(number, 1), datetime.date.max.toordinal())).isoformat()


def _shift_month(day: str, months: int) -> str:
    index = int(day[:4]) * 12 + int(day[5:7]) - 1 + months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def _side(text: str, whole: str) -> tuple[str | None, str | None]:
    if text in ("", ".."):
        return None, None
    if "/" in text or text.startswith("["):
        raise ValueError(_advice(whole))
    return _single(text)


def _one_of(part: str) -> tuple[str | None, str | None]:
    if part.startswith(".."):
        return None, _single(part[2:])[1]
    if part.endswith(".."):
        return _single(part[:-2])[0], None
    if ".." in part:
        left, _, right = part.partition("..")
        return _single(left)[0], _single(right)[1]
    return _single(part)


def _enclose(text: str, members: list[tuple[str | None, str | None]]) -> EdtfDate:
    lows, highs = [m[0] for m in members], [m[1] for m in members]
    earliest = None if None in lows else min(low for low in lows if low)
    latest = None if None in highs else max(high for high in highs if high)
    return EdtfDate(text, earliest, latest)


def _ordinal(day: str) -> int:
    return int(day[:4]) * 372 + int(day[5:7]) * 31 + int(day[8:])


def _advice(text: str) -> str:
    """Say what to write instead of `text`, as exactly as can be told."""
    german = _GERMAN.match(text)
    if german:
        day, month, year = german.groups()
        return f"{text!r} is not an EDTF date; write {year}-{int(month):02d}-{int(day):02d}"
    about = re.match(r"(?:ca?\.?|circa|um|about|vers)\s*(\d{4})\Z", text, re.IGNORECASE)
    if about:
        return f"{text!r} is not an EDTF date; for 'about {about[1]}' write {about[1]}~"
    if re.match(r"\d{4}-\d{4}\Z", text):
        return f"{text!r} is not an EDTF date; for a day within these years write {text.replace('-', '/')}"
    return (
        f"{text!r} is not an EDTF date; write 1978-10-22, 1978-10, 1978, 1978~ (about), 1978? (uncertain), "
        "1974/1975 (between) or 197X"
    )
