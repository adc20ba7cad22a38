"""Networks as tables: nodes and edges for Gephi, Palladio, spreadsheets and data frames."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from twingraph.exporting.model import Export
from twingraph.spreadsheets import safe_cell

if TYPE_CHECKING:
    import networkx as nx
    import polars as pl

__all__ = ["edge_rows", "node_rows", "to_csv_metadata", "to_edge_csv", "to_edge_list", "to_node_csv", "to_parquet"]


def node_rows(graph: nx.Graph) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and rows of the nodes: ``Id`` and ``Label`` as Gephi calls them, then what is known."""
    names = sorted({name for _, values in graph.nodes(data=True) for name in values} - {"name"})
    rows = [
        [node, values.get("name", node), *(values.get(name) for name in names)]
        for node, values in graph.nodes(data=True)
    ]
    return ["Id", "Label", *names], rows


def edge_rows(graph: nx.Graph) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and rows of the edges: ``Source``, ``Target``, ``Type`` as Gephi calls them, then the tie."""
    names = sorted({name for *_, values in graph.edges(data=True) for name in values})
    rows = [
        [one, other, "Undirected", *(values.get(name) for name in names)]
        for one, other, values in graph.edges(data=True)
    ]
    return ["Source", "Target", "Type", *names], rows


def to_node_csv(export: Export) -> bytes:
    """Return the nodes as CSV."""
    return _csv(*node_rows(export.network.possible))


def to_edge_csv(export: Export) -> bytes:
    """Return the edges as CSV."""
    return _csv(*edge_rows(export.network.possible))


def to_edge_list(export: Export) -> bytes:
    """Return one table with all that is known of both ends, which `twingraph.networks.from_files` reads back."""
    graph = export.network.possible
    of_ends = sorted({name for _, values in graph.nodes(data=True) for name in values})
    of_ties = sorted({name for *_, values in graph.edges(data=True) for name in values})
    header = ["source", "target", *(f"{end}_{name}" for end in ("source", "target") for name in of_ends), *of_ties]
    rows = []
    for one, other, values in graph.edges(data=True):
        ends = [graph.nodes[node].get(name) for node in (one, other) for name in of_ends]
        rows.append([one, other, *ends, *(values.get(name) for name in of_ties)])
    return _csv(header, rows)


def to_parquet(export: Export) -> bytes:
    """Return the edges as Parquet, with the names of both ends; what the file says of itself is in its metadata."""
    import json

    graph = export.network.possible
    columns, rows = edge_rows(graph)
    frame = _frame(columns, rows)
    import polars as pl

    names = dict(graph.nodes(data="name"))
    frame = frame.with_columns(
        pl.Series("source_name", [names[row[0]] for row in rows], dtype=pl.String),
        pl.Series("target_name", [names[row[1]] for row in rows], dtype=pl.String),
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer, metadata={"twingraph": json.dumps(export.about(), ensure_ascii=False)})
    return buffer.getvalue()


def to_csv_metadata(export: Export, edges: str, nodes: str) -> bytes:
    """Return what the two tables say of themselves, as metadata for CSV on the Web.

    Source of the format: W3C 2015, Metadata Vocabulary for Tabular Data.

    Args:
        export: the network.
        edges: name of the file of edges.
        nodes: name of the file of nodes.
    """
    import json

    about = export.about()
    graph = export.network.possible
    tables = [(edges, edge_rows(graph)[0]), (nodes, node_rows(graph)[0])]
    document = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": "Partnerships between municipalities",
        "dc:description": export.sentence(),
        "dc:created": about["exported"],
        "dc:source": [
            {
                name: value
                for name, value in (("dc:identifier", s.id), ("dc:title", s.title), ("schema:url", s.url))
                if value
            }
            for s in export.sources
        ],
        "tables": [
            {"url": url, "tableSchema": {"columns": [{"titles": name} for name in columns]}} for url, columns in tables
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _frame(columns: list[str], rows: list[list[Any]]) -> pl.DataFrame:
    import polars as pl

    known: dict[type, Any] = {int: pl.Int64, bool: pl.Boolean, float: pl.Float64, str: pl.String}
    types: dict[str, Any] = {}
    for index, name in enumerate(columns):
        kinds = {type(row[index]) for row in rows if row[index] is not None}
        types[name] = known[kinds.pop()] if len(kinds) == 1 else pl.String
    return pl.DataFrame(rows, schema=types, orient="row")


def _csv(header: list[str], rows: list[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_safe(name) for name in header])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _safe(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula, nor a part of it."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if not isinstance(cell, str):
        return cell
    if "\r" in cell:
        # A carriage return ends a row for many readers, even one that Python's writer leaves without quotes.
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return safe_cell(cell)
