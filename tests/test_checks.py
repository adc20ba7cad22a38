"""The checks of a built graph: each has a graph that makes it fire and one that does not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from twingraph.building import build
from twingraph.checking.checks import run_checks
from twingraph.checking.duplicates import distance_km
from twingraph.checking.findings import SEVERITIES, Finding
from twingraph.checking.shapes import validate_shapes
from twingraph.graph import Graph
from twingraph.querying.library import QueryLibrary
from twingraph.stores.store import MemoryStore

Run = Callable[..., subprocess.CompletedProcess[str]]

PREFIXES = """
@prefix tw: <https://w3id.org/twingraph/ontology#> .
@prefix m: <https://w3id.org/twingraph/id/municipality/> .
@prefix p: <https://w3id.org/twingraph/id/partnership/> .
@prefix c: <https://w3id.org/twingraph/id/claim/town/> .
@prefix s: <https://w3id.org/twingraph/id/source/> .
@prefix n: <https://w3id.org/twingraph/id/mention/town/> .
@prefix country: <https://w3id.org/twingraph/id/country/> .
@prefix level: <https://w3id.org/twingraph/id/level/> .
@prefix status: <https://w3id.org/twingraph/id/status/> .
@prefix g: <https://w3id.org/twingraph/graph/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
"""
TOWN = 's:town a tw:Source ; dcterms:identifier "town" ; tw:webpage <https://example.org/> .'
CLAIM = 'c:1 a tw:Claim ; tw:isStatedBy s:town ; tw:locator "list item 1" .'
COUNTRIES = """country:DE a tw:Country ; tw:countryCode "DE" ; tw:displayName "Germany" .
country:FR a tw:Country ; tw:countryCode "FR" ; tw:displayName "France" ."""
KIEL = 'm:Q1 a tw:Municipality ; tw:displayName "Kiel" ; tw:searchName "kiel" ; tw:isInCountry country:DE .'
BREST = 'm:Q2 a tw:Municipality ; tw:displayName "Brest" ; tw:searchName "brest" ; tw:isInCountry country:FR .'
TIE = 'p:Q1-Q2 a tw:Partnership ; rdfs:label "Brest – Kiel" ; tw:hasParticipant m:Q1 , m:Q2 .'
MENTION = 'c:1 tw:hasMention n:1 . n:1 a tw:Mention ; tw:writtenName "Kiel" .'


def places(lat: float, other_lat: float, name: str = "Kiel", extra: str = "") -> str:
    """Two municipalities of one country at some latitudes."""
    return f"""
    m:Q1 a tw:Municipality ; tw:displayName "Kiel" ; tw:searchName "kiel" ; tw:isInCountry country:DE ;
        tw:hasLevel level:municipality ; geo:lat {lat} ; geo:long 10.0 .
    m:Q3 a tw:Municipality ; tw:displayName "{name}" ; tw:searchName "{name.lower()}" ;
        tw:isInCountry country:DE ; tw:hasLevel level:municipality ; geo:lat {other_lat} ; geo:long 10.0 .
    {extra}"""


CASES: dict[str, tuple[str, str]] = {
    "dangling-reference": (f"{TIE} {KIEL}", f"{TIE} {KIEL} {BREST} {COUNTRIES}"),
    "dates-out-of-order": (
        f'{CLAIM} c:1 tw:start "1980"^^edtf:EDTF ; tw:startEarliest "1980-01-01"^^xsd:date ; '
        'tw:end "1970"^^edtf:EDTF ; tw:endLatest "1970-12-31"^^xsd:date .',
        f'{CLAIM} c:1 tw:start "1980"^^edtf:EDTF ; tw:startEarliest "1980-01-01"^^xsd:date ; '
        'tw:end "1980"^^edtf:EDTF ; tw:endLatest "1980-12-31"^^xsd:date .',
    ),
    "partnership-without-claim": (TIE, f"{TIE} {CLAIM} p:Q1-Q2 tw:isSupportedBy c:1 ."),
    "claim-without-provenance": ("c:1 a tw:Claim ; tw:isStatedBy s:town .", CLAIM),
    "partnership-of-one": ("p:Q1 a tw:Partnership ; tw:hasParticipant m:Q1 .", TIE),
    "triple-in-two-graphs": (
        "GRAPH g:gazetteer { m:Q1 a tw:Municipality } GRAPH g:conclusions { m:Q1 a tw:Municipality }",
        "GRAPH g:gazetteer { m:Q1 a tw:Municipality } GRAPH g:conclusions { m:Q2 a tw:Municipality }",
    ),
    "merged-into-itself": (
        f"{KIEL} {CLAIM} m:Q1 tw:mergedInto m:Q1 ; tw:isSupportedBy c:1 . c:1 tw:mergedInto m:Q1 .",
        f"{KIEL} {CLAIM} m:Q1 tw:mergedInto m:Q2 ; tw:isSupportedBy c:1 . c:1 tw:mergedInto m:Q2 .",
    ),
    "unresolved-name": (f"{CLAIM} {MENTION}", f"{CLAIM} {MENTION} n:1 tw:refersTo m:Q1 ."),
    "unresolved-reference": (CLAIM, f"{CLAIM} m:Q1 tw:isSupportedBy c:1 ."),
    "duplicate-name": (places(54.3, 54.4), places(54.3, 48.0)),
    "duplicate-place": (
        places(54.3, 54.301, "Altkiel", f"{BREST} m:Q1 tw:isTwinnedWith m:Q2 . m:Q3 tw:isTwinnedWith m:Q2 ."),
        places(54.3, 54.301, "Altkiel", f"{BREST} m:Q1 tw:isTwinnedWith m:Q2 ."),
    ),
    "duplicate-webpage": (
        f'{TOWN} s:other a tw:Source ; dcterms:identifier "other" ; tw:webpage <https://example.org/> .',
        f'{TOWN} s:other a tw:Source ; dcterms:identifier "other" ; tw:webpage <https://example.org/2> .',
    ),
    "source-without-webpage": ('s:town a tw:Source ; dcterms:identifier "town" .', TOWN),
    "country-mismatch": (
        f"{COUNTRIES} {KIEL} {CLAIM} {MENTION} n:1 tw:refersTo m:Q1 . c:1 tw:countryAsStated country:FR .",
        f"{COUNTRIES} {KIEL} {CLAIM} {MENTION} n:1 tw:refersTo m:Q1 . c:1 tw:countryAsStated country:DE .",
    ),
    "country-out-of-time": tuple(  # type: ignore[dict-item]
        f'{CLAIM} c:1 tw:countryAsStated country:DDDE ; tw:start "{year}"^^edtf:EDTF ; '
        f'tw:startEarliest "{year}-01-01"^^xsd:date ; tw:startLatest "{year}-12-31"^^xsd:date . '
        'country:DDDE a tw:Country ; tw:displayName "GDR" ; tw:end "1990"^^edtf:EDTF ; '
        'tw:endLatest "1990-12-31"^^xsd:date ; tw:startEarliest "1949-01-01"^^xsd:date .'
        for year in ("1995", "1988")
    ),
    "claim-newer-than-source": tuple(  # type: ignore[dict-item]
        f'{TOWN} {CLAIM} s:town dcterms:date "2011"^^edtf:EDTF . c:1 tw:start "{year}"^^edtf:EDTF ; '
        f'tw:startEarliest "{year}-01-01"^^xsd:date .'
        for year in ("2015", "2011")
    ),
    "former-municipality-in-force": tuple(  # type: ignore[dict-item]
        f"{KIEL} {BREST} {TIE} m:Q1 tw:mergedInto m:Q2 . p:Q1-Q2 tw:hasStatus status:{status} ."
        for status in ("active", "ended")
    ),
    "one-sided": tuple(  # type: ignore[dict-item]
        f"{KIEL} {BREST} {TIE} {CLAIM} s:town tw:speaksFor m:Q2 . p:Q1-Q2 tw:isConfirmedBy m:Q1 . "
        f"p:Q2-Q9 a tw:Partnership ; tw:isSupportedBy c:1 . {more}"
        for more in ("", "p:Q1-Q2 tw:isConfirmedBy m:Q2 .")
    ),
    "conflict": (
        f'{TIE} {CLAIM} p:Q1-Q2 tw:hasConflict <urn:x> . <urn:x> rdfs:label "start: 1, 2" ; tw:hasClaim c:1 .',
        TIE,
    ),
    "no-coordinates": (KIEL, f"{KIEL} m:Q1 geo:lat 54.3 ."),
    "no-wikidata-id": (
        f"{KIEL} m:Q1 skos:exactMatch <https://sws.geonames.org/1/> .",
        f"{KIEL} m:Q1 skos:exactMatch <http://www.wikidata.org/entity/Q1> .",
    ),
    "no-geonames-id": (
        f"{KIEL} m:Q1 skos:exactMatch <http://www.wikidata.org/entity/Q1> .",
        f"{KIEL} m:Q1 skos:exactMatch <https://sws.geonames.org/1/> .",
    ),
    "no-start": tuple(  # type: ignore[dict-item]
        f"{TIE} {CLAIM} p:Q1-Q2 tw:isSupportedBy c:1 ; tw:hasStatus status:active . {more}"
        for more in ("", 'p:Q1-Q2 tw:start "1964"^^edtf:EDTF .')
    ),
    "one-source": tuple(  # type: ignore[dict-item]
        f"{TIE} {CLAIM} {MENTION} p:Q1-Q2 tw:isSupportedBy c:1 ; tw:sourceCount {count} ." for count in (1, 2)
    ),
    "unchecked-claims": (f"{TOWN} {CLAIM} c:1 tw:isChecked false .", f"{TOWN} {CLAIM} c:1 tw:isChecked true ."),
    "different-levels": tuple(  # type: ignore[dict-item]
        f"{KIEL} {BREST} {TIE} m:Q1 tw:hasLevel level:municipality . m:Q2 tw:hasLevel level:{level} ."
        for level in ("borough", "village")
    ),
}


def graph_of(trig: str) -> Graph:
    """A graph in memory from a piece of TriG."""
    store = ox.Store()
    store.load((PREFIXES + trig).encode(), format=ox.RdfFormat.TRIG)
    return Graph(MemoryStore(store))


def findings(trig: str, check: str) -> list[Finding]:
    report = run_checks(graph_of(trig), shapes=False)
    return next(found.findings for found in report.checks if found.id == check)


@pytest.mark.parametrize("check", sorted(CASES))
def test_check_fires_on_a_fault_and_not_without_it(check: str) -> None:
    bad, good = CASES[check]
    assert findings(bad, check)
    assert not findings(good, check)


def test_every_check_has_a_case_and_is_described() -> None:
    report = run_checks(graph_of(""), shapes=False)
    assert {check.id for check in report.checks} == set(CASES)
    for check in report.checks:
        assert check.title and check.explanation and check.advice, check.id
        assert not check.title.endswith(".")


def test_queries_of_checks_have_one_severity_and_the_same_columns() -> None:
    library = QueryLibrary()
    for query_id in library.ids():
        if query_id.startswith("checks/"):
            query = library.find(query_id)
            assert len(set(query.tags) & set(SEVERITIES)) == 1, query_id
            assert list(query.columns) == ["subject", "label", "detail", "sources"], query_id


def test_unresolved_name_tells_claim_source_and_candidates() -> None:
    [found] = findings(f"{CLAIM} {MENTION} {KIEL} {COUNTRIES} m:Q1 tw:hasLevel level:municipality .", "unresolved-name")
    assert (found.label, found.sources) == ("Kiel", ["town"])
    assert "claim town/1, list item 1" in found.detail
    assert "candidates: Kiel DE Q1" in found.detail


def test_merger_in_a_circle_is_found() -> None:
    step = "m:Q{0} tw:mergedInto m:Q{1} ; tw:isSupportedBy c:{0} . c:{0} tw:mergedInto m:Q{1} ; tw:isStatedBy s:town ."
    leeds = 'm:Q3 tw:displayName "Leeds" .'
    two = f"{KIEL} {BREST} {step.format(1, 2)} {step.format(2, 1)}"
    assert [(one.label, one.detail, one.sources) for one in findings(two, "merged-into-itself")] == [
        ("Brest", "merged into Kiel, which in turn is merged into it", ["town"]),
        ("Kiel", "merged into Brest, which in turn is merged into it", ["town"]),
    ]
    three = f"{KIEL} {BREST} {leeds} {step.format(1, 2)} {step.format(2, 3)} {step.format(3, 1)}"
    assert len(findings(three, "merged-into-itself")) == 3
    chain = f"{KIEL} {BREST} {leeds} {step.format(1, 2)} {step.format(2, 3)}"
    assert not findings(chain, "merged-into-itself")


def test_same_place_is_found_over_the_edge_of_a_cell_and_far_from_the_equator() -> None:
    shared = f"{BREST} m:Q1 tw:isTwinnedWith m:Q2 . m:Q3 tw:isTwinnedWith m:Q2 ."
    for lat, other in ((54.3, 54.2999), (69.999, 70.001)):
        assert findings(places(lat, other, "Altkiel", shared), "duplicate-place")


def test_distance_is_that_of_the_globe() -> None:
    assert distance_km(0, 0, 0, 180) == pytest.approx(20015.1, abs=0.1)


def test_shapes_report_violations_as_errors() -> None:
    checks, reason = validate_shapes(graph_of("p:Q1-Q2 a tw:Partnership ."))
    assert reason == ""
    assert {check.severity for check in checks} >= {"error"}
    assert any(check.id == "shape-partnership-has-participant" for check in checks)


def test_shapes_are_skipped_above_a_size_with_the_reason() -> None:
    report = run_checks(graph_of(KIEL), max_triples=2)
    assert not [check for check in report.checks if check.id.startswith("shape-")]
    assert "4 triples" in report.skipped[0]


@pytest.fixture
def store(data: Path, add_claim: Callable[..., Path], tmp_path: Path) -> Path:
    add_claim("press", start="1965", checked="no")
    add_claim("press", partner="Nirgendwo", partner_country="FR")
    build(data, tmp_path / "store")
    return tmp_path / "store"


def test_report_of_a_built_graph(store: Path, run_twingraph: Run) -> None:
    done = run_twingraph("check", "--store", str(store))
    assert (done.returncode, done.stderr) == (0, "")
    text = done.stdout
    assert "Names that are not identified yet: 1" in text
    assert "Nirgendwo: claim press/2" in text
    assert "Brest – Kiel: start: 1965, 1964-03-07 [press, town]" in text
    assert "\x1b" not in text


def test_strict_ends_with_one_on_warnings(store: Path, run_twingraph: Run) -> None:
    common = ("check", "--store", str(store), "--no-shapes")
    assert run_twingraph(*common, "--strict").returncode == 1
    assert run_twingraph(*common, "--severity", "error").returncode == 0
    wrong = run_twingraph(*common, "--severity", "error", "--strict")
    assert wrong.returncode == 2


def test_errors_end_with_one(store: Path, data: Path, tmp_path: Path, run_twingraph: Run) -> None:
    bad = tmp_path / "bad.trig"
    bad.write_text(PREFIXES + TIE, encoding="utf-8")
    done = run_twingraph("check", "--store", str(bad), "--no-shapes")
    assert done.returncode == 1
    assert "Partnerships that no claim supports: 1" in done.stdout


def test_json_has_counts_and_every_check(store: Path, run_twingraph: Run) -> None:
    done = run_twingraph("check", "--store", str(store), "--format", "json", "--no-shapes")
    report = json.loads(done.stdout)
    assert set(report) == {"counts", "skipped", "checks"}
    assert report["counts"]["warning"] >= 1
    assert {check["id"] for check in report["checks"]} == set(CASES)
    conflict = next(check for check in report["checks"] if check["id"] == "conflict")
    assert conflict["findings"][0]["sources"] == ["press", "town"]


def test_all_shows_more_than_ten(
    data: Path, add_claim: Callable[..., Path], tmp_path: Path, run_twingraph: Run
) -> None:
    for number in range(12):
        add_claim("press", partner=f"Nirgendwo {number}", partner_country="FR")
    build(data, tmp_path / "store")
    common = ("check", "--store", str(tmp_path / "store"), "--no-shapes", "--format", "markdown")
    short = run_twingraph(*common).stdout
    assert "and 2 more; --all" in short
    assert "Nirgendwo 9" in run_twingraph(*common, "--all").stdout
