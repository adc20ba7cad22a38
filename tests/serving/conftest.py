"""A real server on a free port, started with the command that people type."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest


class Server:
    """A running server: its address, its process and what it logged."""

    def __init__(self, process: subprocess.Popen[str], url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self.log = log
        self.port = int(url.rstrip("/").rpartition(":")[2])

    def ask(self, query: str, accept: str = "application/json", **more) -> httpx.Response:
        return httpx.post(f"{self.url}sparql", data={"query": query}, headers={"Accept": accept}, timeout=60, **more)


@contextmanager
def serving(store: Path, log: Path, *options: str) -> Iterator[Server]:
    command = [sys.executable, "-m", "twingraph", "serve", "--store", str(store), "--port", "0", *options]
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, text=True, env={**os.environ, "NO_COLOR": "1"})
    try:
        deadline = time.monotonic() + 30
        url = None
        while url is None:
            found = re.search(r"at (http://\S+/) \(SPARQL", log.read_text())
            if found:
                url = found[1]
            elif process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start: {log.read_text()}")
            else:
                time.sleep(0.02)
        while True:
            try:
                httpx.get(f"{url}health", timeout=5)
                break
            except httpx.TransportError:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.02)
        yield Server(process, url, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., object]:
    """Start a server on a store: ``with start(store, "--timeout", "2") as server``."""

    def begin(store: Path, *options: str) -> object:
        return serving(store, tmp_path_factory.mktemp("serve") / "log.txt", *options)

    return begin


@pytest.fixture(scope="session")
def server(shipped_store: Path, start: Callable[..., object]) -> Iterator[Server]:
    with start(shipped_store, "--timeout", "2", "--workers", "2") as found:  # type: ignore[attr-defined]
        yield found
        text = found.log.read_text()
        assert "Traceback" not in text, text[-3000:]
