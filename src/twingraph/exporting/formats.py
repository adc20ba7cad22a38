"""What a network can be exported as, and which program wants which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from twingraph.exporting import bibliography, graph_files, linked_places, maps, table_files
from twingraph.exporting.figures.figures import draw_figure
from twingraph.exporting.figures.sheet import Sheet
from twingraph.exporting.model import Export
from twingraph.exporting.pages import map_page, network_page

__all__ = ["EXPORTS", "Format", "companions"]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    Attributes:
        suffix: how its files end.
        purpose: for which programs it is, and what it holds.
        lost: what of the network it can't hold, or holds otherwise.
        write: returns the content; None for RDF, which `twingraph.exporting.rdf_files.to_rdf` reads from the graph.
        shows_claims: whether it holds what each source says of a tie.
    """

    suffix: str
    purpose: str
    lost: str
    write: Callable[[Export], bytes] | None
    shows_claims: bool = False


EXPORTS: Mapping[str, Format] = {
    "html": Format(
        ".html",
        "Any browser, offline: the network to search, filter, play through the years and read the sources of.",
        "Nothing; large networks need WebGL.",
        network_page.to_network_page,
        shows_claims=True,
    ),
    "map": Format(
        ".html",
        "Any browser, offline: the same on a map with country outlines.",
        "Places without coordinates are listed beside the map.",
        map_page.to_map_page,
        shows_claims=True,
    ),
    "figure": Format(
        ".svg",
        "Print and slides, as .svg, .pdf or .png: the network, its map, growth, country pairs, a chain of ties.",
        "Names for which there is no room; the caption counts them.",
        lambda export: draw_figure(export, "network", Sheet()),
    ),
    "gexf": Format(
        ".gexf",
        "Gephi, with a timeline, positions and colours.",
        "Further ties of the same pair are named, not drawn; a tie that lasts ends on the day of the export.",
        graph_files.to_gexf,
    ),
    "graphml": Format(
        ".graphml",
        "yEd, Cytoscape, igraph, NetworkX and most graph programs.",
        "No timeline: dates are attributes.",
        graph_files.to_graphml,
    ),
    "cytoscape": Format(
        ".json", "Cytoscape and Cytoscape.js.", "No timeline: dates are attributes.", graph_files.to_cytoscape
    ),
    "dot": Format(
        ".dot",
        "Graphviz, for small networks on paper.",
        "Only names, kinds, starts and certainty.",
        graph_files.to_dot,
    ),
    "csv": Format(
        ".csv",
        "Gephi's and Palladio's tables, and spreadsheets: FILE holds the edges, FILE-nodes the nodes.",
        "An apostrophe stands before what a spreadsheet would take for a formula.",
        table_files.to_edge_csv,
    ),
    "parquet": Format(
        ".parquet",
        "polars, pandas, DuckDB: one row for each edge, typed.",
        "Of places only keys and names.",
        table_files.to_parquet,
    ),
    "geojson": Format(
        ".geojson",
        "QGIS, geojson.io and web maps: places as points, ties as lines.",
        "Lines are straight on the map; what has no coordinates has the geometry null; for a timeline, a tie that "
        "lasts is shown until the day of the export.",
        maps.to_geojson,
    ),
    "kml": Format(
        ".kml",
        "Google Earth and other globes, with a time slider.",
        "Places without coordinates and their ties are only named in the description; a tie that lasts ends on the day "
        "of the export.",
        maps.to_kml,
    ),
    "lpf": Format(
        ".json",
        "World Historical Gazetteer and Recogito (Linked Places): places with their ties as relations.",
        "Kinds are in the label of a relation; ties without any known date have no time.",
        linked_places.to_lpf,
    ),
    "turtle": Format(
        ".ttl",
        "RDF programs: the ties with their claims, sources and municipalities.",
        "Who states what is in the claims only, without named graphs.",
        None,
    ),
    "nquads": Format(".nq", "RDF stores: the same, with a named graph for each source.", "Nothing.", None),
    "trig": Format(".trig", "The same for people who read RDF.", "Nothing.", None),
    "jsonld": Format(".jsonld", "The same for programs that read JSON.", "Nothing.", None),
    "bibtex": Format(
        ".bib", "LaTeX and reference managers: the sources of the network.", "The network.", bibliography.to_bibtex
    ),
    "csl": Format(".json", "Zotero and pandoc: the sources of the network.", "The network.", bibliography.to_csl),
}


def companions(kind: str, export: Export, file: Path) -> dict[Path, bytes]:
    """Return what is written beside a file of this kind, by path, none of which is a name that a person would choose.

    A table of nodes and the metadata of both tables beside a CSV; a bibliography of the sources, as BibTeX and
    CSL-JSON, beside every kind but a bibliography.
    """
    beside: dict[Path, bytes] = {}
    if kind == "csv":
        nodes = file.with_name(f"{file.stem}-nodes{file.suffix}")
        beside[nodes] = table_files.to_node_csv(export)
        beside[file.with_name(f"{file.name}-metadata.json")] = table_files.to_csv_metadata(
            export, file.name, nodes.name
        )
    if export.sources and kind not in ("bibtex", "csl"):
        beside[file.with_name(f"{file.name}.bib")] = bibliography.to_bibtex(export)
        beside[file.with_name(f"{file.name}.csl.json")] = bibliography.to_csl(export)
    return beside
