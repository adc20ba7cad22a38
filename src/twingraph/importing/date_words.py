"""What the words beside a date tell of it: that something began, ended, rests, or none of that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from twingraph.importing.dates import MONTHS, to_edtf
from twingraph.resolving.countries import find_country

__all__ = ["YEAR", "dates_in_words"]

#: A year in which there can have been partnerships.
YEAR = r"(?:1[89]|20)\d\d"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"\d{1,2}(?:\.|st|nd|rd|th|er)?"
_DATE = re.compile(
    rf"(?<![\w/])(?:\d{{1,2}}\.\s?\d{{1,2}}\.\s?{YEAR}|{YEAR}-\d\d-\d\d|(?:{_MONTH})\.?\s+\d{{1,2}},?\s+{YEAR}|"
    rf"(?:{_DAY}\s+)?(?:de\s+)?(?:{_MONTH})\.?\s+(?:de\s+)?{YEAR}|années\s+{YEAR}|"
    rf"(?:c\.|ca\.?|circa|about|around|um|etwa|vers|env\.?|~)\s*{YEAR}|"
    rf"{YEAR}(?:s|er(?:[\s-]Jahren?)?)?)"
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


def dates_in_words(text: str) -> tuple[dict[str, str], bool]:
    """Return start, end, renewal and status that the words beside a partner tell, and whether a date was left out.

    A date is a start where it stands alone or beside words of a start, and an end or a pause where a word for that
    stands beside it. Beside any other words it is left out.

    >>> dates_in_words("(since 1985; ended 2022)")
    ({'status': 'ended', 'end': '2022', 'start': '1985'}, False)
    >>> dates_in_words("(since 1985, mayor elected 2001)")
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
    is_left = bool(re.search(YEAR, text))
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
        year = re.search(YEAR, text)
        return year[0] if year else ""
