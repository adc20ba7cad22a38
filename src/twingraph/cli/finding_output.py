"""How commands print findings: tables and sentences for the terminal, JSON, CSV or Parquet."""

from __future__ import annotations

import io
import json
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from twingraph.cli.output import terminal_width
from twingraph.cli.query_command import write_answer
from twingraph.querying.wording import plural

if TYPE_CHECKING:
    import polars as pl

    from twingraph.findings.model import Finding
    from twingraph.networks.model import Network

__all__ = ["FORMATS", "Printing", "print_findings"]

FORMATS = ("table", "json", "csv", "parquet")


@dataclass(frozen=True, slots=True)
class Printing:
    """How findings are printed.

    Attributes:
        output_format: one of `FORMATS`. CSV and Parquet hold one table.
        output: a file; None for stdout.
        table: the only finding wanted, by key.
        top: rows shown of each table in the format ``table``; None for as many as a page has room for.
        whole: all rows and columns instead.
    """

    output_format: str
    output: Path | None
    table: str | None
    top: int | None
    whole: bool


def print_findings(findings: Sequence[Finding], network: Network, printing: Printing) -> None:
    """Print what was found in a network, or write it to a file that appears only when it is whole."""
    table, output, output_format = printing.table, printing.output, printing.output_format
    keys = [finding.key for finding in findings]
    if table is not None and table not in keys:
        raise click.UsageError(f"--table: there is no table {table!r} here; there are {', '.join(keys)}.")
    chosen = [finding for finding in findings if table in (None, finding.key)]
    if output_format in ("csv", "parquet"):
        if output_format == "parquet" and output is None and sys.stdout.isatty():
            raise click.UsageError("parquet is not for a terminal; name a file with --output.")
        if len(chosen) > 1:
            click.echo(f"The table {keys[0]!r}; --table chooses another: {', '.join(keys[1:])}.", err=True)
        write_answer(_frame_bytes(chosen[0].frame, output_format), output)
    elif output_format == "json":
        write_answer((json.dumps(_document(chosen, network), ensure_ascii=False, indent=2) + "\n").encode(), output)
    else:
        write_answer(_to_text(chosen, network, printing).encode(), output)


def _to_text(findings: Sequence[Finding], network: Network, printing: Printing) -> str:
    """Return findings as text: the selection, then question, answer, table and what its columns mean."""
    from twingraph.answers.layout import aligned_table
    from twingraph.findings.texts import text_table

    width = terminal_width()

    def fill(text: str, indent: str = "") -> str:
        return textwrap.fill(
            text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )

    parts = [fill(f"Selection: {network.description}."), fill(f"Data: {network.origin}.")]
    if network.certain is not network.possible:
        parts.append(
            fill(
                f"Certainly in force: {plural(network.certain_count, 'tie')}; possibly: {network.selected:,}, "
                f"without a known start {network.undated:,} ({network.undated_share:.0%})."
            )
        )
    parts += [fill(f"Note: {note}.") for note in network.notes]
    lines = ["\n".join(parts), ""]
    for finding in findings:
        lines += [finding.question, "=" * min(len(finding.question), width), ""]
        lines += [fill(" ".join(finding.answer)), ""] if finding.answer else []
        table = text_table(finding, printing.top, whole=printing.whole)
        if table.rows:
            lines.append(aligned_table(table.names, table.rows, table.numeric, width).rstrip("\n"))
            if table.left_out > 0:
                lines.append(f"… and {table.left_out:,} more rows; --all shows them.")
            lines += ["", *(_describe(name, table.meanings[name], width) for name in table.names), ""]
        if finding.caveats:
            lines += [fill(" ".join(finding.caveats)), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _describe(name: str, meaning: str, width: int) -> str:
    return textwrap.fill(
        f"{name}: {meaning}",
        width,
        initial_indent="  ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _frame_bytes(frame: pl.DataFrame, output_format: str) -> bytes:
    import polars as pl

    buffer = io.BytesIO()
    if output_format == "parquet":
        frame.write_parquet(buffer)
    else:
        lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
        frame.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists).write_csv(buffer)
    return buffer.getvalue()


def _document(findings: Sequence[Finding], network: Network) -> dict[str, Any]:
    """Return findings as plain values; the measures of the structure are keys of the document."""
    document: dict[str, Any] = {}
    for finding in findings:
        if finding.key == "structure":
            document |= _measures(finding)
    document["selection"] = {"text": network.description, **network.selection.to_dict()}
    document["data"] = str(network.origin)
    document["ties"] = {
        "certain": network.certain_count,
        "possible": network.selected,
        "undated": network.undated,
        "undated_share": network.undated_share,
    }
    if network.notes:
        document["notes"] = network.notes
    tables = document["tables"] = {}
    for finding in findings:
        tables[finding.key] = {
            "question": finding.question,
            "answer": finding.answer,
            "columns": dict(finding.columns),
            "rows": [_jsonable(row) for row in finding.frame.iter_rows(named=True)],
            "about": _jsonable(dict(finding.about)),
            "caveats": list(finding.caveats),
        }
    return document


def _measures(finding: Finding) -> dict[str, Any]:
    """Return the measures by name; where certain and possible differ, those of the possible ties apart."""
    certain: dict[str, Any] = {}
    possible: dict[str, Any] = {}
    for row in finding.frame.iter_rows(named=True):
        if "value" in row:
            certain[row["measure"]] = _number(row["value"])
        else:
            certain[row["measure"]] = _number(row["certain"])
            possible[row["measure"]] = _number(row["possible"])
    return certain | ({"possible": possible} if possible else {})


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and float(value).is_integer() else value


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    if isinstance(value, float) and value != value:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        return _jsonable(value.item())
    return value
