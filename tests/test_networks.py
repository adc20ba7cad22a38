"""Networks: when a tie was in force, which ties a selection chooses, and what the graphs carry."""

from __future__ import annotations

import datetime
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import twingraph
from twingraph.dates import parse_edtf
from twingraph.errors import SelectionError
from twingraph.networks.lifetimes import FOREVER, NEVER, lifetime_of, ordinal
from twingraph.networks.model import Origin, Phase, Place, Support, Tie, TieTable
from twingraph.networks.network import read_ties
from twingraph.networks.selecting import select
from twingraph.networks.selection import KINDS, Selection


def life(start: str | None = None, end: str | None = None, status: str | None = "active", since: str | None = None):
    dates = [parse_edtf(text) if text else None for text in (start, end, since)]
    return lifetime_of(dates[0], dates[1], status, dates[2])


def days(first: str, last: str) -> tuple[int, int]:
    return ordinal(first), ordinal(last)


def test_a_tie_that_lasts_is_certain_from_the_last_day_its_start_can_mean() -> None:
    found = life("1960")
    assert found.certain == (ordinal("1960-12-31"), FOREVER)
    assert found.possible == (ordinal("1960-01-01"), FOREVER)
    assert found.starts == days("1960-01-01", "1960-12-31")
    assert not found.is_over


def test_an_undated_tie_is_possible_on_every_day_and_certain_on_none() -> None:
    found = life()
    assert found.certain == NEVER
    assert found.possible == (1, FOREVER)
    assert not found.is_dated


def test_an_ended_tie_is_certain_until_the_day_before_the_first_of_its_end() -> None:
    found = life("1960-05-01", "1990", "ended")
    assert found.certain == days("1960-05-01", "1989-12-31")
    assert found.possible == days("1960-05-01", "1990-12-31")
    assert found.ends == days("1990-01-01", "1990-12-31")
    assert found.is_over


def test_an_end_without_a_date_leaves_nothing_certain() -> None:
    assert life("1960", None, "ended").certain == NEVER
    assert life("1960", None, "suspended").certain == NEVER
    assert life("1960", None, "suspended").possible == (ordinal("1960-01-01"), FOREVER)


def test_rest_bounds_a_tie_as_an_end_does() -> None:
    found = life("1960", None, "suspended", "2022-03-01")
    assert found.certain == days("1960-12-31", "2022-02-28")
    assert found.possible == days("1960-01-01", "2022-03-01")


def test_an_open_start_leaves_the_first_day_open() -> None:
    found = life("../1960")
    assert found.possible[0] == 1
    assert found.certain[0] == ordinal("1960-12-31")
    assert life("1960/..").certain == NEVER


_EDTF = st.one_of(st.none(), st.sampled_from(["1900", "1950~", "1960-02", "1974/1975", "197X", "../1980", "1990/.."]))


@given(_EDTF, _EDTF, st.sampled_from(["active", "ended", "suspended", "dormant", "unknown", None]), _EDTF)
def test_what_is_certain_is_possible(start, end, status, since) -> None:
    found = life(start, end, status, since)
    if found.certain != NEVER:
        assert found.certain[0] <= found.certain[1]
        assert found.possible[0] <= found.certain[0]
        assert found.certain[1] <= found.possible[1]
    for year in (1899, 1950, 1975, 1990, 2020):
        first, last = days(f"{year}-01-01", f"{year}-12-31")
        assert not found.is_certain_in(first, last) or found.is_possible_in(first, last)


def tie(key: str, *ends: str, **values) -> Tie:
    values.setdefault("lifetime", life(values.get("start"), values.get("end"), values.get("status", "active")))
    values.setdefault("kind", "partnership")
    values.setdefault("status", "active")
    return Tie(key=key, participants=tuple(sorted(ends)), **values)


@pytest.fixture
def table() -> TieTable:
    places = {
        key: Place(key, name, country, continent, level, language, 50.0, 10.0, f"https://example.org/{key}")
        for key, name, country, continent, level, language in [
            ("a", "Altdorf", "DE", "Europe", "municipality", "de"),
            ("b", "Beaulieu", "FR", "Europe", "municipality", "fr"),
            ("c", "Chengdu", "CN", "Asia", "municipality", "zh"),
            ("d", "Dorf", "DE", "Europe", "district", "de"),
            ("e", "Einsam", "DE", "Europe", "municipality", "de"),
        ]
    }
    supports = (Support("register", True), Support("town", False))
    ties = [
        tie("a-b", "a", "b", start="1960", supports=supports),
        tie("a-c", "a", "c", start="1985-05-01", kind="friendship", supports=(Support("town", False),)),
        tie("a-d", "a", "d", supports=(Support("register", True),)),
        tie("b-c", "b", "c", start="1970", end="1990", status="ended", supports=(Support("press", False),)),
        tie("union-abc", "a", "b", "c", start="1991", name="Abc", supports=(Support("union", True),)),
    ]
    attributes = {"kind", "status", "start", "end", "level", "country", "continent", "sources", "checked"}
    return TieTable(places, ties, Origin("memory", "test"), {}, frozenset(attributes))


def edges(graph: nx.Graph) -> set[str]:
    return {"".join(sorted(edge)) for edge in graph.edges}


def test_without_any_choice_every_tie_on_record_counts(table: TieTable) -> None:
    network = select(table, Selection())
    assert network.certain is network.possible
    assert edges(network.possible) == {"ab", "ac", "ad", "bc"}
    assert (network.selected, network.undated) == (5, 1)
    assert "e" not in network.possible


def test_a_pair_with_several_ties_is_one_edge_that_says_so(table: TieTable) -> None:
    edge = select(table, Selection()).possible.edges["a", "b"]
    assert (edge["tie"], edge["ties"], edge["other_ties"]) == ("a-b", 2, "union-abc")
    assert (edge["start"], edge["start_earliest"], edge["start_latest"]) == ("1960", "1960-01-01", "1960-12-31")
    assert (edge["sources"], edge["source_ids"]) == (2, "register town")


def test_a_day_gives_two_graphs(table: TieTable) -> None:
    network = select(table, Selection(as_of="1960-06-01"))
    assert edges(network.certain) == set()
    assert edges(network.possible) == {"ab", "ad"}
    assert {edge["certainty"] for *_, edge in network.possible.edges(data=True)} == {"possible", "undated"}
    assert network.undated_share == 0.5
    later = select(table, Selection(as_of="1961-01-01"))
    assert edges(later.certain) == {"ab"}


def test_a_year_asks_for_any_moment_of_it(table: TieTable) -> None:
    assert edges(select(table, Selection(as_of="1960")).certain) == {"ab"}


def test_a_period_asks_for_any_moment_between(table: TieTable) -> None:
    network = select(table, Selection(period=("1985", "1989")))
    assert edges(network.certain) == {"ab", "ac", "bc"}
    assert edges(select(table, Selection(period=("1992", "2000"), multilateral="exclude")).certain) == {"ab", "ac"}


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"kinds": "friendship"}, {"ac"}),
        ({"statuses": ["ended"]}, {"bc"}),
        ({"levels": "municipality", "multilateral": "exclude"}, {"ab", "ac", "bc"}),
        ({"countries": "cn", "multilateral": "exclude"}, {"ac", "bc"}),
        ({"countries": ["DE", "FR"], "ends": "both", "multilateral": "exclude"}, {"ab", "ad"}),
        ({"continents": "Asia", "multilateral": "exclude"}, {"ac", "bc"}),
        ({"scope": "domestic"}, {"ad"}),
        ({"scope": "international", "multilateral": "exclude"}, {"ab", "ac", "bc"}),
        ({"sources": "register"}, {"ab", "ad"}),
        ({"without_sources": "town", "multilateral": "exclude"}, {"ab", "ad", "bc"}),
        ({"checked": True, "multilateral": "exclude"}, {"ab", "ad"}),
        ({"min_sources": 2}, {"ab"}),
        ({"without": ["union-abc", "a-b"]}, {"ac", "ad", "bc"}),
    ],
)
def test_each_choice_leaves_the_ties_that_fit(table: TieTable, choice, expected) -> None:
    network = select(table, Selection(**choice))
    assert edges(network.possible) == expected
    assert set(network.places) == set("".join(expected))


def test_a_union_as_a_star_is_a_node_of_its_own(table: TieTable) -> None:
    graph = select(table, Selection(multilateral="star", period=("1991", "1999"))).possible
    assert set(graph["union-abc"]) == {"a", "b", "c"}
    assert graph.nodes["union-abc"]["type"] == "union"
    assert graph.nodes["a"]["type"] == "municipality"
    assert not graph.has_edge("b", "c")


def test_the_kind_counts_that_a_tie_had_at_the_time(table: TieTable) -> None:
    phases = (
        Phase("friendship", life("1950", "1980", "ended")),
        Phase("partnership", life("1980")),
    )
    table.ties = [tie("a-b", "a", "b", start="1950", phases=phases)]
    assert edges(select(table, Selection(as_of="1970", kinds="friendship")).certain) == {"ab"}
    assert edges(select(table, Selection(as_of="1970", kinds="partnership")).possible) == set()
    assert edges(select(table, Selection(as_of="2000", kinds="partnership")).certain) == {"ab"}
    assert edges(select(table, Selection(kinds="partnership")).possible) == {"ab"}
    assert edges(select(table, Selection(kinds="friendship")).possible) == set()


def certainties(table: TieTable, **choice) -> str | None:
    """The certainty of the one tie of a table under a selection; None where it is not in force."""
    found = select(table, Selection(**choice))
    for *_, certainty in found.possible.edges(data="certainty"):
        return certainty
    return None


_CHANGES = [None, "1950", "1960~", "1974/1975", "198X", "../1991", "1992-05-06"]
_PHASED = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(1, len(_CHANGES)), st.booleans()), min_size=2, max_size=4
).map(
    # One after the other; some starts are not known.
    lambda drawn: [
        (kind, _CHANGES[number % len(_CHANGES)] if known else None)
        for (kind, _, known), number in zip(drawn, sorted(number for _, number, _ in drawn), strict=True)
    ]
)


@given(_PHASED, st.sampled_from([None, "1995", "2001/2005"]), st.integers(1945, 2010), st.integers(0, 30))
def test_all_kinds_together_are_as_none(phased, end: str | None, year: int, length: int) -> None:
    """However uncertain the changes of a tie's kind are, they do not matter to those who ask for all kinds."""
    status = "ended" if end else "active"
    following = [start for _, start in phased[1:]]
    phases = tuple(
        Phase(kind, life(start, until, "ended") if number < len(following) else life(start, end, status))
        for number, ((kind, start), until) in enumerate(zip(phased, [*following, None], strict=True))
    )
    known = next((start for _, start in phased if start), None)
    start = known if known is None or phased[0][1] else f"../{known.rpartition('/')[2]}"
    made = tie("a-b", "a", "b", start=start, end=end, status=status, phases=phases)
    assert made.lifetimes_as(KINDS) == [made.lifetime]
    table = TieTable(
        {k: Place(k, k) for k in "ab"}, [made], Origin("memory", "test"), attributes=frozenset({"kind", "start"})
    )
    when = {"period": (str(year), str(year + length))}
    assert certainties(table, **when) == certainties(table, kinds=KINDS, **when)
    for kind in KINDS:
        if certainties(table, kinds=kind, **when) == "certain":
            assert certainties(table, **when) == "certain", "what is certain of a part is certain of the whole"
        if certainties(table, kinds=kind, **when) is not None:
            assert certainties(table, **when) is not None, "what is possible of a part is possible of the whole"


def test_an_uncertain_change_of_kind_leaves_no_gap(table: TieTable) -> None:
    phases = (
        Phase("friendship", life("1950", "1980/1985", "ended")),
        Phase("partnership", life("1980/1985")),
    )
    table.ties = [tie("a-b", "a", "b", start="1950", phases=phases)]
    assert certainties(table, as_of="1982-06-01") == "certain"
    assert certainties(table, as_of="1982-06-01", kinds=["friendship", "partnership"]) == "certain"
    assert certainties(table, as_of="1982-06-01", kinds="friendship") == "possible"
    assert certainties(table, as_of="1982-06-01", kinds="partnership") == "possible"


def test_a_phase_without_a_start_begins_no_earlier_than_the_tie(table: TieTable) -> None:
    phases = (Phase("friendship", life("1950", None, "ended")), Phase("partnership", life(None)))
    table.ties = [tie("a-b", "a", "b", start="1950", phases=phases)]
    assert certainties(table, as_of="1949-06-01", kinds="partnership") is None
    assert certainties(table, as_of="1960-06-01", kinds="partnership") == "possible"


@pytest.mark.parametrize(
    ("start", "end", "status", "choice", "expected"),
    [
        ("1975", "1975", "ended", {"as_of": "1975"}, "certain"),
        ("1975", "1975", "ended", {"period": ("1970", "1980")}, "certain"),
        ("1975", "1975", "ended", {"as_of": "1975-06-30"}, "possible"),
        ("1975", None, "ended", {"as_of": "1975"}, "certain"),
        ("1975", None, "ended", {"as_of": "1976"}, "possible"),
        ("1975-05-20", None, "ended", {"as_of": "1975-05-20"}, "certain"),
        ("1974/1976", "1975", "ended", {"as_of": "1975"}, "possible"),
        ("1980", "1970", "ended", {"period": ("1960", "1990")}, None),
        ("1980", "1970", "ended", {"as_of": "1975"}, None),
    ],
)  # fmt: skip
def test_short_and_contradictory_lives(table: TieTable, start, end, status, choice, expected) -> None:
    table.ties = [tie("a-b", "a", "b", start=start, end=end, status=status)]
    assert certainties(table, **choice) == expected
    notes = select(table, Selection(**choice)).notes
    assert any("end before they begin" in note for note in notes) == (start > (end or "9999"))


@given(_EDTF, _EDTF, st.sampled_from(["active", "ended", "unknown"]), st.integers(1950, 1990), st.integers(0, 800))
def test_certain_is_in_force_under_every_reading_of_the_dates(start, end, status, year: int, length: int) -> None:
    """Against all days that start and end can mean, by their first, last and a few days between."""
    found = life(start, end, status)
    first = datetime.date(year, 1, 1).toordinal()
    last = first + length
    if found.starts is None:
        assert not found.is_certain_in(first, last)
        return
    starts = _some_days(*found.starts, first, last)
    lasts = _some_days(*found.lasts, first, last)
    readings = [(s, e) for s in starts for e in lasts if s <= e]
    inside = [s <= last and e >= first for s, e in readings]
    assert found.is_possible_in(first, last) == any(inside)
    # A start that is open to the future may lie there; nothing is certain of it.
    assert found.is_certain_in(first, last) == (bool(inside) and all(inside))


def _some_days(begin: int, end: int, first: int, last: int) -> list[int]:
    days = {begin, end, *(day for near in (first, last) for day in (near - 1, near, near + 1)), (begin + end) // 2}
    return sorted(day for day in days if begin <= day <= end)


def test_a_selection_is_said_in_german_too() -> None:
    choices = [
        {"as_of": "1989-11-09", "statuses": ["active", "ended"], "scope": "domestic", "isolated": True},
        {"period": ("1950", "1960"), "kinds": "friendship", "scope": "international", "multilateral": "star"},
        {"as_of": "1989", "countries": ["DE", "FR"], "ends": "both", "around": "a", "steps": 3, "isolated": False},
        {"continents": "Europe", "levels": "district", "sources": ["x", "y", "z"], "without_sources": "w"},
        {"without_sources": ["v", "w"], "checked": True, "min_sources": 2, "without": ["t"], "multilateral": "exclude"},
        {"around": "a"},
    ]
    for choice in choices:
        made = Selection(**choice)
        english, german = (made.in_words({"a": "A-Stadt"}, language).split("; ") for language in ("en", "de"))
        assert len(english) == len(german)
        assert not set(english) & set(german)
        assert not {"ties", "of", "only", "with", "and", "or", "the", "not"} & set(" ".join(german).split())


def test_what_a_source_left_out_means_is_said() -> None:
    """A tie that others state too keeps what was concluded from all sources, so the words promise no more."""
    made = Selection(without_sources=["v", "w"])
    assert "without ties that only the sources v and w state" in made.in_words({})
    assert "ohne Verbindungen, die nur die Quellen v und w nennen" in made.in_words({}, "de")


def test_dates_of_python_are_dates() -> None:
    day = datetime.date(1989, 11, 9)
    assert Selection(as_of=day) == Selection(as_of="1989-11-09")
    assert Selection(as_of=datetime.datetime(1989, 11, 9, 18, 53)).days == Selection(as_of=day).days
    assert Selection(period=[day, datetime.date(1990, 10, 3)]).options() == ["--period", "1989-11-09/1990-10-03"]


def test_isolated_places_are_nodes_where_asked_for(table: TieTable) -> None:
    assert "e" in select(table, Selection(isolated=True)).possible
    assert "e" not in select(table, Selection(isolated=True, countries="FR")).possible
    table.keeps_isolated = True
    chosen = select(table, Selection(kinds="friendship")).possible
    assert set(chosen) == {"a", "c", "e"}, "a place whose ties were not chosen is not there, one that never had any is"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"countries": 5}, "countries: 5 is no text"),
        ({"as_of": 1989}, "as_of: 1989 is no date; write"),
        ({"period": (1945, 1989)}, "period: 1945 is no date"),
        ({"period": 1945}, "give the first and the last date"),
        ({"kinds": "marriage"}, "there is no 'marriage'; take partnership"),
        ({"as_of": "1.5.1960"}, "write 1960-05-01"),
        ({"as_of": "1960", "period": ("1950", "1960")}, "exclude each other"),
        ({"period": ("1990", "1980")}, "ends before it begins"),
        ({"scope": "local"}, "domestic or international"),
        ({"multilateral": "ring"}, "clique, star or exclude"),
        ({"min_sources": 0}, "1 or more"),
        ({"sources": [""]}, "no text"),
        ({"as_of": "XXXX-05-01"}, "no day that can be compared"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_with_advice(choice, message: str) -> None:
    with pytest.raises(SelectionError, match=message):
        Selection(**choice)


def test_what_does_not_occur_in_the_data_is_refused(table: TieTable) -> None:
    with pytest.raises(SelectionError, match="'XX' does not occur in the data; there are CN, DE, FR"):
        select(table, Selection(countries="XX"))
    with pytest.raises(SelectionError, match="'union-abd' does not occur"):
        select(table, Selection(without="union-abd"))
    table.attributes = frozenset({"country"})
    with pytest.raises(SelectionError, match="does not say the kind"):
        select(table, Selection(kinds="friendship"))
    with pytest.raises(SelectionError, match="has no dates"):
        select(table, Selection(as_of="1960"))


def test_a_selection_says_itself_in_words_and_as_options() -> None:
    chosen = Selection(as_of="1989-11-09", kinds="partnership", scope="international", multilateral="star")
    assert str(chosen) == (
        "ties in force on 1989-11-09; kind partnership; only international ties; "
        "a partnership of three or more as a node with a tie to each participant"
    )
    assert chosen.options() == [
        *("--as-of", "1989-11-09", "--kind", "partnership", "--international", "--multilateral", "star"),
    ]
    assert Selection().options() == []
    assert Selection(as_of="today").as_of == datetime.date.today().isoformat()


def test_the_network_of_a_day_is_that_of_the_library_query(shipped_store: Path) -> None:
    """Two implementations of one rule: the SPARQL of partnership/in-force-on, and lifetimes."""
    with twingraph.open(shipped_store) as graph:
        table = read_ties(graph)
        for day in ("1949-12-31", "1963-01-22", "1979-01-20", "1989-11-09", "2010-06-30", "2019-12-31", "2024-01-01"):
            rows = graph.query("in-force-on", frame="result", date=day).records()
            wanted = {
                which: {str(row["partnership"]) for row in rows if row["certainty"] in names}
                for which, names in (("certain", ["certain"]), ("all", ["certain", "possible", "undated"]))
            }
            moment = Selection(as_of=day).days
            assert moment is not None
            assert {t.iri for t in table.ties if t.lifetime.is_certain_in(*moment)} == wanted["certain"], day
            assert {t.iri for t in table.ties if t.lifetime.is_possible_in(*moment)} == wanted["all"], day


def test_the_store_gives_what_its_queries_say(shipped_store: Path) -> None:
    with twingraph.open(shipped_store) as graph:
        network = twingraph.network(graph)
        pairs = graph.query("network/edges", frame="result").records()
        nodes = {str(row["municipality"]): row for row in graph.query("network/nodes", frame="result").records()}
    assert network.possible.number_of_edges() == len({(row["source"], row["target"]) for row in pairs})
    assert network.selected == len({row["partnership"] for row in pairs})
    for _, values in network.possible.nodes(data=True):
        row = nodes[values["iri"]]
        assert (values["name"], values["country"], values.get("lat")) == (row["name"], row["country"], row["lat"])
    by_iri = {row["partnership"]: row for row in pairs}
    for *_, values in network.possible.edges(data=True):
        row = by_iri[values["partnership"]]
        assert (values["kind"], values["status"], values["sources"]) == (row["kind"], row["status"], row["sources"])
    assert network.origin.version


def test_a_graph_without_named_graphs_is_read_too(shipped_store: Path) -> None:
    import rdflib

    with twingraph.open(shipped_store) as graph:
        flat = graph.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(flat, rdflib.Graph)
    with twingraph.open(flat) as graph:
        table = read_ties(graph)
    whole = read_ties(shipped_store)
    assert [t.key for t in table.ties] == [t.key for t in whole.ties]
    assert table.ties == whole.ties
    assert table.places == whole.places


def test_ties_are_kept_beside_the_store_and_nothing_wrong_is_taken(data: Path, tmp_path: Path) -> None:
    from twingraph.building import build

    store = tmp_path / "store"
    build(data, store)
    first = read_ties(store)
    (file,) = store.glob("builds/*/ties.json")
    content = file.read_bytes()
    assert read_ties(store) == first
    for broken in (b"", b"x", content[:-1], content.replace(b"Kiel", b"Lies")):
        file.write_bytes(broken)
        assert read_ties(store) == first
        assert file.read_bytes() == content


def test_an_endpoint_gives_the_same_ties(shipped_store: Path) -> None:
    from store_fixtures import oxigraph_server
    from twingraph.stores.storage import current_build

    whole = read_ties(shipped_store)
    with oxigraph_server(current_build(shipped_store) / "db") as url:
        served = read_ties(url)
    assert served.origin == Origin("endpoint", url)
    assert served.ties == whole.ties
    assert served.places == whole.places
    assert served.sources == whole.sources


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"around": "d", "steps": 0}, set()),
        ({"around": "d"}, {"ad"}),
        ({"around": "d", "steps": 2}, {"ab", "ac", "ad", "bc"}),
        ({"around": ["d", "c"], "multilateral": "exclude"}, {"ac", "ad", "bc", "ab"}),
        ({"around": "c", "kinds": "friendship"}, {"ac"}),
    ],
)
def test_around_a_place(table: TieTable, choice, expected) -> None:
    network = select(table, Selection(**choice))
    assert edges(network.possible) == expected
    ego = nx.Graph()
    whole = select(table, Selection(**{**choice, "around": (), "steps": 1})).possible
    for key in network.selection.around:
        ego = nx.compose(ego, nx.ego_graph(whole, key, network.selection.steps))
    joined = whole.subgraph(ego)
    assert {frozenset(edge) for edge in network.possible.edges} == {frozenset(edge) for edge in joined.edges}


def test_around_a_place_at_a_time_is_told_for_both_graphs(table: TieTable) -> None:
    network = select(table, Selection(around="b", steps=1, as_of="1961", multilateral="exclude"))
    assert edges(network.certain) == {"ab"}
    assert edges(network.possible) == {"ab"}
    assert "within a tie of b" in str(network.selection)
    assert network.selection.options()[-4:] == ["--around", "b", "--steps", "1"]
    with pytest.raises(SelectionError, match="'z' does not occur"):
        select(table, Selection(around="z"))
    with pytest.raises(SelectionError, match="0 or more"):
        Selection(around="a", steps=-1)
