"""Looks for faults, doubts and gaps in a built graph, by the queries below ``checks/`` and the SHACL shapes.

A check is a library query with the tag ``check`` and one of ``error``, ``warning`` and ``info``. Its summary is
the title; the first paragraph of its description says what it means, the second what to do. It gives the
columns ``subject``, ``label``, ``detail`` and ``sources`` (ids, separated by spaces).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from twingraph.checking.findings import SEVERITIES, Check, Finding, Report
from twingraph.names import search_key
from twingraph.querying.library import QueryLibrary
from twingraph.vocab import ID

if TYPE_CHECKING:
    from twingraph.graph import Graph
    from twingraph.querying.queries import LibraryQuery

__all__ = ["run_checks"]

_CANDIDATES = 4


def run_checks(
    graph: Graph,
    *,
    severities: Sequence[str] = SEVERITIES,
    shapes: bool = True,
    max_triples: int | None = None,
    say: Callable[[str], None] = lambda step: None,
) -> Report:
    """Run all checks of some severities.

    Args:
        graph: the graph to check.
        severities: which to run.
        shapes: whether to validate with SHACL too, which takes longest.
        max_triples: above this size the shapes are left out; None: the default of `twingraph.checking.shapes`.
        say: told what is being done.

    Raises:
        StoreError: the store on disk is damaged; no query would tell the truth.
    """
    say("Database files")
    graph.verify()
    report = Report()
    library = QueryLibrary()
    ids = [query_id for query_id in library.ids() if query_id.startswith("checks/")]
    for query in (library.find(query_id) for query_id in ids):
        severity = next((tag for tag in query.tags if tag in SEVERITIES), "info")
        if severity in severities:
            say(query.summary)
            report.checks.append(_run(graph, query, severity))
    if "warning" in severities:
        say("Duplicates")
        report.checks += _find_duplicates(graph)
    if shapes:
        from twingraph.checking.shapes import MAX_TRIPLES, validate_shapes

        say("Shapes")
        found, reason = validate_shapes(graph, MAX_TRIPLES if max_triples is None else max_triples)
        report.checks += [check for check in found if check.severity in severities]
        if reason:
            report.skipped.append(reason)
    report.checks.sort(key=lambda check: (SEVERITIES.index(check.severity), check.id))
    return report


def _run(graph: Graph, query: LibraryQuery, severity: str) -> Check:
    explanation, _, advice = query.description.partition("\n")
    name = query.id.partition("/")[2]
    rows = graph.query(query.id, frame="result").records()
    findings = [
        Finding(
            str(row["subject"]), str(row["label"]), str(row["detail"] or ""), sorted(str(row["sources"] or "").split())
        )
        for row in rows
    ]
    if name == "unresolved-name" and findings:
        findings = _add_candidates(graph, findings)
    return Check(name, severity, query.summary, explanation.strip(), advice.strip(), findings)


def _find_duplicates(graph: Graph) -> list[Check]:
    from twingraph.checking.duplicates import describe, find_same_names, find_same_places

    checks = []
    for name, title, explanation, advice, pairs in (
        (
            "duplicate-name",
            "Two municipalities of one country with the same name",
            "Two entries of the gazetteer share a name, a country and a level, and are less than 30 km apart or lack "
            "coordinates: they may be one place.",
            "Compare their identifiers. If they are one, merge the entries; if not, give both coordinates from a "
            "source.",
            find_same_names(graph),
        ),
        (
            "duplicate-place",
            "Two municipalities at one place with a partner in common",
            "Two entries of one country lie less than a kilometre apart and have the same partner: they may be one "
            "place.",
            "Compare names and identifiers, and merge the entries if they are one. A municipality and the district "
            "around it may rightly be both.",
            find_same_places(graph),
        ),
    ):
        found = [Finding(*describe(*pair), []) for pair in pairs]
        checks.append(Check(name, "warning", title, explanation, advice, sorted(found, key=lambda item: item.label)))
    return checks


def _add_candidates(graph: Graph, findings: list[Finding]) -> list[Finding]:
    """Add the municipalities that bear the name; the comparison of names is not one that SPARQL knows."""
    bearers: dict[str, list[str]] = {}
    for row in graph.query("portrait/name-index", frame="result").records():
        bearers.setdefault(str(row["key"]), []).append(str(row["municipality"]))
    completed = []
    for finding in findings:
        known = bearers.get(search_key(finding.label), [])
        more = f" and {len(known) - _CANDIDATES} more" if len(known) > _CANDIDATES else ""
        names = ", ".join(_name(graph, iri) for iri in known[:_CANDIDATES])
        named = f"candidates: {names}{more}" if known else "no candidate in the gazetteer"
        completed.append(Finding(finding.subject, finding.label, f"{finding.detail}; {named}", finding.sources))
    return completed


def _name(graph: Graph, municipality: str) -> str:
    card = graph.query("portrait/municipality-card", frame="result", municipality=municipality).records()[0]
    return f"{card['name']} {card['country']} {municipality.removeprefix(ID + 'municipality/')}"
