"""What may stand in the folders of ``data/``: a file of another name would be left out without a word."""

from __future__ import annotations

import difflib
from pathlib import Path

from twingraph.sourcedata.cells import Faults

__all__ = ["GAZETTEER_FILES", "LEADS_NOWHERE", "RESOLUTION_FILES", "SOURCE_FILES", "check_entries", "list_entries"]

SOURCE_FILES = ("source.toml", "partnership_claims.csv", "other_claims.csv", "places.csv")
GAZETTEER_FILES = ("municipalities.csv", "names.csv", "countries.csv", "README.md")
RESOLUTION_FILES = ("judgements.csv", "matches.csv", "README.md")
LEADS_NOWHERE = "the folder is a link that leads nowhere; mend the link or put the folder there"


def list_entries(folder: Path, faults: Faults) -> list[Path]:
    """Return what stands in a folder, in order of name, without hidden files and those of open spreadsheets."""
    try:
        found = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        is_lost = folder.is_symlink() and not folder.exists()
        faults.add(LEADS_NOWHERE if is_lost else f"the folder can't be read: {error.strerror}", folder)
        return []
    return [path for path in found if not path.name.startswith((".", "~$"))]


def check_entries(folder: Path, allowed: tuple[str, ...], faults: Faults) -> bool:
    """Note a fault for each file or folder in `folder` that is not `allowed`; return whether it can be read."""
    before = len(faults)
    entries = list_entries(folder, faults)
    if len(faults) > before:
        return False
    for path in entries:
        if path.name in allowed:
            continue
        near = difflib.get_close_matches(path.name.lower(), allowed, 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"the files here are {', '.join(allowed)}."
        faults.add(f"nothing of this name is read, so that it would be lost; {hint} Rename, move or delete it", path)
    return True
