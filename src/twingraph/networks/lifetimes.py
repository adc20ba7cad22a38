"""When a tie was in force: the days on which it certainly was, and those on which it possibly was.

Days are counted as `datetime.date.toordinal` does. The rules are those of the library query
``partnership/in-force-on``:

- A tie certainly was in force from the last day that its start can mean; possibly from the first. A tie without
  any known start possibly was in force on every day before its end, and certainly on none.
- An ended tie certainly lasted until the day before the first that its end can mean; possibly until the last.
  Without a known end it certainly lasted no day, and possibly lasts still.
- A suspended or dormant tie: the same, with the date since which it has been at rest.
- Any other tie is taken to last, as long as no end is known.
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
    """The stretches of days, each as first and last day, both included.

    Attributes:
        certain: the days on which the tie certainly was in force; `NEVER` where there is none.
        possible: the days on which it possibly was; contains `certain`.
        starts: first and last day that the start can mean; None where no start is known.
        ends: first and last day that the end, or the beginning of its rest, can mean; None while it lasts or
            where no date is known.
        is_over: whether it is known to be ended, suspended or dormant.
    """

    certain: Stretch = NEVER
    possible: Stretch = (FIRST, FOREVER)
    starts: Stretch | None = None
    ends: Stretch | None = None
    is_over: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether a start is known."""
        return self.starts is not None

    def is_certain_in(self, first: int, last: int) -> bool:
        """Return whether the tie certainly was in force on a day from `first` to `last`."""
        return self.certain[0] <= self.certain[1] and self.certain[0] <= last and self.certain[1] >= first

    def is_possible_in(self, first: int, last: int) -> bool:
        """Return whether the tie possibly was in force on a day from `first` to `last`."""
        return self.possible[0] <= last and self.possible[1] >= first


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
    certain = (latest, min(last_certain, last_possible)) if latest is not None else NEVER
    if certain[0] > certain[1]:
        certain = NEVER
    return Lifetime(
        certain=certain,
        possible=(earliest if earliest is not None else FIRST, last_possible),
        starts=(earliest if earliest is not None else FIRST, latest if latest is not None else FOREVER)
        if dated
        else None,
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
