"""Dates as people write them in tables, as EDTF."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from twingraph.sourcedata.cells import read_date

__all__ = ["MONTHS", "to_edtf"]

_ABOUT = re.compile(r"(?:c\.?|ca\.?|circa|about|around|um|etwa|vers|env\.?|~)\s*(\d{4})\Z", re.IGNORECASE)
_DECADE = re.compile(r"(?:in the |in den )?(\d{3})0(?:s|er(?: Jahren?)?)\Z", re.IGNORECASE)
_SPAN = re.compile(r"(\d{4})\s*(/|–|-| or | oder )\s*(\d{4})\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[./](\d{4})\Z")
_WORDS = re.compile(r"(?:(\d{1,2})(?:\.|st|nd|rd|th|er)?\s+)?(?:de\s+)?([^\W\d_]{3,}\.?)\s+(?:de\s+)?(\d{4})\Z")
_WORDS_US = re.compile(r"([^\W\d_]{3,}\.?)\s+(\d{1,2}),?\s+(\d{4})\Z")
#: Names of months with their numbers.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier enero gennaio janeiro",
            "february feb februar février fevrier febrero febbraio fevereiro",
            "march mar märz maerz mars marzo março",
            "april apr avril abril aprile",
            "may mai mayo maggio maio",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet julio luglio julho",
            "august aug août aout agosto",
            "september sep sept septembre septiembre settembre setembro",
            "october oct oktober okt octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember dez décembre decembre diciembre dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}


def to_edtf(text: str, formats: Sequence[str] = ()) -> str:
    """Return a date as EDTF: what is EDTF already, one of `formats` (as of strptime), or a form that has one meaning.

    A year of two digits, where a format has one (``%y``), is read so that the date does not lie in the future.

    >>> to_edtf("22.10.1978"), to_edtf("October 22, 1978"), to_edtf("um 1960"), to_edtf("1978")
    ('1978-10-22', '1978-10-22', '1960~', '1978')

    Raises:
        ValueError: no date, or one of two meanings such as 03/04/1978 or 1972–1980.
    """
    text = text.strip()
    for form in formats:
        try:
            day = datetime.datetime.strptime(text, form)
        except ValueError:
            continue
        if re.search("%[yx]", form) and day.date() > datetime.date.today():
            # Two digits leave the century open; what is told of a partnership has been.
            day = day.replace(year=day.year - 100)
        precise = "%Y-%m-%d" if re.search(r"%[dj]|%x|%D", form) else "%Y-%m" if re.search("%[mbB]", form) else "%Y"
        return _checked(day.strftime(precise).rjust(len(day.strftime(precise)), "0"))
    if match := _DAY_FIRST.match(text):
        return _checked(f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}")
    if match := _MONTH_YEAR.match(text):
        return _checked(f"{match[2]}-{int(match[1]):02}")
    if match := _ABOUT.match(text):
        return _checked(f"{match[1]}~")
    if match := _DECADE.match(text):
        return _checked(f"{match[1]}X")
    if match := _SPAN.match(text):
        if match[2] in "–-":
            raise ValueError(
                f"{text[:60]!r} may be a time from one year to another, or a day between them; give start and end a "
                f"column each, or write {match[1]}/{match[3]} for a day between"
            )
        return _checked(f"{match[1]}/{match[3]}")
    for pattern, day_group, month_group in ((_WORDS, 1, 2), (_WORDS_US, 2, 1)):
        match = pattern.match(text)
        if match and match[month_group].lower().rstrip(".") in MONTHS:
            month = MONTHS[match[month_group].lower().rstrip(".")]
            day_text = f"-{int(match[day_group]):02}" if match[day_group] else ""
            return _checked(f"{match[3]}-{month:02}{day_text}")
    try:
        return _checked(text)
    except ValueError:
        raise ValueError(
            f"{text[:60]!r} is no date with one meaning; write EDTF (1978-10-22, 1978~) or name its date_format"
        ) from None


def _checked(text: str) -> str:
    read_date(text)
    return text
