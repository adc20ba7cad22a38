"""Fixtures that several test files share."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"

CLAIMS_HEADER = (
    "claim,locator,name,country,partner,partner_country,written_country,then_country,kind,start,end,status,"
    "status_since,first_contact,renewed,becomes,taken_over_from,taken_over,union,fields,basis,checked,note"
)
SOURCE = """title = "Partner towns"
publisher = "Town of Kiel"
url = "https://example.org/partners"
language = "de"
speaks_for = ["Kiel@DE"]
type = "municipal page"
retrieved = "2026-01-02"
"""
MUNICIPALITIES = """key,name,language,name_de,name_en,country,level,lat,long,coordinates_source,wikidata_id,\
wikidata_source,geonames_id,geonames_source,note
Q1,Kiel,de,Kiel,Kiel,DE,municipality,54.32,10.14,town,Q1,town,,,
Q2,Sønderborg,da,Sonderburg,,DK,municipality,54.91,9.79,town,,,,,
Q3,Brest,fr,,Brest,FR,municipality,48.39,-4.49,town,,,,,
Q4,Брест,be,Brest,Brest,BY,municipality,,,,,,,,
maaaaaa,Neustadt,de,,,DE,municipality,,,,,,,,
mbbbbbb,Neustadt,de,,,DE,municipality,,,,,,,,
"""
COUNTRIES = """country,name_de,name_en,name_fr,continent,start,end,source,note
BY,Belarus,Belarus,Bélarus,Europe,,,,
DE,Deutschland,Germany,Allemagne,Europe,,,,
DK,Dänemark,Denmark,Danemark,Europe,,,,
FR,Frankreich,France,France,Europe,,,,
DDDE,Deutsche Demokratische Republik,German Democratic Republic,,Europe,1949,1990,,
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small data folder without faults, for a test to change: one source ``town`` with one claim."""
    folder = tmp_path / "data"
    source = folder / "sources" / "town"
    source.mkdir(parents=True)
    (folder / "gazetteer").mkdir()
    (folder / "resolution").mkdir()
    (source / "source.toml").write_text(SOURCE, encoding="utf-8")
    (source / "partnership_claims.csv").write_text(
        f"{CLAIMS_HEADER}\n1,list item 1,Kiel,DE,Brest,FR,Frankreich,,partnership,1964-03-07,,active,,,,,,,,,,yes,\n",
        encoding="utf-8",
    )
    (folder / "gazetteer" / "municipalities.csv").write_text(MUNICIPALITIES, encoding="utf-8")
    (folder / "gazetteer" / "countries.csv").write_text(COUNTRIES, encoding="utf-8")
    return folder


@pytest.fixture
def add_claim(data: Path) -> Callable[..., Path]:
    """Append a row to the claims of a source (``town`` by default), given by column; return the file."""

    def add(source: str = "town", **cells: str) -> Path:
        folder = data / "sources" / source
        file = folder / "partnership_claims.csv"
        if not folder.exists():
            folder.mkdir()
            text = SOURCE.replace('speaks_for = ["Kiel@DE"]', "speaks_for = []").replace("Kiel", source)
            (folder / "source.toml").write_text(text, encoding="utf-8")
        if not file.exists():
            file.write_text(CLAIMS_HEADER + "\n", encoding="utf-8")
        number = file.read_text(encoding="utf-8").count("\n")
        row = {"claim": str(number), "locator": f"list item {number}", "name": "Kiel", "country": "DE"}
        row |= {"partner": "Brest", "partner_country": "FR", "checked": "yes"} | cells
        line = ",".join('"' + row.get(name, "").replace('"', '""') + '"' for name in CLAIMS_HEADER.split(","))
        with file.open("a", encoding="utf-8") as out:
            out.write(line + "\n")
        return file

    return add


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of the fixture data set that the query library is tested on."""
    return Path(shutil.copytree(FIXTURES / "mini", tmp_path / "mini"))


@pytest.fixture
def run_twingraph() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line as a process of its own, as a user does."""

    def run(*args: str, text: str | None = None, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "twingraph", *args],
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def shipped_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built from the data that comes with twingraph."""
    from twingraph.building import build
    from twingraph.resources import data_dir

    folder = tmp_path_factory.mktemp("shipped") / "store"
    build(data_dir(), folder)
    return folder
