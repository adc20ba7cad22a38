"""How the ties of a network came about over time; uncertain dates give an interval for every figure.

A tie counts once, however many places it has, and in all of its time, whatever day the network was selected for.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from twingraph.errors import AnalysisError
from twingraph.networks.lifetimes import FIRST, FOREVER, NEVER, Lifetime
from twingraph.networks.model import Network, Tie

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BREAKS", "GROUPINGS", "first_ties", "growth", "growth_in_sum", "waves"]

GROUPINGS = ("kind", "country_pair", "scope")
#: Years that histories of town twinning part by: the end of the war, the Élysée Treaty, the fall of the Iron Curtain,
#: the full-scale invasion of Ukraine. They are conventions, not found in the data.
BREAKS = (1945, 1963, 1989, 2022)

Counts = npt.NDArray[np.int64]


def _year(day: int) -> int:
    return datetime.date.fromordinal(day).year


@dataclass(frozen=True, slots=True)
class _Counted:
    """When a tie was in force within a group, and the start and end that count there."""

    lives: tuple[Lifetime, ...]
    starts: tuple[int, int] | None
    ends: tuple[int, int] | None


def group_of(network: Network, by: str | None) -> Callable[[Tie], str]:
    """Return what names the group of a tie.

    Raises:
        AnalysisError: ties are not grouped by that.
    """
    if by is not None and by not in GROUPINGS:
        raise AnalysisError(f"ties are not grouped by {by!r}; take {', '.join(GROUPINGS)}.")
    places = network.places

    def kind(tie: Tie) -> str:
        return tie.phases[0].kind if tie.phases else tie.kind or "unknown"

    def codes(tie: Tie) -> list[str]:
        return sorted(places[key].country or "?" for key in tie.participants)

    def pair(tie: Tie) -> str:
        return "multilateral" if tie.is_multilateral else "–".join(codes(tie))

    def scope(tie: Tie) -> str:
        found = set(codes(tie))
        return "unknown" if "?" in found else "domestic" if len(found) == 1 else "international"

    return {"kind": kind, "country_pair": pair, "scope": scope}[by] if by else lambda _: "all"


def growth(
    network: Network,
    by: str | None = None,
    *,
    first_year: int | None = None,
    last_year: int | None = None,
    today: datetime.date | None = None,
) -> pl.DataFrame:
    """Return how many ties began, ended and were in force in each year.

    Columns: ``year``; ``group``, with `by`; ``started_certain``: ties whose start surely lies in the year;
    ``started_possible``: those whose start can lie in it; ``ended_certain``, ``ended_possible``: the same for the end,
    or the beginning of a rest; ``in_force_certain``, ``in_force_possible``: ties in force on the last day of the year;
    ``undated``: ties of the group without any known start, which count as possible in every year before their end;
    ``undated_share``: their share of all ties of the group, 0 to 1. An open date (``1960/..``) can lie in any year on
    its side of the table.

    Args:
        network: its ties count.
        by: ``kind`` (a tie that changed its kind began as its first and is in force as the one it has at the time; as
            undated it counts for its first), ``country_pair`` (``multilateral`` for ties of three or more) or ``scope``
            (domestic, international).
        first_year: by default that of the earliest known start.
        last_year: by default that of `today`.
        today: by default the day it is.

    Raises:
        AnalysisError: ties are not grouped by `by`, or the first year lies after the last.
    """
    import polars as pl

    last = last_year if last_year is not None else (today or datetime.date.today()).year
    known = [tie.lifetime.starts[0] for tie in network.ties if tie.lifetime.starts and tie.lifetime.starts[0] > FIRST]
    first = first_year if first_year is not None else min((_year(day) for day in known), default=last)
    if not 1 <= first <= last <= 9999:
        raise AnalysisError(f"the years {first} to {last} are no stretch of time.")
    lives, begun = _grouped(network, by)
    frames = []
    for group in sorted(lives, key=lambda text: (-len(lives[text]), text)):
        columns = _count(lives[group], first, last)
        ties = begun.get(group, [])
        size = len(columns["year"])
        if by:
            columns = {"year": columns.pop("year"), "group": [group] * size, **columns}
        columns |= {column: np.full(size, value) for column, value in _undated(ties).items()}
        schema = dict.fromkeys(columns, pl.Int64) | {"undated_share": pl.Float64}
        frames.append(pl.DataFrame(columns, schema=schema | ({"group": pl.String} if by else {})))
    if not frames:
        empty = growth_columns(by)
        return pl.DataFrame(schema={column: getattr(pl, kind) for column, kind in empty.items()})
    return pl.concat(frames)


def growth_in_sum(
    network: Network, by: str | None = None, *, last_year: int | None = None, today: datetime.date | None = None
) -> pl.DataFrame:
    """Return how many ties began and ended until the end of a year, and were in force on its last day.

    Columns as those of `growth`, without ``year``; each tie counts once: ``started_certain`` are ties that surely began
    by then, ``started_possible`` those that can have begun. Ordered by ``in_force_possible``.

    Args:
        network: its ties count.
        by: see `growth`.
        last_year: by default that of `today`.
        today: by default the day it is.

    Raises:
        AnalysisError: ties are not grouped by `by`.
    """
    import polars as pl

    last = last_year if last_year is not None else (today or datetime.date.today()).year
    lives, begun = _grouped(network, by)
    schema = {name: getattr(pl, kind) for name, kind in growth_columns(by).items() if name != "year"}
    rows = []
    for group in sorted(lives):
        counts = _count(lives[group], last, last)
        row: dict[str, Any] = {"group": group} if by else {}
        for figure in ("started", "ended"):
            bounds = [
                days for counted in lives[group] if (days := counted.starts if figure == "started" else counted.ends)
            ]
            row[f"{figure}_certain"] = sum(_year(days[1]) <= last for days in bounds)
            row[f"{figure}_possible"] = sum(_year(days[0]) <= last for days in bounds)
        row |= {f"in_force_{which}": int(counts[f"in_force_{which}"][0]) for which in ("certain", "possible")}
        row |= _undated(begun.get(group, []))
        rows.append(row)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort("in_force_possible", descending=True, maintain_order=True)


def _grouped(network: Network, by: str | None) -> tuple[dict[str, list[_Counted]], dict[str, list[Tie]]]:
    """Return the lifetimes in each group, and the ties that began in it."""
    name = group_of(network, by)
    lives: dict[str, list[_Counted]] = {} if by else {"all": []}
    begun: dict[str, list[Tie]] = {} if by else {"all": []}
    for tie in network.ties:
        begun.setdefault(name(tie), []).append(tie)
        for group, life in _lives(tie, name(tie), by):
            lives.setdefault(group, []).append(life)
    return lives, begun


def _undated(ties: Sequence[Tie]) -> dict[str, Any]:
    count = sum(not tie.lifetime.is_dated for tie in ties)
    return {"undated": count, "undated_share": count / len(ties) if ties else 0.0}


def _lives(tie: Tie, group: str, by: str | None) -> Iterator[tuple[str, _Counted]]:
    """Yield the lifetimes that a tie has in its groups: of one kind after the other, where it changed its kind.

    It begins once, with its first phase, and ends once, with its last.
    """
    whole = tie.lifetime
    if by != "kind" or not tie.phases:
        yield group, _Counted((whole,), whole.starts, whole.ends)
        return
    for kind in dict.fromkeys(phase.kind for phase in tie.phases):
        begins, finishes = kind == tie.phases[0].kind, kind == tie.phases[-1].kind
        lives = tuple(tie.lifetimes_as((kind,)))
        yield kind, _Counted(lives, whole.starts if begins else None, whole.ends if finishes else None)


def growth_columns(by: str | None) -> dict[str, str]:
    """Return the columns of `growth` with their types."""
    figures = ["started", "ended", "in_force"]
    columns = {"year": "Int64", **({"group": "String"} if by else {})}
    columns |= {f"{figure}_{which}": "Int64" for figure in figures for which in ("certain", "possible")}
    return columns | {"undated": "Int64", "undated_share": "Float64"}


def _count(lives: Iterable[_Counted], first: int, last: int) -> dict[str, Any]:
    """Count by differences: each tie adds 1 where its stretch begins and takes it away after its end."""
    size = last - first + 1
    names = (
        "started_certain",
        "started_possible",
        "ended_certain",
        "ended_possible",
        "in_force_certain",
        "in_force_possible",
    )
    changes = {name: np.zeros(size + 1, dtype=np.int64) for name in names}

    def add(name: str, begin: int, end: int) -> None:
        """Count a tie in the years from `begin` to `end`."""
        if end < first or begin > last or begin > end:
            return
        changes[name][max(begin - first, 0)] += 1
        changes[name][min(end - first, size - 1) + 1] -= 1

    for counted in lives:
        for figure, bounds in (("started", counted.starts), ("ended", counted.ends)):
            if bounds is None:
                continue
            begin, end = _year(bounds[0]), _year(bounds[1])
            add(f"{figure}_possible", begin, end)
            if begin == end:
                add(f"{figure}_certain", begin, end)
        for which in ("certain", "possible"):
            reached = 0
            # A tie that came back to a kind counts once in a year, also where both times may be meant.
            for begin, end in sorted(_years_in_force(getattr(life, which)) for life in counted.lives):
                add(f"in_force_{which}", max(begin, reached + 1), end)
                reached = max(reached, end)
    return {
        "year": np.arange(first, last + 1),
        **{name: np.cumsum(change[:-1]) for name, change in changes.items()},
    }


def _years_in_force(stretch: tuple[int, int]) -> tuple[int, int]:
    """Return the first and the last year on whose 31 December a stretch of days lies; none where the last is before."""
    if stretch == NEVER or stretch[0] > stretch[1]:
        return 1, 0
    begin, end = _year(stretch[0]), _year(stretch[1])
    # What begins in a year counts in it, what ends before its last day does not.
    if stretch[1] != FOREVER and datetime.date.fromordinal(stretch[1]) < datetime.date(end, 12, 31):
        end -= 1
    return begin, end


def first_ties(network: Network) -> pl.DataFrame:
    """Return the first tie of each pair of countries, as far as the dates tell.

    Columns: ``country_1``, ``country_2`` (sorted; the same twice within a country); ``tie``, ``place_1``, ``place_2``,
    ``start`` (EDTF), ``sources`` of the tie that can be the first: the one that may have begun earliest;
    ``possible_from``: the first day on which it may have begun (Date; empty where open); ``certain_by``: the day by
    which a tie of this pair surely existed (Date); ``contenders``: ties that may have begun before that day, so that
    any of them can be the first; ``undated``: ties of the pair without any known start, each of which can be earlier;
    ``partnership`` (IRI). Ties of three or more count for no pair. Ordered by ``certain_by``.
    """
    import polars as pl

    pairs: dict[tuple[str, str], list[Tie]] = {}
    for tie in network.ties:
        codes = sorted(network.places[key].country or "?" for key in tie.participants)
        if len(codes) == 2 and "?" not in codes:
            pairs.setdefault((codes[0], codes[1]), []).append(tie)
    rows: list[tuple[Any, ...]] = []
    for (one, other), ties in pairs.items():
        dated = [(tie.lifetime.starts, tie) for tie in ties if tie.lifetime.starts]
        undated = len(ties) - len(dated)
        if not dated:
            rows.append((one, other, None, None, None, None, None, None, None, 0, undated, None))
            continue
        by = min(bounds[1] for bounds, _ in dated)
        bounds, tie = min(dated, key=lambda item: (item[0], item[1].key))
        ends = [
            network.places[key] for key in sorted(tie.participants, key=lambda key: network.places[key].country or "")
        ]
        rows.append(
            (
                one,
                other,
                tie.key,
                ends[0].name,
                ends[1].name,
                tie.start,
                len(tie.supports) or None,
                datetime.date.fromordinal(bounds[0]) if bounds[0] > FIRST else None,
                datetime.date.fromordinal(by) if by < FOREVER else None,
                sum(bounds[0] <= by for bounds, _ in dated),
                undated,
                tie.iri,
            )
        )
    schema = {
        "country_1": pl.String,
        "country_2": pl.String,
        "tie": pl.String,
        "place_1": pl.String,
        "place_2": pl.String,
        "start": pl.String,
        "sources": pl.Int64,
        "possible_from": pl.Date,
        "certain_by": pl.Date,
        "contenders": pl.Int64,
        "undated": pl.Int64,
        "partnership": pl.String,
    }
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.sort(["certain_by", "country_1", "country_2"], nulls_last=True)


def waves(network: Network, breaks: Sequence[int] = BREAKS, *, today: datetime.date | None = None) -> pl.DataFrame:
    """Return how many ties began in the periods between some years.

    Columns: ``period``; ``years``: its length in years, empty for the first; ``started_certain``: ties whose start
    surely lies in it; ``started_possible``: can lie in it; ``per_year_certain``, ``per_year_possible``; of those that
    surely began in it ``domestic`` and ``international``, and ``leading_pairs``: the pairs of countries with most of
    them. Ties without a known start are in no period; `growth` counts them.

    Args:
        network: its ties count.
        breaks: first years of the periods, in ascending order.
        today: end of the last period; by default the day it is.

    Raises:
        AnalysisError: the years are not in ascending order.
    """
    import polars as pl

    if list(breaks) != sorted(set(breaks)) or not breaks or not 1 <= breaks[0] <= breaks[-1] <= 9999:
        raise AnalysisError(f"the years {', '.join(map(str, breaks))} are not in ascending order.")
    last = max((today or datetime.date.today()).year, breaks[-1])
    pair, scope = group_of(network, "country_pair"), group_of(network, "scope")
    rows = []
    for begin, end in zip([1, *breaks], [*(year - 1 for year in breaks), last], strict=True):
        certain: list[Tie] = []
        possible = 0
        for tie in network.ties:
            if tie.lifetime.starts is None:
                continue
            earliest, latest = (_year(day) for day in tie.lifetime.starts)
            if earliest <= end and latest >= begin:
                possible += 1
                if earliest >= begin and latest <= end:
                    certain.append(tie)
        counts: dict[str, int] = {}
        for tie in certain:
            counts[pair(tie)] = counts.get(pair(tie), 0) + 1
        leading = sorted(counts, key=lambda name: (-counts[name], name))[:3]
        years = end - begin + 1 if begin > 1 else None
        scopes = [scope(tie) for tie in certain]
        rows.append(
            (
                f"{begin}–{end}" if begin > 1 else f"before {breaks[0]}",
                years,
                len(certain),
                possible,
                len(certain) / years if years else None,
                possible / years if years else None,
                scopes.count("domestic"),
                scopes.count("international"),
                ", ".join(f"{name} {counts[name]}" for name in leading),
            )
        )
    schema = {
        "period": pl.String,
        "years": pl.Int64,
        "started_certain": pl.Int64,
        "started_possible": pl.Int64,
        "per_year_certain": pl.Float64,
        "per_year_possible": pl.Float64,
        "domestic": pl.Int64,
        "international": pl.Int64,
        "leading_pairs": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
