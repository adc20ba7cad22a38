"""The ontology's page in a real browser, if there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parent.parent / "docs" / "ontology.html"


@pytest.mark.slow
def test_page_opens_without_network(tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium is installed (Debian: chromium)")
    flags = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
    # A proxy that refuses everything: what the page would load from elsewhere fails.
    command = [browser, *flags.split(), "--proxy-server=127.0.0.1:9", f"--user-data-dir={tmp_path}", "--dump-dom"]
    done = subprocess.run([*command, PAGE.as_uri()], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "isTwinnedWith" in done.stdout
    assert re.search(r"<svg", done.stdout)
    assert "CONSOLE" not in done.stderr


def test_page_loads_nothing_from_elsewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|img|iframe|link|object|embed)[^>]*(?:src|href)=[\"']https?:", text)
    assert "@import" not in text
    assert "url(http" not in text
