"""How did the network grow, in which waves, and how long do ties last?"""

from __future__ import annotations

import datetime
from typing import Any

from twingraph.errors import AnalysisError
from twingraph.findings.model import Finding, Progress, silent
from twingraph.findings.texts import excerpt_of
from twingraph.networks.model import Network
from twingraph.querying.wording import plural

__all__ = ["find_growth"]

#: Years before this are summed up: hardly any tie is so old, and a table of a thousand empty years helps nobody.
_FIRST_YEAR = 1900

_GROWTH = {
    "year": "calendar year",
    "group": "which ties",
    "started_certain": "ties that surely began in it",
    "started_possible": "ties that can have begun in it",
    "ended_certain": "ties that surely ended, or came to rest, in it",
    "ended_possible": "ties that can have ended, or come to rest, in it",
    "in_force_certain": "ties surely in force on its last day",
    "in_force_possible": "ties possibly in force on its last day, undated ones included",
    "undated": "ties without any known start, the same in every year",
    "undated_share": "their share of all ties, 0 to 1",
}
_FIRST = {
    "country_1": "country today",
    "country_2": "the other; the same for ties within a country",
    "tie": "key of the tie that can be the first",
    "place_1": "its place in the first country",
    "place_2": "its place in the second",
    "start": "its start as the sources give it (EDTF)",
    "sources": "how many sources state it",
    "possible_from": "first day on which it may have begun",
    "certain_by": "day by which a tie of the two countries surely existed",
    "contenders": "ties of them that may have been the first",
    "undated": "ties of them without any known start, each of which can be earlier",
    "partnership": "IRI of the tie",
}
_WAVES = {
    "period": "first and last year",
    "years": "years it has",
    "started_certain": "ties that surely began in it",
    "started_possible": "ties that can have begun in it",
    "per_year_certain": "the first per year",
    "per_year_possible": "the second per year",
    "domestic": "of those that surely began in it, ties within a country",
    "international": "of those, ties between countries",
    "leading_pairs": "pairs of countries with most of those",
}
_SURVIVAL = {
    "group": "which ties",
    "years": "years after the start",
    "at_risk": "ties observed so long",
    "ended": "ties that ended by then",
    "survival_low": "share of ties that last longer, 0 to 1, in the shorter reading of the dates",
    "survival_high": "the same in the longer reading",
    "confidence_low": "lower end of the 95 % band of the first",
    "confidence_high": "upper end of the 95 % band of the second",
}
_UNDATED = "Ties without a known start are in no year; they count as possibly in force in every year before their end."


def find_growth(
    network: Network, *, by: str | None = None, progress: Progress = silent, today: datetime.date | None = None
) -> list[Finding]:
    """Return how ties came about over time; ties count in all of their time, whatever day was selected.

    Tables: ``growth`` (by year), ``by_kind`` and ``by_country_pair`` (by year and group; only those that differ from
    `by`), ``first_ties`` (of each pair of countries), ``waves``, ``survival``.

    Args:
        network: its ties count.
        by: what the tables ``growth`` and ``survival`` part ties by: ``kind``, ``country_pair`` or ``scope``.
        progress: is told which table is made.
        today: until when ties that last are counted; by default the day it is.

    Raises:
        AnalysisError: no tie of the network has a known start, or ties are not grouped by `by`.
    """
    from twingraph.analysis.growth import first_ties, growth, waves
    from twingraph.analysis.survival import survival

    dated = [tie.lifetime.starts for tie in network.ties if tie.lifetime.starts]
    if not network.ties:
        raise AnalysisError(f"the selection holds no tie: {network.description}.")
    if not dated:
        raise AnalysisError("no tie of the network has a known start; the attribute 'start' of the ties is needed.")
    now = today or datetime.date.today()
    early = sum(bounds[1] < datetime.date(_FIRST_YEAR, 1, 1).toordinal() for bounds in dated)
    first = _FIRST_YEAR if early else None
    progress("growth", 0, 4)
    yearly = growth(network, by, first_year=first, today=now)
    whole = growth(network, first_year=first, today=now) if by else yearly
    findings = [
        Finding(
            key="growth",
            question="How did the network grow?",
            answer=_tell(whole, network, early),
            frame=yearly,
            columns={name: _GROWTH[name] for name in yearly.columns},
            excerpt=_decades(yearly),
            caveats=[
                _UNDATED,
                "Sources report beginnings far better than ends; a tie of which nobody says that it ended counts on.",
                *(
                    ["Ties count in all of their time here, whatever day was selected."]
                    if network.selection.days
                    else []
                ),
            ],
            about={"by": by, "before_first_year": early},
        )
    ]
    progress("growth", 1, 4)
    for grouping in ("kind", "country_pair"):
        if grouping != by:
            findings.append(_grouped(network, grouping, first, now))
    progress("growth", 2, 4)
    firsts, periods = first_ties(network), waves(network, today=now)
    findings += [
        Finding(
            key="first_ties",
            question="Which was the first tie between two countries?",
            answer=_tell_first(firsts),
            frame=firsts,
            columns=_FIRST,
            excerpt=firsts.select(
                "country_1", "country_2", "place_1", "place_2", "start", "certain_by", "contenders", "undated"
            ).head(30),
            caveats=[
                "First in the data: an older tie may stand in a source that was not read, or be among those without a "
                "known start. Countries are those of today."
            ],
        ),
        Finding(
            key="waves",
            question="In which waves did ties come about?",
            answer=_tell_waves(periods),
            frame=periods,
            columns=_WAVES,
            excerpt=excerpt_of(periods, "period", "started", "per_year", "domestic", "international", "leading_pairs"),
            caveats=[
                "The periods part where histories of twinning do (end of the war, Élysée Treaty, fall of the Iron "
                "Curtain, invasion of Ukraine); they are not found in the data.",
                _UNDATED,
            ],
        ),
    ]
    progress("growth", 3, 4)
    lasting = survival(network, by, today=now)
    findings.append(
        Finding(
            key="survival",
            question="How long do ties last?",
            answer=_tell_survival(network, lasting, now),
            frame=lasting,
            columns={name: _SURVIVAL[name] for name in lasting.columns},
            excerpt=lasting.filter(lasting["years"] % 10 == 0),
            caveats=[
                "Ends are rarely reported, so that ties seem to last longer than they did; ties that were forgotten "
                "are in no source. Rest (suspended, dormant) counts as an end."
            ],
        )
    )
    return findings


def _decades(frame: Any) -> Any:
    """Return what a page has room for: the ties in force after every tenth year, and after the last."""
    import polars as pl

    last = frame["year"].max()
    kept = frame.filter((pl.col("year") % 10 == 0) | (pl.col("year") == last))
    return excerpt_of(kept, "year", "group", "started", "ended", "in_force")


def _grouped(network: Network, by: str, first: int | None, today: datetime.date) -> Finding:
    import polars as pl

    from twingraph.analysis.growth import growth, growth_in_sum

    frame = growth(network, by, first_year=first, today=today)
    # Years in which nothing of a group began or ended say only what the year before did.
    figures = [name for name in frame.columns if name.startswith(("started", "ended"))]
    frame = frame.filter(pl.sum_horizontal(figures) > 0)
    words = {"kind": "kind", "country_pair": "pair of countries"}[by]
    return Finding(
        key=f"by_{by}",
        question=f"How did the ties of each {words} grow?",
        answer=[
            f"Whole time summed up, each tie once, and what is in force at the end of {today.year}; the table by year "
            "leaves out years in which none of a group began or ended."
        ],
        frame=frame,
        columns={name: _GROWTH[name] for name in frame.columns},
        excerpt=excerpt_of(
            growth_in_sum(network, by, today=today), "group", "started", "ended", "in_force", "undated"
        ).head(20),
        caveats=[_UNDATED],
    )


def _tell(frame: Any, network: Network, early: int) -> list[str]:
    row = frame.row(frame.height - 1, named=True)
    most = frame.sort(["started_certain", "year"], descending=[True, False]).row(0, named=True)
    told = [
        f"In force at the end of {row['year']}: certainly {row['in_force_certain']:,}, possibly "
        f"{row['in_force_possible']:,} of {plural(len(network.ties), 'tie')} on record.",
        f"Most ties surely began in {most['year']}: {most['started_certain']:,}.",
        f"Without a known start: {plural(row['undated'], 'tie')} ({row['undated_share']:.0%}).",
    ]
    if early:
        told.append(f"Begun before {_FIRST_YEAR} and counted as in force from then on: {plural(early, 'tie')}.")
    return told


def _tell_first(frame: Any) -> list[str]:
    known = frame.drop_nulls("certain_by")
    told = [f"{frame.height:,} pairs of countries have a tie of two; of {known.height:,} a first date is known."]
    clear = known.filter((known["contenders"] == 1) & (known["undated"] == 0)).height
    told.append(f"For {clear:,} of them the dates leave no doubt which tie of the data was the first.")
    return told


def _tell_waves(frame: Any) -> list[str]:
    later = frame.drop_nulls("years")
    row = later.sort("per_year_certain", descending=True).row(0, named=True)
    return [f"Most ties per year surely began in {row['period']}: {row['per_year_certain']:.1f}."]


def _tell_survival(network: Network, frame: Any, today: datetime.date) -> list[str]:
    from twingraph.analysis.survival import durations

    found = durations(network.ties, today)
    over = sum(found.ended_longest) + found.ended_undated
    told = [
        f"Of {plural(len(found.longest), 'tie')} with a known start, sources report the end or rest of {over:,}, "
        f"without a date of {found.ended_undated:,}."
    ]
    if found.to_come:
        told.append(f"Left out since they begin after today: {plural(found.to_come, 'tie')}.")
    if "group" not in frame.columns:
        after = frame.filter(frame["years"] == 30)
        if after.height and after["survival_low"][0] is not None:
            low, high = after["survival_low"][0], after["survival_high"][0]
            told.append(f"After 30 years, {low:.0%} to {high:.0%} still last.")
    return told
