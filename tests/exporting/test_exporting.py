"""Exports, each read back by a program that is not ours, hostile names included."""

from __future__ import annotations

import csv
import datetime
import io
import itertools
import json
import os
import re
import stat
import subprocess
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import igraph
import networkx as nx
import polars as pl
import pytest

import twingraph
from twingraph.dates import parse_edtf
from twingraph.exporting.formats import EXPORTS, companions
from twingraph.exporting.gathering import gather
from twingraph.exporting.maps import places_without_coordinates
from twingraph.exporting.model import Export, Source, shown_time, today
from twingraph.exporting.table_files import to_edge_list
from twingraph.networks.from_files import read_file
from twingraph.networks.lifetimes import lifetime_of, ordinal
from twingraph.networks.network import read_ties
from twingraph.networks.selection import Selection

TODAY = datetime.date(2026, 6, 30)
HOSTILE = [
    "</script><script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '=HYPERLINK("http://example.org")',
    'quo"te\\n {braces} % & $x$ ~^_#',
    "Xi'an 西安",
    "Orăștie Светлогорск الرباط",
    "two\nlines\tand a tab \x0b\x07",
    "+1 @home -2",
    "semi;=1+2;colon",
    'semi;"=1+2"',
    "new\n=1+2",
    "tab\t@now",
]


@pytest.fixture(scope="module")
def export(shipped_store: Path) -> Export:
    network = twingraph.network(shipped_store, as_of="2010", multilateral="star")
    return Export(network, [Source("helmstedt-history", "Twinnings with history", "Town of Helmstedt")], TODAY)


@pytest.fixture(scope="module")
def hostile() -> Export:
    graph = nx.Graph()
    for number, name in enumerate(HOSTILE):
        graph.add_node(f"n{number}", name=name, country="DE", lat=50.0 + number, long=170.0)
        graph.add_edge(f"n{number}", f"n{(number + 1) % len(HOSTILE)}", start="1960", kind="partnership")
    graph.nodes["n0"].update(long=-170.0)
    del graph.nodes["n4"]["lat"], graph.nodes["n4"]["long"]
    sources = [Source("hostile", HOSTILE[3], HOSTILE[0], "https://example.org/{x}", "1960~", "2026-01-02", "de")]
    return Export(twingraph.network(graph), sources, TODAY)


def on_the_map(graph: nx.Graph) -> set[str]:
    """The places with coordinates, and the unions that have a member with coordinates."""
    located = {node for node, values in graph.nodes(data=True) if "lat" in values}
    unions = {node for node, kind in graph.nodes(data="type") if kind == "union" and located & set(graph[node])}
    return located | unions


def test_time_for_a_timeline() -> None:
    def shown(start: str | None, end: str | None = None) -> tuple[str | None, str | None]:
        dates = [parse_edtf(text) if text else None for text in (start, end)]
        return shown_time(lifetime_of(dates[0], dates[1], "ended" if end else "active"), TODAY)

    assert shown("1960") == ("1960-01-01", "2026-06-30"), "a tie that lasts has an explicit end"
    assert shown("1960-05-01", "1990") == ("1960-05-01", "1990-12-31")
    assert shown(None) == (None, "2026-06-30")
    assert shown("1990", "1980") == (None, None), "a tie that ended before it began was never there"


WRITTEN = [kind for kind, form in EXPORTS.items() if form.write is not None]


@pytest.mark.parametrize("kind", EXPORTS)
def test_each_kind_says_what_it_is_for(kind: str) -> None:
    assert EXPORTS[kind].purpose.endswith(".")
    assert EXPORTS[kind].lost.endswith(".")


@pytest.mark.parametrize("kind", ["gexf", "geojson", "kml"])
def test_each_kind_with_a_timeline_says_where_a_tie_that_lasts_ends(kind: str) -> None:
    assert "the day of the export" in EXPORTS[kind].lost


@pytest.mark.parametrize("kind", WRITTEN)
def test_each_kind_is_the_same_again(export: Export, kind: str) -> None:
    content = EXPORTS[kind].write(export)
    assert content
    assert EXPORTS[kind].write(export) == content


def test_gexf_has_time_positions_and_colours(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "x.gexf"
    file.write_bytes(EXPORTS["gexf"].write(export))
    root = ElementTree.parse(file).getroot()
    space = {"g": root.tag[1:].partition("}")[0]}
    graph = root.find("g:graph", space)
    assert graph is not None
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    back = nx.read_gexf(file)
    network = export.network.possible
    assert set(back) == set(network)
    assert {frozenset(e) for e in back.edges} == {frozenset(e) for e in network.edges}
    lives = {tie.key: tie.lifetime for tie in export.network.ties}
    for one, other, values in network.edges(data=True):
        first, last = lives[values["tie"]].possible
        edge = back.edges[one, other]
        assert edge.get("start") == (datetime.date.fromordinal(first).isoformat() if first > 1 else None)
        assert ordinal(edge["end"]) == min(last, TODAY.toordinal())
        assert edge.get("start_edtf") == values.get("start")
    for node in back:
        assert {"position", "color"} <= set(back.nodes[node]["viz"])
    places = {tuple(back.nodes[node]["viz"]["position"].values()) for node in back}
    assert len(places) == len(back), "no two nodes lie on each other"


#: The namespace of GEXF 1.2 as published, which Gephi and NetworkX read.
GEXF_SPACE = "http://www.gexf.net/1.2draft"
#: What the schema of GEXF 1.2 (https://gexf.net/1.2/gexf.xsd and the files that it includes) lets stand where: of each
#: element its attributes, those that must be there first, and its children.
GEXF = {
    "gexf": (["version"], ["variant"], ["meta", "graph"]),
    "meta": ([], ["lastmodifieddate"], ["creator", "keywords", "description"]),
    "creator": ([], [], []),
    "description": ([], [], []),
    "graph": ([], ["timeformat", "start", "end", "defaultedgetype", "idtype", "mode"], ["attributes", "nodes", "edges"]),
    "attributes": (["class"], ["mode", "start", "end"], ["attribute"]),
    "attribute": (["id", "title", "type"], [], ["default", "options"]),
    "nodes": ([], ["count"], ["node"]),
    "node": (["id"], ["label", "start", "end", "pid"], ["attvalues", "spells", "color", "position", "size", "shape"]),
    "edges": ([], ["count"], ["edge"]),
    "edge": (["id", "source", "target"], ["type", "label", "weight", "start", "end"], ["attvalues", "spells", "color", "thickness"]),
    "attvalues": ([], [], ["attvalue"]),
    "attvalue": (["for", "value"], ["start", "end"], []),
    "color": (["r", "g", "b"], ["a"], []),
    "position": (["x", "y", "z"], [], []),
}  # fmt: skip


def test_gexf_is_as_its_schema_has_it(export: Export, hostile: Export, controlled: Export) -> None:
    for network in (export, hostile, controlled):
        root = ElementTree.fromstring(EXPORTS["gexf"].write(network))
        ids: dict[str, set[str]] = {"node": set(), "edge": set()}
        for element in root.iter():
            space, _, name = element.tag[1:].rpartition("}")
            assert space == (f"{GEXF_SPACE}/viz" if name in ("color", "position") else GEXF_SPACE), name
            needed, possible, children = GEXF[name]
            given = {key for key in element.attrib if not key.startswith("{")}
            assert set(needed) <= given <= {*needed, *possible}, name
            assert {child.tag.rpartition("}")[2] for child in element} <= set(children), name
            if name in ids:
                assert element.attrib["id"] not in ids[name]
                ids[name].add(element.attrib["id"])
                for bound in ("start", "end"):
                    if bound in element.attrib:
                        datetime.date.fromisoformat(element.attrib[bound])
            if name == "edge":
                assert {element.attrib["source"], element.attrib["target"]} <= ids["node"]
            if name == "attribute":
                assert element.attrib["type"] in {
                    "integer",
                    "long",
                    "double",
                    "float",
                    "boolean",
                    "liststring",
                    "string",
                    "anyURI",
                }
            if name == "color":
                assert all(0 <= int(element.attrib[channel]) <= 255 for channel in "rgb")
            if name == "position":
                assert all(float(element.attrib[axis]) is not None for axis in "xyz")
            if name == "attributes":
                assert element.attrib["class"] in ("node", "edge")
        assert root.attrib["version"] == "1.2"


def test_gexf_fits_the_classes_made_from_its_schema(export: Export, hostile: Export, controlled: Export) -> None:
    classes = pytest.importorskip("gexfpy.gexf")
    parsers = pytest.importorskip("xsdata.formats.dataclass.parsers")
    for network in (export, hostile, controlled):
        # The schema has the elements of pictures in its own namespace, unlike its examples and the programs that read it.
        content = re.sub(rb"<(/?)viz:", rb"<\1", EXPORTS["gexf"].write(network))
        with warnings.catch_warnings():
            # A value that does not fit its type is a warning.
            warnings.simplefilter("error")
            back = parsers.XmlParser().from_bytes(content, classes.Gexf)
        (nodes,), (edges,) = back.graph.nodes, back.graph.edges
        graph = network.network.possible
        assert (len(nodes.node), len(edges.edge)) == (len(graph), graph.number_of_edges())


def test_graphml_keeps_everything(export: Export, tmp_path: Path) -> None:
    file = tmp_path / "x.graphml"
    file.write_bytes(EXPORTS["graphml"].write(export))
    back = nx.read_graphml(file)
    assert back.graph["selection"] == export.network.description
    for node, values in export.network.possible.nodes(data=True):
        assert dict(back.nodes[node]) == values
    for one, other, values in export.network.possible.edges(data=True):
        assert dict(back.edges[one, other]) == values
    native = igraph.Graph.Read_GraphML(str(file))
    assert (native.vcount(), native.ecount()) == (back.number_of_nodes(), back.number_of_edges())


def test_cytoscape(export: Export) -> None:
    data = json.loads(EXPORTS["cytoscape"].write(export))
    back = nx.cytoscape_graph({**data, "data": list(data["data"].items())})
    assert set(back) == set(export.network.possible)
    assert back.number_of_edges() == export.network.possible.number_of_edges()


def test_tables(export: Export, tmp_path: Path) -> None:
    edges = list(csv.DictReader(io.StringIO(EXPORTS["csv"].write(export).decode())))
    beside = companions("csv", export, tmp_path / "network.csv")
    nodes = list(csv.DictReader(io.StringIO(beside[tmp_path / "network-nodes.csv"].decode())))
    metadata = json.loads(beside[tmp_path / "network.csv-metadata.json"])
    assert [table["url"] for table in metadata["tables"]] == ["network.csv", "network-nodes.csv"]
    for table, rows in zip(metadata["tables"], (edges, nodes), strict=True):
        assert [column["titles"] for column in table["tableSchema"]["columns"]] == list(rows[0])
    graph = export.network.possible
    assert {row["Id"] for row in nodes} == set(graph)
    assert {frozenset((row["Source"], row["Target"])) for row in edges} == {frozenset(edge) for edge in graph.edges}
    frame = pl.read_parquet(io.BytesIO(EXPORTS["parquet"].write(export)))
    assert frame.height == graph.number_of_edges()
    assert frame.schema["sources"] == pl.Int64
    assert frame.schema["reciprocated"] == pl.Boolean


def test_geojson_keeps_what_is_not_on_the_map(export: Export) -> None:
    data = json.loads(EXPORTS["geojson"].write(export))
    graph = export.network.possible
    assert len(data["features"]) == graph.number_of_nodes() + graph.number_of_edges()
    missing = {f["properties"]["name"] for f in data["features"] if f["geometry"] is None and "name" in f["properties"]}
    unions = {values["name"] for _, values in graph.nodes(data=True) if values["type"] == "union"}
    assert missing - unions == set(data["twingraph"]["without_coordinates"]) == set(places_without_coordinates(export))
    assert missing, "some places of the shipped data have no coordinates"
    for feature in data["features"]:
        if feature["geometry"] and feature["geometry"]["type"] == "Point":
            long, lat = feature["geometry"]["coordinates"]
            assert (-180 <= long <= 180) and (-90 <= lat <= 90)


def test_linked_places(export: Export) -> None:
    document = json.loads(EXPORTS["lpf"].write(export))
    graph = export.network.possible
    features = {feature["@id"]: feature for feature in document["features"]}
    assert document["@context"].endswith("linkedplaces-context-v1.1.jsonld")
    assert len(features) == len(graph)
    for node, values in graph.nodes(data=True):
        feature = features[values["iri"]]
        assert feature["properties"]["title"] == values["name"]
        assert feature["names"][0]["citations"]
        assert len(feature["geometry"]["geometries"]) == ("lat" in values)
        assert {r["relationTo"] for r in feature["relations"]} == {graph.nodes[other]["iri"] for other in graph[node]}
        for relation in feature["relations"]:
            assert relation["certainty"] in ("certain", "less-certain", "uncertain")
            for span in relation.get("when", {}).get("timespans", []):
                assert set(span["start"]) <= {"in", "earliest", "latest"}
                assert span["start"]


def test_lines_over_the_date_line_are_cut(hostile: Export) -> None:
    data = json.loads(EXPORTS["geojson"].write(hostile))
    lines = [f["geometry"] for f in data["features"] if f["geometry"] and f["geometry"]["type"] != "Point"]
    cut = [line for line in lines if line["type"] == "MultiLineString"]
    assert len(cut) == 2
    for line in cut:
        (one, crossing), (again, other) = line["coordinates"]
        assert abs(crossing[0]) == abs(again[0]) == 180
        assert crossing[0] == -again[0]
        assert crossing[1] == again[1] == pytest.approx((one[1] + other[1]) / 2)


def test_kml_has_places_ties_and_time(export: Export) -> None:
    root = ElementTree.fromstring(EXPORTS["kml"].write(export))
    space = {"k": "http://www.opengis.net/kml/2.2"}
    points = root.findall(".//k:Placemark[k:Point]", space)
    located = on_the_map(export.network.possible)
    assert len(points) == len(located)
    assert any("middle of its members" in (mark.findtext("k:description", namespaces=space) or "") for mark in points)
    for mark in root.findall(".//k:Placemark[k:LineString]", space):
        end = mark.findtext("k:TimeSpan/k:end", namespaces=space)
        assert end is not None
        assert end <= TODAY.isoformat()
    assert "not on the map" in (root.findtext(".//k:description", namespaces=space) or "")


@pytest.mark.parametrize("kind", WRITTEN)
def test_hostile_names_stay_names(hostile: Export, kind: str, tmp_path: Path) -> None:
    content = EXPORTS[kind].write(hostile)
    if kind in ("gexf", "graphml", "kml"):
        text = " ".join(element.text or "" for element in ElementTree.fromstring(content).iter())
        labels = " ".join(element.get("label", "") for element in ElementTree.fromstring(content).iter())
        found = text + labels
        for name in (*HOSTILE[:2], *HOSTILE[4:6]):
            assert name in found
        assert b"<script>" not in content
    elif kind in ("cytoscape", "geojson", "lpf"):
        assert all(json.dumps(name, ensure_ascii=False)[1:-1] in content.decode() for name in HOSTILE)
    elif kind == "csv":
        for text in (content, companions(kind, hostile, tmp_path / "x.csv")[tmp_path / "x-nodes.csv"]):
            for delimiter in ",;\t":
                for row in csv.reader(io.StringIO(text.decode()), delimiter=delimiter):
                    assert not any(cell[:1] in ("=", "+", "@") for cell in row)
    elif kind == "dot":
        names = re.findall(r'\[label="((?:[^"\\]|\\.)*)"', content.decode())
        assert len(names) == len(HOSTILE)
        assert len(content.decode().splitlines()) == 4 + 2 * len(HOSTILE)
    elif kind == "csl":
        (item,) = json.loads(content)
        assert item["title"] == HOSTILE[3]
        assert item["issued"] == {"literal": "1960~"}
        assert item["accessed"] == {"date-parts": [[2026, 1, 2]]}
    elif kind == "bibtex":
        body = re.sub(r"\\[{}%&#_$]", "", content.decode())
        assert body.count("{") == body.count("}"), "braces of names do not end a field"


def test_marks_of_formulas_are_taken_off_again(tmp_path: Path) -> None:
    names = [name for name in HOSTILE if "\x0b" not in name] + ["it's; 'so'"]
    graph = nx.Graph()
    graph.add_edges_from(itertools.pairwise(names))
    file = tmp_path / "ties.csv"
    file.write_bytes(to_edge_list(Export(twingraph.network(graph), [], TODAY)))
    assert set(read_file(file).places) == set(names)


@pytest.fixture(scope="module")
def controlled() -> Export:
    """Keys, names and attributes that XML can't write, that end a line or a text, or that differ in such signs only."""
    graph = nx.Graph()
    odd = ["a\x01", "a", "a\ufffe", "a  b", "a b", 'q"];', "back\\", "line\nbreak", "=1+1", "\x7f"]
    for number, key in enumerate(odd):
        graph.add_node(
            key,
            name=f"{key}\ufffe\x01\r=cmd|' /C calc'!A0",
            country='DE"]; evil [label="x',
            lat=50.0,
            long=float(number),
        )
        graph.add_edge(key, odd[number - 1], start="1960", note="x\x02")
    sources = [Source("key,\n}\n@misc{evil", "Title\nof two lines", url="https://example.org/}\n@misc{x,")]
    return Export(twingraph.network(graph), sources, TODAY)


@pytest.mark.parametrize("kind", WRITTEN)
def test_signs_that_break_files_do_not(controlled: Export, kind: str, tmp_path: Path) -> None:
    size = len(controlled.network.possible)
    content = EXPORTS[kind].write(controlled)
    file = tmp_path / f"odd{EXPORTS[kind].suffix}"
    file.write_bytes(content)
    if kind == "gexf":
        back = nx.read_gexf(file)
        assert (len(back), back.number_of_edges()) == (size, size)
    elif kind == "graphml":
        assert len(nx.read_graphml(file)) == size
        assert igraph.Graph.Read_GraphML(str(file)).vcount() == size
    elif kind == "kml":
        ElementTree.fromstring(content)
    elif kind == "csv":
        nodes = companions(kind, controlled, file)[tmp_path / "odd-nodes.csv"].decode()
        assert "\r" not in nodes + content.decode()
        rows = list(csv.reader(io.StringIO(nodes)))
        assert len(rows) == size + 1
        assert not any(cell[:1] in ("=", "+", "@") for row in rows for cell in row)
        assert len(list(csv.reader(io.StringIO(content.decode())))) == size + 1
    elif kind == "dot":
        text = content.decode()
        assert len(text.splitlines()) == 4 + 2 * size, "a line for each node and tie"
        keys = set(re.findall(r'^  ("(?:[^"\\]|\\.)*") \[label="(?:[^"\\]|\\.)*"\];$', text, re.MULTILINE))
        assert len(keys) == size, "different keys stay different, and nothing stands behind a label"
    elif kind == "bibtex":
        assert len(re.findall(r"^@", content.decode(), re.MULTILINE)) == 1
        assert "@misc{key-----misc-evil," in content.decode()


TOLD = {
    "gexf": lambda text: ElementTree.fromstring(text).findtext(".//{*}meta/{*}description"),
    "kml": lambda text: ElementTree.fromstring(text).findtext(".//{*}Document/{*}description"),
    "graphml": lambda text: str(nx.parse_graphml(text).graph),
    "dot": lambda text: re.search(r"comment=(.*)", text)[1],
    "bibtex": lambda text: text.splitlines()[0],
    "csl": lambda text: json.loads(text)[0]["custom"]["twingraph"] + " helmstedt-history",
    "html": str,
    "map": str,
}


@pytest.mark.parametrize("kind", [kind for kind in WRITTEN if kind != "figure"])
def test_each_file_says_what_was_selected_from_which_data_when_and_from_which_sources(
    export: Export, kind: str, tmp_path: Path
) -> None:
    content = EXPORTS[kind].write(export)
    if kind == "parquet":
        told = str(pl.read_parquet_metadata(io.BytesIO(content))["twingraph"])
    elif kind == "csv":
        told = companions(kind, export, tmp_path / "x.csv")[tmp_path / "x.csv-metadata.json"].decode()
    else:
        told = TOLD.get(kind, str)(content.decode()) or ""
    version = export.network.origin.version
    assert version
    for part in ("in force in 2010", version, TODAY.isoformat(), "helmstedt-history"):
        assert part in told, part


def test_the_day_of_an_export_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert today() == datetime.date(2001, 9, 9)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert today() == datetime.date.today()


def test_a_place_of_a_file_has_an_iri_and_an_end_alone_a_time() -> None:
    graph = nx.Graph()
    graph.add_edge("São Paulo", "b", end="1970", status="ended")
    first, _ = json.loads(EXPORTS["lpf"].write(Export(twingraph.network(graph), [], TODAY)))["features"]
    assert first["@id"] == "urn:twingraph:place:S%C3%A3o%20Paulo"
    assert first["relations"][0]["relationTo"] == "urn:twingraph:place:b"
    assert first["relations"][0]["when"] == {"timespans": [{"start": {"latest": "1970"}, "end": {"in": "1970"}}]}


def test_unions_are_called_by_their_members(shipped_store: Path) -> None:
    network = twingraph.network(shipped_store, multilateral="star")
    names = {node: values["name"] for node, values in network.possible.nodes(data=True) if values["type"] == "union"}
    assert names
    for node, name in names.items():
        assert not re.search(r"\bQ\d+", name), name
        if not node.startswith("union-"):
            assert any(network.possible.nodes[member]["name"] in name for member in network.possible[node])


@pytest.mark.parametrize(("kind", "suffix"), [("geojson", ".geojson"), ("kml", ".kml")])
def test_a_gis_reads_the_map(export: Export, kind: str, suffix: str, tmp_path: Path) -> None:
    import pyogrio

    file = tmp_path / f"map{suffix}"
    file.write_bytes(EXPORTS[kind].write(export))
    graph = export.network.possible
    counted = {"Point": 0, "LineString": 0}
    for layer, _ in pyogrio.list_layers(file):
        _, _, geometries, _ = pyogrio.raw.read(file, layer=layer)
        for geometry in geometries:
            if geometry is not None:
                # Well-known binary: byte order, then the kind; GDAL adds 1000 or a flag for heights.
                number = int.from_bytes(geometry[1:5], "little") & 0xFF
                counted["Point" if number in (1, 233) else "LineString"] += 1
    located = on_the_map(graph)
    assert counted["Point"] == len(located)
    assert counted["LineString"] == sum(1 for one, other in graph.edges if {one, other} <= located)


Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_command_writes_the_sources_beside_the_file(
    shipped_store: Path, run_twingraph: Run, tmp_path: Path
) -> None:
    target = tmp_path / "helmstedt.gexf"
    done = run_twingraph(
        *("export", "gexf", "--store", str(shipped_store), "--around", "Helmstedt", "--steps", "1", "-o", str(target))
    )
    assert done.returncode == 0, done.stderr
    back = nx.read_gexf(target)
    cited = {source for *_, values in back.edges(data=True) for source in values["source_ids"].split()}
    entries = set(
        re.findall(r"^@misc\{([^,]+),", (tmp_path / "helmstedt.gexf.bib").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert entries == cited
    beside = ["helmstedt.gexf", "helmstedt.gexf.bib", "helmstedt.gexf.csl.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == beside
    assert "Beside it: helmstedt.gexf.bib" in done.stderr


def test_the_sources_are_those_of_every_tie_behind_a_line(shipped_store: Path) -> None:
    ends = ("Q1018", "Q41753")
    with twingraph.open(shipped_store) as graph:
        export = gather(read_ties(graph), graph, Selection(around=ends, steps=0))
    ((*_, keys),) = export.edges()
    assert len(keys) > 1, "a pair with a tie of two and one of three"
    behind = {support.source for tie in export.network.ties if tie.key in keys for support in tie.supports}
    assert {source.id for source in export.sources} == behind


def test_files_of_the_reader_are_left_alone(shipped_store: Path, run_twingraph: Run, tmp_path: Path) -> None:
    own = tmp_path / "thesis.bib"
    own.write_text("@book{mine}")
    options = ("--store", str(shipped_store), "--around", "Helmstedt", "-o", str(tmp_path / "thesis.svg"))
    done = run_twingraph("export", "figure", *options)
    assert done.returncode == 0, done.stderr
    assert own.read_text() == "@book{mine}"


@pytest.fixture
def ties(tmp_path: Path) -> Path:
    """A small edge list."""
    file = tmp_path / "ties.csv"
    file.write_text("source,target\na,b\n", encoding="utf-8")
    return file


posix = pytest.mark.skipif(os.name != "posix", reason="links, pipes and permissions of POSIX")


@posix
def test_a_link_stays_one_and_permissions_stay(run_twingraph: Run, ties: Path) -> None:
    real, link = ties.with_name("real.gexf"), ties.with_name("link.gexf")
    real.write_text("before")
    real.chmod(0o600)
    link.symlink_to(real.name)
    done = run_twingraph("export", "gexf", "--graph", str(ties), "-o", str(link))
    assert done.returncode == 0, done.stderr
    assert link.is_symlink()
    assert set(nx.read_gexf(real)) == {"a", "b"}
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    link.unlink()
    link.symlink_to("new.gexf")
    assert run_twingraph("export", "gexf", "--graph", str(ties), "-o", str(link)).returncode == 0
    assert set(nx.read_gexf(ties.with_name("new.gexf"))) == {"a", "b"}
    assert not list(ties.parent.glob(".*"))


@posix
def test_a_pipe_gets_the_file_and_nothing_stands_beside_it(
    run_twingraph: Run, shipped_store: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
    try:
        arguments = ("--store", str(shipped_store), "--around", "Helmstedt", "-o", str(pipe))
        done = run_twingraph("export", "gexf", *arguments)
        assert done.returncode == 0, done.stderr
        assert pipe.is_fifo()
        content = reader.communicate(timeout=60)[0]
    finally:
        reader.kill()
    assert "Q486562" in nx.read_gexf(io.BytesIO(content))
    assert list(tmp_path.iterdir()) == [pipe]


@posix
@pytest.mark.parametrize("name", ["link.gexf", "there.gexf"])
def test_what_can_not_be_written_is_said_before_anything_is(
    run_twingraph: Run, shipped_store: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "link.gexf").symlink_to("link.gexf")
    (tmp_path / "there.gexf").write_text("before")
    (tmp_path / "there.gexf.bib").mkdir()
    before = sorted(tmp_path.iterdir())
    arguments = ("--store", str(shipped_store), "--around", "Helmstedt", "-o", str(tmp_path / name))
    done = run_twingraph("export", "gexf", *arguments)
    assert done.returncode == 1
    assert "can't be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "there.gexf").read_text() == "before"


def test_names_on_the_terminal_do_not_change_it(run_twingraph: Run, tmp_path: Path) -> None:
    file = tmp_path / "ties.graphml"
    graph = nx.Graph()
    graph.add_node("a", name="Sydney", lat=-33.9, long=151.2)
    graph.add_node("b", name="two\nlines \u202e backwards")
    graph.add_edge("a", "b")
    nx.write_graphml(graph, file)
    done = run_twingraph("export", "kml", "--graph", str(file))
    assert done.returncode == 0, done.stderr
    assert "Not on the map, for want of coordinates: two lines \\u202e backwards." in done.stderr


def test_names_in_a_language(shipped_store: Path, run_twingraph: Run) -> None:
    options = ("export", "csv", "--store", str(shipped_store), "--around", "Helmstedt", "--steps", "2")
    german = run_twingraph(*options, "--language", "de").stdout
    assert german.count("\n") == run_twingraph(*options).stdout.count("\n")
    nodes = run_twingraph(
        "export", "geojson", "--store", str(shipped_store), "--around", "Kiel", "--language", "de"
    ).stdout
    assert "Sonderburg" in nodes
    assert (
        "Sonderburg" not in run_twingraph("export", "geojson", "--store", str(shipped_store), "--around", "Kiel").stdout
    )


@pytest.mark.parametrize("kind", ["gexf", "graphml", "geojson", "lpf", "kml", "dot", "cytoscape"])
def test_names_in_their_own_letters(shipped_store: Path, kind: str) -> None:
    own, local = ("Светлогорск", "西安", "Orăștie", "Helmstedt"), ("Svyetlahorsk", "Xi'an", "Orăștie", "Helmstedt")
    said = {}
    with twingraph.open(shipped_store) as graph:
        for language in ("own", "local"):
            # Read anew for each, since the places of a table are renamed.
            table = read_ties(graph)
            around = [key for key, place in table.places.items() if place.name in local]
            export = gather(table, graph, Selection(around=around), language=language)
            said[language] = EXPORTS[kind].write(export).decode()
    assert all(name in said["own"] for name in own)
    assert "Svyetlahorsk" not in said["own"]
    assert all(name in said["local"] for name in local)


def test_the_list_says_what_each_is_for(run_twingraph: Run) -> None:
    done = run_twingraph("export", "--list")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(EXPORTS)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["picture"], 2, "there are html, map, figure, gexf, graphml"),
        (["gexf", "--around", "Nowhere"], 1, "no municipality called 'Nowhere'"),
        (["gexf", "--steps", "3"], 2, "give --around NAME with it"),
        (["gexf", "--as-of", "0200"], 1, "no tie fits the selection"),
        (["gexf", "-o", "none/x.gexf"], 1, "x.gexf: can't be written (there is no folder none)"),
        (["gexf", "-o", "."], 1, "it is a folder"),
        (["gexf", "--country", "Deutschland"], 1, "countries are ISO codes, such as DE"),
        ([], 2, "Missing argument"),
    ],
)
def test_wrong_requests(shipped_store: Path, run_twingraph: Run, arguments: list[str], code: int, message: str) -> None:
    undated = ["--source", "helmstedt-history", "--min-sources", "2"] if "0200" in arguments else []
    store = ["--store", str(shipped_store)] if arguments else []
    done = run_twingraph("export", *arguments, *undated, *store)
    assert done.returncode == code, done.stderr
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["turtle", "nquads", "trig", "jsonld"])
def test_rdf_holds_each_tie_with_its_claims_and_sources(shipped_store: Path, kind: str) -> None:
    import rdflib

    from twingraph.exporting.rdf_files import FORMATS, to_rdf
    from twingraph.vocab import TW

    with twingraph.open(shipped_store) as graph:
        network = twingraph.network(graph, around="Q486562", steps=1)
        content = to_rdf(graph, Export(network), kind)
        assert to_rdf(graph, Export(network), kind) == content
        asked = {tie.iri: {support.source for support in tie.supports} for tie in network.ties}
        whole = {iri: set(graph.query(f"SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}", frame="result").rows) for iri in asked}
    back = rdflib.Dataset(default_union=True)
    back.parse(data=content, format={"jsonld": "json-ld"}.get(kind, kind))
    found = set(back.subjects(rdflib.RDF.type, rdflib.URIRef(TW.Partnership)))
    assert {str(node) for node in found} == set(asked)
    for node in found:
        assert set(back.predicate_objects(node)) == whole[str(node)]
        claims = list(back.objects(node, rdflib.URIRef(TW.isSupportedBy)))
        sources = {str(s).rpartition("/")[2] for c in claims for s in back.objects(c, rdflib.URIRef(TW.isStatedBy))}
        assert sources == asked[str(node)]
        for member in back.objects(node, rdflib.URIRef(TW.hasParticipant)):
            assert (member, rdflib.URIRef(TW.displayName), None) in back
    if FORMATS[kind]:
        names = {str(g.identifier) for g in back.graphs()}
        assert any(name.endswith("/source/helmstedt-history") for name in names)


def test_a_file_holds_no_rdf(run_twingraph: Run, tmp_path: Path) -> None:
    file = tmp_path / "ties.csv"
    file.write_text("a,b\n", encoding="utf-8")
    done = run_twingraph("export", "turtle", "--graph", str(file))
    assert done.returncode == 1
    assert "a file from elsewhere holds no RDF" in done.stderr


def test_the_kind_in_files_is_that_of_the_time(shipped_store: Path) -> None:
    """As the analysis counts it: a tie that was a sponsorship in 1975 is one there, whatever it became."""
    for kind in ("sponsorship", "friendship", "partnership"):
        network = twingraph.network(shipped_store, as_of="1975", kinds=kind)
        assert network.possible.number_of_edges() > 0
        assert {edge["kind"] for _, _, edge in network.possible.edges(data=True)} == {kind}
    whole = twingraph.network(shipped_store, as_of="1975")
    tie = next(edge for _, _, edge in whole.possible.edges(data=True) if edge["tie"] == "Q2938-Q25302")
    assert (tie["kind"], tie["start"]) == ("sponsorship", "1951")
    today = twingraph.network(shipped_store)
    assert next(e for _, _, e in today.possible.edges(data=True) if e["tie"] == "Q2938-Q25302")["kind"] == "partnership"
