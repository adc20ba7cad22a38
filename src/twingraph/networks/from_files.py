"""Networks from elsewhere: GraphML, GEXF, edge lists as CSV or TSV, and KONECT's ``out.*``."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import networkx as nx

from twingraph.errors import DataError
from twingraph.networks.from_graphs import TIE_COLUMNS, read_graph
from twingraph.networks.model import Origin, TieTable
from twingraph.spreadsheets import unsafe_cell

__all__ = ["FORMS", "read_file", "read_xml"]

#: What can be read, for messages.
FORMS = "GraphML (.graphml), GEXF (.gexf), an edge list (.csv or .tsv, or - for stdin) or KONECT's out.*"

#: Pairs of columns that name the two ends of a tie, in lower case.
_ENDS = (
    ("source", "target"),
    ("from", "to"),
    ("qid1", "qid2"),
    ("id1", "id2"),
    ("city1", "city2"),
    ("node1", "node2"),
)
_MARKUP = re.compile(rb"<!DOCTYPE|<!ENTITY")


def read_file(path: Path) -> TieTable:
    """Return the ties of a file from elsewhere; its form is told by its name.

    An edge list has a header that names the two ends (``source,target``, ``from,to``, ``city1,city2`` …), or two
    columns and no header. Further columns of the ends are ``source_name``, ``target_country`` or ``name1``,
    ``country2`` and so on; of the tie ``kind``, ``status``, ``start``, ``end``, ``source_ids``.

    Raises:
        DataError: there is no such file, it is none of these forms, or it is broken; row and column are named.
    """
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise DataError(f"can't be read ({error.strerror}); give {FORMS}", file=path) from None
    name = "stdin" if str(path) == "-" else str(path)
    origin = Origin("file", name, hashlib.sha256(content).hexdigest()[:12])
    suffix = path.suffix.lower()
    if path.name.startswith("out."):
        graph = _read_konect(content, name)
    elif suffix in (".graphml", ".xml", ".gexf"):
        graph = read_xml(content, name, suffix)
    elif suffix in (".csv", ".tsv", ".txt", ".edgelist") or name == "stdin":
        graph, repeated = _read_edge_list(content, name)
        table = read_graph(graph, origin=origin)
        if repeated:
            table.notes.append(f"{repeated:,} repeated row{'s' * (repeated > 1)} counted once")
        # Where most pairs are named one way only, the order of a pair says nothing.
        one_way, both_ways = table.directed or (0, 0)
        return table if both_ways > one_way else replace(table, directed=None)
    else:
        raise DataError(f"its ending {suffix!r} is not known; give {FORMS}", file=name)
    return read_graph(graph, origin=origin)


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise DataError("is not UTF-8 text; save it as UTF-8", file=name, row=row) from None


def read_xml(content: bytes, name: str, suffix: str) -> nx.Graph:
    """Return the graph of a GEXF or GraphML file (by its suffix) with all attributes.

    Raises:
        DataError: it declares entities, is not well-formed, or is none of these forms.
    """
    if _MARKUP.search(content[: 1 << 16]):
        raise DataError("declares a document type or entities, which no graph file needs; remove them", file=name)
    try:
        if suffix == ".gexf":
            return nx.read_gexf(io.BytesIO(content))
        return nx.read_graphml(io.BytesIO(content))
    except ElementTree.ParseError as error:
        row, column = error.position
        raise DataError(f"is no well-formed XML at column {column + 1} ({error})", file=name, row=row) from None
    except (nx.NetworkXError, KeyError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        form = "GEXF" if suffix == ".gexf" else "GraphML"
        if form == "GEXF" and isinstance(error, KeyError) and error.args == (None,):
            raise DataError(
                "nodes or edges have a start or an end, but the graph does not say how times are written; add "
                'mode="dynamic" timeformat="date" to its element <graph>',
                file=name,
            ) from None
        if form == "GEXF" and str(error).startswith("No <graph> element"):
            raise DataError(
                "is no GEXF, or has no <graph> in its namespace; its first element should have "
                'xmlns="http://gexf.net/1.3", or the address of 1.2draft or 1.1draft as GEXF gives it',
                file=name,
            ) from None
        raise DataError(f"is no {form} that NetworkX can read: {error}", file=name) from None


def _read_konect(content: bytes, name: str) -> nx.Graph:
    """Read KONECT's form: a header ``% sym unweighted``, then two node numbers in each line.

    Source of the form: http://konect.cc/downloads/ and the KONECT handbook.
    """
    lines = _text(content, name).splitlines()
    words = lines[0].lstrip("% ").split() if lines and lines[0].startswith("%") else []
    if not words or words[0] not in ("sym", "asym"):
        raise DataError(
            "the first line must be '% sym …' or '% asym …', as in KONECT's files; bipartite networks are not taken",
            file=name,
            row=1,
        )
    graph: nx.Graph = nx.Graph() if words[0] == "sym" else nx.DiGraph()
    edges = []
    for row, line in enumerate(lines, 1):
        if line.startswith("%") or not line.strip():
            continue
        cells = line.split()
        if len(cells) < 2 or not (cells[0].isdecimal() and cells[1].isdecimal()):
            raise DataError(f"{line[:60]!r} is no pair of node numbers", file=name, row=row)
        edges.append((cells[0], cells[1]))
    graph.add_edges_from(edges)
    return graph


def _read_edge_list(content: bytes, name: str) -> tuple[nx.DiGraph, int]:
    """Return the graph of an edge list, and how many rows repeat one before them."""
    text = _text(content, name)
    first = text.partition("\n")[0]
    delimiter = max("\t,;", key=first.count) if any(mark in first for mark in "\t,;") else None
    graph: nx.DiGraph = nx.DiGraph()
    if not text.strip():
        return graph, 0
    if delimiter is None:
        raise DataError(
            "its first line has neither tab, comma nor semicolon; an edge list needs two columns", file=name, row=1
        )
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: _Columns | None = None
    repeated = width = 0
    further: list[tuple[str, str, dict[str, str]]] = []
    try:
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                width = len(cells)
                columns = _Columns.read(cells, name)
                if columns.has_header:
                    continue
            cells = [unsafe_cell(cell) for cell in cells]
            if len(cells) != width:
                raise DataError(f"has {len(cells)} cells, the first row {width}", file=name, row=rows.line_num)
            repeated += _add_row(graph, columns, cells, name, rows.line_num, further)
    except csv.Error as error:
        raise DataError(f"can't be read as a table: {error}", file=name, row=rows.line_num) from None
    if further:
        graph = nx.MultiDiGraph(graph)
        graph.add_edges_from(further)
    return graph, repeated


def _add_row(
    graph: nx.DiGraph,
    columns: _Columns,
    cells: Sequence[str],
    name: str,
    row: int,
    further: list[tuple[str, str, dict[str, str]]],
) -> bool:
    """Add a tie, to `further` where its pair has another already; return whether the very same was there before."""
    keys = [columns.key(cells, end) for end in (0, 1)]
    for end, key in enumerate(keys):
        if not key:
            raise DataError("is empty; each row needs both ends", file=name, row=row, column=columns.end_names[end])
        if key not in graph:
            graph.add_node(key)
        for attribute, place in columns.of_ends[end].items():
            if cells[place].strip() and attribute not in graph.nodes[key]:
                graph.nodes[key][attribute] = cells[place].strip()
    values = {a: cells[place].strip() for a, place in columns.of_tie.items() if cells[place].strip()}
    if graph.has_edge(*keys):
        if values == graph.edges[keys]:
            return True
        further.append((keys[0], keys[1], values))
        return False
    graph.add_edge(*keys, **values)
    return False


class _Columns:
    """What the columns of an edge list mean."""

    def __init__(self, names: Sequence[str], ends: tuple[int, int], has_header: bool) -> None:
        self.has_header = has_header
        self.ends = ends
        self.end_names = names[ends[0]], names[ends[1]]
        self.of_ends: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self.of_tie: dict[str, int] = {}
        for place, name in enumerate(names):
            lowered = name.strip().lower()
            match = re.fullmatch(r"(source|target|from|to)_(\w+)|([a-z_]+?)_?([12])", lowered)
            if lowered in TIE_COLUMNS:
                self.of_tie[lowered] = place
            elif place in ends or not has_header:
                if match and match[4] and match[3] == "city":
                    self.of_ends[int(match[4]) - 1]["name"] = place
            elif match and (match[1] or match[4]):
                end = int(match[4]) - 1 if match[4] else int(match[1] in ("target", "to"))
                self.of_ends[end][match[2] or match[3]] = place
            else:
                self.of_tie[lowered] = place
        # A name alone is no identity: with its country it comes near to one.
        self.by_name = has_header and self.end_names[0].strip().lower() == "city1"

    @classmethod
    def read(cls, cells: Sequence[str], name: str) -> _Columns:
        lowered = [cell.strip().lower() for cell in cells]
        for one, other in _ENDS:
            if one in lowered and other in lowered:
                return cls(cells, (lowered.index(one), lowered.index(other)), True)
        if len(cells) != 2:
            known = "; ".join(f"{one}, {other}" for one, other in _ENDS)
            raise DataError(
                f"no pair of columns names the two ends of a tie; call them one of: {known}", file=name, row=1
            )
        return cls(["1", "2"], (0, 1), False)

    def key(self, cells: Sequence[str], end: int) -> str:
        key = cells[self.ends[end]].strip()
        country = self.of_ends[end].get("country")
        return f"{key}, {cells[country].strip()}" if key and self.by_name and country is not None else key
