"""Broken, cut off, huge, wrongly encoded and hostile files end in a clear error that names file and row; nothing comes in."""

import io
import json
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from twingraph.errors import DataError
from twingraph.importing.mapping import load_mapping
from twingraph.importing.networks import import_network
from twingraph.importing.reading import open_table
from twingraph.importing.tables import import_table

GOOD = "city1,country1,city2,country2\nUlm,DE,Opole,PL\nKiel,DE,Brest,FR\n"
FRAME = pl.DataFrame(
    {"city1": ["Ulm", "Kiel"], "country1": ["DE", "DE"], "city2": ["Opole", "Brest"], "country2": ["PL", "FR"]}
)


def workbook(frame: pl.DataFrame = FRAME, more: str = "", sheets: dict[str, str] | None = None) -> bytes:
    """Return a small XLSX made by hand, with inline strings; `more` comes after its rows.

    `sheets` are further ones before it: attributes by name, each with the same header and a row of Cork and Kiel, but
    for one named Leer.
    """
    rows = [frame.columns, *frame.iter_rows()]
    cells = "".join(
        f"<row r='{r}'>"
        + "".join(f"<c r='{chr(65 + c)}{r}' t='inlineStr'><is><t>{text}</t></is></c>" for c, text in enumerate(row))
        + "</row>"
        for r, row in enumerate(rows, 1)
    )
    cells += more
    names = [*(sheets or {}), "Tabelle1"]
    other = (
        cells[: cells.index("</row>") + 6]
        + "<row r='2'>"
        + "".join(
            f"<c r='{column}2' t='inlineStr'><is><t>{text}</t></is></c>"
            for column, text in zip("ABCD", ("Cork", "IE", "Kiel", "DE"), strict=True)
        )
        + "</row>"
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f"<Types xmlns='{pack}/content-types'><Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
            "<Override PartName='/xl/workbook.xml' ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/>"
            + "".join(
                f"<Override PartName='/xl/worksheets/sheet{n}.xml' ContentType='application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml'/>"
                for n in range(1, len(names) + 1)
            )
            + "</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f"<Relationships xmlns='{pack}/relationships'><Relationship Id='r1' Type='{rel}/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        )
        archive.writestr(
            "xl/workbook.xml",
            f"<workbook xmlns='{main}' xmlns:r='{rel}'><sheets>"
            + "".join(
                f"<sheet name='{name}' sheetId='{n}' r:id='r{n}' {(sheets or {}).get(name, '')}/>"
                for n, name in enumerate(names, 1)
            )
            + "</sheets></workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f"<Relationships xmlns='{pack}/relationships'>"
            + "".join(
                f"<Relationship Id='r{n}' Type='{rel}/worksheet' Target='worksheets/sheet{n}.xml'/>"
                for n in range(1, len(names) + 1)
            )
            + "</Relationships>",
        )
        for n, name in enumerate(names, 1):
            content = cells if name == "Tabelle1" else other if name != "Leer" else ""
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml", f"<worksheet xmlns='{main}'><sheetData>{content}</sheetData></worksheet>"
            )
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    FRAME.write_parquet(out)
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("sheet.xml", "w") as file:
        for _ in range(200):
            file.write(b"0" * (1 << 20))
    return out.getvalue()


def far_cell(reference: str, before: str = "") -> str:
    row = "".join(filter(str.isdigit, reference))
    return f"<row r='{row}'><c {before}r='{reference}' t='inlineStr'><is><t>x</t></is></c></row>"


def lying_workbook() -> bytes:
    """Return a workbook whose sheet is larger than its archive says."""
    whole = workbook(more="<row>" + " " * 100_000 + "</row>")
    entry = next(
        one for one in zipfile.ZipFile(io.BytesIO(whole)).infolist() if one.filename == "xl/worksheets/sheet1.xml"
    )
    size = entry.file_size.to_bytes(4, "little")
    assert whole.count(size) == 2
    return whole.replace(size, (1000).to_bytes(4, "little"))


def bring(path: Path, data: Path):
    return import_table(path, load_mapping("pairs"), data)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", GOOD.encode()),
        ("a.csv", b"\xef\xbb\xbf" + GOOD.encode()),
        ("a.csv", GOOD.replace(",", ";").replace("\n", "\r\n").encode()),
        ("a.csv", GOOD.encode("utf-16")),
        ("a.csv", b"sep=;\r\n" + GOOD.replace(",", ";").encode()),
        ("a.tsv", GOOD.replace(",", "\t").encode()),
        ("a.xlsx", workbook()),
        ("a.xlsx", workbook(more="<row r='1048576' ht='12'/><row r='9'><c r='XFD9' s='1'/></row>")),
        ("a.parquet", parquet()),
        ("a.json", json.dumps(FRAME.to_dicts()).encode()),
        ("a.json", json.dumps({"pairs": FRAME.to_dicts()}).encode()),
        ("a.jsonl", "\n".join(map(json.dumps, FRAME.to_dicts())).encode()),
    ],
)
def test_each_form_gives_the_same_claims(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    outcome = bring(path, tmp_path / "data")
    assert [(c["name"], c["partner"]) for c in outcome.intake.claims] == [("Ulm", "Opole"), ("Kiel", "Brest")]


DEEP = b"[" * 200_000
BAD = [
    ("missing.csv", None, "does not exist"),
    ("a.csv", b"", "is empty"),
    ("a.csv", b"\n\n\n", "first line is empty"),
    ("a.doc", b"x", "its ending"),
    ("a.csv", GOOD.encode().replace(b"Kiel", b"K\xfcln"), "row 3.*not UTF-8"),
    ("a.csv", GOOD.encode() + b'"Bonn,DE,Oxford,UK\n', "row 4.*cut off"),
    ("a.csv", GOOD.encode() + b'"Bo"nn,DE,Oxford,UK\n', "row 4.*quote"),
    ("a.csv", GOOD.encode() + b"x" * (3 << 20), "row 4.*longer than"),
    ("a.csv", GOOD.encode() + b'"' + b"x" * 20_000 + b'",DE,a,b\n', "row 4.*longer than"),
    ("a.csv", GOOD.encode() + b"a\x00b,DE,c,FR\n", "row 4.*NUL"),
    ("a.csv", workbook(), "packed file"),
    ("a.csv", b"\xff\xfea", "UTF-16"),
    ("a.csv", GOOD.encode("utf-16-le"), "row 1.*--encoding utf-16-le"),
    ("a.csv", GOOD.replace("\n", "\r").encode(), "row 1.*carriage return alone"),
    ("a.csv", GOOD.encode() + b"Bonn,DE\rx,a,b\n", "row 4.*carriage return"),
    ("a.csv", b"sep=,\n" + GOOD.encode() + b'"cut off', "row 5.*cut off"),
    ("a.csv", b"city1,city1,city2\na,b,c\n", "two columns"),
    ("a.csv", b"town,partner\na,b\n", "no such column"),
    ("a.xlsx", workbook()[:200], "damaged or cut off"),
    ("a.xlsx", b"not a workbook", "damaged or cut off"),
    ("a.xlsx", bomb(), "would unpack"),
    ("a.xlsx", workbook(more=far_cell("XFD1048576")), "reach to XFD1048576"),
    ("a.xlsx", workbook(more=far_cell("XFD4000")), "reach to XFD4000 .13 of 65,536,000"),
    ("a.xlsx", workbook(more=far_cell("xfd4000", "s='1' x='>' ")), "reach to XFD4000"),
    ("a.xlsx", lying_workbook(), "sheet1.xml"),
    ("a.parquet", parquet()[:100], "Parquet"),
    ("a.parquet", b"PAR1" + b"\x00" * 50, "Parquet"),
    ("a.json", b'[{"city1": "Ulm"', "row 1.*cut off"),
    ("a.json", b"{}", "no list of records"),
    ("a.json", b'"x"', "no list of records"),
    ("a.json", DEEP, "nested too deep|broken"),
    ("a.json", GOOD.encode("latin-1") + b"\xff", "UTF-8|broken"),
    ("a.jsonl", b'{"city1": "a"}\n{"city1', "row 2.*cut off"),
    ("a.jsonl", b"[1]\n", "row 1.*no record"),
    ("a.jsonl", b'{"city1": "a"}\n{"city1": "' + b"x" * 20_000 + b'"}\n', r"a\.jsonl, row 2.*longer than"),
    ("a.json", b'[{"city1": "Ulm", "city1": "Bonn"}]', "'city1' stands twice in one object, with 'Ulm', 'Bonn'"),
    ("a.jsonl", b'{"city1": "Ulm"}\n{"city1": "Ulm", "city1": "Bonn"}\n', "row 2.*'city1' stands twice"),
]


@pytest.mark.parametrize(("name", "content", "message"), BAD, ids=[f"{n}-{name}" for n, (name, _, _) in enumerate(BAD)])
def test_a_bad_table_is_refused_whole(tmp_path, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        bring(path, tmp_path / "data")
    assert name in str(caught.value)
    assert not (tmp_path / "data").exists()


def test_a_bad_table_leaves_what_was_there(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(GOOD, encoding="utf-8")
    bring(path, tmp_path / "data")
    claims = tmp_path / "data" / "sources" / "list" / "partnership_claims.csv"
    before = claims.read_bytes()
    path.write_text(GOOD + '"cut off', encoding="utf-8")
    with pytest.raises(DataError):
        bring(path, tmp_path / "data")
    assert claims.read_bytes() == before


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "@SUM(A1)",
        "+49 531 123456",
        "-2+3",
        "a\x07b",
        "mail@example.org",
        "x" * 300,
        "Ulm; Kiel",
        "…",
        "\u202eabc",
    ],
)
def test_a_cell_that_is_no_name_is_kept_apart(tmp_path, cell):
    path = tmp_path / "list.csv"
    path.write_text(f'{GOOD}"{cell}",DE,Brest,FR\n', encoding="utf-8")
    outcome = bring(path, tmp_path / "data")
    assert [row.row for row in outcome.intake.rejected] == [4]
    left = outcome.rejected_file.read_text(encoding="utf-8").splitlines()[1]
    assert not any(part.startswith(("=", "+", "@", "-")) for part in left.split(","))


def test_rows_of_the_wrong_length_are_kept_apart(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(GOOD + "a,b\na,DE,b,FR,more,cells\n", encoding="utf-8")
    outcome = bring(path, tmp_path / "data")
    assert [row.reason for row in outcome.intake.rejected] == ["has 2 cells, the header 4", "has 6 cells, the header 4"]
    assert outcome.intake.rejected[1].cells["further"] == "more | cells"


def cells_of_a_row(number: int, *cells: str) -> str:
    """Return a row of a sheet; a cell that is no markup is a text."""
    return (
        f"<row r='{number}'>"
        + "".join(
            cell.format(at=f"r='{column}{number}'")
            if cell.startswith("<")
            else f"<c r='{column}{number}' t='inlineStr'><is><t>{cell}</t></is></c>"
            for column, cell in zip("ABCD", cells, strict=False)
        )
        + "</row>"
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c {at} t='e'><v>#REF!</v></c>", "#REF!"),
        ("<c {at} s='1' t='e'><f>1/0</f><v>#DIV/0!</v></c>", "#DIV/0!"),
        ('<c {at}><f>A1&amp;"x"</f></c>', '=A1&"x"'),
        ("<c {at} t='n'><f>1970+9</f><v/></c>", "=1970+9"),
        ("<c {at}><f>1970+9</f><v></v></c>", "=1970+9"),
        ("<c {at} t='str'><f>A1</f></c>", "=A1"),
        ("<c {at}><f t='shared' si='0'/></c>", "=(shared)"),
        ("<c {at} t='str'><f>A9</f><v></v></c>", ""),
        ("<c {at} t='str'><f>A1</f><v>Brest</v></c>", "Brest"),
        ("<c {at}><f>1970+9</f><v>1979</v></c>", "1979"),
        ("<c {at}/>", ""),
    ],
)
def test_a_cell_of_a_workbook_states_what_it_shows(tmp_path, cell, text):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(more=cells_of_a_row(4, "Ulm", "DE", cell, "FR")))
    assert list(open_table(path).rows)[-1] == (4, ["Ulm", "DE", text, "FR"])


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("a.xlsx", "<c {at} t='e'><v>#REF!</v></c>"),
        ("a.xlsx", "<c {at}><f>1970+9</f></c>"),
        ("a.csv", "#DIV/0!"),
        ("a.csv", "#BEZUG!"),
        ("a.csv", "=1970+9"),
    ],
)
@pytest.mark.parametrize("place", range(4))
def test_errors_and_formulas_state_nothing(tmp_path, name, cell, place):
    path = tmp_path / name
    row = ["Ulm", "DE", "Brest", "FR"]
    row[place] = cell
    if name == "a.csv":
        path.write_text(f"{GOOD}{','.join(row)}\n", encoding="utf-8")
    else:
        path.write_bytes(workbook(more=cells_of_a_row(4, *row)))
    outcome = bring(path, tmp_path / "data")
    (left,) = outcome.intake.rejected
    assert (left.row, left.column) == (4, FRAME.columns[place])
    assert "error" in left.reason or "formula" in left.reason
    shown = next(text for text in ("#REF!", "=1970+9", "#DIV/0!", "#BEZUG!") if text.strip("=") in cell)
    assert shown in outcome.rejected_file.read_text(encoding="utf-8")


def test_rows_are_counted_from_the_top_of_the_sheet(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole, zipfile.ZipFile(path, "w") as lowered:
        for name in whole.namelist():
            content = whole.read(name).decode()
            if name.endswith("sheet1.xml"):
                content = re.sub(r"(r='[A-D]?)(\d+)", lambda match: f"{match[1]}{int(match[2]) + 2}", content)
            lowered.writestr(name, content)
    assert [number for number, _ in open_table(path).rows] == [4, 5]


def test_a_hidden_sheet_is_not_read_unless_it_is_named(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(sheets={"Leer": "", "Alt": "state='hidden'", "Ganz alt": "state='veryHidden'"}))
    outcome = bring(path, tmp_path / "data")
    assert [claim["name"] for claim in outcome.intake.claims] == ["Ulm", "Kiel"]
    assert (
        "only the sheet 'Tabelle1' was read; others, for --sheet: 'Alt' (hidden, 2 rows), 'Ganz alt' (hidden, 2 rows)"
        in outcome.notes
    )
    assert [cells[0] for _, cells in open_table(path, sheet="Alt").rows] == ["Cork"]


def test_further_sheets_are_told(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook(sheets={"Irland": ""}))
    outcome = bring(path, tmp_path / "data")
    assert [claim["name"] for claim in outcome.intake.claims] == ["Cork"]
    assert "only the sheet 'Irland' was read; others, for --sheet: 'Tabelle1' (3 rows)" in outcome.notes


def test_utf_16_without_a_mark_is_read_where_it_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(GOOD.encode("utf-16-le"))
    assert [number for number, _ in open_table(path, encoding="utf-16-le").rows] == [2, 3]


def test_no_folder_or_device_is_read(tmp_path):
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(DataError):
            open_table(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.gexf", b"<gexf"),
        ("a.gexf", b"<gexf xmlns='http://gexf.net/1.3'><graph><attributes class='graph'/></graph></gexf>"),
        ("a.gexf", b"<!DOCTYPE x [<!ENTITY a 'b'>]><gexf/>"),
        ("a.graphml", b"<html></html>"),
        ("a.json", b'{"features": 1}'),
        ("a.json", b'{"features": [1]}'),
        ("a.json", DEEP),
        ("a.net", b"x"),
    ],
)
def test_a_bad_graph_file_is_refused_whole(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=name):
        import_network(path, tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = ",
        "[columns]\nname = 1.5\n",
        "[columns]\nnome = 'a'\n",
        "[columns]\nname = 'a'\n",
        "[table]\nheader = 'no'\n",
        "[more]\n",
        "[values.colour]\na = 'b'\n",
        "[places]\nfile = 'x'\n",
    ],
)
def test_a_bad_mapping_names_its_key(tmp_path, text):
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"m\.toml"):
        load_mapping(str(path))


@pytest.mark.slow
def test_a_line_of_100_megabytes_takes_little_memory(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(GOOD.encode())
        for _ in range(100):
            file.write(b"x" * (1 << 20))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "twingraph",
            "import",
            "table",
            str(path),
            "--mapping",
            "pairs",
            "--data",
            str(tmp_path / "d"),
        ],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "row 4" in done.stderr and "longer than" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "d").exists()
