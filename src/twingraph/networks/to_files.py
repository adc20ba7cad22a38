"""A network as a graph file, written by NetworkX so that other programs read it."""

from __future__ import annotations

import csv
import io
import json

import networkx as nx

__all__ = ["SUFFIXES", "to_file"]

SUFFIXES = (".graphml", ".gexf", ".csv", ".json")


def to_file(graph: nx.Graph, suffix: str) -> bytes:
    """Return the content of a file: GraphML, GEXF, a CSV edge list, or NetworkX's node-link data as JSON.

    The edge list has the columns that `read_file` knows, so that it can be read back.
    """
    buffer = io.BytesIO()
    if suffix == ".graphml":
        nx.write_graphml(graph, buffer, infer_numeric_types=True)
    elif suffix == ".gexf":
        nx.write_gexf(_labelled(graph), buffer)
    elif suffix == ".json":
        return (json.dumps(nx.node_link_data(graph, edges="links"), ensure_ascii=False) + "\n").encode()
    else:
        return _edge_list(graph)
    return buffer.getvalue()


def _labelled(graph: nx.Graph) -> nx.Graph:
    """Return a copy as GEXF wants it: labels, and dates under names that are no time of GEXF's own."""
    copy = nx.Graph()
    for node, values in graph.nodes(data=True):
        copy.add_node(node, label=values.get("name", node), **values)
    for one, other, values in graph.edges(data=True):
        # GEXF takes start and end for its timeline, which knows no date such as 1978~.
        renamed = {f"{name}_edtf" if name in ("start", "end") else name: value for name, value in values.items()}
        copy.add_edge(one, other, **renamed)
    return copy


def _edge_list(graph: nx.Graph) -> bytes:
    of_ends = sorted({name for _, values in graph.nodes(data=True) for name in values})
    of_ties = sorted({name for *_, values in graph.edges(data=True) for name in values})
    header = ["source", "target", *(f"{end}_{name}" for end in ("source", "target") for name in of_ends), *of_ties]
    out = io.StringIO(newline="")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(header)
    for one, other, values in graph.edges(data=True):
        ends = [graph.nodes[node].get(name) for node in (one, other) for name in of_ends]
        rows.writerow(_safe(cell) for cell in [one, other, *ends, *(values.get(name) for name in of_ties)])
    return out.getvalue().encode()


def _safe(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
