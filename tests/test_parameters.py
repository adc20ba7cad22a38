"""Parameters are typed, and no value ever becomes anything but one term."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_fixtures import memory_database
from twingraph.errors import QueryError, QueryNotFoundError, QueryParameterError
from twingraph.querying.lexer import tokenise
from twingraph.querying.library import QueryLibrary
from twingraph.querying.parameters import TYPES
from twingraph.querying.queries import LibraryQuery, parse_query
from twingraph.stores.store import MemoryStore
from twingraph.vocab import ID, XSD


def query_of(type: str, *, body: str = "SELECT ?x WHERE { BIND(?_v AS ?x) }", **spec: object) -> LibraryQuery:
    import yaml

    header = yaml.safe_dump({"summary": "Test.", "params": {"v": {"type": type, **spec}}})
    return parse_query("".join(f"#+ {line}\n" for line in header.splitlines()) + body, "test/query")


def bound_term(type: str, value: object, **spec: object) -> object:
    """Return the term that the engine sees."""
    text = query_of(type, **spec).bind({"v": value}).text
    (solution,) = list(ox.Store().query(text))  # type: ignore[arg-type]
    return solution[0]


def literal(value: str, datatype: str) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("type", "value", "term"),
    [
        ("iri", "http://example.org/ü", ox.NamedNode("http://example.org/ü")),
        ("iri", "<http://example.org/a>", ox.NamedNode("http://example.org/a")),
        ("iri", "twm:Q64", ox.NamedNode(ID + "municipality/Q64")),
        ("string", 'O\'Brien "x" \\ \n\t', ox.Literal('O\'Brien "x" \\ \n\t')),
        ("string", "", ox.Literal("")),
        ("integer", "-5", literal("-5", "integer")),
        ("integer", 7, literal("7", "integer")),
        ("decimal", "1.50", literal("1.5", "decimal")),
        ("decimal", 0.000001, literal("0.000001", "decimal")),
        ("decimal", Decimal("-2.5"), literal("-2.5", "decimal")),
        ("year", "1978", literal("1978", "integer")),
        ("date", "1978-10-22", literal("1978-10-22", "date")),
        ("date", datetime.date(1978, 10, 22), literal("1978-10-22", "date")),
        ("language", "de-CH", ox.Literal("de-ch")),
        ("boolean", True, literal("true", "boolean")),
        ("boolean", "no", literal("false", "boolean")),
        ("kind", "friendship", ox.NamedNode(ID + "kind/friendship")),
        ("kind", ID + "kind/friendship", ox.NamedNode(ID + "kind/friendship")),
        ("status", "status:ended", ox.NamedNode(ID + "status/ended")),
        ("country", "de", ox.NamedNode(ID + "country/DE")),
        ("country", "DDDE", ox.NamedNode(ID + "country/DDDE")),
        ("name", "VITRÉ", ox.Literal("vitre")),
        ("name", "Xi´an", ox.Literal("xian")),
        ("name", "西安", ox.Literal("西安")),
    ],
)
def test_a_value_becomes_the_term_of_its_type(type: str, value: object, term: object) -> None:
    assert bound_term(type, value) == term


ATTACKS = [
    '"',
    "'",
    '"""',
    "'''",
    '\\"',
    "\\",
    'x" } INSERT DATA { <a:a> <a:b> "',
    'x") . ?s ?p ?o } #',
    "x' } UNION { ?s ?p ?o } #",
    '"@en . ?s ?p "',
    '"^^<http://www.w3.org/2001/XMLSchema#integer> . ?s ?p "',
    "> } ; DROP ALL #",
    "http://a> ?p ?o } #",
    "http://a/\u0000",
    "http://a b",
    "http://a\n<b",
    "http://a\\u003e",
    "<http://a> <http://b>",
    "javascript:alert(1)> ?x <a:b",
    "?o",
    "$o",
    "?_v",
    "1 } UNION { ?s ?p ?o } #",
    "1) || (1=1",
    "1; DELETE WHERE { ?s ?p ?o }",
    "1e9999",
    "NaN",
    "INF",
    "0x10",
    "١٢٣",
    "１９７８",
    "1978-02-30",
    "1978-10-22T00:00:00",
    "19780-1-1",
    "de_DE",
    'de"@en',
    "de) || true || (",
    "*",
    "true || true",
    "DE> <a:b> <a:c",
    "../../etc",
    "kind/../x",
    "partnership> . ?s ?p ?o . <a:b",
    "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "\u2028",
    "a\rb",
    "\ufffe",
    "\udc80",
    "\x00",
    "\x7f\x1b[31m",
    "<!--",
    "#",
    "",
    " ",
    "a" * 100_000,
]


@pytest.mark.parametrize("type", sorted(TYPES))
@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_an_attack_is_one_term_or_refused(type: str, attack: str) -> None:
    query = query_of(type)
    try:
        text = query.bind({"v": attack}).text
    except QueryParameterError as error:
        assert "'v'" in str(error)
        assert "test/query" in str(error)
        assert len(str(error)) < 500
        return
    # A term is one token; a literal's datatype makes three more: ^, ^ and an IRI.
    assert len(tokenise(text)) - len(tokenise(query.text)) in (0, 3)
    (solution,) = list(ox.Store().query(text))  # type: ignore[arg-type]
    if type == "string":
        assert solution[0] == ox.Literal(attack)


@given(st.text())
def test_any_text_comes_back_unchanged_or_is_refused(text: str) -> None:
    query = query_of("string")
    try:
        bound = query.bind({"v": text})
    except QueryParameterError:
        assert any(ord(char) in (0, 0xFFFE, 0xFFFF) or 0xD800 <= ord(char) < 0xE000 for char in text)
        return
    rows = MemoryStore().query(bound.text).records()
    assert rows == [{"x": text}]


@given(st.sampled_from(sorted(TYPES)), st.text(max_size=40))
def test_any_value_is_one_term_or_refused(type: str, value: str) -> None:
    query = query_of(type)
    try:
        bound = query.bind({"v": value})
    except QueryParameterError:
        return
    assert len(list(ox.Store().query(bound.text))) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("integer", True),
        ("integer", 1.5),
        ("integer", 2**63),
        ("integer", None),
        ("decimal", float("nan")),
        ("decimal", float("inf")),
        ("decimal", True),
        ("year", 0),
        ("year", 12345),
        ("year", "78"),
        ("year", True),
        ("date", "22.10.1978"),
        ("boolean", "maybe"),
        ("string", 5),
        ("name", "---"),
        ("name", 5),
        ("country", "Germany"),
        ("kind", "Friend Ship"),
        ("language", "deutsch!"),
        ("iri", "Helmstedt"),
    ],
)
def test_a_wrong_type_names_what_was_expected(type: str, value: object) -> None:
    with pytest.raises(QueryParameterError) as caught:
        query_of(type, example="Q1").bind({"v": value})
    assert "such as Q1" in str(caught.value)
    assert type in str(caught.value)


def test_only_listed_values_are_taken() -> None:
    query = query_of("kind", enum=["partnership", "friendship"])
    query.bind({"v": "friendship"})
    with pytest.raises(QueryParameterError, match="one of partnership, friendship"):
        query.bind({"v": "marriage"})


def test_limits_take_plain_digits() -> None:
    query = query_of("integer", body="SELECT * { ?s ?p ?o } LIMIT ?_v", default=10)
    assert query.bind().text.endswith("LIMIT 10")
    assert query.bind({"v": "3"}).text.endswith("LIMIT 3")
    for wrong in ("-1", "1 OFFSET 5", "", "x", 1.0):
        with pytest.raises(QueryParameterError):
            query.bind({"v": wrong})


def test_a_parameter_is_left_alone_in_strings_iris_and_comments() -> None:
    body = 'SELECT ?x { BIND(?_v AS ?x) ?s <http://e/?_v> \'?_v\' . ?_value ?p """?_v""" } # ?_v'
    text = query_of("integer", body=body.replace("?_value", "?value")).bind({"v": 1}).text
    assert text.count("?_v") == 4


def test_an_open_parameter_stays_a_variable() -> None:
    body = "SELECT ?m { ?m tw:isInCountry ?c FILTER(!BOUND( ?_v ) || ?c = ?_v) FILTER(?c = COALESCE(?_v, ?c)) }"
    query = query_of("country", required=False, body=body)
    store = MemoryStore(memory_database())
    assert len(store.query(query.bind().text)) == 3
    assert len(store.query(query.bind({"v": "FR"}).text)) == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "'v' is missing"),
        ([("v", "1"), ("v", "2")], "'v' is given twice"),
        ([("v", "1"), ("w", "2")], "no parameter 'w'"),
        ([("v", "1"), ("V", "2")], "did you mean 'v'|it takes v"),
    ],
)
def test_names_are_checked(given: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(QueryParameterError, match=message):
        query_of("integer").bind(given)


def test_a_query_without_parameters_takes_none() -> None:
    with pytest.raises(QueryParameterError, match="takes none"):
        parse_query("ASK {}").bind({"v": 1})


def test_an_error_behind_a_parameter_shows_the_text_as_written() -> None:
    from twingraph.graph import Graph

    body = "SELECT ?x {\n BIND(?_v AS ?x) ?s ?p nope }"
    query = query_of("string", body=body)
    with pytest.raises(QueryError) as caught:
        Graph(MemoryStore()).run(query.bind({"v": "a long value that moves everything"}))
    line = query.text.split("\n").index(" BIND(?_v AS ?x) ?s ?p nope }") + 1
    assert (caught.value.line, caught.value.column) == (line, 24)
    assert " BIND(?_v AS ?x) ?s ?p nope }" in str(caught.value)
    assert "test/query, line" in str(caught.value)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("summary: [", "no YAML"),
        ("- a", "must be keys"),
        ("sumary: x", "unknown key sumary"),
        ("params: x", "params must be keys"),
        ("params: {v: integer}", "params.v must be keys"),
        ("params: {v: {type: int}}", "params.v.type must be one of"),
        ("params: {v: {type: integer, exmple: 1}}", "unknown key exmple"),
        ("params: {w: {type: integer}}", "look at v, w"),
        ("summary: x", "look at v"),
        ("columns: [a]", "columns must be keys"),
        ("params: {v: {type: integer, required: maybe}}", "required must be true or false"),
        ("params: {v: {type: kind, enum: a}}", "enum must be a list"),
        ("tags: a", "tags must be a list"),
    ],
)
def test_a_broken_header_is_named(header: str, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        parse_query(f"#+ {header}\nSELECT ?x {{ BIND(?_v AS ?x) }}", "a/b")
    assert "a/b" in str(caught.value)


@pytest.fixture
def library(tmp_path: Path) -> QueryLibrary:
    for query_id in ("municipality/partners", "municipality/claims", "partnership/claims", "partnership/by-decade"):
        path = tmp_path / f"{query_id}.rq"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#+ summary: {query_id}\nASK {{}}", encoding="utf-8")
    return QueryLibrary(tmp_path)


def test_queries_are_found_by_id_and_last_part(library: QueryLibrary) -> None:
    assert library.find("municipality/partners").summary == "municipality/partners"
    assert library.find("partners").id == "municipality/partners"
    assert library.find("by-decade.rq").id == "partnership/by-decade"
    assert [query.id for query in library] == library.ids()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("claims", "municipality/claims, partnership/claims"),
        ("partner", "did you mean municipality/partners"),
        ("municipality/partnrs", "did you mean municipality/partners"),
        ("xyzzy", "`twingraph queries` lists them"),
        ("", "no query"),
        ("../partners", "no query"),
        ("/etc/passwd", "no query"),
    ],
)
def test_unknown_and_ambiguous_names_are_refused(library: QueryLibrary, name: str, message: str) -> None:
    with pytest.raises(QueryNotFoundError, match=message):
        library.find(name)
