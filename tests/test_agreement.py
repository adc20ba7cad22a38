"""Sources are compared tie by tie."""

import json
from pathlib import Path

from click.testing import CliRunner

from twingraph.building import build
from twingraph.cli import cli
from twingraph.importing.mapping import load_mapping
from twingraph.importing.tables import import_table
from twingraph.resolving.cases import write_matching
from twingraph.resolving.gazetteers import open_gazetteer
from twingraph.resolving.matching import match_names
from twingraph.sourcedata.reader import read_dataset


def test_agreement_of_three_sources(tmp_path: Path):
    data = tmp_path / "data"
    lists = {
        "sided": [
            ("Helmstedt", "Chard", "GB"),
            ("Chard", "Helmstedt", "DE"),
            ("Ulm", "Opole", "PL"),
            ("Opole", "Ulm", "DE"),
            ("Helmstedt", "Opole", "PL"),
        ],
        "plain": [("Helmstedt", "Chard", "GB"), ("Ulm", "Chard", "GB")],
        "single": [("Helmstedt", "Chard", "GB"), ("Helmstedt", "Nowhereville", "GB")],
        "open": [("Nowhereville", "Chard", "GB")],
    }
    country = {"Nowhereville": "DE", "Helmstedt": "DE", "Ulm": "DE", "Chard": "GB", "Opole": "PL"}
    for name, pairs in lists.items():
        path = tmp_path / f"{name}.csv"
        lines = [f"{one},{country[one]},{other},{code}" for one, other, code in pairs]
        path.write_text("\n".join(["city1,country1,city2,country2", *lines]) + "\n", encoding="utf-8")
        import_table(path, load_mapping("pairs"), data)
    write_matching(data, match_names(read_dataset(data), open_gazetteer()))
    build(data, tmp_path / "store")
    result = CliRunner().invoke(cli, ["sources", "--agreement", "--format", "json", "--store", str(tmp_path / "store")])
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert (found["ties"], found["in_all"], found["in_sources"]) == (4, 1, {"1": 3, "3": 1})
    sided, plain, single = (
        next(one for one in found["sources"] if one["source"] == name) for name in ("sided", "plain", "single")
    )
    assert (sided["ties"], sided["alone"], sided["both_ways"], sided["one_sided"]) == (3, 2, 2, 1)
    assert (plain["ties"], plain["alone"], plain["one_sided"]) == (2, 1, None)
    assert single["shared"] == {"plain": 1, "sided": 1}
    # What could not be compared is told.
    assert (single["open_claims"], plain["open_claims"], found["open_claims"]) == (1, 0, 2)
    page = CliRunner().invoke(cli, ["sources", "--agreement", "--store", str(tmp_path / "store")])
    assert "4 ties of two municipalities, stated by 3 sources" in page.output
    assert "2 claims in no tie" in page.output


def test_agreement_stands_alone():
    result = CliRunner().invoke(cli, ["sources", "--agreement", "--unchecked"])
    assert result.exit_code == 2
