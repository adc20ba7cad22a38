"""Send the W3C's test suite for SPARQL 1.1 queries to a real ``twingraph serve``, and tell what does not pass.

Usage: python benchmarks/w3c_conformance.py FOLDER, where FOLDER is ``sparql11`` of https://github.com/w3c/rdf-tests.

All data of the suite stands in one store, each file as a named graph; a request names those of its test as
``default-graph-uri`` and ``named-graph-uri``. The tests are those of queries, of the syntax of queries and federation,
and of the forms of results; then those of the protocol and of the service description. Rows are compared as sets
with repetitions, blank nodes by isomorphism, numbers by value. Tests of the protocol that need an update to be done
are counted apart, and pass if it is refused with 403: the server is for reading only.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import io
import logging
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.query import Result

from twingraph.stores import storage

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
MANIFESTS = (
    *["aggregates", "bind", "bindings", "cast", "construct", "exists", "functions", "grouping", "negation"],
    *["project-expression", "property-path", "subquery", "syntax-query", "syntax-fed", "csv-tsv-res", "json-res"],
)
SERVICE = ("protocol", "service-description")
REFUSED = "updates refused"
FORMATS = {".ttl": "turtle", ".rdf": "xml", ".nt": "nt", ".n3": "n3"}
RESULTS = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}


def tests(folder: Path) -> Iterator[tuple[str, rdflib.Graph, rdflib.term.Node]]:
    """Yield group, manifest and node of each test that is approved or has no say on it."""
    for group in (*MANIFESTS, *SERVICE):
        path = folder / group / "manifest.ttl"
        manifest = rdflib.Graph().parse(path, publicID=path.as_uri())
        for entries in manifest.objects(None, MF.entries):
            for test in Collection(manifest, entries):
                yield group, manifest, test


def local(address: rdflib.term.Node | None) -> Path:
    """Return the file that an address of a manifest names."""
    return Path(urllib.parse.unquote(urllib.parse.urlsplit(str(address)).path))


def fill(folder: Path, store: Path) -> None:
    """Make a store of all data files of the groups, each as a graph that bears its address."""
    build = storage.builds_dir(store) / "suite"
    (build / "db").mkdir(parents=True)
    database = ox.Store(str(build / "db"))
    for group in MANIFESTS:
        for path in sorted((folder / group).iterdir()):
            if path.suffix in FORMATS and not path.name.startswith("manifest"):
                name = ox.NamedNode(path.as_uri())
                try:
                    if path.suffix == ".ttl":
                        # As written: rdflib would turn "01" into 1.
                        turtle = ox.RdfFormat.TURTLE
                        database.load(path=str(path), format=turtle, base_iri=path.as_uri(), to_graph=name)
                    else:
                        graph = rdflib.Graph().parse(path, format=FORMATS[path.suffix], publicID=path.as_uri())
                        triples = graph.serialize(format="nt", encoding="utf-8")
                        database.load(triples, format=ox.RdfFormat.N_TRIPLES, to_graph=name)
                except Exception as error:
                    print(f"{group}/{path.name} is no data that can be read: {error}", file=sys.stderr)
    # The protocol's tests name their graphs by addresses of their own.
    protocol = folder / "protocol" / "manifest.ttl"
    manifest = rdflib.Graph().parse(protocol, publicID=protocol.as_uri())
    for node in set(manifest.objects(None, UT.graphData)):
        file = local(manifest.value(node, UT.graph))
        name = ox.NamedNode(str(manifest.value(node, rdflib.RDFS.label)))
        database.load(path=str(file), format=ox.RdfFormat.N_TRIPLES, to_graph=name)
    database.flush()
    sentinel = next(
        quad
        for quad in database
        if all(isinstance(x, ox.NamedNode) for x in (quad.subject, quad.predicate, quad.object))
    )
    named = tuple(str(x.value) for x in (sentinel.subject, sentinel.predicate, sentinel.object))
    count = len(database)
    del database
    storage.write_manifest(build, triples=count, sentinel=named, input_digest="suite", version="0")  # type: ignore[arg-type]
    storage.publish(store, "suite")


def ask(url: str, query: str, accept: str, default: list[str], named: list[str]) -> tuple[int, str, bytes]:
    """Send a query; return status, media type and content."""
    fields = [
        ("query", query),
        *(("default-graph-uri", one) for one in default),
        *(("named-graph-uri", one) for one in named),
    ]
    request = urllib.request.Request(url, urllib.parse.urlencode(fields).encode(), {"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, "", error.read()


logging.getLogger("rdflib").setLevel(logging.CRITICAL)  # of odd literals, which the suite has on purpose


def plain(term: rdflib.term.Node | None) -> rdflib.term.Node | None:
    """Return a term such that equal numbers are the same term."""
    if (
        isinstance(term, rdflib.Literal)
        and isinstance(term.value, int | float | Decimal)
        and not isinstance(term.value, bool)
    ):
        return rdflib.Literal(repr(float(term.value)), datatype=term.datatype)
    return term


def as_graph(rows: list[dict[str, rdflib.term.Node]]) -> rdflib.Graph:
    """Return rows as a graph, so that rows with blank nodes can be compared."""
    graph = rdflib.Graph()
    for row in rows:
        node = rdflib.BNode()
        graph.add((node, RS.size, rdflib.Literal(len(row))))
        for name, value in row.items():
            term = plain(value)
            assert term is not None
            graph.add((node, RS[name], term))
    return graph


def rows_of(content: bytes, kind: str) -> tuple[bool | None, list[dict[str, rdflib.term.Node]]]:
    """Return the answer to an ASK, or rows."""
    result = Result.parse(io.BytesIO(content), format={".srx": "xml", ".srj": "json"}[kind])
    if result.type == "ASK":
        return bool(result.askAnswer), []
    return None, [{str(k): v for k, v in row.items()} for row in result.bindings]


def rows_of_graph(graph: rdflib.Graph) -> tuple[bool | None, list[dict[str, rdflib.term.Node]]]:
    """Return what a result set written as RDF holds."""
    for value in graph.objects(None, RS.boolean):
        return bool(value.toPython()), []  # type: ignore[attr-defined]
    rows = []
    for solution in graph.objects(None, RS.solution):
        rows.append(
            {
                str(graph.value(binding, RS.variable)): graph.value(binding, RS.value)
                for binding in graph.objects(solution, RS.binding)
            }
        )
    return None, rows  # type: ignore[return-value]


def cells(content: bytes, tab: bool) -> Counter[tuple[tuple[str, str], ...]]:
    """Return the rows of CSV or TSV by the names of their columns, blank nodes without their labels."""
    table = list(
        csv.reader(
            io.StringIO(content.decode()),
            delimiter="\t" if tab else ",",
            quoting=csv.QUOTE_NONE if tab else csv.QUOTE_MINIMAL,
        )
    )
    head = [name.removeprefix("?") for name in table[0]] if table else []
    return Counter(
        tuple(sorted(zip(head, (re.sub(r"^_:.*", "_:", cell) for cell in row), strict=False))) for row in table[1:]
    )


def run(url: str, manifest: rdflib.Graph, test: rdflib.term.Node) -> str:
    """Run a test; return what is wrong, or nothing."""
    kind = str(manifest.value(test, rdflib.RDF.type)).rpartition("#")[2]
    action = manifest.value(test, MF.action)
    query_node = manifest.value(action, QT.query) or action
    path = local(query_node)
    query = f"BASE <{path.as_uri()}>\n{path.read_text(encoding='utf-8')}"
    default = [str(one) for one in manifest.objects(action, QT.data)]
    named = [str(manifest.value(one, QT.graph) or one) for one in manifest.objects(action, QT.graphData)]
    if "Syntax" in kind:
        status, _, content = ask(url, query, "*/*", [], [])
        wanted = 400 if "Negative" in kind else 200
        if "SERVICE" in query.upper() and wanted == 200 and status in (400, 403) and b"SERVICE" in content:
            return ""  # understood, and refused as the server's rules have it
        return "" if status == wanted else f"status {status} instead of {wanted}: {content[:120]!r}"
    result = manifest.value(test, MF.result)
    target = local(result)
    if re.search(r"\bFROM\b", query):
        default, named = [], []  # the query says itself what it is asked of
    elif not default:
        # The default graph of the test is empty; a request names one that holds nothing.
        default = [f"{path.as_uri()}#empty"]
    accept = RESULTS.get(target.suffix, "application/n-triples, application/sparql-results+json")
    status, media_type, content = ask(url, query, accept, default, named)
    if status != 200:
        return f"status {status}: {content[:160]!r}"
    expected = target.read_bytes()
    if target.suffix in (".csv", ".tsv"):
        tab = target.suffix == ".tsv"
        return "" if cells(content, tab) == cells(expected, tab) else f"other rows: {content[:160]!r}"
    if target.suffix in RESULTS:
        (yes, rows), (wanted_yes, wanted_rows) = rows_of(content, target.suffix), rows_of(expected, target.suffix)
    else:
        graph = rdflib.Graph().parse(target, format=FORMATS[target.suffix], publicID=target.as_uri())
        if media_type == "application/n-triples":
            found = rdflib.Graph().parse(data=content, format="nt")
            return "" if isomorphic(found, graph) else f"{len(found)} triples, {len(graph)} expected, or others"
        (yes, rows), (wanted_yes, wanted_rows) = rows_of(content, ".srj"), rows_of_graph(graph)
    if yes != wanted_yes:
        return f"{yes} instead of {wanted_yes}"
    same = len(rows) == len(wanted_rows) and isomorphic(as_graph(rows), as_graph(wanted_rows))
    return "" if same else f"{len(rows)} rows, {len(wanted_rows)} expected, or other values"


ANSWERS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        *("application/sparql-results+json", "application/sparql-results+xml"),
        *("text/csv", "text/tab-separated-values"),
    ),
    "RDF": ("application/rdf+xml", "text/turtle", "application/n-triples"),
}


def send(url: str, manifest: rdflib.Graph, request: rdflib.term.Node) -> tuple[int, str, bytes]:
    """Send a request of a protocol test as it is written, with no header beyond; return status, media type, content."""
    target = urllib.parse.urlsplit(url)
    body = manifest.value(request, HT.body)
    content = None
    if body is not None:
        content = str(manifest.value(body, CNT.chars)).encode(str(manifest.value(body, CNT.characterEncoding)))
    headers = {}
    listed = manifest.value(request, HT.headers)
    for header in Collection(manifest, listed) if listed else ():
        headers[str(manifest.value(header, HT.fieldName))] = str(manifest.value(header, HT.fieldValue))
    query = urllib.parse.urlsplit(str(manifest.value(request, HT.absolutePath))).query
    line = http.client.HTTPConnection(target.netloc, timeout=60)
    try:
        path = f"{target.path}?{query}" if query else target.path
        line.request(str(manifest.value(request, HT.methodName)), path, content, headers)
        answer = line.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read()
    finally:
        line.close()


def run_protocol(url: str, manifest: rdflib.Graph, test: rdflib.term.Node) -> str:
    """Run a test of the protocol; return what is wrong, or nothing."""
    requests = manifest.value(manifest.value(test, MF.action), HT.requests)
    for request in Collection(manifest, requests):
        status, media_type, content = send(url, manifest, request)
        if is_update(test):
            # What follows asks for what the update did.
            return "" if status == 403 else f"an update is answered with status {status}: {content[:120]!r}"
        wanted = manifest.value(request, HT.resp)
        statuses = {str(one)[-3] for one in manifest.objects(wanted, MF.expectedStatus)}
        if str(status)[0] not in statuses:
            return f"status {status} instead of {'/'.join(sorted(statuses))}xx: {content[:120]!r}"
        form = manifest.value(wanted, MF.expectedFormat)
        if form and media_type not in ANSWERS[str(form)]:
            return f"{media_type} instead of {form}"
        truth = manifest.value(wanted, MF.expectedBoolean)
        if truth is not None:
            found = rows_of(content, ".srx" if media_type.endswith("xml") else ".srj")[0]
            if found != truth.toPython():  # type: ignore[attr-defined]
                return f"{found} instead of {truth}"
    return ""


def is_update(test: rdflib.term.Node) -> bool:
    """Whether a test of the protocol needs an update to be done."""
    return str(test).rpartition("#")[2].startswith("update_")


def run_description(url: str, test: rdflib.term.Node) -> str:
    """Run a test of the service description, which the suite puts in words; return what is wrong, or nothing."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        media_type, content = answer.headers.get_content_type(), answer.read()
    graph = rdflib.Graph().parse(data=content, format=media_type)
    if not len(graph):
        return "no triples"
    services = set(graph.subjects(SD.endpoint, rdflib.URIRef(url)))
    match str(test).rpartition("#")[2]:
        case "has-endpoint-triple" if not services:
            return f"no service with sd:endpoint <{url}>"
        case "conforms-to-schema":
            # The vocabulary's own terms, each thing of a class that its property asks for.
            known = {SD[name] for name in DESCRIBING}
            used = {term for triple in graph for term in triple if str(term).startswith(str(SD))}
            if used - known:
                return f"unknown terms: {sorted(used - known)}"
            for term, (domain, range_) in DOMAINS.items():
                for subject, value in graph.subject_objects(SD[term]):
                    if domain and (subject, rdflib.RDF.type, SD[domain]) not in graph:
                        return f"{subject} has sd:{term} and is no sd:{domain}"
                    if range_ and (value, rdflib.RDF.type, SD[range_]) not in graph:
                        return f"{value} is the sd:{term} of something and no sd:{range_}"
    return ""


#: Terms of the vocabulary of service descriptions that a description may use.
DESCRIBING = (
    *("Service", "Dataset", "Graph", "NamedGraph", "GraphCollection", "Feature", "Language", "Function", "Aggregate"),
    *("EntailmentRegime", "EntailmentProfile", "endpoint", "feature", "defaultEntailmentRegime", "entailmentRegime"),
    *("defaultSupportedEntailmentProfile", "supportedEntailmentProfile", "extensionFunction", "extensionAggregate"),
    *("languageExtension", "supportedLanguage", "propertyFeature", "defaultDataset", "availableGraphs", "resultFormat"),
    *("inputFormat", "defaultGraph", "namedGraph", "name", "graph", "SPARQL10Query", "SPARQL11Query"),
    *("SPARQL11Update", "DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs"),
    "BasicFederatedQuery",
)
#: Property → class of what has it, and of its value; "": any.
DOMAINS = {
    **dict.fromkeys(("endpoint", "feature", "supportedLanguage", "resultFormat", "inputFormat"), ("Service", "")),
    "defaultDataset": ("Service", "Dataset"),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("Dataset", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
}


def main() -> None:
    """Run all tests; print the counts and the failures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="the suite: sparql11")
    folder = parser.parse_args().folder.resolve()
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    failures = []
    with tempfile.TemporaryDirectory() as work:
        store = Path(work) / "store"
        fill(folder, store)
        command = [sys.executable, "-m", "twingraph", "serve", "--store", str(store), "--port", "0", "--quiet"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            assert server.stderr is not None
            found = None
            deadline = time.monotonic() + 30
            while found is None and time.monotonic() < deadline:
                found = re.search(r"SPARQL: (\S+)\)", server.stderr.readline())
            assert found, "the server did not start"
            for group, manifest, test in tests(folder):
                kind = str(manifest.value(test, rdflib.RDF.type))
                if "Update" in kind or not re.search("QueryEvaluation|Syntax|Result|Protocol|Description", kind):
                    continue
                if kind.endswith("ProtocolTest") and is_update(test):
                    group = REFUSED
                total[group] += 1
                try:
                    if kind.endswith("ProtocolTest"):
                        wrong = run_protocol(found[1], manifest, test)
                    elif kind.endswith("ServiceDescriptionTest"):
                        wrong = run_description(found[1], test)
                    else:
                        wrong = run(found[1], manifest, test)
                except Exception as error:
                    wrong = f"{type(error).__name__}: {error}"
                passed[group] += not wrong
                if wrong:
                    failures.append(f"  {group}/{str(test).rpartition('#')[2]}: {wrong}")
        finally:
            server.terminate()
            server.wait(30)
    for group in MANIFESTS:
        print(f"{group:20} {passed[group]:4} of {total[group]}")
    queries = sum(passed[group] for group in MANIFESTS), sum(total[group] for group in MANIFESTS)
    print(f"{'all queries':20} {queries[0]:4} of {queries[1]}")
    for group in (*SERVICE, REFUSED):
        print(f"{group:20} {passed[group]:4} of {total[group]}")
    print("\n".join(["Not passed:", *failures]))


if __name__ == "__main__":
    main()
