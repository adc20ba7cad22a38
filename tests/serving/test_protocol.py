"""The SPARQL 1.1 Protocol for queries, sentence by sentence of its section 2.1, against a running server."""

from __future__ import annotations

import csv
import gzip
import io
import json
import socket
import xml.etree.ElementTree as ElementTree

import httpx
import pyoxigraph as ox
import pytest

ASK = "ASK { ?s ?p ?o }"
SELECT = "SELECT ?s WHERE { ?s a tw:Partnership } ORDER BY ?s LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a tw:Partnership ; rdfs:label ?l } LIMIT 5"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"


def get(server, **params):
    headers = params.pop("headers", {})
    return httpx.get(f"{server.url}sparql", params=params, headers=headers)


def post(server, body: str | bytes, media_type: str | None, params=None, headers=None):
    sent = {"Content-Type": media_type} if media_type else {}
    return httpx.post(f"{server.url}sparql", content=body, params=params, headers={**sent, **(headers or {})})


# ---- the three ways to ask -----------------------------------------------------------------------------------------


def test_get(server) -> None:
    answer = get(server, query=ASK)
    assert (answer.status_code, answer.headers["content-type"]) == (200, JSON)
    assert answer.json()["boolean"] is True


def test_post_with_a_form(server) -> None:
    for media_type in (FORM, f"{FORM}; charset=UTF-8", FORM.upper()):
        assert post(server, "query=ASK%20%7B%7D", media_type).json()["boolean"] is True


def test_post_with_the_query_itself(server) -> None:
    for media_type in (QUERY, f"{QUERY};charset=utf-8"):
        assert post(server, 'ASK { FILTER("ä" = "\\u00e4") }'.encode(), media_type).json()["boolean"] is True


@pytest.mark.parametrize("form", ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
def test_every_form_of_query_is_answered(server, form: str) -> None:
    query = {"SELECT": SELECT, "ASK": ASK, "CONSTRUCT": CONSTRUCT, "DESCRIBE": "DESCRIBE twm:Q486562"}[form]
    answer = get(server, query=query)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(JSON if form in ("SELECT", "ASK") else "text/turtle")
    assert answer.content


# ---- the dataset ----------------------------------------------------------------------------------------------------

GAZETTEER = "https://w3id.org/twingraph/graph/gazetteer"
CONCLUSIONS = "https://w3id.org/twingraph/graph/conclusions"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
COUNT_NAMED = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


def counted(answer) -> int:
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_default_graphs(server, way: str) -> None:
    def count(*graphs: str) -> int:
        params = [("default-graph-uri", graph) for graph in graphs]
        if way == "get":
            return counted(httpx.get(f"{server.url}sparql", params=[("query", COUNT), *params]))
        if way == "form":
            body = str(httpx.QueryParams([("query", COUNT), *params]))
            return counted(post(server, body, FORM))
        return counted(post(server, COUNT, QUERY, params=params))

    one, other = count(GAZETTEER), count(CONCLUSIONS)
    assert one > 0
    assert other > 0
    assert count(GAZETTEER, CONCLUSIONS) == one + other
    assert count() > one + other
    assert count("https://example.org/none") == 0


def test_named_graphs(server) -> None:
    params = [("query", COUNT_NAMED), ("named-graph-uri", GAZETTEER), ("named-graph-uri", CONCLUSIONS)]
    rows = httpx.get(f"{server.url}sparql", params=params).json()["results"]["bindings"]
    assert {row["g"]["value"] for row in rows} == {GAZETTEER, CONCLUSIONS}
    # With named graphs only, the default graph is empty.
    assert counted(httpx.get(f"{server.url}sparql", params=[("query", COUNT), *params[1:]])) == 0


def test_the_dataset_of_the_request_takes_the_place_of_the_querys(server) -> None:
    query = COUNT.replace("WHERE", f"FROM <{CONCLUSIONS}> WHERE")
    alone = counted(get(server, query=query))
    assert (
        counted(httpx.get(f"{server.url}sparql", params=[("query", query), ("default-graph-uri", GAZETTEER)])) != alone
    )


# ---- what is wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "params", "body", "media_type", "status"),
    [
        ("GET", [("query", ASK), ("query", ASK)], None, None, 400),
        ("GET", [("query", "ASK {")], None, None, 400),
        ("GET", [("query", "")], None, None, 400),
        ("GET", [("query", ASK), ("default-graph-uri", "no iri")], None, None, 400),
        ("GET", [("update", "CLEAR ALL")], None, None, 403),
        ("POST", [], "query=ASK+%7B%7D&query=ASK+%7B%7D", FORM, 400),
        ("POST", [], "other=1", FORM, 400),
        ("POST", [], "", FORM, 400),
        ("POST", [], "update=CLEAR+ALL", FORM, 403),
        ("POST", [("query", ASK)], "query=ASK+%7B%7D", FORM, 400),
        ("POST", [("query", ASK)], ASK, QUERY, 400),
        ("POST", [], ASK, None, 415),
        ("POST", [], ASK, "text/plain", 415),
        ("POST", [], "CLEAR ALL", "application/sparql-update", 403),
        ("POST", [], "CLEAR ALL", QUERY, 400),
        ("POST", [], b"ASK { FILTER('\xe4' = '') }", QUERY, 400),
        ("POST", [], "query=%E4", FORM, 400),
        ("POST", [], ASK.encode("utf-16"), f"{QUERY}; charset=utf-16", 415),
        ("POST", [], "x" * (1 << 20) + "x", QUERY, 413),
        ("PUT", [], ASK, QUERY, 405),
        ("DELETE", [], None, None, 405),
        ("PATCH", [], ASK, QUERY, 405),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused_in_words(server, method, params, body, media_type, status) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    answer = httpx.request(method, f"{server.url}sparql", params=params, content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert len(told["detail"]) > 10
    if status == 405:
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_an_error_says_where_it_is(server) -> None:
    told = get(server, query="SELECT ?s\nWHERE { ?s ?p }").json()
    assert (told["line"], told["column"]) == (2, 15)
    assert "line 2, column 15" in told["detail"]


def test_relative_iris_are_the_datas_own(server) -> None:
    """The base is the service's to say where a query has none (SPARQL 1.1, section 4.1.1.2)."""
    whole = "https://w3id.org/twingraph/id/municipality/Q486562"
    assert get(server, query="ASK { <municipality/Q486562> a ?type }").json()["boolean"]
    assert get(server, query=f"ASK {{ FILTER(<municipality/Q486562> = <{whole}>) }}").json()["boolean"]
    # Without declared prefixes too, and a query's own base counts more.
    assert get(server, query="ASK { <municipality/Q486562> a tw:Municipality }").json()["boolean"]
    own = "BASE <http://example.org/> ASK { FILTER(<a> = <http://example.org/a>) }"
    assert get(server, query=own).json()["boolean"]
    # An error behind one is found where it is; SERVICE stays refused.
    told = get(server, query="SELECT * { <municipality/Q1> ?p }")
    assert (told.status_code, told.json()["column"]) == (400, 33)
    assert get(server, query="ASK { SERVICE <sparql> { ?s ?p ?o } }").status_code == 400


def test_other_addresses(server) -> None:
    for path in ("none", "sparql/", "api/queries/none", "api/none"):
        answer = httpx.get(f"{server.url}{path}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    assert "did you mean" in httpx.get(f"{server.url}api/queries/partnerz").json()["detail"]


# ---- the form of the answer -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        (XML, XML),
        ("application/json", "application/json"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/*", "text/xml"),
        (f"{XML};q=0.2, text/csv;q=0.9", "text/csv"),
        (f"{JSON};q=0, */*;q=0.1", "application/json"),
        ("application/rdf+xml, text/csv;q=0.1", "text/csv"),
        (f"{XML};q=2, text/csv", "text/csv"),
    ],
)
def test_results_come_as_asked_for(server, accept, expected) -> None:
    answer = get(server, query=SELECT, headers={"Accept": accept} if accept else {"Accept": ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == expected
    assert "accept" in answer.headers["vary"].lower()
    if "json" in expected:
        found = [row["s"]["value"] for row in answer.json()["results"]["bindings"]]
    elif "xml" in expected:
        found = [node.text for node in ElementTree.fromstring(answer.content).iter() if node.tag.endswith("}uri")]
    else:
        rows = list(csv.reader(io.StringIO(answer.text), delimiter="," if "csv" in expected else "\t"))[1:]
        found = [row[0].strip("<>") for row in rows]
    assert len(found) == 3
    assert all(name.startswith("https://w3id.org/twingraph/id/partnership/") for name in found)


@pytest.mark.parametrize("accept", [JSON, XML, "text/csv", "text/tab-separated-values"])
def test_an_ask_in_every_form(server, accept: str) -> None:
    assert "true" in get(server, query=ASK, headers={"Accept": accept}).text


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("*/*", ox.RdfFormat.TURTLE),
    ],
)
def test_triples_come_as_asked_for(server, accept, form) -> None:
    answer = get(server, query=CONSTRUCT, headers={"Accept": accept})
    assert len(list(ox.parse(answer.content, form))) == 5


def test_what_can_t_be_had_is_said(server) -> None:
    for query, accept in ((SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (ASK, "image/png")):
        answer = get(server, query=query, headers={"Accept": accept})
        assert answer.status_code == 406
        assert "can be had as" in answer.json()["detail"]


# ---- HTTP -----------------------------------------------------------------------------------------------------------


def test_head_says_what_get_would(server) -> None:
    params = {"query": SELECT}
    head, full = (httpx.request(method, f"{server.url}sparql", params=params) for method in ("HEAD", "GET"))
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "etag", "cache-control"):
        assert head.headers[name] == full.headers[name]


def test_what_has_not_changed_is_not_sent_again(server) -> None:
    first = get(server, query=SELECT)
    tag = first.headers["etag"]
    for sent in (tag, f'"x", {tag}', tag.removeprefix("W/")):
        again = get(server, query=SELECT, headers={"If-None-Match": sent})
        assert again.status_code == 304
        assert again.content == b""
    assert get(server, query=SELECT + " ", headers={"If-None-Match": tag}).status_code == 200
    assert get(server, query=SELECT, headers={"If-None-Match": tag, "Accept": "text/csv"}).status_code == 200
    assert "etag" not in get(server, query="SELECT (NOW() AS ?now) {}").headers


def test_options_and_cors(server) -> None:
    plain = httpx.options(f"{server.url}sparql")
    assert plain.status_code == 204
    assert "POST" in plain.headers["allow"]
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    before = httpx.options(f"{server.url}sparql", headers=asked)
    assert before.status_code == 200
    assert before.headers["access-control-allow-origin"] == "*"
    answer = get(server, query=ASK, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_compressed_where_asked_for(server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        query = "SELECT%20%2A%20%7B%3Fs%20a%20%3Chttps%3A%2F%2Fw3id.org%2Ftwingraph%2Fontology%23Partnership%3E%7D"
        line.sendall(f"GET /sparql?query={query} HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        content = b"".join(iter(lambda: line.recv(1 << 16), b""))
    head, _, body = content.partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head.lower()
    assert len(json.loads(gzip.decompress(body))["results"]["bindings"]) > 700


# ---- what the service says of itself --------------------------------------------------------------------------------

SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.mark.parametrize(
    "accept", [None, "text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"]
)
def test_the_service_is_described(server, accept) -> None:
    answer = httpx.get(f"{server.url}sparql", headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    form = {"text/turtle": ox.RdfFormat.TURTLE, "application/rdf+xml": ox.RdfFormat.RDF_XML}.get(
        accept or "text/turtle"
    )
    form = form or (ox.RdfFormat.JSON_LD if accept == "application/ld+json" else ox.RdfFormat.N_TRIPLES)
    triples = [quad.triple for quad in ox.parse(answer.content, form)]
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    # Conforming to section 3: one service, with its endpoint, and valid RDF.
    asked = f"""PREFIX sd: <{SD}> ASK {{ ?s a sd:Service ; sd:endpoint <{server.url}sparql> ;
        sd:supportedLanguage sd:SPARQL11Query ; sd:feature sd:UnionDefaultGraph ; sd:defaultDataset ?d .
        ?d a sd:Dataset ; sd:defaultGraph ?g ; sd:namedGraph [ sd:name <{GAZETTEER}> ] . ?g a sd:Graph }}"""
    assert store.query(asked)


def test_void_at_the_well_known_place(server) -> None:
    answer = httpx.get(f"{server.url}.well-known/void")
    triples = [str(quad.triple) for quad in ox.parse(answer.content, ox.RdfFormat.TURTLE)]
    assert any("void#sparqlEndpoint" in text and f"{server.url}sparql" in text for text in triples)
    assert httpx.get(f"{server.url}.well-known/void", headers={"Accept": "image/png"}).status_code == 406


def test_health_and_metrics(server) -> None:
    health = httpx.get(f"{server.url}health").json()
    assert health["status"] == "ok"
    get(server, query=ASK)
    text = httpx.get(f"{server.url}metrics").text
    assert 'twingraph_query_seconds_count{outcome="answered"}' in text
    assert f"twingraph_triples {float(health['triples'])}" in text


def test_an_unknown_function_is_named(server) -> None:
    answer = server.ask("SELECT (<http://example.org/f>(1) AS ?x) WHERE {}")
    assert answer.status_code == 400
    assert "custom function <http://example.org/f> is not supported" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["sparql", ".well-known/void"])
def test_descriptions_can_be_kept(server, path: str) -> None:
    first = httpx.get(f"{server.url}{path}")
    again = httpx.get(f"{server.url}{path}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = httpx.get(
        f"{server.url}{path}", headers={"If-None-Match": first.headers["etag"], "Accept": "application/ld+json"}
    )
    assert other.status_code == 200


def test_a_condition_holds_for_reading_only(server) -> None:
    tag = get(server, query=ASK).headers["etag"]
    assert get(server, query=ASK, headers={"If-None-Match": tag}).status_code == 304
    assert post(server, ASK, QUERY, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("identity;q=0.5, gzip;q=1.0", "gzip"),
        ("*", None),
        ("gzip;q=0, identity", None),
        ("identity, gzip;q=0.2", None),
        ("br, *;q=0", None),
    ],
)
def test_a_client_that_does_not_want_gzip_gets_none(server, accepted: str, encoding: str | None) -> None:
    query = "SELECT ?s ?l WHERE { ?s rdfs:label ?l } LIMIT 200"
    answer = get(server, query=query, headers={"Accept-Encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == encoding


def test_a_body_in_another_encoding_is_refused(server) -> None:
    answer = post(server, gzip.compress(ASK.encode()), QUERY, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 415
    assert "without Content-Encoding" in answer.json()["detail"]


@pytest.mark.parametrize("form", ["text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"])
def test_the_ontology_in_each_form_of_rdf(server, form: str) -> None:
    answer = httpx.get(f"{server.url}ontology", headers={"Accept": form})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, form)
    classes = {
        str(quad.subject)
        for quad in ox.parse(answer.content, ox.RdfFormat.from_media_type(form))
        if quad.object == ox.NamedNode("http://www.w3.org/2002/07/owl#Class")
    }
    assert "<https://w3id.org/twingraph/ontology#Partnership>" in classes
    assert httpx.get(f"{server.url}ontology", headers={"Accept": "image/png"}).status_code == 406


def test_two_lengths_are_refused(server) -> None:
    """What a proxy in front of the server takes for the rest of a body must not become a request of its own."""
    host = server.url.removeprefix("http://").rstrip("/")
    hidden = f"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n"
    body = "0\r\n\r\n" + hidden
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: {host}\r\nContent-Type: {QUERY}\r\n"
        f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    name, _, port = host.partition(":")
    received = b""
    with socket.create_connection((name, int(port)), timeout=5) as connection:
        connection.sendall((head + body).encode())
        while part := connection.recv(65536):
            received += part
    assert received.startswith(b"HTTP/1.1 400")
    assert received.count(b"HTTP/1.1") == 1


def test_an_answer_by_an_old_protocol_is_whole(server) -> None:
    """By HTTP/1.0 the end of a connection is the end of an answer, also of one that broke off."""
    name, _, port = server.url.removeprefix("http://").rstrip("/").partition(":")

    def asked(query: str) -> bytes:
        received = b""
        with socket.create_connection((name, int(port)), timeout=30) as connection:
            head = f"POST /sparql HTTP/1.0\r\nContent-Type: {QUERY}\r\nAccept: text/csv\r\n"
            connection.sendall(f"{head}Content-Length: {len(query)}\r\n\r\n{query}".encode())
            while part := connection.recv(65536):
                received += part
        return received

    head, _, body = asked("SELECT * { ?s ?p ?o } LIMIT 3000").partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head.lower()
    assert body.count(b"\r\n") == 3001
    # This one would go on until its time is over.
    assert b" 400 " in asked("SELECT * { ?s ?p ?o . ?a ?b ?c }").partition(b"\r\n")[0]


@pytest.mark.parametrize(("path", "status"), [("nothing-here", 404), ("sparql?query=x", 400), ("country/", 404)])
@pytest.mark.parametrize(
    ("lang", "titles"), [("en", ("Not found", "That did not work")), ("de", ("Nicht gefunden", "Das ging nicht"))]
)
def test_a_browser_gets_a_page_of_what_is_wrong(server, path: str, status: int, lang: str, titles) -> None:
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": lang}
    answer = httpx.get(f"{server.url}{path}", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f'<html lang="{lang}">' in answer.text
    assert f"<h1>{titles[status != 404]}</h1>" in answer.text
    assert "content-security-policy" in answer.headers
    assert httpx.get(f"{server.url}{path}").headers["content-type"] == "application/problem+json"


def test_what_xml_cannot_hold_is_refused_as_xml(server) -> None:
    for text in (r'SELECT ("\u0001" AS ?x) {}', r'SELECT ("a\uFFFEb" AS ?x) {}'):
        answer = get(server, query=text, headers={"Accept": XML})
        assert answer.status_code == 406
        assert "can't be written as XML; ask for JSON" in answer.json()["detail"]
        assert get(server, query=text, headers={"Accept": JSON}).status_code == 200
    nameless = 'CONSTRUCT { <a:s> <http://example.org/123> "v" } WHERE {}'
    assert get(server, query=nameless, headers={"Accept": "application/rdf+xml"}).status_code == 406
    assert get(server, query=nameless, headers={"Accept": "text/turtle"}).status_code == 200


def test_a_carriage_return_stays_one_in_xml(server) -> None:
    answer = get(server, query=r'SELECT ("a\rb" AS ?x) {}', headers={"Accept": XML})
    (found,) = ElementTree.fromstring(answer.content).iter("{http://www.w3.org/2005/sparql-results#}literal")
    assert found.text == "a\rb"
    made = get(server, query=r'CONSTRUCT { <a:s> <a:p> "a\rb" } WHERE {}', headers={"Accept": "application/rdf+xml"})
    (quad,) = ox.parse(made.content, ox.RdfFormat.RDF_XML)
    assert quad.object == ox.Literal("a\rb")
