"""The build: from ``data/`` to a store that answers queries and to the release files.

Everything is made in a folder of its own and becomes the current build by one atomic switch at the end, so a
build that fails, is killed or runs out of disk leaves the store that was there before as it was.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from twingraph import resources
from twingraph.building.jsonld import jsonld_context
from twingraph.building.quads import write_quads
from twingraph.building.terms import QuadBuckets
from twingraph.building.vocabulary import add_vocabulary
from twingraph.conclusions.model import Conclusions
from twingraph.conclusions.partnerships import conclude
from twingraph.conclusions.resolution import Resolver
from twingraph.conclusions.subjects import Subject, conclude_subjects
from twingraph.errors import BuildError, StoreError
from twingraph.sourcedata.model import Dataset
from twingraph.sourcedata.reader import read_dataset
from twingraph.stores import storage
from twingraph.vocab import OWL, RDF, TW

__all__ = ["BuildSummary", "build", "find_build"]

Report = Callable[[str], None]

_LOCK = ".lock"
#: A triple that every build holds; its absence tells a damaged store.
_SENTINEL = (TW.Partnership, RDF.type, OWL.Class)


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did.

    Attributes:
        name: the build's folder name, from the digest of its input.
        folder: the folder of the build, with ``db/`` and ``release/``.
        is_new: False when nothing had changed and nothing was done.
        counts: sources, claims, partnerships, municipalities, unresolved, conflicts, triples.
    """

    name: str
    folder: Path
    is_new: bool
    counts: dict[str, int]

    @property
    def release(self) -> Path:
        """The folder of the release files."""
        return self.folder / "release"


def build(
    data: str | Path | None = None, store: str | Path | None = None, *, report: Report | None = None
) -> BuildSummary:
    """Build the store and the release files, unless they are already built from the same input.

    Args:
        data: the data folder; the shipped one by default.
        store: the store folder; `resources.default_store` by default.
        report: called with a sentence for each step, for progress.

    Raises:
        InvalidDataError: faults in the data; nothing was built.
        StoreError: the store is in use by another build, or the folder is no store.
        BuildError: the disk is full, or a file can't be written.
    """
    data = Path(data) if data else resources.data_dir()
    store = Path(store) if store else resources.default_store()
    say = report or (lambda _: None)
    _check_target(store)
    with _lock(store), _without_garbage_collection():
        digest = input_digest(data)
        done = _find_done(store, digest)
        if done:
            return done
        _remove_old_builds(store)
        dataset = read_dataset(data)
        say(
            f"read {len(dataset.sources)} sources, "
            f"{len(dataset.partnership_claims) + len(dataset.other_claims)} claims, "
            f"{len(dataset.municipalities)} municipalities"
        )
        return _build(dataset, store, digest, say)


def find_build(data: str | Path | None, store: Path) -> BuildSummary | None:
    """Return the summary of a store's current build, if it is whole and of just this data; else None."""
    return _find_done(store, input_digest(Path(data) if data else resources.data_dir()))


def _check_target(store: Path) -> None:
    """Make the store's folder, unless something else is there that a build must not touch."""
    try:
        if store.is_dir():
            entries = {entry.name for entry in store.iterdir()} - {_LOCK}
            if entries and not entries & {"builds", "current"}:
                raise StoreError(
                    f"{store} is not empty and holds no store; nothing was written. Name a new or empty folder."
                )
        elif os.path.lexists(store):
            raise StoreError(f"{store} is a file, not a folder; name a folder for the store")
        storage.builds_dir(store).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{store}: the store's folder can't be used ({error.strerror}); choose another with --store"
        ) from None


@contextmanager
def _lock(store: Path) -> Iterator[None]:
    """Let one build at a time work on a store. The lock of a killed process is void."""
    import filelock

    lock = filelock.FileLock(store / _LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        raise StoreError(f"{store} is being built by another process; wait until that is done") from None
    except OSError as error:
        raise StoreError(f"{store}: no permission to write there ({error.strerror})") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Switch the search for reference cycles off: a build makes millions of objects and no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _find_done(store: Path, digest: str) -> BuildSummary | None:
    """Return the summary of the current build if it has this input and is whole."""
    try:
        current = storage.current_build(store)
        if storage.verify(current).input_digest != digest:
            return None
        counts = json.loads((current / "counts.json").read_bytes())
    except (StoreError, OSError, ValueError):
        return None
    return BuildSummary(current.name, current, False, counts)


def _remove_old_builds(store: Path) -> None:
    """Remove what killed builds left, and builds before the current one.

    The current build stays: readers may be at work on it until the switch, and for some time after.
    """
    try:
        current = storage.current_build(store)
    except StoreError:
        current = None
    for entry in storage.builds_dir(store).iterdir():
        if entry != current:
            shutil.rmtree(entry, ignore_errors=True)


def _new_build(store: Path, name: str) -> Path:
    """Make the folder of a new build. It counts only once the pointer names it."""
    folder = storage.builds_dir(store) / name
    number = 2
    while folder.exists():
        folder = folder.with_name(f"{name}-{number}")
        number += 1
    (folder / "release").mkdir(parents=True)
    return folder


def _build(dataset: Dataset, store: Path, digest: str, say: Report) -> BuildSummary:
    work = storage.builds_dir(store) / digest[:12]
    try:
        work = _new_build(store, digest[:12])
        resolver = Resolver(dataset)
        conclusions = conclude(dataset, resolver)
        subjects = conclude_subjects(dataset, resolver, conclusions)
        buckets = write_quads(dataset, resolver, conclusions, subjects)
        add_vocabulary(dataset, buckets, resources.ontology_dir())
        buckets.settle()
        say(f"concluded {len(conclusions.partnerships)} partnerships")
        release = work / "release"
        nquads = release / "twingraph.nq"
        total = _write_lines(nquads, buckets)
        say(f"loading {total:,} triples")
        _load(work / "db", nquads, total)
        say("writing release files")
        from twingraph.building.release import write_release

        write_release(
            release,
            nquads,
            buckets,
            dataset,
            conclusions,
            context=jsonld_context(),
            version=_content_digest(nquads)[:12],
            report=lambda what: say(f"writing {what}"),
        )
        counts = _counts(dataset, conclusions, subjects, total)
        (work / "counts.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
        storage.write_manifest(
            work, triples=total, sentinel=_SENTINEL, input_digest=digest, version=version("twingraph")
        )
        storage.publish(store, work.name)
    except OSError as error:
        shutil.rmtree(work, ignore_errors=True)
        what = error.strerror or str(error)
        advice = "free some space and build again" if error.errno == 28 or "space" in what.lower() else "mend it"
        raise BuildError(
            f"{store}: the build could not be written ({what}); {advice}. The store that was there before is untouched."
        ) from None
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return BuildSummary(work.name, work, True, counts)


def input_digest(data: Path) -> str:
    """Return a digest of all that a build depends on: data, ontology and twingraph's own code."""
    digest = hashlib.sha256()
    code = Path(__file__).parent.parent
    for root, pattern in ((data, "*"), (resources.ontology_dir(), "*"), (code, "*.py")):
        for path in _files(root, pattern):
            name = path.relative_to(root).as_posix()
            try:
                content = path.read_bytes() if path.is_file() else b""
            except OSError:
                # The reader names such a file with its fault; here it only must not end the run.
                content = b""
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _content_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(root: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(root.rglob(pattern)):
        hidden = any(part.startswith(".") or part == "_resources" for part in path.relative_to(root).parts)
        if not path.is_dir() and not hidden:
            yield path


def _write_lines(path: Path, buckets: QuadBuckets) -> int:
    with path.open("wb") as out:
        for text in buckets.text():
            out.write(text.encode())
    return sum(map(len, buckets.graphs.values()))


def _load(folder: Path, nquads: Path, expected: int) -> None:
    """Bulk-load the N-Quads into a new store on disk and see that all of them are there."""
    import pyoxigraph as ox

    store = ox.Store(str(folder))
    with nquads.open("rb") as source:
        store.bulk_load(source, ox.RdfFormat.N_QUADS)
    store.flush()
    found = len(store)
    del store
    if found != expected:
        raise BuildError(
            f"the store holds {found:,} triples where {expected:,} were written; "
            "this is a fault of twingraph, not of the data"
        )


def _counts(dataset: Dataset, conclusions: Conclusions, subjects: list[Subject], total: int) -> dict[str, int]:
    found = conclusions.partnerships.values()
    return {
        "sources": len(dataset.sources),
        "claims": len(dataset.partnership_claims) + len(dataset.other_claims),
        "partnership_claims": len(dataset.partnership_claims),
        "partnerships": len(conclusions.partnerships),
        "municipalities": len(dataset.municipalities),
        "conflicts": sum(len(p.conflicts) for p in found) + sum(len(s.conflicts) for s in subjects),
        "unresolved": len({(u.source, u.name, u.country) for u in conclusions.unresolved}),
        "triples": total,
    }
