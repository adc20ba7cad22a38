"""A store that is missing, damaged or something else is told apart, and never taken for an empty one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import twingraph.graph
from store_fixtures import SENTINEL, write_store
from twingraph.errors import StoreError
from twingraph.stores import storage
from twingraph.stores.store import open_disk

Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_store(tmp_path_factory.mktemp("whole") / "s")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "s"))


def database(store: Path) -> Path:
    return store / "builds" / "first" / "db"


def manifest(store: Path) -> Path:
    return store / "builds" / "first" / "manifest.json"


def change_manifest(**changes: object) -> Damage:
    def damage(store: Path) -> None:
        data = json.loads(manifest(store).read_text())
        data.update(changes)
        manifest(store).write_text(json.dumps({key: value for key, value in data.items() if value is not ...}))

    return damage


def pick(store: Path, pattern: str) -> Path:
    return max(database(store).glob(pattern), key=lambda path: path.stat().st_size)


def cut(pattern: str, size: int) -> Damage:
    def damage(store: Path) -> None:
        with pick(store, pattern).open("r+b") as file:
            file.truncate(size)

    return damage


def replace_by_file(store: Path) -> None:
    shutil.rmtree(store)
    store.write_text("x")


def replace_by_nothing(store: Path) -> None:
    shutil.rmtree(store)


def replace_by_empty(store: Path) -> None:
    shutil.rmtree(store)
    store.mkdir()


def replace_by_database(store: Path) -> None:
    shutil.copytree(database(store), store.with_name("bare"))
    shutil.rmtree(store)
    store.with_name("bare").rename(store)


def replace_database(store: Path) -> None:
    """Another database, whole in itself, under a manifest that fits its sizes but not its triples."""
    shutil.rmtree(database(store))
    other = ox.Store(str(database(store)))
    other.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.NamedNode("a:c")))
    other.flush()
    del other
    storage.write_manifest(database(store).parent, triples=1, sentinel=SENTINEL, input_digest="d", version="0")


def scramble(store: Path) -> None:
    file = pick(store, "MANIFEST-*")
    file.write_bytes(b"\xff" * file.stat().st_size)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "missing": (replace_by_nothing, "there is no store"),
    "a file": (replace_by_file, "is a file, not a store"),
    "empty directory": (replace_by_empty, "is an empty directory"),
    "a bare database": (replace_by_database, "bare Oxigraph database"),
    "no pointer": (lambda store: (store / "current").unlink(), "holds no finished build"),
    "empty pointer": (lambda store: (store / "current").write_bytes(b""), "names no build"),
    "pointer is binary": (lambda store: (store / "current").write_bytes(b"\xff\x00"), "names no build"),
    "pointer climbs out": (lambda store: (store / "current").write_text("../../x"), "names no build"),
    "pointer to nothing": (lambda store: (store / "current").write_text("other"), "which is gone"),
    "pointer is a directory": (
        lambda store: ((store / "current").unlink(), (store / "current").mkdir())[1],
        "can't be read",
    ),
    "no builds": (lambda store: shutil.rmtree(store / "builds"), "which is gone"),
    "no manifest": (lambda store: manifest(store).unlink(), "manifest.json is missing"),
    "empty manifest": (lambda store: manifest(store).write_bytes(b""), "is no manifest"),
    "manifest cut off": (
        lambda store: manifest(store).write_bytes(manifest(store).read_bytes()[:50]),
        "is no manifest",
    ),
    "manifest is a list": (lambda store: manifest(store).write_text("[]"), "is no manifest"),
    "manifest is a number": (lambda store: manifest(store).write_text("1"), "is no manifest"),
    "manifest nests": (lambda store: manifest(store).write_text("[" * 100_000), "is no manifest"),
    "manifest is binary": (lambda store: manifest(store).write_bytes(b"\xff\xfe\x00"), "is no manifest"),
    "newer format": (change_manifest(format=2), "has the store format 2"),
    "odd format": (change_manifest(format="x"), "has the store format 'x'"),
    "no sentinel": (change_manifest(sentinel=...), "is no manifest"),
    "odd sentinel": (change_manifest(sentinel={"s": 1, "p": 2, "o": 3}), "is no manifest"),
    "sentinel is no IRI": (change_manifest(sentinel={"s": "x y", "p": "a:b", "o": "a:c"}), "can't be opened"),
    "unknown key": (change_manifest(colour="red"), "is no manifest"),
    "no files": (change_manifest(files={}), "lists no database"),
    "files climb out": (change_manifest(files={"../../x": 1}), "is no manifest"),
    "files is a list": (change_manifest(files=["CURRENT"]), "is no manifest"),
    "wrong size in manifest": (change_manifest(files={"CURRENT": 1}), "bytes instead of 1"),
    "no database": (lambda store: shutil.rmtree(database(store)), "is missing"),
    "database is a file": (
        lambda store: (shutil.rmtree(database(store)), database(store).write_text("x"))[0],
        "is missing",
    ),
    "table missing": (lambda store: pick(store, "*.sst").unlink(), r"\.sst is missing"),
    "table cut": (cut("*.sst", 100), r"\.sst has 100 bytes instead of"),
    "MANIFEST cut to nothing": (cut("MANIFEST-*", 0), "has 0 bytes instead of"),
    "MANIFEST cut": (cut("MANIFEST-*", 60), "has 60 bytes instead of"),
    "MANIFEST missing": (lambda store: pick(store, "MANIFEST-*").unlink(), "is missing"),
    "MANIFEST scrambled": (scramble, "can't be opened|lacks a triple"),
    "CURRENT missing": (lambda store: (database(store) / "CURRENT").unlink(), "CURRENT is missing"),
    "CURRENT cut": (cut("CURRENT", 3), "has 3 bytes instead of"),
    "OPTIONS cut": (cut("OPTIONS-*", 10), "has 10 bytes instead of"),
    "another database": (replace_database, "lacks a triple it must hold"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_named_with_advice(folder: Path, damage: str) -> None:
    apply, message = DAMAGES[damage]
    apply(folder)
    before = listing(folder)
    with pytest.raises(StoreError, match=message) as caught:
        twingraph.graph.open(folder)
    assert "\n" not in str(caught.value)
    assert "build" in str(caught.value)
    assert listing(folder) == before, "looking at a store must not change it"


def listing(path: Path) -> dict[str, int]:
    return {str(file): file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file()}


def test_a_whole_store_opens(folder: Path) -> None:
    store = open_disk(folder)
    assert store.query("ASK { ?s ?p ?o }").answer
    assert store.manifest.version == "0"
    store.close()


def test_reading_changes_nothing(folder: Path) -> None:
    before = listing(folder)
    store = open_disk(folder)
    store.query("SELECT * { ?s ?p ?o }")
    store.query("SELECT * { ?s ?p ?o }", timeout=20)
    store.close()
    assert listing(folder) == before


def test_logs_do_not_count(folder: Path) -> None:
    (database(folder) / "LOG").write_text("more")
    (database(folder) / "LOG.old.1").write_text("more")
    (database(folder) / "LOCK").unlink(missing_ok=True)
    open_disk(folder).close()


def test_a_store_is_found_through_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    open_disk(tmp_path / "link").close()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreError):
        open_disk(tmp_path / "dangling")


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
@pytest.mark.parametrize(
    "target", [".", "current", "builds", "builds/first/manifest.json", "builds/first/db", "builds/first/db/CURRENT"]
)
def test_missing_permission_is_named(folder: Path, target: str) -> None:
    # The superuser may read everything, so another process gives that up first.
    folder.parent.chmod(0o755)
    for parent in folder.parents:
        if parent.owner() == folder.owner() and parent != Path(parent.anchor):
            parent.chmod(parent.stat().st_mode | 0o055)
    (folder / target).chmod(0)
    script = (
        "import os, sys, pathlib, twingraph.stores.store\n"
        "from pathlib import Path; from twingraph.errors import StoreError; from twingraph.stores.store import open_disk\n"
        "if os.geteuid() == 0: os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "try: open_disk(Path(sys.argv[1]))\nexcept StoreError as error: print(error)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, env=environment, check=False
    )
    (folder / target).chmod(0o755)
    assert "no permission to read" in done.stdout, done.stderr


def test_an_incomplete_build_is_not_published(folder: Path) -> None:
    second = folder / "builds" / "second"
    shutil.copytree(folder / "builds" / "first", second)
    pick(folder, "*.sst")
    next(iter((second / "db").glob("*.sst"))).unlink()
    with pytest.raises(StoreError):
        storage.publish(folder, "second")
    assert storage.current_build(folder).name == "first"


def test_publishing_replaces_the_pointer_and_leaves_nothing(folder: Path) -> None:
    shutil.copytree(folder / "builds" / "first", folder / "builds" / "second")
    storage.publish(folder, "second")
    assert storage.current_build(folder).name == "second"
    assert {path.name for path in folder.iterdir()} == {"current", "builds"}


def test_an_open_store_survives_the_next_build(folder: Path) -> None:
    store = open_disk(folder)
    write_store(folder, name="second")
    assert store.query("ASK { ?s ?p ?o }").answer
    assert store.build.name == "first"
    store.close()
    assert open_disk(folder).build.name == "second"
