"""Run all benchmarks and put their tables into the README of this folder.

Run: ``python benchmarks/run.py [build] [queries] [network] [export] [startup] [serve] [-- options for each]``

What follows ``--`` goes to every benchmark that is run, such as ``--work DIR`` or smaller sizes.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import measure

HERE = Path(__file__).resolve().parent
BENCHMARKS = ("build", "queries", "network", "export", "startup", "serve")


def replace_part(text: str, name: str, content: str) -> str:
    """Return a text with what stands between a pair of markers replaced.

    Raises:
        SystemExit: the markers are not there.
    """
    pattern = re.compile(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"README.md has no markers {name}:begin and {name}:end")
    return pattern.sub(lambda match: f"{match[1]}\n{content.strip()}\n\n{match[2]}", text)


def main() -> None:
    """Run what was asked for and rewrite the README."""
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    chosen, options = words[:cut] or list(BENCHMARKS), words[cut + 1 :]
    for name in chosen:
        if name not in BENCHMARKS:
            raise SystemExit(f"there is no benchmark {name!r}; there are {', '.join(BENCHMARKS)}")
    readme = HERE / "README.md"
    for name in chosen:
        print(f"== {name}", file=sys.stderr)
        done = subprocess.run(
            [sys.executable, str(HERE / f"bench_{name}.py"), *options], check=True, stdout=subprocess.PIPE, text=True
        )
        # Written after each, so that a run that is stopped keeps what it has.
        text = replace_part(readme.read_text(encoding="utf-8"), name, done.stdout)
        readme.write_text(replace_part(text, "machine", measure.machine()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
