"""Tables of findings as texts for people: figures with as many digits as say something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twingraph.findings.model import OF_CERTAIN, Finding

if TYPE_CHECKING:
    import polars as pl

__all__ = ["TextTable", "excerpt_of", "text_table"]

_ROWS = 20


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as texts.

    Attributes:
        names: of the columns.
        rows: the cells.
        numeric: which columns hold figures.
        meanings: what each column means.
        left_out: how many rows of the finding are not shown.
    """

    names: list[str]
    rows: list[list[str]]
    numeric: list[bool]
    meanings: dict[str, str]
    left_out: int


def text_table(finding: Finding, top: int | None = None, *, whole: bool = False) -> TextTable:
    """Return the table of a finding as people read it.

    A figure that stands for the certain and for the possible ties is one column, ``4 … 19``, or ``4`` where both are
    the same. Whole numbers have no decimals, others as many digits as the finding asks for; what is unknown is empty.

    Args:
        finding: what was found.
        top: rows at most; by default all of the finding's excerpt, or the first of its table where it has none.
        whole: everything instead.
    """
    every = finding.frame
    excerpt = finding.excerpt if finding.excerpt is not None else every.head(_ROWS) if top is None else every
    frame = every if whole else excerpt if top is None else excerpt.head(top)
    names: list[str] = []
    numeric: list[bool] = []
    columns: list[list[str]] = []
    meanings: dict[str, str] = {}
    for name in frame.columns:
        base = name.removesuffix("_certain")
        if name.endswith("_possible") and f"{name.removesuffix('_possible')}_certain" in frame.columns:
            continue
        cells = [_cell(value, finding.digits) for value in frame[name]]
        meaning = finding.columns.get(name, "")
        if base != name and f"{base}_possible" in frame.columns:
            others = [_cell(value, finding.digits) for value in frame[f"{base}_possible"]]
            cells = [
                one if one == other else f"{one or '–'} … {other or '–'}"
                for one, other in zip(cells, others, strict=True)
            ]
            meaning = f"{meaning.removesuffix(OF_CERTAIN)}; certain … possible"
        else:
            base = name
        names.append(base)
        numeric.append(frame.schema[name].is_numeric())
        columns.append(cells)
        meanings[base] = meaning
    rows = [list(row) for row in zip(*columns, strict=True)] if columns else []
    return TextTable(names, rows, numeric, meanings, every.height - frame.height)


def _cell(value: object, digits: int) -> str:
    from twingraph.answers.layout import safe_text

    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:,.{digits}g}"
    if isinstance(value, list | tuple):
        return safe_text(", ".join(map(str, value)))
    return safe_text(str(value))


def excerpt_of(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Return some columns of a table, each also where it stands for certain and possible ties."""
    wanted = [f"{name}{suffix}" for name in names for suffix in ("", "_certain", "_possible")]
    return frame.select(name for name in wanted if name in frame.columns)
