"""Networks from elsewhere and as files: what is read, what is refused, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

import twingraph
from twingraph.errors import DataError
from twingraph.networks.from_files import read_file
from twingraph.networks.from_graphs import read_graph
from twingraph.networks.model import Network
from twingraph.networks.selecting import select
from twingraph.networks.selection import Selection


def to_file(network: Network, suffix: str) -> bytes:
    """Return what ``twingraph network -o`` writes."""
    from twingraph.cli.network_command import _WRITERS

    return _WRITERS[suffix](network)


def write(folder: Path, name: str, text: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def pairs(file: Path) -> list[tuple[str, ...]]:
    return sorted(tie.participants for tie in read_file(file).ties)


def test_an_edge_list_with_a_header_gives_attributes(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "ties.csv",
        "\ufeffsource,target,source_name,target_name,source_country,target_country,kind,start,end\n"
        'Q1,Q2,Kiel,"Brest, FR",DE,FR,partnership,1964-03-07,\nQ1,Q3,Kiel,Gdynia,DE,PL,friendship,1985,1990\n',
    )
    table = read_file(file)
    assert {place.name for place in table.places.values()} == {"Kiel", "Brest, FR", "Gdynia"}
    assert {"kind", "start", "end", "country", "name"} <= table.attributes
    network = select(table, Selection(as_of="1987-01-01", countries="PL"))
    (edge,) = network.certain.edges(data=True)
    assert (edge[2]["kind"], edge[2]["start"], edge[2]["end"]) == ("friendship", "1985", "1990")


@pytest.mark.parametrize("text", ["a\tb\nb\tc\n", "a,b\nb,c\n", "from;to\na;b\nb;c\n", "a\tb\r\n\r\nb\tc"])
def test_plain_edge_lists(tmp_path: Path, text: str) -> None:
    assert pairs(write(tmp_path, "ties.tsv", text)) == [("a", "b"), ("b", "c")]


def test_names_with_countries_are_places_of_their_own(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "ties.csv",
        "city1,country1,lat1,lng1,city2,country2,lat2,lng2\nAthens,Greece,37.98,23.73,Athens,USA,33.96,-83.38\n",
    )
    table = read_file(file)
    assert set(table.places) == {"Athens, Greece", "Athens, USA"}
    assert table.places["Athens, USA"].name == "Athens"
    assert table.places["Athens, USA"].long == -83.38


def test_directions_count_where_most_pairs_are_named_both_ways(tmp_path: Path) -> None:
    both = write(tmp_path, "both.tsv", "a\tb\nb\ta\nb\tc\nc\tb\nc\td\na\tb\n")
    table = read_file(both)
    assert table.directed == (1, 2)
    assert table.notes == ["1 repeated row counted once"]
    assert read_file(write(tmp_path, "one.tsv", "a\tb\nb\tc\nc\tb\nc\td\n")).directed is None


def test_konect(tmp_path: Path) -> None:
    file = write(tmp_path, "out.small", "% sym unweighted\n% 3 3 3\n1 2\n2 3 1 1400000000\n3\t1\n")
    assert pairs(file) == [("1", "2"), ("1", "3"), ("2", "3")]
    assert read_file(write(tmp_path, "out.directed", "% asym unweighted\n1 2\n2 1\n2 3\n")).directed == (1, 1)


def test_edges_of_one_pair_that_differ_are_several_ties(tmp_path: Path) -> None:
    """A friendship that ended and a later partnership of the same towns are two ties."""
    rows = [
        "source,target,kind,start,end,source_ids",
        "a,b,friendship,1950,1960,x",
        "b,a,friendship,1950,1960,y",
        "a,b,partnership,1990,,x",
        "a,b,partnership,1990,,z",
        "a,c,,,,",
    ]
    graph = nx.MultiGraph()
    graph.add_edge("a", "b", kind="friendship", start="1950", end="1960", source_ids="x")
    graph.add_edge("a", "b", kind="friendship", start="1950", end="1960", source_ids="y")
    graph.add_edge("a", "b", kind="partnership", start="1990", source_ids="x")
    graph.add_edge("a", "b", kind="partnership", start="1990", source_ids="z")
    graph.add_edge("a", "c")
    nx.write_graphml(graph, tmp_path / "multi.graphml")
    listed = twingraph.network(file=write(tmp_path, "multi.csv", "\n".join(rows)))
    for network in (listed, twingraph.network(graph), twingraph.network(file=tmp_path / "multi.graphml")):
        assert [tie.key for tie in network.ties] == ["a-b", "a-b-2", "a-c"]
        assert [tuple(s.source for s in tie.supports) for tie in network.ties] == [("x", "y"), ("x", "z"), ()]
        assert network.possible.edges["a", "b"]["ties"] == 2
        assert any("repeated" in note for note in network.notes)
    for day, kind in (("1955", "friendship"), ("2000", "partnership")):
        edge = twingraph.network(graph, as_of=day).certain.edges["a", "b"]
        assert (edge["kind"], edge["ties"]) == (kind, 1)


def test_self_loops_and_repeated_edges_are_counted_and_said() -> None:
    graph = nx.MultiGraph([("a", "b"), ("a", "b"), ("b", "b"), ("b", "c")])
    graph.add_node("alone")
    table = read_graph(graph)
    assert [tie.participants for tie in table.ties] == [("a", "b"), ("b", "c")]
    assert len(table.notes) == 2
    assert set(select(table, Selection()).possible) == {"a", "b", "c", "alone"}


def test_nodes_of_any_type_stay_apart() -> None:
    network = twingraph.network(nx.Graph([(1, "1"), ("1", 2)]))
    assert network.possible.number_of_nodes() == 3


@pytest.mark.parametrize("suffix", [".graphml", ".gexf", ".csv"])
@pytest.mark.parametrize("choice", [{}, {"as_of": "1989-11-09"}, {"countries": "FR", "multilateral": "star"}])
def test_what_is_written_comes_back(shipped_store: Path, tmp_path: Path, suffix: str, choice) -> None:
    network = twingraph.network(shipped_store, **choice)
    file = write(tmp_path, f"network{suffix}", to_file(network, suffix))
    again = twingraph.network(file=file, as_of=choice.get("as_of"))
    for mine, theirs in ((network.possible, again.possible), (network.certain, again.certain)):
        assert set(mine) == set(theirs)
        assert {frozenset(edge) for edge in mine.edges} == {frozenset(edge) for edge in theirs.edges}
    for one, other, values in network.possible.edges(data=True):
        back = again.possible.edges[one, other]
        for name in ("kind", "status", "start", "end", "partnership", "source_ids"):
            assert back.get(name) == values.get(name), name
    for node, values in network.possible.nodes(data=True):
        assert again.possible.nodes[node]["name"] == values["name"]
        assert again.possible.nodes[node].get("lat") == values.get("lat")


def test_other_programs_read_the_files(shipped_store: Path, tmp_path: Path) -> None:
    import igraph

    network = twingraph.network(shipped_store)
    graph = network.possible
    file = write(tmp_path, "network.graphml", to_file(network, ".graphml"))
    native = igraph.Graph.Read_GraphML(str(file))
    assert (native.vcount(), native.ecount()) == (graph.number_of_nodes(), graph.number_of_edges())
    assert set(native.vs["name"]) == {values["name"] for _, values in graph.nodes(data=True)}
    data = json.loads(to_file(network, ".json"))
    assert nx.node_link_graph(data, edges="links").number_of_edges() == graph.number_of_edges()


def test_cells_that_a_spreadsheet_would_run_are_marked(tmp_path: Path) -> None:
    graph = nx.Graph()
    graph.add_edge("=HYPERLINK(1)", "b")
    content = to_file(twingraph.network(graph), ".csv")
    assert b"\n'=HYPERLINK(1)," in content
    assert set(read_file(write(tmp_path, "back.csv", content)).places) == {"=HYPERLINK(1)", "b"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("ties.csv", "source,target\na\n", "row 2.*1 cells, the first row 2"),
        ("ties.csv", "source,target\na,b\n,c\n", "row 3, column 'source'.*both ends"),
        ("ties.csv", "one,two,three\na,b,c\n", "row 1.*call them one of: source, target"),
        ("ties.csv", "just text\n", "row 1.*neither tab, comma nor semicolon"),
        ("ties.csv", "source,target,start\na,b,1.5.1960\n", "column 'start': tie a – b: .*write 1960-05-01"),
        ("ties.csv", "source,target,source_lat,source_long\na,b,north,1\n", "'north' is no latitude"),
        ("ties.csv", "source,target,source_lat,source_long\na,b,91,1\n", "'91' is no latitude"),
        ("ties.csv", b"source,target\na,b\n\xff,c\n", "row 3: is not UTF-8"),
        ("ties.csv", 'source,target\n"a,b\n', "can't be read as a table"),
        ("ties.graphml", "<graphml><graph", "no well-formed XML"),
        ("ties.graphml", "<html/>", "no GraphML"),
        ("ties.gexf", "<gexf/>", "no GEXF"),
        ("ties.graphml", '<!DOCTYPE x [<!ENTITY a "b">]><graphml/>', "document type or entities"),
        ("out.x", "1 2\n", "row 1: the first line must be '% sym"),
        ("out.x", "% bip unweighted\n1 2\n", "bipartite networks are not taken"),
        ("out.x", "% sym unweighted\n1 2\na b\n", "row 3: 'a b' is no pair"),
        ("ties.xlsx", "x", "ending '.xlsx' is not known"),
    ],
)
def test_broken_files_are_refused_with_the_place(tmp_path: Path, name: str, text: str | bytes, message: str) -> None:
    file = write(tmp_path, name, text)
    with pytest.raises(DataError, match=message) as error:
        read_file(file)
    assert str(file) in str(error.value)


def test_a_missing_file_and_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"can't be read.*No such file"):
        read_file(tmp_path / "none.csv")
    assert read_file(write(tmp_path, "empty.csv", "")).ties == []
    assert read_file(write(tmp_path, "header.csv", "source,target\n")).ties == []
