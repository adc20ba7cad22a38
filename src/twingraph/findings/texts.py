"""Tables of findings as texts for people: figures with as many digits as say something."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["table_texts"]


def table_texts(frame: pl.DataFrame) -> tuple[list[str], list[list[str]], list[bool]]:
    """Return the names of the columns, the cells as text, and which columns are numeric.

    Whole numbers have no decimals, others six significant digits; what is unknown is empty.
    """
    numeric = [dtype.is_numeric() for dtype in frame.dtypes]
    return frame.columns, [[_cell(value) for value in row] for row in frame.iter_rows()], numeric


def _cell(value: object) -> str:
    from twingraph.answers.layout import safe_text

    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:,.6g}"
    if isinstance(value, list | tuple):
        return safe_text(", ".join(map(str, value)))
    return safe_text(str(value))
