"""Would a figure change if something were left out?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twingraph.findings.model import Finding, Progress, silent
from twingraph.networks.model import Network, TieTable

__all__ = ["DEFAULT_MEASURES", "find_robustness"]

DEFAULT_MEASURES = ("largest_component", "mean_distance", "transitivity", "triangles", "degree_assortativity")

_COLUMNS = {
    "measure": "the measure, as in the table of the structure",
    "variation": "what was changed; the first row of each measure is the selection as it is",
    "ties": "ties that are left, however many places each has",
    "pairs": "pairs of places with a tie",
    "value": "the measure then",
    "change_percent": "change against the selection as it is, in percent",
}


def find_robustness(
    table: TieTable,
    network: Network,
    *,
    measures: Sequence[str] = (),
    variations: Sequence[str] = (),
    progress: Progress = silent,
) -> list[Finding]:
    """Return one table of measures under variations.

    Args:
        table: all ties that the network was selected from.
        network: the selection as it is.
        measures: names of `twingraph.analysis.structure.MEASURES`; by default `DEFAULT_MEASURES`.
        variations: see `twingraph.analysis.robustness.VARIATIONS`; by default those that fit the data.
        progress: is told how many variations are done.

    Raises:
        AnalysisError: a measure or variation does not exist.
        SelectionError: a variation asks for what the data does not say.
    """
    import polars as pl

    from twingraph.analysis.robustness import default_variations, read_variations, vary

    wanted = list(dict.fromkeys(measures)) or list(DEFAULT_MEASURES)
    chosen = read_variations(variations, table, network) if variations else default_variations(table, network)
    varied = vary(table, network, chosen, wanted, progress)
    base = varied[0]
    differs = network.certain is not network.possible
    rows: list[dict[str, Any]] = []
    for measure in wanted:
        for one in varied:
            row: dict[str, Any] = {"measure": measure, "variation": one.name, "ties": one.ties, "pairs": one.pairs}
            certain, possible = one.certain[measure], one.possible[measure]
            if differs:
                row["value_certain"], row["value_possible"] = certain, possible
                row["change_percent_certain"] = _change(base.certain[measure], certain)
                row["change_percent_possible"] = _change(base.possible[measure], possible)
            else:
                row["value"] = possible
                row["change_percent"] = _change(base.possible[measure], possible)
            rows.append(row)
    schema: dict[str, Any] = dict.fromkeys(rows[0], pl.Float64)
    schema |= {"measure": pl.String, "variation": pl.String, "ties": pl.Int64, "pairs": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return [
        Finding(
            key="robustness",
            question="Would the figures change if something were left out?",
            answer=_answer(frame, wanted, "change_percent_possible" if differs else "change_percent"),
            frame=frame,
            columns=_described(differs),
            caveats=[
                "A source left out takes with it the ties that only it states; dates that rest on it stay.",
                "A small change shows that a figure does not hang on one thing alone, not that the data is complete.",
            ],
            digits=6,
            about={"variations": [one.name for one in varied[1:]], "measures": wanted},
        )
    ]


def _change(before: float | None, after: float | None) -> float | None:
    if before is None or after is None or not before:
        return None
    return 100.0 * (after - before) / abs(before)


def _answer(frame: Any, measures: Sequence[str], column: str) -> list[str]:
    import polars as pl

    sentences = []
    for measure in measures:
        rows = frame.filter((pl.col("measure") == measure) & (pl.col("variation") != "as selected"))
        moved = rows.filter(pl.col(column).is_not_null()).sort(
            pl.col(column).abs(), descending=True, maintain_order=True
        )
        if not moved.height:
            continue
        most = moved.row(0, named=True)
        word = measure.replace("_", " ")
        if abs(most[column]) < 0.05:
            sentences.append(f"None of these moves {word} by 0.1 percent.")
        else:
            sentences.append(f"What moves {word} most is {most['variation']}: {most[column]:+.1f} percent.")
    return sentences


def _described(differs: bool) -> dict[str, str]:
    if not differs:
        return dict(_COLUMNS)
    described = {name: text for name, text in _COLUMNS.items() if name not in ("value", "change_percent")}
    for name in ("value", "change_percent"):
        described[f"{name}_certain"] = f"{_COLUMNS[name]}; of the ties that certainly were in force"
        described[f"{name}_possible"] = f"{_COLUMNS[name]}; of the ties that possibly were"
    return described
