"""Figures that others published of a network, beside what is computed here from the same file."""

from __future__ import annotations

import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from twingraph.errors import AnalysisError, DataError
from twingraph.findings.model import Finding

__all__ = ["compare_with_published", "published_names"]

_FOLDER = Path(__file__).parent / "published_figures"

_COLUMNS = {
    "measure": "the measure, as in the table of the structure",
    "published": "the figure that was published, with the digits it was published with",
    "computed": "the figure computed here, in full",
    "difference": "computed minus published",
    "agrees": "whether the computed figure, rounded to the digits of the published one, is the same",
    "explanation": "why they differ, where they do",
}


def published_names() -> list[str]:
    """Return the names of the published figures that come with twingraph."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def compare_with_published(structure: Finding, name_or_file: str) -> Finding:
    """Return a table of published against computed figures, each difference shown and explained.

    Args:
        structure: the finding of the structure, with the computed figures.
        name_or_file: one of `published_names`, or a TOML file of the same form: ``title``, ``url``, a table
            ``measures`` with a ``value`` as text for each, and ``explanations`` that measures refer to.

    Raises:
        AnalysisError: there are no such figures, or one is of a measure that does not exist.
        DataError: the file is broken.
    """
    import polars as pl

    figures, place = _read(name_or_file)
    column = "value" if "value" in structure.frame.columns else "possible"
    computed = dict(zip(structure.frame["measure"], structure.frame[column], strict=True))
    explanations = figures.get("explanations", {})
    rows = []
    for measure, entry in figures["measures"].items():
        if measure not in computed:
            raise AnalysisError(f"{place}: there is no measure {measure!r}; there are {', '.join(computed)}.")
        published = str(entry["value"])
        value = computed[measure]
        agrees = value is not None and _rounds_to(value, published)
        reason = "" if agrees else explanations.get(entry.get("explanation", ""), "not explained yet")
        difference = None if value is None else value - float(published)
        rows.append((measure, published, value, difference, agrees, " ".join(reason.split())))
    frame = pl.DataFrame(
        rows,
        schema={
            "measure": pl.String,
            "published": pl.String,
            "computed": pl.Float64,
            "difference": pl.Float64,
            "agrees": pl.Boolean,
            "explanation": pl.String,
        },
        orient="row",
    )
    brief = [figures["measures"][row["measure"]].get("explanation", row["explanation"]) for row in frame.to_dicts()]
    told = [f"{name}: {' '.join(text.split())}" for name, text in explanations.items()]
    agreeing = int(frame["agrees"].sum())
    answer = [f"{agreeing} of {len(rows)} published figures come out to the last digit."]
    differing = frame.filter(~pl.col("agrees"))
    if differing.height:
        open_ones = differing.filter(pl.col("explanation") == "not explained yet").height
        answer.append(
            f"{differing.height} differ: {', '.join(differing['measure'])}"
            + (f"; {open_ones} of them without an explanation." if open_ones else "; the table says why.")
        )
    return Finding(
        key="published",
        question=f"Do the figures agree with those published: {figures['title']}?",
        answer=answer,
        frame=frame,
        columns=_COLUMNS,
        caveats=[*told, f"Published at {figures['url']}."],
        excerpt=frame.with_columns(pl.Series("explanation", brief, dtype=pl.String)),
        about={"title": figures["title"], "url": figures["url"]},
        digits=9,
    )


def _read(name_or_file: str) -> tuple[dict[str, Any], str]:
    path = _FOLDER / f"{name_or_file}.toml"
    if name_or_file not in published_names():
        path = Path(name_or_file)
        if not path.is_file():
            raise AnalysisError(
                f"there are no published figures {name_or_file!r}; there are {', '.join(published_names())}, or give "
                "a TOML file of their form."
            )
    try:
        figures = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"can't be read: {error}", file=path) from None
    for key in ("title", "url", "measures"):
        if not figures.get(key):
            raise DataError(f"has no {key}", file=path)
    for measure, entry in figures["measures"].items():
        try:
            Decimal(str(entry["value"]))
        except (KeyError, TypeError, InvalidOperation):
            raise DataError(
                f"{measure} needs a value that is a number as text, such as {{ value = '0.11' }}", file=path
            ) from None
    return figures, path.name


def _rounds_to(value: float, published: str) -> bool:
    """Return whether a figure, rounded to as many digits as the published one has, equals it."""
    wanted = Decimal(published)
    exponent = wanted.as_tuple().exponent
    if not isinstance(exponent, int):
        return False
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(exponent)) == wanted
