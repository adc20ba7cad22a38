"""The guard lets reasonable queries through and stops those that would hurt."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest

from twingraph.errors import QueryError
from twingraph.querying.guard import MAX_DEPTH, MAX_ELEMENTS, MAX_LENGTH, MAX_OPERATORS, MAX_PATTERNS, check_query


def nested(opening: str, closing: str, depth: int) -> str:
    return "SELECT * { ?s ?p ?o FILTER(" + opening * depth + "?o" + closing * depth + " = 'x') }"


DANGEROUS = {
    "nested calls": nested("STR(", ")", 968),
    "nested IF": nested("IF(true,", ",1)", 900),
    "brackets": nested("(", ")", 500),
    "open brackets": "SELECT * { ?s ?p ?o FILTER(" + "(" * 500,
    "groups": "SELECT * " + "{" * 5000,
    "closed groups": "SELECT * " + "{" * 2600 + "?s ?p ?o" + "}" * 2600,
    "blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 320 + "?o" + "]" * 320 + " }",
    "collections": "SELECT * { ?s ?p " + "( " * 320 + "1" + ")" * 320 + " }",
    "paths": "SELECT * { ?s " + "(" * 1000 + "<a:b>" + "/<a:b>)" * 1000 + " ?o }",
    "quoted triples": "SELECT * { ?s ?p " + "<<( ?a ?b " * 20000 + "?o" + ")>>" * 20000 + " }",
    "EXISTS": "SELECT * { ?s ?p ?o " + "FILTER EXISTS { ?s ?p ?o " * 900 + "}" * 901,
    "subqueries": "SELECT * " + "{ SELECT * " * 2600 + "{ ?s ?p ?o }" + "}" * 2600,
    "flat OPTIONAL": "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 4000 + "}",
    "flat MINUS": "SELECT * { ?s ?p ?o " + "MINUS { ?s ?p ?o } " * 4000 + "}",
    "flat BIND": "SELECT * { " + "".join(f"BIND(1 AS ?b{i}) " for i in range(4000)) + "}",
    "flat FILTER": "SELECT * { ?s ?p ?o " + "FILTER(?o=1) " * 20000 + "}",
    "UNION": "SELECT * { " + "{ ?s ?p ?o } UNION " * 20000 + "{ ?s ?p ?o } }",
    "projections": "SELECT " + " ".join(f"(1 AS ?x{i})" for i in range(4000)) + " {}",
    "not": "SELECT * { ?s ?p ?o FILTER(" + "!" * 20000 + "?o) }",
    "sums": "SELECT * { ?s ?p ?o FILTER(" + "1+" * 20000 + "1 = 1) }",
    "products": "SELECT * { ?s ?p ?o FILTER(" + "1*" * 20000 + "1 = 1) }",
    "and": "SELECT * { ?s ?p ?o FILTER(" + "?o = 1 && " * 20000 + "1 = 1) }",
    "or": "SELECT * { ?s ?p ?o FILTER(" + "?o = 1 || " * 20000 + "1 = 1) }",
    "path steps": "SELECT * { ?s " + "<a:b>/" * 1000 + "<a:b> ?o }",
    "path choices": "SELECT * { ?s " + "<a:b>|" * 20000 + "<a:b> ?o }",
    "more path steps": "SELECT * { ?s " + "<a:b>/" * (MAX_PATTERNS + 1) + "<a:b> ?o }",
    "triples": "SELECT * { " + "".join(f"?s <a:b> ?o{i} . " for i in range(320)) + "}",
    "objects": "SELECT * { ?s <a:b> " + ", ".join(f"?o{i}" for i in range(320)) + " }",
    "hidden in a string that is none": (
        'PREFIX b: <b:> SELECT (?a<b:c#>"""\n + ' + "STR(" * 968 + "1" + ")" * 968 + ' #""" AS ?x) {}'
    ),
    "closed in comments": "SELECT * { ?s ?p ?o FILTER(" + "STR( #)\n" * 968 + "?o" + ")" * 968 + "='x') }",
    "closed in strings": "SELECT * { ?s ?p ?o FILTER(" + 'CONCAT(")",' * 968 + "?o" + ")" * 968 + "='x') }",
    "long": "SELECT * { ?s ?p ?o } #" + "x" * MAX_LENGTH,
}


@pytest.mark.parametrize("name", DANGEROUS)
def test_dangerous_queries_are_refused(name: str) -> None:
    with pytest.raises(QueryError):
        check_query(DANGEROUS[name])


SERVICES = {
    "plain": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "lower case": "select * { service <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "variable": "SELECT * { ?s ?p ?e . SeRvIcE ?e { ?s ?p ?o } }",
    "after true": "SELECT * { ?s ?p trueSERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
    "after true, prefixed": "PREFIX : <http://127.0.0.1:9/> SELECT * { ?s ?p trueSERVICE:x{ ?a ?b ?c } }",
    "without a space before SILENT": "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICESILENT:x { ?a ?b ?c } }",
    "after a number": "SELECT * { ?s ?p 1SERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
    "after a full stop": "SELECT * { ?s ?p true.SERVICE<http://127.0.0.1:9/>{ ?a ?b ?c } }",
    "in EXISTS": "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } }",
    "in a subquery": "SELECT * { { SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } } } }",
    "behind a comment": "SELECT * { # harmless\n SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "behind a false IRI": (
        'PREFIX b: <b:> SELECT * { BIND((?a<b:c#>"""\n) AS ?x) SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #"""\n}'
    ),
    "behind a false string": "SELECT * { FILTER(?a<?b+'x>'&&EXISTS{SERVICE<http://127.0.0.1:9/>{?s ?p ?o}}) #'\n}",
}


@pytest.mark.parametrize("name", SERVICES)
def test_calls_to_other_servers_are_refused(name: str) -> None:
    with pytest.raises(QueryError):
        check_query(SERVICES[name])


def test_calls_to_other_servers_can_be_allowed() -> None:
    check_query(SERVICES["plain"], allow_service=True)


HARMLESS = {
    "word in a string": 'SELECT * { ?s ?p "service" }',
    "prefix of that name": "PREFIX service: <http://127.0.0.1:9/> SELECT * { service:a ?p ?o }",
    "word in a comment": "SELECT * { ?s ?p ?o } # at your SERVICE",
    "word in an IRI": "SELECT * { ?s <http://example.org/service#this> ?o }",
    "word in a variable": "SELECT ?service { ?service ?p ?o }",
    "word in a name": "PREFIX schema: <http://schema.org/> SELECT * { ?s schema:serviceType ?o }",
    "values": "SELECT * { VALUES ?x { " + " ".join(f"<a:{i}>" for i in range(20_000)) + " } ?x ?p ?o }",
    "typed values": "SELECT * { VALUES ?x { " + '"1"^^<a:b> ' * 5000 + "} ?x ?p ?o }",
    "rows of values": "SELECT * { VALUES (?x ?y) { " + "(<a:x#1> 'x.;,') " * 5000 + "} ?x ?p ?o }",
    "a long list": "SELECT * { ?s ?p ?o FILTER(?o IN (" + ", ".join(map(str, range(5000))) + ")) }",
    "brackets in strings": "SELECT * { ?s ?p '" + "(" * 1000 + "' }",
    "brackets in comments": "# " + "{" * 1000 + "\nSELECT * { ?s ?p ?o }",
    "as deep as allowed": "SELECT * " + "{" * MAX_DEPTH + " ?s ?p ?o " + "}" * MAX_DEPTH,
}


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_queries_pass(name: str) -> None:
    check_query(HARMLESS[name])
    list(ox.Store().query(HARMLESS[name]))  # type: ignore[arg-type]


WORST_ALLOWED = {
    "calls": nested("STR(", ")", MAX_DEPTH - 2),
    "exists": "SELECT * { ?s ?p ?o " + "FILTER EXISTS { ?s ?p ?o " * (MAX_DEPTH - 1) + "}" * MAX_DEPTH,
    "optional": "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * (MAX_ELEMENTS // 2 - 1) + "}",
    "bind": "SELECT * { " + "".join(f"BIND(1 AS ?b{i}) " for i in range(MAX_ELEMENTS // 2 - 1)) + "}",
    "projections": "SELECT " + " ".join(f"(1 AS ?x{i})" for i in range(MAX_ELEMENTS - 2)) + " {}",
    "sums": "SELECT * { ?s ?p ?o FILTER(" + "1+" * (MAX_OPERATORS - 1) + "1 = 1) }",
    "not": "SELECT * { ?s ?p ?o FILTER(" + "!" * (MAX_OPERATORS - 1) + "?o) }",
    "steps": "SELECT * { ?s " + "<a:b>/" * (MAX_PATTERNS - 1) + "<a:b> ?o }",
    "chain": "SELECT * { " + "".join(f"?s{i} <a:b> ?s{i + 1} . " for i in range(MAX_PATTERNS)) + "}",
}


@pytest.mark.parametrize("name", WORST_ALLOWED)
def test_the_limits_keep_clear_of_a_crash_in_a_small_thread(name: str) -> None:
    check_query(WORST_ALLOWED[name])
    script = (
        "import sys, threading, pyoxigraph as ox\n"
        "def run(): list(ox.Store().query(sys.stdin.read()))\n"
        "threading.stack_size(512 * 1024); t = threading.Thread(target=run); t.start(); t.join()"
    )
    done = subprocess.run([sys.executable, "-c", script], input=WORST_ALLOWED[name], text=True, timeout=60, check=False)
    assert done.returncode == 0


def test_a_refusal_names_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        check_query("SELECT *\n{ SERVICE <http://127.0.0.1:9/> {} }")
    assert (caught.value.line, caught.value.column) == (2, 3)
    assert str(caught.value).startswith("line 2, column 3: SERVICE is not allowed")
