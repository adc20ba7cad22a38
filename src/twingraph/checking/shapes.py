"""Validation of a built graph with the SHACL shapes of the ontology, as checks like the others."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from twingraph.checking.findings import Check, Finding
from twingraph.resources import ontology_dir
from twingraph.vocab import ID, TW

if TYPE_CHECKING:
    from rdflib.term import Node

    from twingraph.graph import Graph

__all__ = ["MAX_TRIPLES", "validate_shapes"]

#: rdflib and pyshacl take about 0.2 ms and 2.5 kB for each triple: 40 s and half a gigabyte at this size.
MAX_TRIPLES = 200_000

_SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {"Violation": "error", "Warning": "warning", "Info": "info"}
# Gaps that a query reports already, with more detail.
_COVERED = {
    (TW + "start", "MinCountConstraintComponent"),
    ("http://www.w3.org/2003/01/geo/wgs84_pos#lat", "MinCountConstraintComponent"),
}
_ADVICE = "Look at the value named; the build refuses most of this, so it may come from data loaded by hand."
_COUNT = "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }"
# The vocabulary is checked where it is written; its terms are needed only as types.
_DATA = """CONSTRUCT { ?s ?p ?o } WHERE {
  ?s ?p ?o .
  FILTER(?p NOT IN (tw:searchName, tw:isTwinnedWith, tw:isConfirmedBy, <http://www.w3.org/2004/02/skos/core#altLabel>))
}"""


def validate_shapes(graph: Graph, max_triples: int = MAX_TRIPLES) -> tuple[list[Check], str]:
    """Return one check for each constraint that something violates, and why nothing was validated, or "".

    Args:
        graph: the graph to check; it is copied into memory.
        max_triples: above this size nothing is validated.
    """
    size = int(graph.query(_COUNT, frame="result").records()[0]["triples"] or 0)  # type: ignore[arg-type]
    if size > max_triples:
        reason = (
            f"SHACL shapes: the graph has {size:,} triples, and above {max_triples:,} validation in memory would "
            "take minutes. The queries above ran on all of it."
        )
        return [], reason
    from pyshacl import validate
    from rdflib import Graph as RdfGraph

    data = graph.query(_DATA, frame="result").graph
    shapes = RdfGraph().parse(ontology_dir() / "shapes.ttl")
    _, results, _ = validate(data, shacl_graph=shapes, inference="none", inplace=True, advanced=False)
    return _checks(results, shapes, data), ""


def _checks(results: Any, shapes: Any, data: Any) -> list[Check]:
    groups: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for result in results.subjects(_ref("rdf:type"), _ref(_SH + "ValidationResult")):
        values = {name: results.value(result, _ref(_SH + name)) for name in _FIELDS}
        component = _local(values["sourceConstraintComponent"])
        if (str(values["resultPath"]), component) in _COVERED:
            continue
        severity = _SEVERITIES.get(_local(values["resultSeverity"]), "error")
        owner = next(shapes.subjects(_ref(_SH + "property"), values["sourceShape"]), values["sourceShape"])
        name = f"shape-{_kebab(_local(owner).removesuffix('Shape'))}-{_kebab(_local(values['resultPath']))}"
        groups[severity, name, str(values["resultMessage"])].append(_finding(values, data))
    return [
        Check(
            name.rstrip("-"),
            severity,
            message.rstrip("."),
            "Asked for by the shapes of the ontology.",
            _ADVICE if severity == "error" else "",
            sorted(findings, key=lambda finding: (finding.label, finding.subject, finding.detail)),
        )
        for (severity, name, message), findings in sorted(groups.items())
    ]


_FIELDS = (
    "focusNode",
    "resultPath",
    "resultMessage",
    "resultSeverity",
    "sourceShape",
    "sourceConstraintComponent",
    "value",
)


def _finding(values: dict[str, Node | None], data: Any) -> Finding:
    focus = values["focusNode"]
    label = data.value(focus, _ref(TW + "displayName")) or data.value(
        focus, _ref("http://www.w3.org/2000/01/rdf-schema#label")
    )
    detail = "" if values["value"] is None else f"{_local(values['resultPath'])} {values['value']}"
    source = data.value(focus, _ref(TW + "isStatedBy"))
    sources = [str(source).removeprefix(ID + "source/")] if source else []
    return Finding(str(focus), str(label or str(focus).removeprefix(ID)), detail, sources)


def _ref(iri: str) -> Any:
    from rdflib import RDF, URIRef

    return RDF.type if iri == "rdf:type" else URIRef(iri)


def _local(node: object) -> str:
    return "" if node is None else re.split(r"[#/]", str(node))[-1]


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()
