"""How messages show what a person typed."""

from __future__ import annotations

__all__ = ["SHOWN", "shown"]

#: More of a value than this says nothing more.
SHOWN = 60


def shown(value: object) -> str:
    """Return a value as it stands in a message: quoted, and cut when it is long.

    >>> shown("Kiel")
    "'Kiel'"
    >>> len(shown("x" * 1000))
    60
    """
    try:
        text = repr(value)
    except ValueError:
        text = f"a {type(value).__name__} of thousands of digits"
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
