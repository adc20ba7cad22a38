"""Which ties make a network: a selection, and how it is said in words."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twingraph.dates import EdtfDate, parse_edtf
from twingraph.errors import SelectionError
from twingraph.networks.lifetimes import FIRST, FOREVER, ordinal
from twingraph.networks.selection_words import in_words
from twingraph.querying.wording import shown

__all__ = ["ENDS", "KINDS", "MULTILATERAL", "SCOPES", "STATUSES", "Selection"]

KINDS = ("partnership", "friendship", "contact", "project", "sponsorship", "other")
STATUSES = ("active", "suspended", "dormant", "ended", "unknown")
SCOPES = ("domestic", "international")
MULTILATERAL = ("clique", "star", "exclude")
ENDS = ("any", "both")


@dataclass(frozen=True, slots=True)
class Selection:
    """What of all ties a network holds. Without any argument: every tie on record, whatever its date and status.

    All lists take one text or several; an empty list chooses nothing away.

    Attributes:
        as_of: a day (``1989-11-09`` or a `datetime.date`), month or year; ties in force at some moment of it. ``today``
            is today.
        period: first and last date, each a day, month or year; ties in force at some moment between them.
        kinds: only ties of these kinds. With a time: of this kind at that time.
        statuses: only ties of these present statuses.
        levels: only ties between places of these levels (``municipality``, ``district`` …).
        countries: ISO codes of today's countries; ties with an end in one of them, or with `ends` ``both``,
            with both ends in them.
        continents: the same by continent (``Europe``).
        ends: whether `countries` and `continents` ask for ``any`` or ``both`` ends of a tie.
        scope: ``domestic`` (both ends in one country) or ``international``; None for both.
        sources: ids of sources; only ties that one of these states.
        without_sources: ids of sources; without ties that only these state. What is said of the other ties stays
            concluded from all sources.
        checked: only ties of which a claim was checked against its source.
        min_sources: only ties that at least so many sources state.
        without: keys of ties to leave out, such as ``union-douzelage``.
        multilateral: how a partnership of three or more counts: ``clique``, a tie between every two; ``star``, a
            node of its own with a tie to each; ``exclude``, not at all.
        around: keys of places; only what lies within `steps` ties of one of them.
        steps: how many ties away; a union of a star network is a step of its own.
        isolated: whether places without any tie are nodes too; None: those of a file are, those of a store are not.

    Raises:
        SelectionError: a value is none that can be chosen; the message says which can.
    """

    as_of: str | None = None
    period: tuple[str, str] | None = None
    kinds: Sequence[str] = ()
    statuses: Sequence[str] = ()
    levels: Sequence[str] = ()
    countries: Sequence[str] = ()
    continents: Sequence[str] = ()
    ends: str = "any"
    scope: str | None = None
    sources: Sequence[str] = ()
    without_sources: Sequence[str] = ()
    checked: bool = False
    min_sources: int = 1
    without: Sequence[str] = ()
    multilateral: str = "clique"
    around: Sequence[str] = ()
    steps: int = 1
    isolated: bool | None = None

    def __post_init__(self) -> None:
        for name in _LISTS:
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        # Codes are written in capitals; files from elsewhere may write names.
        object.__setattr__(self, "countries", tuple(c.upper() if len(c) in (2, 4) else c for c in self.countries))
        _require("kinds", self.kinds, KINDS)
        _require("statuses", self.statuses, STATUSES)
        _require("ends", [self.ends], ENDS)
        _require("scope", [] if self.scope is None else [self.scope], SCOPES)
        _require("multilateral", [self.multilateral], MULTILATERAL)
        if isinstance(self.min_sources, bool) or not isinstance(self.min_sources, int) or self.min_sources < 1:
            raise SelectionError(f"min_sources: {self.min_sources!r} is no number of sources; give 1 or more.")
        if isinstance(self.steps, bool) or not isinstance(self.steps, int) or self.steps < 0:
            raise SelectionError(f"steps: {self.steps!r} is no number of ties; give 0 or more.")
        if self.as_of is not None:
            object.__setattr__(self, "as_of", _as_text("as_of", self.as_of))
        if self.as_of is not None and self.period is not None:
            raise SelectionError("as_of and period exclude each other; give one of them.")
        if self.as_of == "today":
            object.__setattr__(self, "as_of", datetime.date.today().isoformat())
        if self.period is not None:
            if not isinstance(self.period, Sequence) or isinstance(self.period, str) or len(self.period) != 2:
                raise SelectionError("period: give the first and the last date, as in ('1945', '1989').")
            object.__setattr__(self, "period", tuple(_as_text("period", date) for date in self.period))
        days = self.days
        if days and days[0] > days[1]:
            raise SelectionError(f"period: {' to '.join(self.period or ())} ends before it begins.")

    @property
    def days(self) -> tuple[int, int] | None:
        """The first and the last day of its time, as ordinals; None without one."""
        if self.as_of is not None:
            date = _date("as_of", self.as_of)
            return _first(date), _last(date)
        if self.period is not None:
            return _first(_date("period", self.period[0])), _last(_date("period", self.period[1]))
        return None

    def is_inside(self, country: str | None, continent: str | None) -> bool:
        """Return whether a place lies in one of the countries and on one of the continents asked for, if any."""
        return (not self.countries or country in self.countries) and (
            not self.continents or continent in self.continents
        )

    def allows(self, one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
        """Return whether two places may be tied, each given by its country and its continent.

        Asks for `scope`, `countries`, `continents` and `ends`. A place without a country is tied neither within one
        nor between two.
        """
        if self.scope and (None in (one[0], other[0]) or (self.scope == "domestic") != (one[0] == other[0])):
            return False
        inside = self.is_inside(*one), self.is_inside(*other)
        return any(inside) if self.ends == "any" else all(inside)

    def replace(self, **changes: Any) -> Selection:
        """Return a selection with some values changed."""
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return what differs from choosing everything, by name; ``multilateral`` always."""
        plain: dict[str, Any] = {}
        for item in dataclasses.fields(self):
            value = getattr(self, item.name)
            asked_for = item.name == "multilateral" or (item.name == "steps" and self.around)
            if asked_for or (value != item.default and item.name != "steps"):
                plain[item.name] = list(value) if isinstance(value, tuple) else value
        return plain

    def options(self) -> list[str]:
        """Return the words of the command line that make this selection."""
        words: list[str] = []
        for name, value in self.to_dict().items():
            option = _OPTIONS.get(name, "--" + name.replace("_", "-"))
            if name == "scope":
                words.append(f"--{value}")
            elif name == "period":
                words += [option, "/".join(value)]
            elif isinstance(value, list):
                for item in value:
                    words += [option, item]
            elif name == "isolated":
                words.append("--isolated" if value else "--no-isolated")
            elif value is True:
                words.append(option)
            elif name != "multilateral" or value != "clique":
                words += [option, str(value)]
        return words

    def __str__(self) -> str:
        """Return it as a sentence."""
        return self.in_words({})

    def in_words(self, names: Mapping[str, str], language: str = "en") -> str:
        """Return it as a sentence in which places are called by their names.

        Args:
            names: name by key; a place that is not in it is called by its key.
            language: ``en`` or ``de``.
        """
        return in_words(self, names, language)


_LISTS = ("kinds", "statuses", "levels", "countries", "continents", "sources", "without_sources", "without", "around")
_OPTIONS = {
    "kinds": "--kind",
    "statuses": "--status",
    "levels": "--level",
    "countries": "--country",
    "continents": "--continent",
    "sources": "--source",
    "without_sources": "--without-source",
}


def _as_text(name: str, date: object) -> str:
    if isinstance(date, datetime.datetime):
        date = date.date()
    if isinstance(date, datetime.date):
        return date.isoformat()
    if isinstance(date, str):
        return date
    raise SelectionError(
        f"{name}: {date!r} is no date; write a day, a month or a year as text, or give a datetime.date."
    )


def _texts(name: str, value: str | Iterable[str]) -> tuple[str, ...]:
    if not isinstance(value, str | Iterable):
        raise SelectionError(f"{name}: {value!r} is no text to choose by; give one or a list of them.")
    texts = (value,) if isinstance(value, str) else tuple(value)
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            raise SelectionError(f"{name}: {text!r} is no text to choose by.")
    return tuple(dict.fromkeys(texts))


def _require(name: str, values: Iterable[str], known: Sequence[str]) -> None:
    for value in values:
        if value not in known:
            raise SelectionError(f"{name}: there is no {shown(str(value))}; take {_or(known)}.")


def _date(name: str, text: str) -> EdtfDate:
    try:
        date = parse_edtf(text)
    except (ValueError, TypeError) as error:
        raise SelectionError(f"{name}: {error}") from None
    if not date.earliest and not date.latest:
        raise SelectionError(f"{name}: {text!r} names no day that can be compared; write a day, a month or a year.")
    return date


def _first(date: EdtfDate) -> int:
    return ordinal(date.earliest) if date.earliest else FIRST


def _last(date: EdtfDate) -> int:
    return ordinal(date.latest) if date.latest else FOREVER


def _or(words: Sequence[str], conjunction: str = "or") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
