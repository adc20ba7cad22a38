"""When a tie was in force: the days on which it certainly was, and those on which it possibly was.

Days are counted as `datetime.date.toordinal` does. The rules are those of the library query
``partnership/in-force-on``:

- A tie certainly was in force from the last day that its start can mean; possibly from the first. A tie without
  any known start possibly was in force on every day before its end, and certainly on none.
- An ended tie certainly lasted until the day before the first that its end can mean; possibly until the last.
  Without a known end it certainly lasted no day beyond that of its start, and possibly lasts still.
- A suspended or dormant tie: the same, with the date since which it has been at rest.
- Any other tie is taken to last, as long as no end is known.
- A tie that changed its kind began with its first phase. Where nobody says when that was, it began on some day until
  the first start that is known.
- A tie that surely began within some days was in force on one of them, however soon it ended.
- A tie whose end surely lies before its start was in force on no day: one of the dates must be wrong.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from twingraph.dates import EdtfDate

__all__ = ["FOREVER", "NEVER", "Lifetime", "lifetime_of", "ordinal"]

#: The first and the last day that can be counted.
FIRST, FOREVER = 1, datetime.date.max.toordinal()
#: A stretch without a day.
NEVER = (1, 0)

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """On which days a tie can have begun, and on which it can have been in force for the last time.

    Every stretch is its first and last day, both included.

    Attributes:
        starts: first and last day that the start can mean; None where no start is known.
        lasts: the last day on which it surely was in force, had it begun before, and the last on which it possibly was.
        ends: first and last day that the end, or the beginning of its rest, can mean; None while it lasts or
            where no date is known.
        is_over: whether it is known to be ended, suspended or dormant.
    """

    starts: Stretch | None = None
    lasts: Stretch = (FOREVER, FOREVER)
    ends: Stretch | None = None
    is_over: bool = False

    @property
    def possible(self) -> Stretch:
        """The days on which the tie possibly was in force; `NEVER` where its end surely lies before its start."""
        first = self.starts[0] if self.starts else FIRST
        return (first, self.lasts[1]) if first <= self.lasts[1] else NEVER

    @property
    def certain(self) -> Stretch:
        """The days on which the tie certainly was in force, part of `possible`; `NEVER` where there is none."""
        bounds = self._bounds()
        return bounds if bounds and bounds[0] <= bounds[1] else NEVER

    @property
    def is_dated(self) -> bool:
        """Whether a start is known."""
        return self.starts is not None

    @property
    def is_contradictory(self) -> bool:
        """Whether the end surely lies before the start."""
        return self.possible == NEVER

    def is_certain_in(self, first: int, last: int) -> bool:
        """Return whether the tie certainly was in force on a day from `first` to `last`.

        That need not be one of the days on which it certainly was: a tie that began and ended in 1975, nobody knows on
        which days, certainly was in force in 1975.
        """
        bounds = self._bounds()
        return bounds is not None and bounds[0] <= last and bounds[1] >= first

    def is_possible_in(self, first: int, last: int) -> bool:
        """Return whether the tie possibly was in force on a day from `first` to `last`."""
        begin, end = self.possible
        return begin <= end and begin <= last and end >= first

    def _bounds(self) -> Stretch | None:
        """Return the last day of its start and the first of its end; the second can come before the first."""
        if self.starts is None or self.is_contradictory:
            return None
        # It ended no earlier than it began, and began no later than it ended.
        begins, lasts = min(self.starts[1], self.lasts[1]), max(self.lasts[0], self.starts[0])
        return (begins, lasts) if begins < FOREVER else None


def lifetime_of(
    start: EdtfDate | None, end: EdtfDate | None, status: str | None, status_since: EdtfDate | None = None
) -> Lifetime:
    """Return when a tie was in force.

    Args:
        start: of its first phase.
        end: the end that sources state.
        status: ``active``, ``suspended``, ``dormant``, ``ended`` or ``unknown``; None counts as unknown, and as
            ended where an end is known.
        status_since: since when the status holds.
    """
    earliest = ordinal(start.earliest) if start and start.earliest else None
    latest = ordinal(start.latest) if start and start.latest else None
    at_rest = status in ("suspended", "dormant")
    over = status == "ended" or at_rest or (status is None and end is not None)
    change = status_since if at_rest else end if over else None
    change_first = ordinal(change.earliest) if change and change.earliest else None
    change_last = ordinal(change.latest) if change and change.latest else None
    if change and change_first is None and change_last is None:
        change = None
    last_possible = change_last if over and change_last is not None else FOREVER
    if end is not None and end.latest:
        # An end bounds the tie whatever its status.
        last_possible = min(last_possible, ordinal(end.latest))
    last_certain = last_possible if not over else (change_first - 1 if change_first is not None else 0)
    if end is not None and end.earliest:
        last_certain = min(last_certain, ordinal(end.earliest) - 1)
    dated = earliest is not None or latest is not None
    return Lifetime(
        starts=(earliest if earliest is not None else FIRST, latest if latest is not None else FOREVER)
        if dated
        else None,
        lasts=(min(last_certain, last_possible), last_possible),
        ends=(
            change_first if change_first is not None else FIRST,
            change_last if change_last is not None else FOREVER,
        )
        if over and change
        else None,
        is_over=over,
    )


def ordinal(day: str) -> int:
    """Return the number of a day ``YYYY-MM-DD``."""
    return datetime.date.fromisoformat(day).toordinal()
