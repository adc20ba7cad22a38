"""A data folder with something of everything that the commands for people show, and its built store."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from twingraph.building import build

OTHER_HEADER = "claim,locator,about,property,value,basis,checked,note\n"
SOCIETY = "association:kiel-brest-society"
WORKSHOP = "event:kiel-workshop"
OTHER_CLAIMS = (
    f"20,paragraph 2,{SOCIETY},name,Kiel-Brest-Gesellschaft,stated,yes,",
    f"21,paragraph 2,{SOCIETY},founded,1965,stated,yes,",
    f"22,paragraph 2,{SOCIETY},supports,claim:1,stated,yes,",
    f"23,paragraph 2,{SOCIETY},field,youth-exchange,stated,yes,",
    f"24,paragraph 3,{WORKSHOP},name,Werkstatt,stated,yes,",
    f"25,paragraph 3,{WORKSHOP},takes_place_on,2024-10-14,inferred,yes,",
    f"26,paragraph 3,{WORKSHOP},takes_place_in,Kiel@DE,stated,yes,",
    f"27,paragraph 3,{WORKSHOP},participant_count,~40,stated,yes,",
    f"28,paragraph 3,{WORKSHOP},concerns,claim:1,stated,yes,",
    "29,paragraph 4,municipality:Kiel@DE,purpose,reconciliation,stated,yes,",
    "30,paragraph 4,municipality:Kiel@DE,partner_count,9,stated,yes,all partners",
    "31,paragraph 5,municipality:Kiel@DE,partner_count,8,stated,yes,partners abroad",
    "32,paragraph 6,claim:1,distinction,oldest,stated,yes,",
    "33,paragraph 7,wave:german-french,name,German–French,inferred,yes,",
    "34,paragraph 7,wave:german-french,side,DE,stated,yes,",
    "35,paragraph 7,wave:german-french,partner_side,FR,stated,yes,",
)


def write_people_data(data: Path, add_claim: Callable[..., Path]) -> None:
    """Add to the fixture ``data``: conflicts, phases, an unresolved name, an association, an event, a chain."""
    (data / "sources" / "town" / "other_claims.csv").write_text(
        OTHER_HEADER + "\n".join(OTHER_CLAIMS) + "\n", encoding="utf-8"
    )
    add_claim("press", start="1965", kind="partnership", status="active", written_country="Frankreich")
    add_claim(
        "press", partner="Sonderburg", partner_country="DK", kind="friendship", becomes="partnership", start="1925"
    )
    add_claim("press", partner="Sonderburg", partner_country="DK", kind="partnership", start="1953")
    add_claim("press", partner="Nirgendwo", partner_country="FR", start="1970")
    add_claim("book", name="Brest", country="FR", partner="Брест", partner_country="BY", start="1990", checked="no")
    add_claim("book", start="1964", basis="inferred", checked="no")


_BUILT: dict[str, Path] = {}


def people_store(data: Path, add_claim: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the built store of that data folder; built once, since the commands for people only read it."""
    if "store" not in _BUILT:
        write_people_data(data, add_claim)
        folder = tmp_path_factory.mktemp("people") / "store"
        build(data, folder)
        _BUILT["store"] = folder
    return _BUILT["store"]


def run(store: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on a store, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "twingraph", *args, "--store", str(store)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def run_json(store: Path, *args: str) -> Any:
    """Run a command with ``--format json`` and return what it printed."""
    done = run(store, *args, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)
