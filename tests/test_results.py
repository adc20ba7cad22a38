"""Answers as data frames, tables and files: typed, complete, and safe to look at."""

from __future__ import annotations

import datetime
import io
import json

import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twingraph.answers.layout import shorten_iri, text_table
from twingraph.answers.results import DEFAULT_FORMATS, FORMATS, Result
from twingraph.errors import ResultFormatError
from twingraph.stores.store import MemoryStore
from twingraph.vocab import ID, TW

X = "http://www.w3.org/2001/XMLSchema#"
EMPTY = MemoryStore()


def values(*terms: str) -> Result:
    return EMPTY.query("SELECT ?x WHERE { VALUES ?x { " + " ".join(terms) + " } }")


@pytest.mark.parametrize(
    ("terms", "dtype", "expected"),
    [
        (["1", "-2", "UNDEF"], pl.Int64, [1, -2, None]),
        ([f'"7"^^<{X}int>', f'"8"^^<{X}nonNegativeInteger>'], pl.Int64, [7, 8]),
        (["1", "2.5"], pl.Float64, [1.0, 2.5]),
        (["1.0", "1e3", f'"2.5"^^<{X}float>'], pl.Float64, [1.0, 1000.0, 2.5]),
        ([f'"INF"^^<{X}double>', f'"-INF"^^<{X}double>'], pl.Float64, [float("inf"), float("-inf")]),
        (["true", "false", "UNDEF"], pl.Boolean, [True, False, None]),
        ([f'"1978-10-22"^^<{X}date>'], pl.Date, [datetime.date(1978, 10, 22)]),
        ([f'"1978-10-22Z"^^<{X}date>'], pl.String, ["1978-10-22Z"]),
        ([f'"-0044-03-15"^^<{X}date>'], pl.String, ["-0044-03-15"]),
        (
            [f'"2026-01-02T03:04:05.5"^^<{X}dateTime>'],
            pl.Datetime("us"),
            [datetime.datetime(2026, 1, 2, 3, 4, 5, 500_000)],
        ),
        (
            [f'"2026-01-02T03:04:05+02:00"^^<{X}dateTime>'],
            pl.Datetime("us", "UTC"),
            [datetime.datetime(2026, 1, 2, 1, 4, 5, tzinfo=datetime.UTC)],
        ),
        (
            [f'"2026-01-02T03:04:05"^^<{X}dateTime>', f'"2026-01-02T03:04:05Z"^^<{X}dateTime>'],
            pl.String,
            ["2026-01-02T03:04:05", "2026-01-02T03:04:05Z"],
        ),
        (['"1960~"^^<http://id.loc.gov/datatypes/edtf/EDTF>'], pl.String, ["1960~"]),
        (['"1960"^^<http://id.loc.gov/datatypes/edtf/EDTF>'], pl.String, ["1960"]),
        (['"Vitré"@fr', '"a\\tb\\nc\\"d\\\\e"'], pl.String, ["Vitré", 'a\tb\nc"d\\e']),
        (["<http://example.org/ü>", '"text"'], pl.String, ["http://example.org/ü", "text"]),
        (["1", '"one"'], pl.String, ["1", "one"]),
        (["1", "true"], pl.String, ["1", "true"]),
        ([f'"abc"^^<{X}integer>'], pl.String, ["abc"]),
        (["9223372036854775807"], pl.Int64, [2**63 - 1]),
        (['"007"', '"01234"'], pl.String, ["007", "01234"]),
        (["UNDEF", "UNDEF"], pl.String, [None, None]),
        (['""', "UNDEF"], pl.String, ["", None]),
        (['"true"', '"<a>"', '"_:b"'], pl.String, ["true", "<a>", "_:b"]),
    ],
)
def test_a_column_has_the_type_of_its_values(terms: list[str], dtype: pl.DataType, expected: list[object]) -> None:
    series = values(*terms).frame()["x"]  # type: ignore[index]
    assert series.dtype == dtype
    assert series.to_list() == expected
    assert [record["x"] for record in values(*terms).records()] == expected


def test_an_integer_beyond_64_bits_is_kept_as_text() -> None:
    tsv = f'?x\n"18446744073709551616"^^<{X}integer>\n1\n'.encode()
    assert Result("select", tsv).records() == [{"x": "18446744073709551616"}, {"x": "1"}]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff")), max_size=5))
def test_text_is_never_changed(texts: list[str]) -> None:
    terms = [str(ox.Literal(text)) for text in texts]
    result = values(*terms)
    assert [record["x"] for record in result.records()] == texts
    assert [str(row[0]) for row in result.rows] == texts


def test_rows_without_variables_are_counted() -> None:
    assert len(EMPTY.query("SELECT * {}")) == 1
    assert len(EMPTY.query("SELECT * { FILTER(false) }")) == 0
    assert EMPTY.query("SELECT ?x {}").records() == [{"x": None}]


def test_every_format_of_every_kind_is_written() -> None:
    results = {
        "select": values("1", '"a"'),
        "ask": EMPTY.query("ASK {}"),
        "construct": EMPTY.query("CONSTRUCT { <a:a> tw:start 1 } {}"),
    }
    for kind, result in results.items():
        assert DEFAULT_FORMATS[result.kind] in FORMATS[result.kind]
        for format in FORMATS[result.kind]:
            assert result.serialize(format), (kind, format)


def test_an_ask_has_no_rows() -> None:
    result = EMPTY.query("ASK {}")
    assert result.answer is True
    assert json.loads(result.serialize("json")) == {"head": {}, "boolean": True}
    assert result.serialize("table") == b"true\n"
    for use in (lambda: result.rows, result.frame, result.records, lambda: result.graph):
        with pytest.raises(ResultFormatError, match="an ASK query gives no"):
            use()
    with pytest.raises(ResultFormatError, match="take one of table"):
        result.serialize("parquet")


def test_an_unknown_library_is_refused() -> None:
    with pytest.raises(ResultFormatError, match="polars or pandas"):
        values("1").frame("spark")  # type: ignore[arg-type]


def test_parquet_keeps_types() -> None:
    result = EMPTY.query(f'SELECT (1 AS ?n) ("1978-10-22"^^<{X}date> AS ?day) ("a" AS ?s) {{}}')
    frame = pl.read_parquet(io.BytesIO(result.serialize("parquet")))
    assert frame.schema == {"n": pl.Int64, "day": pl.Date, "s": pl.String}


def test_triples_are_sorted_and_have_short_names() -> None:
    text = "CONSTRUCT { twm:Q2 tw:isTwinnedWith twm:Q1 . twm:Q1 a tw:Municipality ; rdfs:label 'Ä'@de ; tw:n 5 } {}"
    result = EMPTY.query(text)
    turtle = result.serialize("turtle").decode()
    assert turtle.splitlines()[:4] == sorted(turtle.splitlines()[:4])
    assert "twm:Q2 tw:isTwinnedWith twm:Q1 ." in turtle
    document = json.loads(result.serialize("jsonld"))
    assert document["@context"]["tw"] == TW
    assert document["@graph"][0]["rdfs:label"] == {"@value": "Ä", "@language": "de"}
    for format, parser in (("turtle", "turtle"), ("jsonld", "json-ld"), ("rdfxml", "xml"), ("ntriples", "nt")):
        import rdflib
        from rdflib.compare import isomorphic

        read = rdflib.Graph().parse(data=result.serialize(format), format=parser)
        assert isomorphic(read, result.graph), format
        assert result.serialize(format) == EMPTY.query(text).serialize(format)


def table(*terms: str, width: int | None = None) -> str:
    return text_table(values(*terms).payload, width=width)


def test_a_table_aligns_wide_letters() -> None:
    lines = (
        EMPTY.query('SELECT ?a ?b { VALUES (?a ?b) { ("西安" 5) ("Vitré" 120) ("e\\u0301" 7) } }')
        .serialize("table")
        .decode()
        .splitlines()
    )
    assert lines == ["a      b", "─────  ───", "西安     5", "Vitré  120", "é        7".replace("é", "e\u0301")]


def test_a_table_shows_short_iris_and_no_control_characters() -> None:
    text = table(f"<{ID}municipality/Q64>", '"a\\u001b[31mb"', '"x\\ny\\tz"', '"\\u202eabc"')
    assert "twm:Q64" in text
    assert "\x1b" not in text
    assert "\\u001b[31mb" in text
    assert "x y z" in text
    assert "\\u202eabc" in text


@pytest.mark.parametrize("width", [10, 12, 20, 30, 40, 60, 80, 200])
def test_a_table_fits_any_width_and_loses_nothing(width: int) -> None:
    long = "Städtepartnerschaft mit vielen Worten, 西安市人民政府外事办公室"
    row = f'("Heimatbund" "{long}" <http://example.org/abcdefghijklmnop> 42)'
    result = EMPTY.query("SELECT ?name ?long ?iri ?n { VALUES (?name ?long ?iri ?n) { " + row * 2 + " } }")
    from rich.cells import cell_len

    text = result.serialize("table", width=width).decode()
    assert max(cell_len(line) for line in text.splitlines()) <= width
    squeezed = "".join(text.split())
    for part in ("42", "Heimatbund"):
        assert part in squeezed
    assert set("Städtepartnerschaft西安市人民政府外事办公室abcdefghijklmnop") <= set(squeezed)


def test_a_table_is_not_cut_without_a_width() -> None:
    assert "x" * 5000 in table('"' + "x" * 5000 + '"')


def test_an_empty_table_says_so() -> None:
    assert EMPTY.query("SELECT ?a ?b { FILTER(false) }").serialize("table").decode().endswith("(no rows)\n")


def test_markdown_cells_stay_in_their_cell() -> None:
    result = values('"a|b\\nc"', '"<script>"', '"[x](javascript:y)"', f"<{ID}municipality/Q1>", "<javascript:alert(1)>")
    lines = result.serialize("markdown").decode().splitlines()
    assert lines[2:] == [
        "| a\\|b c |",
        "| \\<script\\> |",
        "| \\[x\\](javascript:y) |",
        f"| [twm:Q1](<{ID}municipality/Q1>) |",
        "| javascript:alert(1) |",
    ]


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        (TW.start, "tw:start"),
        ("http://www.wikidata.org/entity/Q64", "wd:Q64"),
        (ID + "claim/town/1", ID + "claim/town/1"),
        (TW + "", TW + ""),
        ("http://example.org/x", "http://example.org/x"),
    ],
)
def test_known_prefixes_shorten_iris(iri: str, short: str) -> None:
    assert shorten_iri(iri) == short


@pytest.mark.parametrize("ending", ["", "\x01"])
def test_term_rows_are_the_terms_of_the_store(ending: str) -> None:
    number = "http://www.w3.org/2001/XMLSchema#"
    values = [
        ox.Literal("7", datatype=ox.NamedNode(number + "integer")),
        ox.Literal("-1.5", datatype=ox.NamedNode(number + "decimal")),
        ox.Literal("1.5E3", datatype=ox.NamedNode(number + "double")),
        ox.Literal("true", datatype=ox.NamedNode(number + "boolean")),
        ox.Literal('a tab\t, a line\n, "signs\\" 西安' + ending),
        ox.Literal("true"),
        ox.Literal("Orăștie", language="ro"),
        ox.NamedNode("http://example.org/é"),
    ]
    store = ox.Store()
    for value in values:
        store.add(ox.Quad(ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p"), value))
    query = "SELECT ?value ?none WHERE { ?s ?p ?value }"
    payload = store.query(query).serialize(format=ox.QueryResultsFormat.TSV) or b""  # type: ignore[union-attr,arg-type]
    expected = {str(quad.object) for quad in store.quads_for_pattern(None, None, None)}
    rows = list(Result("select", payload).term_rows())
    assert {row[0] for row in rows} == expected
    assert [row[1] for row in rows] == [""] * len(values)
