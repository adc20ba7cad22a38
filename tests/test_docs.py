"""The documentation is true: its commands run, its Python runs, and nothing public is missing from it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from twingraph.cli import COMMANDS, cli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
USING = (ROOT / "docs" / "using.md").read_text(encoding="utf-8")
ANALYSIS = [*sorted((ROOT / "docs" / "analysis").glob("*.md")), ROOT / "docs" / "exports.md"]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def command_lines() -> list[str]:
    """Return the lines of the README's tour; the two set-up commands are run by .ci/run in a clone of their own."""
    tour = README[README.index("## A tour") :]
    return [line for block in blocks(tour, "sh") for line in block.splitlines()]


def analysis_lines() -> list[str]:
    """Return the commands of the pages on analysis; those on somebody else's file need that file."""
    texts = [page.read_text(encoding="utf-8") for page in ANALYSIS]
    lines = [line for text in texts for block in blocks(text, "sh") for line in block.splitlines()]
    return [line for line in dict.fromkeys(lines) if line.startswith("twingraph") and "--graph" not in line]


@pytest.mark.parametrize("line", [*command_lines(), *analysis_lines()])
def test_documented_command_runs(line: str, shipped_store: Path, tmp_path: Path) -> None:
    scripts = Path(sys.executable).parent
    environment = os.environ | {
        "TWINGRAPH_STORE": str(shipped_store),
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() or " -o " in line


def test_readme_python_runs(
    shipped_store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWINGRAPH_STORE", str(shipped_store))
    (code,) = blocks(README, "python")
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "Helmstedt" in printed
    assert "partnership" in printed


@pytest.mark.parametrize("page", ANALYSIS, ids=[page.stem for page in ANALYSIS])
def test_python_of_the_pages_on_analysis_runs(
    page: Path, shipped_store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWINGRAPH_STORE", str(shipped_store))
    codes = blocks(page.read_text(encoding="utf-8"), "python")
    for code in codes:
        # Readers copy one block, so each stands alone.
        exec(compile(code, page.name, "exec"), {})
    assert capsys.readouterr().out or not codes


def test_sparql_of_the_guide_runs(shipped_store: Path) -> None:
    import twingraph

    queries = blocks(USING, "sparql")
    assert len(queries) == 2
    with twingraph.open(shipped_store) as graph:
        assert len(graph.query(queries[0])) > 5
        assert "Vitré" in graph.query(queries[1], town="Helmstedt")["partner"].to_list()


def test_data_frame_types_of_the_guide(shipped_store: Path) -> None:
    import polars as pl

    import twingraph

    query = """SELECT ?n ?lat ?flag ?day ?start ?p WHERE {
        ?p a tw:Partnership ; tw:claimCount ?n ; tw:isDomestic ?flag ; tw:startEarliest ?day ; tw:start ?start ;
           tw:hasParticipant ?m . ?m geo:lat ?lat } LIMIT 5"""
    with twingraph.open(shipped_store) as graph:
        assert list(graph.query(query).schema.values()) == [
            pl.Int64, pl.Float64, pl.Boolean, pl.Date, pl.String, pl.String,
        ]  # fmt: skip
        frame = graph.query(query, frame="pandas")
        assert [str(kind) for kind in frame.dtypes][:3] == ["Int64", "Float64", "boolean"]


@pytest.mark.parametrize("path", sorted([ROOT / "README.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")]))
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_is_documented_and_has_an_example(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.help
    assert re.match(r"Examples?: twingraph ", command.epilog or ""), "--help shows an example"
    assert COMMANDS[name][1]
    assert f"twingraph {name}" in README + USING
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


def test_summary_of_a_command_is_what_help_lists() -> None:
    for name, (_, line) in COMMANDS.items():
        assert line.endswith("."), name


def test_each_kind_of_export_is_documented() -> None:
    from twingraph.exporting.formats import EXPORTS

    text = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")
    for kind in EXPORTS:
        assert f"`{kind}`" in text


def test_changelog_has_an_unreleased_section() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_nothing_of_the_workshop_is_in_the_project() -> None:
    """No absolute path of a developer's machine in any file of the project."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("no git checkout")
    for name in tracked.stdout.split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.suffix in {".py", ".md", ".toml", ".rq", ".ttl", ".csv", ".yaml"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(?<![\w/.])/(work|home|root|Users)/", text), name
