"""Syntax errors point at the token that is wrong, in the text that the person wrote."""

from __future__ import annotations

import pytest

from twingraph.errors import QueryError
from twingraph.querying.syntax import QuerySyntaxError, locate_syntax_error
from twingraph.stores.engine import parse_only


def find_error(text: str) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as caught:
        parse_only(text)
    return locate_syntax_error(text, str(caught.value), parse_only)


@pytest.mark.parametrize(
    ("marked", "reason"),
    [
        ("SELECT ?x WHERE { ?x ?y ^}", "unexpected }"),
        ("SELECT ?x\nWHERE {\n  ?x ^foo:bar ?y }", "the prefix of foo:bar is not declared"),
        ("^SELEC ?x WHERE { ?x ?y ?z }", "unexpected SELEC; a query starts with"),
        ("SELECT ?x WHERE { ?x ?y ?z^", "unexpected end of the query"),
        ("SELECT ?x WHERE { ?x ?y ?z }^}", "unexpected }"),
        ("SELECT ?x WHERE { ?x ?y ?z } ORDER ^?x", "unexpected ?x"),
        ("SELECT ?x WHERE { ?x ?y ?z } LIMIT ^ten", "unexpected ten"),
        ("SELECT ?x WHERE { ?x ?y ?z } LIMIT 10 ^GARBAGE", "unexpected GARBAGE"),
        ("SELECT * WHERE {\r\n  ?a ?b ?c ^?d ?e\r\n}", "unexpected ?d"),
        ("SELECT * WHERE {\n\t?s ?p ?o\n\tFILTER(?o = 'x'\n^}", "unexpected }"),
        ('SELECT * WHERE { ?s ?p ^"never closed }', "the string that starts here is not closed"),
        ("SELECT * WHERE { ?s ?p ^'''never closed }", "not closed"),
        ("SELECT * WHERE { ?s ^<relative> ?o }", "<relative> is not a full IRI"),
        ("SELECT COUNT^(?x) WHERE { ?x ?y ?z }", "unexpected"),
        ("SELECT * WHERE { ?ä ?ö '名前' ^?ü }", "unexpected ?ü"),
        ("^INSERT DATA { <a:a> <a:b> 1 }", "INSERT changes data"),
        ("^", "unexpected end of the query"),
        ("# only a comment^", "unexpected end of the query"),
    ],
)
def test_the_place_and_the_reason(marked: str, reason: str) -> None:
    text = marked.replace("^", "", 1)
    offset = marked.index("^")
    error = find_error(text)
    near = {offset, offset + 1} if "COUNT" in text else {offset}
    assert error.offset in near
    assert reason in str(error)
    assert len(str(error)) < 400
    assert isinstance(error, QueryError)


def test_the_caret_stands_under_the_place() -> None:
    error = find_error("SELECT ?x\nWHERE {\n\t?x foo:bar ?y\n}")
    assert str(error).splitlines()[1:] == ["   ?x foo:bar ?y", "      ^"]
    assert (error.line, error.column) == (3, 5)


def test_a_long_line_is_cut_around_the_place() -> None:
    error = find_error(
        "SELECT * WHERE { ?s ?p " + ", ".join(f"<http://example.org/{i}>" for i in range(100)) + " nope }"
    )
    shown, caret = str(error).splitlines()[1:]
    assert len(shown) < 110
    assert shown[caret.index("^") :].startswith("nope")


def test_the_list_of_expected_signs_is_short() -> None:
    error = find_error("SELECT * { ?x <a:b>> ?z }")
    assert "more" in str(error)
    assert "u{" not in str(error)
