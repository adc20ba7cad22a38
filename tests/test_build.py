"""The build: same input, same bytes; whatever goes wrong, the store that was there before stays."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import twingraph
from twingraph.building import build, input_digest
from twingraph.errors import BuildError, InvalidDataError, StoreError

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Add = Callable[..., Path]
COUNT = "SELECT (COUNT(?p) AS ?n) WHERE { ?p a tw:Partnership }"


def count(store: Path) -> int:
    with twingraph.open(store) as graph:
        return int(graph.query(COUNT).item())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_build_and_ask(data: Path, store: Path) -> None:
    done = build(data, store)
    assert done.is_new
    assert done.counts["partnerships"] == 1
    assert count(store) == 1
    names = {path.name for path in done.release.iterdir()}
    assert names >= {"twingraph.nq", "twingraph.trig", "twingraph.jsonld", "conclusions.ttl", "void.ttl"}


def test_same_input_same_bytes(data: Path, tmp_path: Path) -> None:
    one, two = build(data, tmp_path / "a"), build(data, tmp_path / "b")
    assert one.name == two.name
    files = sorted(path.name for path in one.release.iterdir())
    assert files == sorted(path.name for path in two.release.iterdir())
    for name in files:
        assert (one.release / name).read_bytes() == (two.release / name).read_bytes(), name


def test_order_of_rows_in_the_gazetteer_does_not_change_the_release(data: Path, tmp_path: Path) -> None:
    one = build(data, tmp_path / "a")
    file = data / "gazetteer" / "municipalities.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    two = build(data, tmp_path / "b")
    for name in ("twingraph.nq", "twingraph.trig", "twingraph.jsonld", "conclusions.ttl", "partnerships.csv"):
        assert (one.release / name).read_bytes() == (two.release / name).read_bytes(), name


def test_second_build_does_nothing_and_says_so(data: Path, store: Path, run_twingraph: Run) -> None:
    first = build(data, store)
    before = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")}
    second = build(data, store)
    assert not second.is_new
    assert second.counts == first.counts
    assert {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")} == before
    done = run_twingraph("build", "--data", str(data), "--store", str(store))
    assert done.returncode == 0
    assert "Nothing has changed" in done.stdout


def test_changed_input_is_built_and_replaces_the_old(data: Path, store: Path, add_claim: Add) -> None:
    build(data, store)
    add_claim(partner="Sønderborg", partner_country="DK")
    assert build(data, store).is_new
    assert count(store) == 2


def test_damaged_build_is_made_again(data: Path, store: Path) -> None:
    done = build(data, store)
    next((done.folder / "db").glob("*.sst")).write_bytes(b"")
    again = build(data, store)
    assert again.is_new
    assert count(store) == 1


def test_faulty_data_leaves_the_store(data: Path, store: Path, add_claim: Add) -> None:
    build(data, store)
    add_claim(kind="marriage")
    with pytest.raises(InvalidDataError):
        build(data, store)
    assert count(store) == 1


def test_folder_of_something_else_is_not_touched(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(StoreError, match="not empty and holds no store"):
        build(data, folder)
    assert [path.name for path in folder.iterdir()] == ["cat.jpg"]


def test_file_in_place_of_the_store(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "store"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="is a file"):
        build(data, file)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission_to_write(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(StoreError, match="can't be used"):
        build(data, folder / "store")


def test_two_builds_at_once(data: Path, store: Path, run_twingraph: Run) -> None:
    build(data, store)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, filelock\n"
            "with filelock.FileLock(sys.argv[1]):\n"
            "    print('held', flush=True)\n"
            "    sys.stdin.read()",
            str(store / ".lock"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        done = run_twingraph("build", "--data", str(data), "--store", str(store))
        assert done.returncode == 1
        assert "being built by another process" in done.stderr
        assert "Traceback" not in done.stderr
    finally:
        holder.communicate("")
    assert count(store) == 1


def test_lock_of_a_killed_process_is_void(data: Path, store: Path) -> None:
    store.mkdir()
    (store / ".lock").write_text("", encoding="utf-8")
    assert build(data, store).is_new


def test_reader_keeps_its_build_while_a_new_one_is_made(data: Path, store: Path, add_claim: Add) -> None:
    build(data, store)
    with twingraph.open(store) as graph:
        add_claim(partner="Sønderborg", partner_country="DK")
        build(data, store)
        assert int(graph.query(COUNT).item()) == 1
    assert count(store) == 2


def test_full_disk(data: Path, tmp_path: Path, add_claim: Add, small_disk: Path, run_twingraph: Run) -> None:
    store = small_disk / "store"
    build(data, store)
    # Fill what is left but for a little, so that the next build starts and then finds no room.
    free = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    (small_disk / "ballast").write_bytes(b"x" * (free - 600_000))
    add_claim(partner="Sønderborg", partner_country="DK")
    done = run_twingraph("build", "--data", str(data), "--store", str(store))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "could not be written" in done.stderr
    assert "free some space" in done.stderr
    assert count(store) == 1
    assert len(list((store / "builds").iterdir())) == 1, "what the failed build wrote is removed"
    (small_disk / "ballast").unlink()
    assert build(data, store).is_new
    assert count(store) == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        pytest.skip(f"a small disk can't be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_file_size_limit_stands_for_a_full_disk(data: Path, store: Path, add_claim: Add) -> None:
    """The same without the right to mount: the system refuses every file over 100 kB."""
    build(data, store)
    add_claim(partner="Sønderborg", partner_country="DK")
    done = subprocess.run(
        [sys.executable, "-m", "twingraph", "build", "--data", str(data), "--store", str(store)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "could not be written" in done.stderr
    assert count(store) == 1


@pytest.mark.slow
def test_killed_builds_leave_a_whole_store(data: Path, store: Path) -> None:
    """Kill -9 at 25 moments spread over the build; the store opens and answers each time."""
    toml = data / "sources" / "town" / "source.toml"
    text = toml.read_text(encoding="utf-8")
    began = time.monotonic()
    command = [sys.executable, "-m", "twingraph", "build", "--quiet", "--data", str(data), "--store", str(store)]
    subprocess.run(command, check=True)
    duration = time.monotonic() - began
    killed = 0
    for round_number in range(25):
        toml.write_text(text.replace("Partner towns", f"Partner towns {round_number}"), encoding="utf-8")
        process = subprocess.Popen(command)
        time.sleep(duration * (round_number + 1) / 24)
        process.kill()
        killed += process.wait() == -signal.SIGKILL
        with twingraph.open(store) as graph:
            titles = graph.query("SELECT ?t WHERE { ?s a tw:Source ; dcterms:title ?t }")["t"].to_list()
        assert len(titles) == 1
        assert titles[0].startswith("Partner towns")
    assert killed >= 15, "most rounds must hit the build while it runs"
    subprocess.run(command, check=True)
    assert len(list((store / "builds").iterdir())) <= 2, "leftovers of killed builds are removed"
    assert count(store) == 1


def test_ctrl_c_leaves_the_store(data: Path, store: Path, add_claim: Add) -> None:
    build(data, store)
    add_claim(partner="Sønderborg", partner_country="DK")
    process = subprocess.Popen(
        [sys.executable, "-m", "twingraph", "build", "--data", str(data), "--store", str(store)],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("the build was done before the signal came")
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert count(store) == 1


def test_digest_depends_on_names_and_contents(data: Path) -> None:
    before = input_digest(data)
    file = data / "sources" / "town" / "source.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\n", encoding="utf-8")
    assert input_digest(data) != before
    file.write_text(text, encoding="utf-8")
    assert input_digest(data) == before
    file.rename(file.with_name("other.toml"))
    assert input_digest(data) != before


def test_build_error_names_the_store(tmp_path: Path) -> None:
    assert issubclass(BuildError, twingraph.TwingraphError)


def test_counts_are_those_of_the_graph(data: Path, store: Path) -> None:
    done = build(data, store)
    counts = json.loads((done.folder / "counts.json").read_text(encoding="utf-8"))
    with twingraph.open(store) as graph:
        triples = int(graph.query("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }").item())
    assert counts["triples"] == triples


def test_build_from_python_twice_in_one_process_with_text_paths(data: Path, store: Path) -> None:
    first = twingraph.build(str(data), str(store))
    second = twingraph.build(str(data), str(store))
    assert first.is_new
    assert not second.is_new


def test_data_below_a_folder_of_an_installed_package_counts(data: Path, tmp_path: Path) -> None:
    """In a wheel the data lies below ``_resources``; a change of it must be noticed all the same."""
    moved = tmp_path / "_resources" / "data"
    moved.parent.mkdir()
    data.rename(moved)
    before = input_digest(moved)
    file = moved / "sources" / "town" / "source.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert input_digest(moved) != before
