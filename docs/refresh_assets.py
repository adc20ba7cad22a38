"""Fetch the files of others that pages and maps need from the npm registry, at the versions in ``assets.toml``.

Run ``python docs/refresh_assets.py`` after raising a version there; it needs npm. ``--check`` only compares the files
that are here with the digests, without a network.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "src" / "twingraph" / "assets"


def main() -> int:
    """Fetch or compare; return the exit code."""
    table = FOLDER / "assets.toml"
    text = table.read_text(encoding="utf-8")
    wrong = 0
    for entry in tomllib.loads(text).values():
        target = FOLDER / entry["file"]
        if "--check" not in sys.argv:
            target.write_bytes(_fetched(entry["package"], entry["version"], entry["member"]))
        digest = hashlib.sha256(target.read_bytes()).hexdigest()
        if digest != entry["sha256"]:
            if "--check" in sys.argv:
                print(f"{target.name}: its digest is {digest}, assets.toml says {entry['sha256']}")
                wrong = 1
            text = re.sub(rf'(file = "{re.escape(entry["file"])}"\nsha256 = )"[0-9a-f]*"', rf'\1"{digest}"', text)
    if "--check" not in sys.argv:
        table.write_text(text, encoding="utf-8")
    return wrong


def _fetched(package: str, version: str, member: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as opened:
            found = opened.extractfile(f"package/{member}")
            if found is None:
                raise SystemExit(f"{package} {version} has no {member}")
            return found.read()


if __name__ == "__main__":
    raise SystemExit(main())
