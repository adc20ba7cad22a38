"""Limits on running queries hold, whatever the engine does, and leave no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from store_fixtures import ENDLESS, memory_database, write_store
from twingraph.errors import QueryError, QueryTimeoutError
from twingraph.stores.execution import WorkerPool, run_directly, run_forked
from twingraph.stores.store import DiskStore, MemoryStore, open_disk

pytestmark = pytest.mark.skipif(os.name != "posix", reason="time limits need a POSIX system")

# Both pass the limits of the guard only if they are given to the engine directly.
CRASHING = "SELECT * { ?s ?p ?o FILTER(" + "STR(" * 3000 + "?o" + ")" * 3000 + " = 'x') }"
SLOW_TO_PLAN = "SELECT * { " + " ".join(f"?s <a:b> ?o{i} ." for i in range(400)) + " }"


def children() -> set[int]:
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == os.getpid():
                found.add(int(entry.name))
    return found


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[DiskStore]:
    store = open_disk(write_store(tmp_path / "s"))
    yield store
    store.close()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are counted through /proc")
class TestNothingIsLeftBehind:
    @pytest.mark.parametrize("query", [ENDLESS, SLOW_TO_PLAN], ids=["endless", "slow to plan"])
    def test_after_a_time_limit_on_disk(self, disk: DiskStore, query: str) -> None:
        before = children()
        with pytest.raises(QueryTimeoutError):
            disk._workers.run(query, timeout=0.3)
        assert children() == before

    @pytest.mark.parametrize("query", [ENDLESS, SLOW_TO_PLAN], ids=["endless", "slow to plan"])
    def test_after_a_time_limit_in_memory(self, query: str) -> None:
        before = children()
        with pytest.raises(QueryTimeoutError):
            run_forked(memory_database(), query, timeout=0.3)
        assert children() == before

    def test_after_closing(self, disk: DiskStore) -> None:
        before = children()
        disk.query("ASK {}", timeout=20)
        assert len(children()) == len(before) + 1
        disk.close()
        assert children() == before

    @pytest.mark.parametrize("kind", ["disk", "memory"])
    @pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
    def test_after_the_caller_is_ended(self, tmp_path: Path, kind: str, end: signal.Signals) -> None:
        folder = write_store(tmp_path / "s")
        opening = "open_disk(Path(sys.argv[1]))" if kind == "disk" else "MemoryStore(memory_database())"
        script = (
            "import sys; from pathlib import Path; from store_fixtures import *; "
            "from twingraph.stores.store import *; print('ready', flush=True); "
            f"{opening}.query(ENDLESS, timeout=60)"
        )
        path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        caller = subprocess.Popen(
            [sys.executable, "-c", script, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert caller.stdout is not None
        caller.stdout.readline()
        child = _wait_for_child(caller.pid)
        caller.send_signal(end)
        caller.wait(10)
        caller.stdout.close()
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline and _is_running(child):
            time.sleep(0.05)
        assert not _is_running(child)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _wait_for_child(pid: int) -> int:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            found = []
        if found:
            time.sleep(0.3)  # let it get to work
            return int(found[0])
        time.sleep(0.02)
    raise AssertionError("no child was started")


@pytest.mark.parametrize("kind", ["disk", "memory"])
def test_a_crash_of_the_engine_is_an_error(disk: DiskStore, kind: str) -> None:
    with pytest.raises(QueryError, match=r"crashed the engine.*SIGSEGV"):
        if kind == "disk":
            disk._workers.run(CRASHING, timeout=20)
        else:
            run_forked(memory_database(), CRASHING, timeout=20)
    assert disk.query("ASK { ?s ?p ?o }", timeout=20).answer


@pytest.mark.parametrize("kind", ["disk", "memory"])
def test_memory_is_limited(disk: DiskStore, kind: str) -> None:
    greedy = (
        (
            "SELECT ?x (GROUP_CONCAT(?y) AS ?all) WHERE { "
            + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(4))
            + " BIND(CONCAT(STR(?a0), STR(?a1), STR(?a2)) AS ?y) } GROUP BY ?x"
        )
        .replace("?x (", "(")
        .replace(" GROUP BY ?x", "")
    )
    with pytest.raises(QueryError, match=r"memory|failed"):
        if kind == "disk":
            WorkerPool(disk.build / "db", memory=64 << 20).run(greedy, timeout=60)
        else:
            run_forked(memory_database(), greedy, timeout=60, memory=64 << 20)


def test_answers_are_limited(disk: DiskStore) -> None:
    text = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
    small = "SELECT * WHERE { ?a ?b ?c } LIMIT 1"
    with pytest.raises(QueryError, match=r"larger than 10,000 bytes"):
        run_directly(memory_database(), text, max_bytes=10_000)
    with pytest.raises(QueryError, match=r"larger than 10,000 bytes"):
        run_forked(memory_database(), text, timeout=20, max_bytes=10_000)
    with pytest.raises(QueryError, match=r"larger than 10,000 bytes"):
        disk._workers.run(text, timeout=20, max_bytes=10_000)
    assert len(disk._workers.run(small, timeout=20, max_bytes=10_000)) == 1
    with pytest.raises(QueryError, match=r"larger than 5,000 bytes"):
        MemoryStore(memory_database(), max_bytes=5_000).query(text.replace("SELECT *", "CONSTRUCT { ?a ?b ?f }"))


def test_an_interrupted_caller_ends_its_worker(disk: DiskStore) -> None:
    before = children()
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        disk.query(ENDLESS, timeout=30)
    assert children() == before


def test_a_worker_that_died_in_between_is_replaced(disk: DiskStore) -> None:
    assert disk.query("ASK {}", timeout=20).answer
    disk._workers._idle[0].kill()
    disk._workers._idle[0].wait()
    assert disk.query("ASK {}", timeout=20).answer


def test_workers_are_used_again(disk: DiskStore) -> None:
    disk.query("ASK {}", timeout=20)
    first = disk._workers._idle[0].pid
    disk.query("ASK {}", timeout=20)
    assert [worker.pid for worker in disk._workers._idle] == [first]


def test_threads_do_not_mix_their_answers(disk: DiskStore) -> None:
    wrong: list[object] = []

    def ask(number: int) -> None:
        for _ in range(5):
            rows = disk.query(f"SELECT ({number} AS ?n) {{}}", timeout=30).records()
            if rows != [{"n": number}]:
                wrong.append(rows)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_limit_holds_in_any_thread() -> None:
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            assert run_forked(memory_database(), "ASK {}", timeout=20).answer
            run_forked(memory_database(), ENDLESS, timeout=0.3)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert [type(error) for error in errors] == [QueryTimeoutError]


def test_a_large_answer_comes_whole(disk: DiskStore) -> None:
    text = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h 1978 }"
    assert disk.query(text, timeout=30).payload == disk.query(text).payload


def test_an_awkward_directory_name(tmp_path: Path) -> None:
    store = open_disk(write_store(tmp_path / "stör e'\"$x"))
    assert store.query("ASK { ?s ?p ?o }", timeout=20).answer
    store.close()
