"""Tables become sources: whole or not at all, with every row that was left out told."""

import csv
import datetime
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from twingraph.cli import cli
from twingraph.errors import DataError
from twingraph.importing.dates import to_edtf
from twingraph.importing.mapping import Mapping, guess_mapping, load_mapping, shipped_mappings, to_toml
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


@pytest.mark.parametrize(
    ("partners", "countries", "reason"),
    [
        ("Brest; Opole", "FR", "1 country for 2 partners"),
        ("Brest", "FR; PL", "2 countries for 1 partner;"),
        ("Brest; Opole; Kiel", "FR; PL", "2 countries for 3 partners"),
    ],
)
def test_one_country_is_not_stretched_over_several_partners(tmp_path, partners, countries, reason):
    path = tmp_path / "list.csv"
    path.write_text(
        f"name,country,partners,partner_countries\nUlm,DE,Brest,FR\nUlm,DE,{partners},{countries}\n", encoding="utf-8"
    )
    outcome = import_table(path, load_mapping("adjacency-list"), tmp_path / "data")
    assert len(outcome.intake.claims) == 1
    assert reason in outcome.intake.rejected[0].reason


def test_a_default_country_holds_for_all_partners(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("name,partners,countries\nUlm,Brest; Vannes,\n", encoding="utf-8")
    columns = {"name": "name", "partner": "partners", "partner_country": "countries"}
    mapping = Mapping("own", columns, {"partner_country": "FR"}, partner_separator=";")
    claims = import_table(path, mapping, tmp_path / "data").intake.claims
    assert [claim["partner_country"] for claim in claims] == ["FR", "FR"]


def test_one_id_is_not_stretched_over_several_partners(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("name,partners,qid\nUlm,Brest,Q1\nUlm,Brest; Vannes,Q2\n", encoding="utf-8")
    columns = {"name": "name", "partner": "partners", "partner_wikidata_id": "qid"}
    outcome = import_table(path, Mapping("own", columns, partner_separator=";"), tmp_path / "data")
    (left,) = outcome.intake.rejected
    assert (left.column, left.reason) == ("qid", "it stands once for 2 partners; give each a row of its own")


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
        (["town", "twin", "endDate"], {"end": "endDate"}),
    ],
)
def test_guess(header, expected):
    found = guess_mapping(header, [["x"] * len(header)])
    assert expected.items() <= found.columns.items()


def test_a_date_of_partnerships_goes_before_one_of_a_town():
    header = ["Stadt", "Gegründet", "Partnerstadt", "Datum"]
    rows = [["Helmstedt", "952", "Vitré", "1979"], ["Peine", "1223", "Heywood", "um 1980"]]
    assert guess_mapping(header, rows).columns["start"] == "Datum"
    assert "start" not in guess_mapping(header[:3], [row[:3] for row in rows]).columns
    assert guess_mapping(["Stadt", "Partnerstadt", "Gegründet"], [["Peine", "Heywood", "1980"]]).columns["start"]


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


@pytest.mark.parametrize("form", ["%d/%m/%y", "%x"])
def test_a_year_of_two_digits_lies_in_the_past(form):
    text = "05/12/68" if form == "%d/%m/%y" else "12/05/68"
    assert to_edtf(text, [form]) == "1968-12-05"
    assert to_edtf("05/05/01", [form]) == "2001-05-05"


NOW = datetime.date.today().year


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{NOW + 1},,", f"starts in the future ({NOW + 1})"),
        (f"31.12.{NOW + 2},,", "starts in the future"),
        (f"{NOW},,", ""),
        (f"{NOW}~,{NOW + 3},", ""),
        ("1980,2010,active", "said to be active, but ended (2010)"),
        ("1980,2010,ended", ""),
        (f"1980,{NOW},active", ""),
        ("1980,,active", ""),
        ("1980,2010,", ""),
    ],
)
def test_times_that_can_not_be_are_kept_apart(tmp_path, row, reason):
    path = tmp_path / "list.csv"
    path.write_text(f"name,partner,start,end,status\nUlm,Brest,1980,,\nUlm,Opole,{row}\n", encoding="utf-8")
    columns = {what: what for what in ("name", "partner", "start", "end", "status")}
    mapping = Mapping("own", columns, {"status": "active"})
    outcome = import_table(path, mapping, tmp_path / "data")
    if reason:
        assert reason in outcome.intake.rejected[0].reason
    else:
        assert [claim["partner"] for claim in outcome.intake.claims] == ["Brest", "Opole"]
    assert outcome.intake.claims[0]["status"] == "active"


def test_where_nothing_comes_in_the_rows_are_told_all_the_same(tmp_path):
    path = tmp_path / "list.csv"
    lines = ["Ulm,DE,Brest,5/12/1978", "Ulm,DE,Opole,13/12/1978", ",DE,Brest,1978", "Ulm,DE,?,1978"]
    path.write_text("\n".join(["Stadt,Land,Partnerstadt,seit", *lines]) + "\n", encoding="utf-8")
    data = tmp_path / "data"
    with pytest.raises(DataError):
        run("import", "table", path, "--guess", "--data", data, "--dry-run")
    assert not data.exists()
    with pytest.raises(DataError) as caught:
        run("import", "table", path, "--guess", "--data", data)
    told = str(caught.value)
    assert "rows left out: 4 (row 2 and 1 more, column 'seit': '5/12/1978' is no date" in told
    assert "row 4, column 'Stadt': the name is empty" in told
    assert str(data / "rejected" / "list.csv") in told
    assert [row["rejected_row"] for row in rows(data / "rejected" / "list.csv")] == ["2", "3", "4", "5"]
    assert not (data / "sources" / "list").exists()
    path.write_text("Stadt,Partnerstadt\nUlm,Brest\n", encoding="utf-8")
    assert run("import", "table", path, "--guess", "--data", data).exit_code == 0
    assert not (data / "rejected" / "list.csv").exists()


def test_rows_left_out_come_in_under_an_id_of_their_own(pairs, tmp_path):
    data = tmp_path / "data"
    import_table(pairs, load_mapping("pairs"), data)
    left = data / "rejected" / "pairs.csv"
    mended = left.read_text(encoding="utf-8").replace("6,city1,the name is empty,,", "6,city1,the name is empty,Bonn,")
    left.write_text(mended, encoding="utf-8")
    with pytest.raises(DataError, match="which they would replace"):
        import_table(left, load_mapping("pairs"), data)
    assert left.read_text(encoding="utf-8") == mended
    outcome = import_table(left, load_mapping("pairs"), data, source="pairs-mended")
    assert [(claim["name"], claim["locator"]) for claim in outcome.intake.claims] == [("Bonn", "row 6")]
    assert [row["rejected_row"] for row in rows(outcome.rejected_file)] == ["5", "7"]


def test_how_many_claims_are_replaced_is_told(pairs, tmp_path):
    data = tmp_path / "data"
    run("import", "table", pairs, "--mapping", "pairs", "--data", data)
    pairs.write_text("city1,country1,city2,country2\nUlm,Germany,Brest,France\n", encoding="utf-8")
    result = run("import", "table", pairs, "--mapping", "pairs", "--data", data, "--dry-run")
    assert "would replace the 4 claims of the source 'pairs'" in result.output
    result = run("import", "table", pairs, "--mapping", "pairs", "--data", data)
    assert "It was replaced: it had 4 claims and has 1 now; an import adds nothing to what was there." in result.output


def test_claims_keep_their_ids_when_rows_are_moved(tmp_path):
    """A link to a claim means the same claim after the table was sorted, mended, and imported again."""
    path, data = tmp_path / "towns.csv", tmp_path / "data"

    def ids(*lines: str) -> dict[str, str]:
        path.write_text("\n".join(["city1,country1,city2,country2", *lines]) + "\n", encoding="utf-8")
        import_table(path, load_mapping("pairs"), data)
        claims = rows(data / "sources" / "towns" / "partnership_claims.csv")
        assert [claim["locator"] for claim in claims] == [f"row {number}" for number in range(2, len(lines) + 2)]
        return {claim["partner"]: claim["claim"] for claim in claims}

    ulm, bonn, chard = ("Helmstedt,DE,Ulm,DE", "Helmstedt,DE,Bonn,DE", "Helmstedt,DE,Chard,GB")
    assert ids(ulm, bonn) == {"Ulm": "2", "Bonn": "3"}
    assert ids(bonn, ulm) == {"Ulm": "2", "Bonn": "3"}
    # A new row gets an id that no other claim had.
    assert ids(chard, bonn, ulm) == {"Chard": "2-2", "Ulm": "2", "Bonn": "3"}
    assert ids("Helmstedt,DE,Bonn,PL", ulm) == {"Bonn": "2-3", "Ulm": "2"}


def test_ids_of_the_source_stay_with_its_rows(tmp_path):
    path, data = tmp_path / "towns.csv", tmp_path / "data"
    mapping = Mapping("test", {"claim": "no", "name": "a", "country": "c", "partner": "b", "partner_country": "d"})
    for second in ("Ulm", "Bonn"):
        path.write_text(f"no,a,c,b,d\n7,Helmstedt,DE,{second},DE\n", encoding="utf-8")
        import_table(path, mapping, data)
        (claim,) = rows(data / "sources" / "towns" / "partnership_claims.csv")
        assert (claim["claim"], claim["partner"]) == ("7", second)


def test_an_identifier_of_unlike_names_is_told(tmp_path):
    path, data = tmp_path / "towns.csv", tmp_path / "data"
    path.write_text(
        "name1,country1,qid1,name2,country2,qid2\n"
        "Kiel,DE,Q1794,Ulm,DE,Q3012\nFrankfurt,DE,Q1794,Ulm,DE,Q3012\nFrankfurt am Main,DE,Q1794,Bonn,DE,Q586\n",
        encoding="utf-8",
    )
    outcome = import_table(path, load_mapping("pairs-with-qids"), data)
    assert [note for note in outcome.notes if "little in common: Q1794 (Kiel, Frankfurt, Frankfurt am Main);" in note]
