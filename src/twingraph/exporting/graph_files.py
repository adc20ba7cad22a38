"""Networks for graph programs: GEXF with time for Gephi, GraphML, Cytoscape, Graphviz, NetworkX."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Hashable
from typing import Any
from xml.sax.saxutils import escape

import networkx as nx

from twingraph.exporting.colours import colours_by_country, rgb
from twingraph.exporting.layouts import positions
from twingraph.exporting.model import Export, printable, shown_time

__all__ = ["to_cytoscape", "to_dot", "to_gexf", "to_graphml", "to_node_link"]


def to_graphml(export: Export) -> bytes:
    """Return the network as GraphML; dates are EDTF in ``start`` and ``end``, their bounds are days."""
    graph, _ = _plain(export.network.possible)
    graph.graph = _told(export)
    buffer = io.BytesIO()
    nx.write_graphml(graph, buffer, infer_numeric_types=True)
    return buffer.getvalue()


def to_gexf(export: Export) -> bytes:
    """Return the network as dynamic GEXF 1.2 with labels, positions and colours.

    A tie has the time in which it possibly was in force; without a known start it is always there, and one that lasts
    ends today, since Gephi's timeline hides what has no end. EDTF dates are in ``start_edtf`` and ``end_edtf``.
    Positions are of a force-directed layout, the same for the same network; colours are by country. What the file says
    of itself is the description in its head.
    """
    network = export.network
    plain, keys = _plain(network.possible)
    lives = {tie.key: tie.lifetime for tie in network.ties}
    graph = nx.Graph(mode="dynamic")
    places = positions(network.possible)
    colours = colours_by_country(network.possible)
    for original, node in keys.items():
        values = plain.nodes[node]
        x, y = places[original]
        red, green, blue = rgb(colours[original])
        look = {"color": {"r": red, "g": green, "b": blue, "a": 1.0}, "position": {"x": x, "y": y, "z": 0.0}}
        graph.add_node(node, label=values.get("name", node), viz=look, **values)
    for one, other, tie in network.possible.edges(data="tie"):
        values = plain.edges[keys[one], keys[other]]
        renamed: dict[str, Any] = {
            f"{name}_edtf" if name in ("start", "end") else name: value for name, value in values.items()
        }
        start, end = shown_time(lives[tie], export.today)
        renamed |= {name: day for name, day in (("start", start), ("end", end)) if day is not None}
        graph.add_edge(keys[one], keys[other], **renamed)
    buffer = io.BytesIO()
    nx.write_gexf(graph, buffer)
    content = _META.sub(lambda _: _meta(export), buffer.getvalue(), count=1)
    return _NAME.sub(rb"\1", content, count=1)


#: The schema of GEXF knows no name of a graph; NetworkX's writer gives it an empty one.
_NAME = re.compile(rb'(<graph [^>]*?) name=""')
#: What NetworkX's writer says of a file: its own name and the day.
_META = re.compile(rb"<meta.*?</meta>", re.DOTALL)


def _meta(export: Export) -> bytes:
    about = export.about()
    return (
        f'<meta lastmodifieddate="{about["exported"]}">\n    <creator>twingraph {about["twingraph"]}</creator>\n'
        f"    <description>{escape(export.sentence())}</description>\n  </meta>"
    ).encode()


def to_cytoscape(export: Export) -> bytes:
    """Return the network as Cytoscape JSON, for Cytoscape and Cytoscape.js."""
    graph = export.network.possible
    data = nx.cytoscape_data(graph)
    data["data"] = export.about()
    for element in data["elements"]["nodes"]:
        node = element["data"]
        node["name"] = str(graph.nodes[node["value"]].get("name", node["value"]))
    return _json(data)


def to_node_link(export: Export) -> bytes:
    """Return the network as NetworkX's node-link data."""
    graph = export.network.possible.copy()
    graph.graph = export.about()
    return _json(nx.node_link_data(graph, edges="links"))


def to_dot(export: Export) -> bytes:
    """Return the network in Graphviz's language, with names as labels and days as tooltips."""
    lines = ["graph twingraph {", f"  comment={_quoted(export.sentence())};", "  node [shape=box, style=rounded];"]
    graph = export.network.possible
    for node, values in graph.nodes(data=True):
        label = _quoted(str(values.get("name", node)))
        if "country" in values:
            # Graphviz breaks the line at a backslash with an n.
            label = label[:-1] + "\\n" + _quoted(str(values["country"]))[1:]
        shape = ", shape=ellipse" if values.get("type") == "union" else ""
        lines.append(f"  {_identifier(node)} [label={label}{shape}];")
    for one, other, values in graph.edges(data=True):
        told = f"{values.get('kind', 'tie')}, {values.get('start', 'start unknown')}, {values['certainty']}"
        style = "solid" if values["certainty"] == "certain" else "dashed"
        lines.append(f"  {_identifier(one)} -- {_identifier(other)} [style={style}, tooltip={_quoted(told)}];")
    return ("\n".join([*lines, "}"]) + "\n").encode()


def _plain(graph: nx.Graph) -> tuple[nx.Graph, dict[Hashable, str]]:
    """Return a copy without the characters that XML has no way to write, and what each node is called in it."""
    keys: dict[Hashable, str] = {}
    taken: set[str] = set()
    for node in graph:
        plain = wanted = printable(str(node)) or "node"
        number = 1
        while plain in taken:
            number += 1
            plain = f"{wanted}-{number}"
        taken.add(plain)
        keys[node] = plain
    copy = nx.Graph()
    copy.add_nodes_from((keys[node], _printable(values)) for node, values in graph.nodes(data=True))
    copy.add_edges_from((keys[one], keys[other], _printable(values)) for one, other, values in graph.edges(data=True))
    return copy, keys


def _printable(values: dict[str, Any]) -> dict[str, Any]:
    return {printable(name): printable(value) if isinstance(value, str) else value for name, value in values.items()}


def _quoted(text: str) -> str:
    """Return a text as Graphviz shows it; line breaks are spaces."""
    plain = " ".join(printable(text).split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _identifier(node: Hashable) -> str:
    """Return a node's key as Graphviz names it: different for different keys, on one line."""
    plain = "".join(char if char == " " or char.isprintable() else f"&#{ord(char)};" for char in str(node))
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _told(export: Export) -> dict[str, Any]:
    about = export.about()
    return {
        name: " ".join(value) if isinstance(value, list) else printable(value) if isinstance(value, str) else value
        for name, value in about.items()
    }


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
