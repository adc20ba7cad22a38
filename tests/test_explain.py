"""``twingraph explain``: the claims behind a tie, the reasons, and chains."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from people_data import people_store, run, run_json
from twingraph.building import build
from twingraph.conclusions.weighing import weigh_dates
from twingraph.dates import parse_edtf
from twingraph.graph import open as open_graph
from twingraph.portraits.asking import Asker
from twingraph.portraits.explanation import explain_pair
from twingraph.portraits.ties import claim_weight

ID = "https://w3id.org/twingraph/id/municipality/"


@pytest.fixture
def store(data: Path, add_claim: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return people_store(data, add_claim, tmp_path_factory)


def test_claims_stand_side_by_side_with_weight_and_place(store: Path) -> None:
    found = run_json(store, "explain", "Kiel", "Brest@FR")
    [tie] = found["partnerships"]
    claims = {claim["source"]: claim for claim in tie["claims"]}
    assert {source: claim["weight"] for source, claim in claims.items()} == {"town": 4, "press": 2, "book": 0.5}
    assert claims["town"]["locator"] == "list item 1"
    assert claims["town"]["names"] == ["Kiel", "Brest"]
    assert claims["press"]["written_country"] == "Frankreich"
    assert {source["id"]: source["url"] for source in found["sources"]}["press"] == "https://example.org/partners"
    assert (found["one"]["key"], found["other"]["key"], found["chain"]) == ("Q1", "Q3", None)


def test_reasons_tell_the_weights(store: Path) -> None:
    found = run_json(store, "explain", "Kiel", "Brest@FR")
    reasons = {reason["property"]: reason for reason in found["reasons"][found["partnerships"][0]["iri"]]}
    assert reasons["start"]["concluded"] == "1964-03-07"
    assert "weight 4.5 fits it, more than 1965 (2)" in reasons["start"]["because"]
    assert reasons["status"]["concluded"] == "active"
    assert [(side["value"], side["weight"]) for side in reasons["start"]["sides"]] == [
        ("1964-03-07", 4),
        ("1965", 2),
        ("1964", 0.5),
    ]


def test_text_marks_the_disagreement(store: Path) -> None:
    text = " ".join(run(store, "explain", "Kiel", "Brest@FR").stdout.split())
    assert "⚠ Start: 1964-03-07 [1] / 1965 [2] / 1964 [3]" in text
    assert "[1] participant partnership 1964-03-07 ⚠ active 4" in text
    assert "not read inferred 0.5" in text
    assert "list item 1: “Kiel”, “Brest”, country written “Frankreich”" in text
    assert "Associations Kiel-Brest-Gesellschaft" in text
    assert "Werkstatt" in text


def test_phases_are_explained(store: Path) -> None:
    text = " ".join(run(store, "explain", "Kiel", "Sonderburg").stdout.split())
    assert "Start 1953: when it became what it is now (partnership); before that friendship 1925" in text
    assert "friendship → partnership" in text


def test_explanation_comes_to_the_conclusion_of_the_graph(store: Path) -> None:
    with open_graph(store) as graph:
        asker = Asker(graph)
        for one, other in (("Q1", "Q3"), ("Q3", "Q4")):
            [tie] = explain_pair(asker, ID + one, ID + other).partnerships
            stated = [(parse_edtf(claim.start), claim.weight) for claim in tie.claims if claim.start]
            concluded = weigh_dates(stated)
            assert concluded is not None and concluded.text == tie.start


@pytest.mark.parametrize(
    ("voice", "checked", "inferred", "weight"),
    [(True, True, False, 4), (False, True, False, 2), (False, False, False, 1), (False, False, True, 0.5)],
)
def test_weight_of_a_claim(voice: bool, checked: bool, inferred: bool, weight: float) -> None:
    assert claim_weight(is_own_voice=voice, is_checked=checked, is_inferred=inferred) == weight


def test_without_a_tie_the_shortest_chain_is_shown(store: Path) -> None:
    found = run_json(store, "explain", "Sonderburg", "Брест")
    assert found["partnerships"] == []
    steps = [(link["start"]["key"], link["end"]["key"], link["since"]) for link in found["chain"]["links"]]
    assert steps == [("Q2", "Q1", "1953"), ("Q1", "Q3", "1964-03-07"), ("Q3", "Q4", "1990")]
    text = run(store, "explain", "Sonderburg", "Брест").stdout
    assert "No source in the graph names a tie between the two." in text
    assert "3 ties" in text


def test_no_chain_is_said(store: Path) -> None:
    assert "No chain of up to 4 partnerships" in run(store, "explain", "Kiel", "maaaaaa").stdout


def test_a_bilateral_tie_and_a_union_are_both_explained(
    data: Path, add_claim: Callable[..., Path], tmp_path: Path
) -> None:
    add_claim("press", partner="Brest;Sonderburg", partner_country="FR;DK", union="ring", start="1991")
    build(data, tmp_path / "store")
    found = run_json(tmp_path / "store", "explain", "Kiel", "Brest@FR")
    assert [tie["key"] for tie in found["partnerships"]] == ["Q1-Q3", "union-ring"]
    text = run(tmp_path / "store", "explain", "Kiel", "Brest@FR").stdout
    assert "They take part in 2 partnerships together." in text


def test_the_same_place_twice_is_refused(store: Path) -> None:
    done = run(store, "explain", "Kiel", "Q1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "same municipality" in done.stderr


def test_a_country_is_no_side_of_a_tie(store: Path) -> None:
    done = run(store, "explain", "Kiel", "country:FR")
    assert done.returncode == 1
    assert "no municipality" in done.stderr
