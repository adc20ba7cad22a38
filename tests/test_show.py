"""``twingraph show``: portraits, and what names mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from people_data import people_store, run, run_json
from twingraph.cli import cli
from twingraph.errors import AmbiguousNameError, UnknownNameError
from twingraph.graph import open as open_graph
from twingraph.portraits.asking import Asker
from twingraph.portraits.finding import find_thing
from twingraph.portraits.pages import Facts, Item, Items, Page, Table, to_markdown, to_text


@pytest.fixture
def store(data: Path, add_claim: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return people_store(data, add_claim, tmp_path_factory)


@pytest.fixture
def asker(store: Path) -> Asker:
    return Asker(open_graph(store))


def meant(asker: Asker, name: str, country: str | None = None) -> str:
    return find_thing(asker, name, country).iri.removeprefix("https://w3id.org/twingraph/id/")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Kiel", "municipality/Q1"),
        ("kiel", "municipality/Q1"),
        ("Sonderburg", "municipality/Q2"),
        ("sønderborg", "municipality/Q2"),
        ("Sonderborg", "municipality/Q2"),
        ("Q1", "municipality/Q1"),
        ("twm:Q1", "municipality/Q1"),
        ("wd:Q1", "municipality/Q1"),
        ("https://w3id.org/twingraph/id/municipality/Q1", "municipality/Q1"),
        ("<https://w3id.org/twingraph/id/municipality/Q1>", "municipality/Q1"),
        ("Brest@BY", "municipality/Q4"),
        ("Брест", "municipality/Q4"),
        ("mbbbbbb", "municipality/mbbbbbb"),
        ("France", "country/FR"),
        ("DDDE", "country/DDDE"),
        ("dd", "country/DDDE"),
        ("Frankreich", "country/FR"),
        ("FR", "country/FR"),
        ("country:FR", "country/FR"),
        ("Kiel-Brest-Gesellschaft", "association/kiel-brest-society"),
        ("event:kiel-workshop", "event/kiel-workshop"),
        ("kiel-workshop", "event/kiel-workshop"),
    ],
)
def test_name_is_found_in_every_form(asker: Asker, name: str, key: str) -> None:
    assert meant(asker, name) == key


def test_country_chooses_between_namesakes(asker: Asker) -> None:
    assert meant(asker, "Brest", "FR") == "municipality/Q3"
    assert meant(asker, "Brest", "by") == "municipality/Q4"


def test_ambiguous_name_lists_the_candidates_and_how_to_choose(asker: Asker) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        find_thing(asker, "Brest")
    message = str(caught.value)
    assert "Brest, Belarus (BY)" in message and "Brest, France (FR)" in message
    assert "Brest@BY or --country BY" in message
    assert len(caught.value.candidates) == 2


def test_namesakes_in_one_country_are_chosen_by_key_only(asker: Asker) -> None:
    with pytest.raises(AmbiguousNameError, match="with the key, as in maaaaaa") as caught:
        find_thing(asker, "Neustadt")
    assert "--country" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Keil", "Near are: Kiel"),
        ("Sonderbrug", "Near are: Sønderborg"),
        ("Nirgendwo", "1 claim writes this name"),
        ("Q99", "the graph holds no municipality 'Q99'"),
        ("https://w3id.org/twingraph/id/source/town", "twingraph sources"),
        ("Kiel@FR", "there is no 'Kiel' in FR"),
        ("!!", "is no name"),
        ("", "is no name"),
    ],
)
def test_unknown_name_is_answered_with_what_is_near(asker: Asker, name: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_thing(asker, name)
    assert hint in str(caught.value)


def test_portrait_of_a_municipality_as_json(store: Path) -> None:
    kiel = run_json(store, "show", "Kiel")
    assert (kiel["type"], kiel["key"], kiel["name"], kiel["country"]) == ("municipality", "Q1", "Kiel", "DE")
    assert kiel["level"] == {"id": "municipality", "name": "municipality"}
    assert (kiel["latitude"], kiel["longitude"]) == (54.32, 10.14)
    [identifier] = kiel["identifiers"]
    assert (identifier["scheme"], identifier["id"], identifier["evidence"][0]["source"]) == ("Wikidata", "Q1", "town")
    ties = {tie["key"]: tie for tie in kiel["partnerships"]}
    brest = ties["Q1-Q3"]
    assert (brest["start"], brest["source_count"], brest["claim_count"]) == ("1964-03-07", 3, 3)
    assert {member["key"]: member["is_own_voice"] for member in brest["members"]} == {"Q1": True, "Q3": False}
    [conflict] = brest["conflicts"]
    assert {side["value"] for side in conflict["sides"]} == {"1964-03-07", "1965", "1964"}
    danish = ties["Q1-Q2"]
    assert [(phase["kind"]["id"], phase["start"]) for phase in danish["phases"]] == [
        ("friendship", "1925"),
        ("partnership", "1953"),
    ]
    assert kiel["unresolved_partnerships"][0]["name"] == "Nirgendwo"
    facts = {(fact["property"], fact["value"]) for fact in kiel["facts"]}
    assert {("partnerCountStated", "8"), ("partnerCountStated", "9")} <= facts
    assert [thing["name"] for thing in kiel["associations"]] == ["Kiel-Brest-Gesellschaft"]
    assert [thing["name"] for thing in kiel["events"]] == ["Werkstatt"]
    assert [thing["name"] for thing in kiel["waves"]] == ["German–French"]
    [own] = kiel["conflicts"]
    assert (own["property"], {side["value"] for side in own["sides"]}) == ("partnerCountStated", {"8", "9"})
    assert {gap["kind"] for gap in kiel["gaps"]} >= {"no-geonames-id", "one-source", "own-side-silent", "unresolved"}
    assert [source["id"] for source in kiel["sources"]] == ["book", "press", "town"]


def test_portrait_as_text_refers_to_its_sources(store: Path) -> None:
    done = run(store, "show", "Kiel")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Kiel, municipality in Germany (DE)"
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in done.stdout
    text = " ".join(done.stdout.split())
    for part in (
        "Brest FR partnership active 1964-03-07 ⚠ own side",
        "friendship 1925, then partnership 1953",
        "“Nirgendwo”, 1970",
        "Purposes today reconciliation [1]",
        "2024-10-14 Werkstatt",
        "Participants: about 40 [1]",
        "Kiel-Brest-Gesellschaft",
        "No source confirms its GeoNames id",
        "Cited: list item",
    ):
        assert part in text, part


def test_names_and_concepts_follow_the_language(store: Path) -> None:
    german = run(store, "show", "Kiel", "--lang", "de").stdout
    assert "Deutschland" in german and "Sonderburg" in german and "Partnerschaft" in german
    french = run_json(store, "show", "Kiel", "--lang", "fr")
    assert french["country_name"] == "Allemagne"
    assert (
        french["partnerships"][0]["kind"] == {"id": "partnership", "name": "partenariat"}
        or french["partnerships"][0]["kind"]["id"] == "partnership"
    )


def test_portraits_of_other_things(store: Path) -> None:
    society = run_json(store, "show", "Kiel-Brest-Gesellschaft")
    assert society["type"] == "association"
    assert {(fact["property"], fact["name"]) for fact in society["facts"]} >= {
        ("foundedOn", "1965"),
        ("supports", "Brest – Kiel"),
    }
    country = run_json(store, "show", "country:DE")
    assert {pair["country"]: pair["partnerships"] for pair in country["partners"]} == {"DK": 1, "FR": 1}
    assert "Workshop" not in run(store, "show", "event:kiel-workshop").stderr
    assert run(store, "show", "country:DDDE").stdout.startswith("German Democratic Republic")


def test_municipality_without_anything_says_so(store: Path) -> None:
    text = " ".join(run(store, "show", "maaaaaa").stdout.split())
    assert "No source names a partner that is identified" in text
    assert "No source gives its coordinates" in text


def test_wrong_use_ends_with_a_clear_message(store: Path, tmp_path: Path) -> None:
    unknown = run(store, "show", "Keil")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("Error: there is no municipality") and "Traceback" not in unknown.stderr
    assert run(tmp_path / "nowhere", "show", "Kiel").returncode == 1
    both = CliRunner().invoke(cli, ["show", "Kiel", "--store", str(store), "--endpoint", "http://127.0.0.1:1/"])
    assert both.exit_code == 2


def test_markdown_escapes_names_and_links_addresses() -> None:
    page = Page("A*b", [Facts([("See", "https://example.org/a_b, and <c>")])])
    page.add("T|x", Table(("N",), [["a|b"]]), Items([Item("x", "[1]", ["y_z"])]))
    text = to_markdown(page)
    assert "# A\\*b" in text and "<https://example.org/a_b>, and \\<c\\>" in text
    assert "a\\|b" in text and "- \\[1\\] x\n  - y\\_z" in text


def test_text_is_made_safe_and_fits_wide_letters() -> None:
    page = Page("\x1b[31m西安\u202e", [Facts([("N", "西安 " * 30)])])
    text = to_text(page, 40)
    assert "\x1b" not in text and "\u202e" not in text
    assert all(sum(2 if char in "西安" else 1 for char in line) <= 40 for line in text.splitlines())
