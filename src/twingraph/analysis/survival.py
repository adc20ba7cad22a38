"""How long ties last, as far as sources report their ends."""

from __future__ import annotations

import dataclasses
import datetime
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from twingraph.analysis.growth import group_of
from twingraph.errors import AnalysisError
from twingraph.networks.lifetimes import FIRST, FOREVER
from twingraph.networks.model import Network, Tie

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Durations", "durations", "kaplan_meier", "survival"]

_DAYS = 365.2425


@dataclass(frozen=True, slots=True)
class Durations:
    """How long ties lasted, in two readings of uncertain dates.

    Attributes:
        shortest, longest: years of each tie: from the latest start to the earliest end, and from the earliest start to
            the latest end; until today for a tie that lasts, or that ends only after today.
        ended_shortest, ended_longest: whether the tie ended then, or was only observed until then.
        undated: ties left out since no start is known.
        to_come: ties left out since they begin after today.
        ended_undated: ties known to be over without a date of it. In the shorter reading they ended as soon as they had
            begun, in the longer they are only known to have lasted until they began.
    """

    shortest: list[float]
    longest: list[float]
    ended_shortest: list[bool]
    ended_longest: list[bool]
    undated: int
    to_come: int
    ended_undated: int


def durations(ties: Sequence[Tie], today: datetime.date) -> Durations:
    """Return how long ties lasted until today."""
    now = today.toordinal()
    found = Durations([], [], [], [], 0, 0, 0)
    undated = to_come = ended_undated = 0
    for tie in ties:
        life = tie.lifetime
        if life.starts is None or life.starts[0] == FIRST or life.starts[1] == FOREVER:
            # An open side of a start bounds no duration.
            undated += 1
            continue
        first, last = life.starts
        if first > now:
            to_come += 1
            continue
        if life.is_over and (life.ends is None or life.ends[0] == FIRST or life.ends[1] == FOREVER):
            ended_undated += 1
            found.shortest.append(0.0)
            found.ended_shortest.append(True)
            found.longest.append(0.0)
            found.ended_longest.append(False)
            continue
        # A tie that lasts, or ends after today, was observed until today and had not ended then.
        begins, ends = life.ends if life.is_over and life.ends else (FOREVER, FOREVER)
        found.shortest.append(max(min(begins, now) - last, 0) / _DAYS)
        found.longest.append(max(min(ends, now) - first, 0) / _DAYS)
        found.ended_shortest.append(begins <= now)
        found.ended_longest.append(ends <= now)
    return dataclasses.replace(found, undated=undated, to_come=to_come, ended_undated=ended_undated)


def kaplan_meier(years: Sequence[float], ended: Sequence[bool], at: Sequence[float]) -> list[dict[str, Any]]:
    """Return the share of ties that last longer than some numbers of years, by the estimator of Kaplan and Meier.

    S(t) = Π over durations tᵢ ≤ t of (1 − dᵢ/nᵢ), dᵢ ties that ended then, nᵢ that had lasted so long (Kaplan and Meier
    1958, doi:10.1080/01621459.1958.10501452), with a 95 % confidence band (log-log, as scipy computes it).

    Args:
        years: how long each tie was observed.
        ended: whether it ended then.
        at: the numbers of years to return.

    Returns:
        For each of `at`: ``at_risk`` (ties observed at least so long), ``ended`` (ties that ended by then), ``share``,
        ``low``, ``high``; the last three are None where there is no tie.
    """
    if not len(years):
        return [{"at_risk": 0, "ended": 0, "share": None, "low": None, "high": None} for _ in at]
    from scipy.stats import CensoredData, ecdf

    times, over = np.asarray(years, dtype=float), np.asarray(ended, dtype=bool)
    function = ecdf(CensoredData(uncensored=times[over], right=times[~over])).sf
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Where no tie or every tie has ended there is no band; scipy says so in a warning, the table in an empty cell.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = function.confidence_interval(method="log-log")
    rows = []
    for moment in at:
        # Without any end there is nothing to be uncertain about in the sample.
        low, high = float(band.low.evaluate(moment)), float(band.high.evaluate(moment))
        rows.append(
            {
                "at_risk": int((times >= moment).sum()),
                "ended": int((over & (times <= moment)).sum()),
                "share": float(function.evaluate(moment)),
                "low": None if np.isnan(low) else low,
                "high": None if np.isnan(high) else high,
            }
        )
    return rows


def survival(
    network: Network,
    by: str | None = None,
    *,
    step: int = 5,
    least_at_risk: int = 5,
    today: datetime.date | None = None,
) -> pl.DataFrame:
    """Return how many ties still last so many years after they began.

    Columns: ``group``, with `by`; ``years``; ``at_risk``: ties observed at least so long; ``ended``: ties that ended by
    then; ``survival_low``, ``survival_high``: the share that lasts longer, in the shorter and the longer reading of
    uncertain dates (see `Durations`); ``confidence_low``, ``confidence_high``: the lower end of the 95 % band of the
    first, and the upper of the second. ``at_risk`` and ``ended`` are those of the longer reading.

    Args:
        network: its ties count, but for those without a known start or that begin after today.
        by: see `twingraph.analysis.growth.growth`.
        step: years between two rows.
        least_at_risk: rows end where fewer ties than this were observed so long, since shares of them say nothing.
        today: until when ties that last were observed; by default the day it is.

    Raises:
        AnalysisError: ties are not grouped by `by`, or the step is no number of years.
    """
    import polars as pl

    if step < 1:
        raise AnalysisError(f"{step} is no number of years; give 1 or more.")
    now = today or datetime.date.today()
    name = group_of(network, by)
    groups: dict[str, list[Tie]] = {}
    for tie in network.ties:
        groups.setdefault(name(tie), []).append(tie)
    rows = []
    for group in sorted(groups, key=lambda text: (-len(groups[text]), text)):
        found = durations(groups[group], now)
        lengths = sorted(found.longest, reverse=True)
        last = lengths[min(least_at_risk, len(lengths)) - 1] if lengths else 0.0
        moments = [float(year) for year in range(0, int(last) + 1, step)] if lengths else []
        low = kaplan_meier(found.shortest, found.ended_shortest, moments)
        high = kaplan_meier(found.longest, found.ended_longest, moments)
        for moment, below, above in zip(moments, low, high, strict=True):
            shares = sorted(value for value in (below["share"], above["share"]) if value is not None)
            rows.append(
                {
                    **({"group": group} if by else {}),
                    "years": int(moment),
                    "at_risk": above["at_risk"],
                    "ended": above["ended"],
                    "survival_low": shares[0] if shares else None,
                    "survival_high": shares[-1] if shares else None,
                    "confidence_low": below["low"],
                    "confidence_high": above["high"],
                }
            )
    schema: dict[str, Any] = {"group": pl.String} if by else {}
    schema |= {"years": pl.Int64, "at_risk": pl.Int64, "ended": pl.Int64}
    schema |= dict.fromkeys(("survival_low", "survival_high", "confidence_low", "confidence_high"), pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")
