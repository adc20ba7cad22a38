"""Tables become sources: whole or not at all, with every row that was left out told."""

import csv
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from twingraph.cli import cli
from twingraph.errors import DataError
from twingraph.importing.dates import to_edtf
from twingraph.importing.mapping import guess_mapping, load_mapping, shipped_mappings, to_toml
from twingraph.importing.tables import import_table
from twingraph.sourcedata.reader import read_dataset

PAIRS = """city1,country1,city2,country2
Helmstedt,Germany,Vitré,France
Springfield,"Ohio, United States",Wittenberg,Germany
Almaty,Kazakhstah,Sapporo,Japa
Kiel,Germany,Kiel,Germany
,Germany,Brest,France
=cmd|' /C calc'!A0,Germany,Brest,France
Bonn,Germany,Opole,Atlantis
"""


def run(*args: object) -> object:
    return CliRunner().invoke(cli, [str(arg) for arg in args], catch_exceptions=False)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.csv"
    path.write_text(PAIRS, encoding="utf-8")
    return path


def test_pairs_become_claims_and_the_rest_is_told(pairs, tmp_path):
    data = tmp_path / "data"
    outcome = import_table(pairs, load_mapping("pairs"), data)
    claims = rows(data / "sources" / "pairs" / "partnership_claims.csv")
    assert [(c["name"], c["country"], c["partner"], c["partner_country"]) for c in claims] == [
        ("Helmstedt", "DE", "Vitré", "FR"),
        ("Springfield", "US", "Wittenberg", "DE"),
        ("Almaty", "KZ", "Sapporo", "JP"),
        ("Bonn", "DE", "Opole", ""),
    ]
    assert claims[3]["written_country"] == "Atlantis"
    assert outcome.intake.unknown_countries == {"Atlantis": 1}
    left = rows(data / "rejected" / "pairs.csv")
    assert [(r["rejected_row"], r["rejected_column"]) for r in left] == [("5", ""), ("6", "city1"), ("7", "city1")]
    assert left[2]["city1"].startswith("'=")
    dataset = read_dataset(data)
    assert len(dataset.partnership_claims) == 4
    assert {"DE", "FR", "US", "XK", "DDDE"} <= dataset.countries.keys()


def test_dry_run_writes_nothing(pairs, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    result = run("import", "table", pairs, "--mapping", "pairs", "--data", tmp_path / "data", "--dry-run")
    assert result.exit_code == 0
    assert "4 claims" in result.output and "3 rows left out" in result.output
    assert sorted(tmp_path.rglob("*")) == before


def test_a_second_import_replaces_the_source(pairs, tmp_path):
    data = tmp_path / "data"
    import_table(pairs, load_mapping("pairs"), data)
    pairs.write_text("city1,country1,city2,country2\nUlm,Germany,Brest,France\n", encoding="utf-8")
    outcome = import_table(pairs, load_mapping("pairs"), data)
    assert outcome.replaced
    assert [c["name"] for c in rows(data / "sources" / "pairs" / "partnership_claims.csv")] == ["Ulm"]
    assert not (data / "rejected" / "pairs.csv").exists()
    assert {path.name for path in (data / "sources").iterdir()} == {"geonames", "iso-3166", "pairs"}


def test_a_source_made_by_hand_is_not_replaced(pairs, tmp_path):
    data = tmp_path / "data"
    import_table(pairs, load_mapping("pairs"), data)
    (data / "sources" / "pairs" / "places.csv").unlink()
    with pytest.raises(DataError, match="made by hand"):
        import_table(pairs, load_mapping("pairs"), data)


def test_homonyms_with_coordinates_far_apart_are_two_places(tmp_path):
    path = tmp_path / "towns.csv"
    path.write_text(
        "city1,country1,lat1,lng1,city2,country2,lat2,lng2\n"
        "Springfield,US,39.80,-89.64,Ashikaga,Japan,36.34,139.45\n"
        "Springfield,US,37.21,-93.29,Isesaki,Japan,36.31,139.19\n"
        "Springfield,US,39.81,-89.65,Killarney,Ireland,52.06,-9.51\n",
        encoding="utf-8",
    )
    data = tmp_path / "data"
    import_table(path, load_mapping("pairs-with-coordinates"), data)
    claims = rows(data / "sources" / "towns" / "partnership_claims.csv")
    assert [c["id"] for c in claims] == ["39.8,-89.64", "37.21,-93.29", "39.8,-89.64"]


def test_an_adjacency_list_gives_one_claim_for_each_partner(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("name,country,partners,partner_countries\nUlm,DE,Brest; Opole,FR; PL\n", encoding="utf-8")
    data = tmp_path / "data"
    import_table(path, load_mapping("adjacency-list"), data)
    claims = rows(data / "sources" / "list" / "partnership_claims.csv")
    assert [(c["claim"], c["partner"], c["partner_country"]) for c in claims] == [
        ("2.1", "Brest", "FR"),
        ("2.2", "Opole", "PL"),
    ]


def test_places_in_a_table_of_their_own_are_joined(tmp_path):
    (tmp_path / "cities.csv").write_text(
        "id,name,lng,lat,country,countrycd,continent\nQ1,Aa,11,52,Germany,DE,Europe\nQ2,Bb,2,48,France,FR,Europe\n",
        encoding="utf-8",
    )
    links = tmp_path / "links.csv"
    links.write_text("source,target\nQ1,Q2\nQ1,Q3\n", encoding="utf-8")
    data = tmp_path / "data"
    outcome = import_table(links, load_mapping("tidytuesday-twinned-cities"), data)
    assert outcome.source == "tidytuesday-twinned-cities"
    (claim,) = rows(data / "sources" / outcome.source / "partnership_claims.csv")
    assert (claim["name"], claim["id"], claim["partner_country"], claim["partner_id"]) == ("Aa", "Q1", "FR", "Q2")
    assert "no place 'Q3'" in outcome.intake.rejected[0].reason
    assert tomllib.loads((data / "sources" / outcome.source / "source.toml").read_text())["type"] == "database"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            ["Stadt", "Land", "Partnerstadt", "Partnerland", "seit"],
            {"name": "Stadt", "partner": "Partnerstadt", "partner_country": "Partnerland", "start": "seit"},
        ),
        (
            ["city1", "country1", "lat1", "lng1", "city2", "lat2"],
            {"name": "city1", "partner": "city2", "partner_lat": "lat2", "long": "lng1"},
        ),
        (["town", "twinTown", "year"], {"name": "town", "partner": "twinTown", "start": "year"}),
        (["source", "target"], {"name": "source", "partner": "target"}),
    ],
)
def test_guess(header, expected):
    found = guess_mapping(header, [["x"] * len(header)])
    assert expected.items() <= found.columns.items()


def test_a_guess_can_be_saved_and_given_back(tmp_path):
    found = guess_mapping(["town", "partner", "since"], [["a", "b;c", "1960"], ["d", "e;f", "1970"]])
    assert found.partner_separator == ";"
    path = tmp_path / "m.toml"
    path.write_text(to_toml(found), encoding="utf-8")
    again = load_mapping(str(path))
    assert (again.columns, again.partner_separator) == (found.columns, ";")


def test_all_shipped_mappings_can_be_read():
    assert len(shipped_mappings()) >= 6
    for name in shipped_mappings():
        assert load_mapping(name).description


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("22.10.1978", "1978-10-22"),
        ("10.1978", "1978-10"),
        ("22. Oktober 1978", "1978-10-22"),
        ("October 22, 1978", "1978-10-22"),
        ("mai 1978", "1978-05"),
        ("ca. 1960", "1960~"),
        ("1970er", "197X"),
        ("1974/1975", "1974/1975"),
        ("1978-10-22", "1978-10-22"),
    ],
)
def test_dates(text, edtf):
    assert to_edtf(text) == edtf


@pytest.mark.parametrize(
    "text", ["03/04/1978", "1972-1980", "1972 – 1980", "31.02.1978", "long ago", "1978-13", "2978"]
)
def test_dates_without_one_meaning_are_refused(text):
    with pytest.raises(ValueError):
        to_edtf(text)


def test_date_formats():
    assert to_edtf("03/04/1978", ["%m/%d/%Y"]) == "1978-03-04"
    assert to_edtf("04/1978", ["%d/%m/%Y", "%m/%Y"]) == "1978-04"
