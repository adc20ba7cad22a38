"""Faults in the source data: each is named with file, row and column, and nothing is built."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from twingraph.cli import cli
from twingraph.conclusions.partnerships import conclude
from twingraph.conclusions.resolution import Resolver
from twingraph.errors import DataError, InvalidDataError, TwingraphError
from twingraph.sourcedata.reader import read_dataset

Change = Callable[[Path], None]
CLAIMS = "sources/town/partnership_claims.csv"
OTHERS = "sources/town/other_claims.csv"
TOML = "sources/town/source.toml"
PLACES = "gazetteer/municipalities.csv"
COUNTRIES = "gazetteer/countries.csv"
JUDGEMENTS = "resolution/judgements.csv"


def replace(file: str, old: str, new: str) -> Change:
    """Return a change that replaces text in a file (which must have it)."""

    def change(data: Path) -> None:
        path = data / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def append(file: str, line: str, header: str = "") -> Change:
    """Return a change that adds a row to a table, making the table if need be."""

    def change(data: Path) -> None:
        path = data / file
        if not path.exists():
            path.write_text(header + "\n", encoding="utf-8")
        with path.open("a", encoding="utf-8") as out:
            out.write(line + "\n")

    return change


def write(file: str, content: bytes) -> Change:
    """Return a change that writes a file."""

    def change(data: Path) -> None:
        path = data / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return change


def remove(file: str) -> Change:
    return lambda data: (data / file).unlink()


def make_directory(file: str) -> Change:
    def change(data: Path) -> None:
        (data / file).unlink(missing_ok=True)
        (data / file).mkdir()

    return change


def claim(**cells: str) -> Change:
    """Return a change that adds a claim given by column."""
    row = {"claim": "2", "locator": "list item 2", "name": "Kiel", "country": "DE", "partner": "Brest"}
    row |= {"partner_country": "FR"} | cells

    def change(data: Path) -> None:
        path = data / CLAIMS
        header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert set(row) <= set(header)
        with path.open("a", encoding="utf-8") as out:
            out.write(",".join('"' + row.get(name, "").replace('"', '""') + '"' for name in header) + "\n")

    return change


def other(about: str, prop: str, value: str) -> Change:
    return append(
        OTHERS, f'9,page,{about},{prop},"{value}",,,', "claim,locator,about,property,value,basis,checked,note"
    )


def link(file: str, target: str) -> Change:
    """Return a change that puts a symbolic link in place of a file."""

    def change(data: Path) -> None:
        (data / file).unlink(missing_ok=True)
        (data / file).symlink_to(target)

    return change


def judgement(line: str) -> Change:
    return append(JUDGEMENTS, line, "source,name,country,municipality,judgement,basis,judged_on")


def claims_header(text: str) -> Change:
    def change(data: Path) -> None:
        lines = (data / CLAIMS).read_text(encoding="utf-8").splitlines()
        lines[0] = text
        (data / CLAIMS).write_text("\n".join(lines) + "\n", encoding="utf-8")

    return change


#: (name, change, file, row, column, a piece of the message)
FAULTS: list[tuple[str, Change, str, int | None, str | None, str]] = [
    # the file itself
    (
        "latin-1",
        write(CLAIMS, "claim,locator,name,partner\n1,x,Kiel,Orléans\n".encode("latin-1")),
        CLAIMS,
        2,
        None,
        "UTF-8",
    ),
    ("utf-16", write(CLAIMS, "claim,locator\n".encode("utf-16")), CLAIMS, None, None, "UTF-16"),
    ("nul", write(CLAIMS, b"claim,locator,name,partner\n1,x,Ki\x00el,Brest\n"), CLAIMS, 2, None, "NUL"),
    ("empty file", write(CLAIMS, b""), CLAIMS, 1, None, "empty"),
    ("directory", make_directory(CLAIMS), CLAIMS, None, None, "is a directory"),
    ("no countries", remove(COUNTRIES), COUNTRIES, None, None, "is missing"),
    ("no gazetteer", remove(PLACES), PLACES, None, None, "is missing"),
    ("unclosed quote", append(CLAIMS, '2,x,"Kiel'), CLAIMS, 3, None, "quote"),
    ("text after quote", append(CLAIMS, '2,x,"Kiel"x,DE'), CLAIMS, 3, None, "quote"),
    ("too few cells", append(CLAIMS, "2,list item 2,Kiel"), CLAIMS, 3, None, "3 cells"),
    ("too many cells", append(CLAIMS, "2,a" + "," * 40), CLAIMS, 3, None, "cells where the header has 23"),
    ("huge cell", append(CLAIMS, "2," + "x" * 20_000), CLAIMS, 3, None, "longer than"),
    # the header
    ("semicolons", claims_header("claim;locator;name;partner"), CLAIMS, 1, None, "commas"),
    ("missing column", claims_header("claim,locator,name,country"), CLAIMS, 1, "partner", "missing from the header"),
    (
        "unknown column",
        replace(CLAIMS, "written_country", "writen_country"),
        CLAIMS,
        1,
        "writen_country",
        "did you mean",
    ),
    ("double column", replace(CLAIMS, "written_country", "kind"), CLAIMS, 1, "kind", "stands twice"),
    # cells of a claim
    ("no locator", claim(locator=""), CLAIMS, 3, "locator", "needs a value"),
    ("no partner", claim(partner=""), CLAIMS, 3, "partner", "needs a value"),
    ("only separators", claim(partner=";"), CLAIMS, 3, "partner", "names no partner"),
    ("unknown kind", claim(kind="marriage"), CLAIMS, 3, "kind", "partnership, friendship"),
    ("unknown status", claim(status="asleep"), CLAIMS, 3, "status", "active, suspended"),
    ("unknown basis", claim(basis="guessed"), CLAIMS, 3, "basis", "stated, inferred"),
    ("checked maybe", claim(checked="maybe"), CLAIMS, 3, "checked", "yes, no"),
    ("impossible day", claim(start="1979-02-30"), CLAIMS, 3, "start", "no day 30"),
    ("impossible month", claim(start="1979-13"), CLAIMS, 3, "start", "no month 13"),
    ("German date", claim(start="22.10.1978"), CLAIMS, 3, "start", "write 1978-10-22"),
    ("span with hyphen", claim(start="1974-1975"), CLAIMS, 3, "start", "write 1974/1975"),
    ("free text date", claim(renewed="im Mai"), CLAIMS, 3, "renewed", "not an EDTF date"),
    ("end before start", claim(start="1990", end="1980"), CLAIMS, 3, "end", "ends (1980) before it starts (1990)"),
    ("span backwards", claim(start="1975/1974"), CLAIMS, 3, "start", "ends before it starts"),
    ("country name", claim(partner_country="Frankreich"), CLAIMS, 3, "partner_country", "two capital letters"),
    ("unknown country", claim(partner_country="XX"), CLAIMS, 3, "partner_country", "countries.csv"),
    (
        "countries do not fit",
        claim(partner="A;B;C", partner_country="FR;DK"),
        CLAIMS,
        3,
        "partner_country",
        "2 countries for 3",
    ),
    ("itself", claim(partner="Kiel", partner_country="DE"), CLAIMS, 3, "partner", "itself"),
    ("kind into itself", claim(kind="friendship", becomes="friendship"), CLAIMS, 3, "becomes", "itself"),
    ("bad union", claim(union="Ring Nr. 1"), CLAIMS, 3, "union", "small letters"),
    ("bad field", claim(fields="Sport und Kultur"), CLAIMS, 3, "fields", "no concept id"),
    ("bad claim id", claim(claim="a b"), CLAIMS, 3, "claim", "no claim id"),
    ("same claim id", claim(claim="1"), CLAIMS, 3, "claim", "already in row 2"),
    (
        "duplicate claim",
        claim(locator="list item 1", kind="partnership", start="1964-03-07", status="active"),
        CLAIMS,
        3,
        "claim",
        "repeats row 2",
    ),
    # other claims
    ("about nothing", other("Kiel", "name", "x"), OTHERS, 2, "about", "names nothing"),
    ("about unknown type", other("club:x", "name", "x"), OTHERS, 2, "about", "names nothing"),
    ("unknown property", other("association:x", "budget", "1"), OTHERS, 2, "property", "known are"),
    ("founded never", other("association:x", "founded", "5.3.1980"), OTHERS, 2, "value", "1980-03-05"),
    ("count in words", other("municipality:Kiel@DE", "partner_count", "nine"), OTHERS, 2, "value", "whole number"),
    ("place without claim", other("association:x", "supports", "claim:99"), OTHERS, 2, "value", "no claim '99'"),
    ("page that runs code", other("association:x", "webpage", "javascript:alert(1)"), OTHERS, 2, "value", "http(s)"),
    # metadata
    ("no metadata", remove(TOML), TOML, None, None, "is missing"),
    ("broken TOML", write(TOML, b'title = "x\n'), TOML, 1, None, "TOML is broken"),
    ("unknown key", append(TOML, 'colour = "red"'), TOML, None, "colour", "there is no key"),
    ("number as title", replace(TOML, '"Partner towns"', "7"), TOML, None, "title", "text in quotes"),
    ("no publisher", replace(TOML, 'publisher = "Town of Kiel"\n', ""), TOML, None, "publisher", "missing"),
    (
        "no address",
        replace(TOML, 'url = "https://example.org/partners"\n', ""),
        TOML,
        None,
        "url",
        "address is missing",
    ),
    (
        "bad IRI",
        replace(TOML, "https://example.org/partners", "https://example.org/a b>"),
        TOML,
        None,
        "url",
        "no http",
    ),
    ("other scheme", replace(TOML, "https://example.org", "file:///etc/passwd"), TOML, None, "url", "no http"),
    ("bad type", replace(TOML, "municipal page", "gossip"), TOML, None, "type", "municipal page"),
    ("bad language", replace(TOML, '"de"', '"German"'), TOML, None, "language", "language tag"),
    ("inferred without reason", append(TOML, 'inferred_date = "2011"'), TOML, None, "inference", "reason"),
    ("speaks for nobody", replace(TOML, "Kiel@DE", "Kiel@Germany"), TOML, None, "speaks_for", "Name@CC"),
    # gazetteer
    ("bad key", append(PLACES, "Kiel,Kiel,de,,,DE,municipality,,,,,,,,"), PLACES, 8, "key", "no key"),
    ("key twice", append(PLACES, "Q1,Kiel,de,,,DE,municipality,,,,,,,,"), PLACES, 8, "key", "row already"),
    ("latitude", append(PLACES, "Q9,A,de,,,DE,municipality,95.1,9,town,,,,,"), PLACES, 8, "lat", "outside"),
    ("comma in number", append(PLACES, 'Q9,A,de,,,DE,municipality,"54,3",9,town,,,,,'), PLACES, 8, "lat", "no number"),
    ("half a place", append(PLACES, "Q9,A,de,,,DE,municipality,54.3,,town,,,,,"), PLACES, 8, "long", "go together"),
    (
        "coordinates of nobody",
        append(PLACES, "Q9,A,de,,,DE,municipality,54.3,9,,,,,,"),
        PLACES,
        8,
        "coordinates_source",
        "need their source",
    ),
    (
        "coordinates of a stranger",
        append(PLACES, "Q9,A,de,,,DE,municipality,54.3,9,atlas,,,,,"),
        PLACES,
        8,
        "coordinates_source",
        "no source 'atlas'",
    ),
    (
        "id of nobody",
        append(PLACES, "Q9,A,de,,,DE,municipality,,,,Q9,,,,"),
        PLACES,
        8,
        "wikidata_source",
        "needs its source",
    ),
    ("id twice", append(PLACES, "Q9,A,de,,,DE,municipality,,,,Q1,town,,,"), PLACES, 8, "wikidata_id", "already"),
    ("bad QID", append(PLACES, "Q9,A,de,,,DE,municipality,,,,P190,town,,,"), PLACES, 8, "wikidata_id", "no QID"),
    ("bad level", append(PLACES, "Q9,A,de,,,DE,planet,,,,,,,,"), PLACES, 8, "level", "municipality, borough"),
    ("country twice", append(COUNTRIES, "DE,a,b,c,,,,,"), COUNTRIES, 7, "country", "row already"),
    (
        "name for nobody",
        append("gazetteer/names.csv", "Q77,X,de,town", "municipality,name,language,source"),
        "gazetteer/names.csv",
        2,
        "municipality",
        "no municipality",
    ),
    # judgements
    (
        "judged nobody",
        judgement("town,X,DE,Q77,positive,b,2026-01-01"),
        JUDGEMENTS,
        2,
        "municipality",
        "no municipality",
    ),
    ("judged by a stranger", judgement("atlas,X,DE,Q1,positive,b,2026-01-01"), JUDGEMENTS, 2, "source", "no source"),
    ("judged maybe", judgement("town,X,DE,Q1,maybe,b,2026-01-01"), JUDGEMENTS, 2, "judgement", "positive, negative"),
    ("judged sometime", judgement("town,X,DE,Q1,positive,b,2026"), JUDGEMENTS, 2, "judged_on", "YYYY-MM-DD"),
    # characters that nobody sees, personal data, years to come
    ("line break", claim(locator="list\nitem"), CLAIMS, 3, "locator", "line break"),
    ("carriage return", claim(locator="list\ritem"), CLAIMS, 3, "locator", "line break"),
    ("tab", claim(name="Ki\tel"), CLAIMS, 3, "name", "U+0009"),
    ("escape", claim(name="\x1b[31mKiel"), CLAIMS, 3, "name", "U+001B"),
    ("delete", claim(partner="Bre\x7fst"), CLAIMS, 3, "partner", "U+007F"),
    ("next line", claim(partner="Bre\x85st"), CLAIMS, 3, "partner", "U+0085"),
    ("right to left", claim(partner="\u202etserB"), CLAIMS, 3, "partner", "U+202E"),
    ("isolate", claim(partner="Brest\u2069"), CLAIMS, 3, "partner", "U+2069"),
    ("bell in a note", claim(note="a\x07b"), CLAIMS, 3, "note", "U+0007"),
    ("bidi in a note", claim(note="a\u2066b"), CLAIMS, 3, "note", "U+2066"),
    ("control in another claim", other("association:x", "name", "A\x08B"), OTHERS, 2, "value", "U+0008"),
    ("control in the gazetteer", append(PLACES, "Q9,A\x01B,de,,,DE,municipality,,,,,,,,"), PLACES, 8, "name", "U+0001"),
    ("control in metadata", append(TOML, 'licence = "a\\u001bb"'), TOML, None, "licence", "U+001B"),
    ("e-mail", claim(note="ask jane.doe@town.example"), CLAIMS, 3, "note", "e-mail"),
    ("hidden e-mail", claim(locator="jane [at] town"), CLAIMS, 3, "locator", "e-mail"),
    ("e-mail as value", other("association:x", "name", "x@y.example"), OTHERS, 2, "value", "e-mail"),
    ("telephone", claim(note="call +49 (0) 431 / 123-45"), CLAIMS, 3, "note", "telephone"),
    ("telephone in words", claim(locator="Tel.: 0431 12345"), CLAIMS, 3, "locator", "telephone"),
    ("far future", claim(start="2101"), CLAIMS, 3, "start", "after the year 2100"),
    ("year of six thousand", other("association:x", "founded", "6019"), OTHERS, 2, "value", "after the year 2100"),
    ("date of metadata", append(TOML, 'date = "20211"'), TOML, None, "date", "not an EDTF date"),
    ("retrieved in future", replace(TOML, "2026-01-02", "2206-01-02"), TOML, None, "retrieved", "after the year 2100"),
    (
        "status before start",
        claim(start="1990", status="ended", status_since="1989-12-31"),
        CLAIMS,
        3,
        "status_since",
        "before it starts (1990)",
    ),
    # names that stand twice, headers without names
    ("partner twice", claim(partner="Brest;Brest"), CLAIMS, 3, "partner", "Brest stands twice"),
    ("nameless column", claims_header("claim,locator,,name,partner"), CLAIMS, 1, None, "column 3 of the header"),
    # files of other names
    ("misnamed claims", write("sources/town/claims.csv", b""), "sources/town/claims.csv", None, None, "other_claims"),
    (
        "hyphen for underscore",
        write("sources/town/partnership-claims.csv", b""),
        "sources/town/partnership-claims.csv",
        None,
        None,
        "did you mean 'partnership_claims.csv'",
    ),
    ("capital letters", write("sources/town/SOURCE.TOML", b""), "sources/town/SOURCE.TOML", None, None, "source.toml"),
    ("folder in a source", make_directory("sources/town/old"), "sources/town/old", None, None, "the files here are"),
    ("pipe in a source", lambda data: os.mkfifo(data / "sources/town/x"), "sources/town/x", None, None, "lost"),
    ("file among sources", write("sources/town.txt", b""), "sources/town.txt", None, None, "a folder of its own"),
    (
        "file in gazetteer",
        write("gazetteer/name.csv", b""),
        "gazetteer/name.csv",
        None,
        None,
        "did you mean 'names.csv'",
    ),
    (
        "file in resolution",
        write("resolution/judgments.csv", b""),
        "resolution/judgments.csv",
        None,
        None,
        "did you mean 'judgements.csv'",
    ),
    # links
    ("dangling link", link(CLAIMS, "nowhere.csv"), CLAIMS, None, None, "link that leads nowhere"),
    ("link to itself", link(TOML, "source.toml"), TOML, None, None, "link that leads nowhere"),
    ("source that is a dangling link", link("sources/x", "y"), "sources/x", None, None, "link that leads nowhere"),
    # metadata that is none
    ("deep brackets", write(TOML, b"z = " + b"[" * 50_000), TOML, None, None, "nested too deep"),
    ("deep brackets, large", write(TOML, b"z = " + b"[" * 100_000), TOML, None, None, "larger than 100 kB"),
]


@pytest.mark.parametrize(
    ("change", "file", "row", "column", "piece"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_fault_is_named_with_its_place(
    data: Path, tmp_path: Path, change: Change, file: str, row: int | None, column: str | None, piece: str
) -> None:
    change(data)
    with pytest.raises(InvalidDataError) as caught:
        read_dataset(data)
    found = [error for error in caught.value.errors if error.file == data / file and piece in error.detail]
    assert found, str(caught.value)
    assert (found[0].row, found[0].column) == (row, column)
    run = CliRunner().invoke(cli, ["build", "--data", str(data), "--store", str(tmp_path / "store")])
    assert isinstance(run.exception, InvalidDataError)
    assert not (tmp_path / "store" / "current").exists()


def test_folder_of_fixture_has_no_fault(data: Path) -> None:
    assert len(read_dataset(data).partnership_claims) == 1


def test_all_faults_are_told_at_once(data: Path) -> None:
    claim(kind="marriage")(data)
    claim(claim="3", start="1979-02-30")(data)
    replace(TOML, "municipal page", "gossip")(data)
    with pytest.raises(InvalidDataError) as caught:
        read_dataset(data)
    assert len(caught.value.errors) == 3
    assert "3 errors" in str(caught.value)


@pytest.mark.parametrize("what", ["missing", "file", "no sources"])
def test_data_folder_that_is_none(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "x"
    if what == "file":
        folder.write_text("")
    elif what == "no sources":
        folder.mkdir()
    with pytest.raises(DataError, match=r"does not exist|not a folder|sources/ is missing"):
        read_dataset(folder)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(data: Path) -> None:
    (data / CLAIMS).chmod(0)
    with pytest.raises(InvalidDataError, match="no permission"):
        read_dataset(data)


def test_pipe_in_place_of_a_file_is_not_waited_for(data: Path) -> None:
    (data / CLAIMS).unlink()
    os.mkfifo(data / CLAIMS)
    with pytest.raises(InvalidDataError, match="no regular file"):
        read_dataset(data)


def test_byte_order_mark_and_windows_line_ends_are_taken(data: Path) -> None:
    """Excel writes both when it saves "CSV UTF-8"; refusing them would help nobody."""
    text = (data / CLAIMS).read_text(encoding="utf-8")
    (data / CLAIMS).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    claims = read_dataset(data).partnership_claims
    assert [claim.places[0].name for claim in claims] == ["Kiel"]


def test_row_number_is_the_editor_line(data: Path) -> None:
    """A cell with a line break takes two lines; the next row's number counts them."""
    claim(note="one\ntwo")(data)
    claim(claim="3", kind="marriage")(data)
    with pytest.raises(InvalidDataError) as caught:
        read_dataset(data)
    assert caught.value.errors[0].row == 5


def test_self_partnership_by_another_name(data: Path) -> None:
    append(CLAIMS, "2,x,Sønderborg,DK,Sonderburg,DK,,,partnership,,,,,,,,,,,,,,")(data)
    dataset = read_dataset(data)
    with pytest.raises(InvalidDataError, match="same municipality") as caught:
        conclude(dataset, Resolver(dataset))
    assert (caught.value.errors[0].row, caught.value.errors[0].column) == (3, "partner")


def test_same_partner_under_two_names_is_the_one_named(data: Path) -> None:
    claim(partner="Sønderborg;Sonderburg", partner_country="DK")(data)
    dataset = read_dataset(data)
    with pytest.raises(InvalidDataError, match="Sønderborg and Sonderburg are the same municipality") as caught:
        conclude(dataset, Resolver(dataset))
    assert "Kiel" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("Atlantis@GB", "add it to gazetteer/municipalities.csv"),
        ("Kiehl@DE", "near are Kiel@DE"),
        ("Kiel@FR", "near are Kiel@DE"),
        ("Brest", "near are Brest@FR, Брест@BY"),
        ("Neustadt@DE", "2 municipalities have this name"),
    ],
)
def test_source_that_speaks_for_nobody_of_the_gazetteer(data: Path, name: str, piece: str) -> None:
    append(COUNTRIES, "GB,a,b,c,,,,,")(data)
    replace(TOML, "Kiel@DE", name)(data)
    dataset = read_dataset(data)
    with pytest.raises(InvalidDataError, match=piece) as caught:
        conclude(dataset, Resolver(dataset))
    [error] = caught.value.errors
    assert (error.file, error.column) == (data / TOML, "speaks_for")


def test_predecessor_that_is_not_identified_is_counted(data: Path) -> None:
    claim(partner="Sønderborg", partner_country="DK", taken_over_from="Nowhere")(data)
    claim(claim="3", taken_over_from="Sonderburg", partner="Брест", partner_country="BY")(data)
    claim(
        claim="4", taken_over_from="Sonderburg", name="Brest", country="FR", partner="Sønderborg", partner_country="DK"
    )(data)
    dataset = read_dataset(data)
    found = conclude(dataset, Resolver(dataset)).unresolved
    assert [(name.claim, name.row, name.name) for name in found] == [("2", 3, "Nowhere"), ("3", 4, "Sonderburg")]


@pytest.mark.parametrize(
    "change",
    [
        claims_header("claim,locator,name"),
        write(CLAIMS, b"\xff\xfe"),
        append(CLAIMS, '3,x,"Kiel'),
        claim(kind="marriage"),
    ],
    ids=["header", "not UTF-8", "quote", "row"],
)
def test_what_refers_to_a_faulty_table_is_not_a_second_fault(data: Path, change: Change) -> None:
    other("association:x", "supports", "claim:2")(data)
    change(data)
    with pytest.raises(InvalidDataError) as caught:
        read_dataset(data)
    assert len(caught.value.errors) == 1, str(caught.value)


def test_claims_under_a_wrong_name_are_one_fault(data: Path) -> None:
    other("association:x", "supports", "claim:1")(data)
    (data / CLAIMS).rename(data / "sources/town/partnership-claims.csv")
    with pytest.raises(InvalidDataError) as caught:
        read_dataset(data)
    assert len(caught.value.errors) == 1, str(caught.value)


@pytest.mark.parametrize("table", ["municipalities.csv", "countries.csv"])
def test_missing_table_of_the_gazetteer_is_one_fault(mini: Path, table: str) -> None:
    (mini / "gazetteer" / table).unlink()
    with pytest.raises(InvalidDataError) as caught:
        read_dataset(mini)
    assert [(error.file, error.row) for error in caught.value.errors] == [(mini / "gazetteer" / table, None)]


def test_day_of_reading_that_is_no_day_is_one_fault(data: Path) -> None:
    replace(TOML, "2026-01-02", "yesterday")(data)
    with pytest.raises(InvalidDataError) as caught:
        read_dataset(data)
    assert [error.column for error in caught.value.errors] == ["retrieved"]


def test_hidden_files_and_those_of_open_spreadsheets_are_left_alone(data: Path) -> None:
    for folder in ("sources/town", "sources", "gazetteer", "resolution"):
        for name in (".DS_Store", ".~lock.partnership_claims.csv#", "~$partnership_claims.csv"):
            (data / folder / name).write_text("x")
    for folder in ("sources", "gazetteer", "resolution"):
        (data / folder / "README.md").write_text("x")
    assert len(read_dataset(data).partnership_claims) == 1


def test_what_only_looks_like_personal_data_is_taken(data: Path) -> None:
    claim(note="one\ttwo\r\nthree; 12 + 20000000 people; Tel Aviv 1996; Telefon seit 1996", start="2100")(data)
    other("association:x", "webpage", "https://maps.example/@54.32,10.14")(data)
    other("municipality:Kiel@DE", "purpose", "reconciliation")(data)
    text = (data / OTHERS).read_text(encoding="utf-8")
    (data / OTHERS).write_text(text.replace("\n9,page,municipality", "\n10,page,municipality"), encoding="utf-8")
    dataset = read_dataset(data)
    assert (len(dataset.partnership_claims), len(dataset.other_claims)) == (2, 2)


def test_unknown_concept(data: Path, tmp_path: Path) -> None:
    from twingraph.building import build

    claim(fields="quidditch")(data)
    with pytest.raises(InvalidDataError, match="no concept 'quidditch'") as caught:
        build(data, tmp_path / "store")
    assert (caught.value.errors[0].row, caught.value.errors[0].column) == (3, "fields")


@pytest.mark.parametrize("fault", [FAULTS[0], FAULTS[10], FAULTS[30]], ids=lambda fault: str(fault[0]))
def test_message_is_one_paragraph_without_traceback(
    data: Path, tmp_path: Path, fault: tuple[str, Change, str, int, str, str], run_twingraph: Callable[..., object]
) -> None:
    fault[1](data)
    done = run_twingraph("build", "--data", str(data), "--store", str(tmp_path / "s"))
    assert done.returncode == 1  # type: ignore[attr-defined]
    assert "Traceback" not in done.stderr  # type: ignore[attr-defined]
    assert done.stderr.startswith("Error: 1 error in the data")  # type: ignore[attr-defined]


def test_errors_have_one_root() -> None:
    assert issubclass(InvalidDataError, TwingraphError)
