"""How messages show what a person typed, and count."""

from __future__ import annotations

__all__ = ["SHOWN", "plural", "shown"]

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


def plural(count: int, noun: str, many: str = "") -> str:
    """Return a count with its noun.

    >>> plural(1, "claim"), plural(2, "country", "countries")
    ('1 claim', '2 countries')
    """
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"
