"""Time limits of queries, checked in one place before anything counts with them."""

from __future__ import annotations

import math
from numbers import Real

from twingraph.errors import QueryError
from twingraph.querying.wording import shown

__all__ = ["MAX_TIMEOUT", "check_timeout"]

#: Seconds; a day. Clocks and timers of the system overflow far above.
MAX_TIMEOUT = 86_400


def check_timeout(timeout: object) -> float | None:
    """Return a time limit as it is, None for none.

    Raises:
        QueryError: it is no finite number above 0 and up to `MAX_TIMEOUT`.
    """
    if timeout is None:
        return None
    if isinstance(timeout, Real) and not isinstance(timeout, bool):
        try:
            seconds = float(timeout)
        except OverflowError:
            seconds = math.inf
        if 0 < seconds <= MAX_TIMEOUT:
            return seconds
    raise QueryError(f"timeout is a number of seconds above 0 and up to {MAX_TIMEOUT:,}, not {shown(timeout)}")
