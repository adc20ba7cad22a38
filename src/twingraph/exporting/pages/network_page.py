"""The network as a page: pyvis describes small ones for vis-network, sigma draws large ones with WebGL."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from twingraph.exporting.colours import GREY
from twingraph.exporting.layouts import positions
from twingraph.exporting.model import Export
from twingraph.exporting.pages.content import page_content
from twingraph.exporting.pages.shell import page
from twingraph.resources import asset

__all__ = ["SMALL", "to_network_page"]

#: More places or ties than this are drawn by sigma, which stays quick; see ``docs/exports.md`` for what was measured.
SMALL = 600
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "tooltipDelay": 10**9, "selectConnectedEdges": False, "dragNodes": False},
    "nodes": {"borderWidth": 1, "chosen": False},
    "edges": {"smooth": False, "chosen": False, "hoverWidth": 1},
}


def to_network_page(export: Export) -> bytes:
    """Return the network as one HTML file that needs nothing else.

    It is laid out beforehand. Up to `SMALL` places and ties are drawn by vis-network as pyvis describes them, more by
    sigma.
    """
    graph = export.network.possible
    places = positions(graph)
    content = page_content(export, places)
    if max(len(graph), graph.number_of_edges()) <= SMALL:
        content["vis"] = _described(content)
        script = files("pyvis").joinpath("templates/lib/vis-9.1.2/vis-network.min.js").read_text(encoding="utf-8")
        return page(export, "network", content, [script], "vis_renderer.js")
    scripts = [_licensed("graphology", "graphology.umd.min.js"), _licensed("sigma", "sigma.min.js")]
    return page(export, "network", content, scripts, "webgl_renderer.js")


def _licensed(package: str, script: str) -> str:
    """Return a script with its licence, which each copy must carry."""
    licence, code = (asset(name).read_text(encoding="utf-8") for name in (f"{package}.LICENSE.txt", script))
    return f"/*!\n{licence.strip()}\n*/\n{code}"


def _described(content: dict[str, Any]) -> dict[str, Any]:
    """Return nodes, edges and options as pyvis writes them for vis-network.

    pyvis's own template loads from elsewhere and takes names for markup; only its description is used. Ends are said
    to be directed, since pyvis looks through all edges for each undirected one; the picture has no arrows.
    """
    from pyvis.network import Network

    net = Network(directed=True)
    degrees = [0] * len(content["nodes"])
    for one, other, *_ in content["edges"]:
        degrees[one] += 1
        degrees[other] += 1
    for number, (_, _, _, _, x, y, kind, _) in enumerate(content["nodes"]):
        is_union = kind == "union"
        size = 7 if is_union else 5 + 2.2 * degrees[number] ** 0.5
        net.add_node(number, shape="square" if is_union else "dot", size=size, x=x, y=y, color=GREY)
    for number, (one, other, *_) in enumerate(content["edges"]):
        net.add_edge(one, other, id=number, arrows="")
    nodes, edges, *_ = net.get_network_data()
    for node in nodes:
        # Names are drawn by the page, which keeps them apart; pyvis would put numbers.
        node.pop("label", None)
    net.set_options(json.dumps(_OPTIONS))
    return {"nodes": nodes, "edges": edges, "options": json.loads(net.get_network_data()[5])}
