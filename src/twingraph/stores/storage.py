"""The files of a store on disk, written and checked so that a damaged one is never taken for an empty one.

A store is a directory with finished builds and a pointer to the one in use:

- ``current``: the name of that build;
- ``builds/<name>/db/``: the Oxigraph database, ``builds/<name>/release/``: the release files;
- ``builds/<name>/manifest.json``: what the build consists of.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from twingraph.errors import StoreError

__all__ = [
    "FORMAT",
    "Manifest",
    "builds_dir",
    "check_presence",
    "current_build",
    "publish",
    "verify",
    "verify_contents",
    "write_manifest",
]

#: Number of this layout; a change that older versions can't read raises it.
FORMAT = 1

_POINTER = "current"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
# The database writes these on every opening.
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_VOLATILE = re.compile(r"LOG(\.old.*)?\Z|LOCK\Z")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished build consists of.

    Attributes:
        name: the build's directory.
        triples: how many the store holds.
        files: size of each database file in bytes.
        sentinel: subject, predicate and object of a triple that must be there.
        input_digest: digest of everything the build was made from.
        version: the version of twingraph that made it.
        format: number of the layout.
        sha256: digest of each database file; empty in builds from before there were digests.
    """

    name: str
    triples: int
    files: dict[str, int]
    sentinel: dict[str, str]
    input_digest: str
    version: str
    format: int = FORMAT
    sha256: dict[str, str] = field(default_factory=dict)


def builds_dir(store: Path) -> Path:
    """Return where a store keeps its builds."""
    return store / "builds"


def write_manifest(
    build: Path, *, triples: int, sentinel: tuple[str, str, str], input_digest: str, version: str
) -> Manifest:
    """Describe a finished build and make all its files survive a loss of power.

    Call it last, after the database was closed.

    Args:
        build: ``builds/<name>``, with the database in ``db/``.
        triples: how many the database holds.
        sentinel: the IRIs of a triple in it.
        input_digest: digest of the input.
        version: of twingraph.
    """
    database = build / "db"
    files: dict[str, int] = {}
    digests: dict[str, str] = {}
    for path in sorted(database.rglob("*")):
        if path.is_file() and not _VOLATILE.match(path.name):
            name = path.relative_to(database).as_posix()
            files[name] = path.stat().st_size
            digests[name] = _digest(path)
            _sync(path)
    manifest = Manifest(
        name=build.name,
        triples=triples,
        files=files,
        sentinel=dict(zip("spo", sentinel, strict=True)),
        input_digest=input_digest,
        version=version,
        sha256=digests,
    )
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True) + "\n"
    _write_atomically(build / "manifest.json", text)
    _sync(database)
    _sync(build.parent)
    return manifest


def publish(store: Path, name: str) -> None:
    """Make a finished build the one in use, in one step that can't be seen half done.

    Raises:
        StoreError: the build is incomplete; the pointer stays where it was.
    """
    verify(builds_dir(store) / name)
    _write_atomically(store / _POINTER, name + "\n")


def current_build(store: Path) -> Path:
    """Return the directory of the build in use.

    Raises:
        StoreError: there is none, with what to do about it.
    """
    try:
        return _current_build(store)
    except PermissionError as error:
        raise StoreError(
            f"no permission to read {error.filename or store}; ask its owner, or give another store"
        ) from error
    except OSError as error:
        raise StoreError(
            f"the store at {store} can't be read: {error.filename or store}: {error.strerror or error}; "
            "`twingraph build` makes a new one in an empty directory"
        ) from error


def _current_build(store: Path) -> Path:
    build = f"`twingraph build --store {store}`"
    if not os.path.lexists(store):
        raise StoreError(f"there is no store at {store}; {build} makes one. Check the path for typing errors")
    if not store.is_dir():
        raise StoreError(f"{store} is a file, not a store; give the directory that {build} makes")
    entries = {entry.name for entry in store.iterdir()}
    if "IDENTITY" in entries or any(entry.startswith("MANIFEST-") for entry in entries):
        raise StoreError(
            f"{store} is a bare Oxigraph database, which can't be checked for damage; "
            f"serve it with `oxigraph serve-read-only --location {store}` and give its address, "
            "or make a store with `twingraph build`"
        )
    if not entries:
        raise StoreError(f"{store} is an empty directory; {build} makes a store of it")
    if _POINTER not in entries:
        raise StoreError(f"{store} holds no finished build (no file {_POINTER!r}); {build} makes one")
    name = (store / _POINTER).read_bytes().decode(errors="replace").strip()
    if not _NAME.match(name):
        raise StoreError(f"{store / _POINTER} names no build; the store is damaged, {build} makes a new one")
    found = builds_dir(store) / name
    if not found.is_dir():
        raise StoreError(f"{store} points to the build {name!r}, which is gone; {build} makes a new one")
    return found


def verify(build: Path) -> Manifest:
    """Check a build's files against its manifest, before anything opens the database.

    A database with a file cut short can open as empty and delete the rest.

    Raises:
        StoreError: damaged, incomplete, or made by a newer version.
    """
    path = build / "manifest.json"
    advice = "`twingraph build` makes a new one"
    try:
        manifest = _read_manifest(path)
        database = build / "db"
        for name, size in manifest.files.items():
            file = database / name
            if not file.is_file():
                raise StoreError(f"the store is damaged: {file} is missing; {advice}")
            found = file.stat().st_size
            if found != size:
                raise StoreError(f"the store is damaged: {file} has {found:,} bytes instead of {size:,}; {advice}")
            with file.open("rb"):
                pass
    except FileNotFoundError as error:
        raise StoreError(f"the store is damaged: {error.filename} is missing; {advice}") from error
    except PermissionError as error:
        raise StoreError(f"no permission to read {error.filename}; ask its owner, or build again") from error
    except OSError as error:
        raise StoreError(
            f"the store is damaged: {error.filename or path} can't be read ({error.strerror or error}); {advice}"
        ) from error
    if "CURRENT" not in manifest.files:
        raise StoreError(f"the store is damaged: {path} lists no database; {advice}")
    return manifest


def verify_contents(build: Path, manifest: Manifest) -> None:
    """Check that every byte of the database is as it was written; reads all of it.

    A flipped byte leaves the sizes as they were, and can make the engine search for ever.

    Raises:
        StoreError: a file was changed or can't be read. Builds without digests pass.
    """
    for name in manifest.files:
        digest = manifest.sha256.get(name)
        if digest is None:
            continue
        file = build / "db" / name
        try:
            found = _digest(file)
        except OSError as error:
            raise StoreError(
                f"the store is damaged: {file} can't be read ({error.strerror or error}); "
                "`twingraph build` makes a new one"
            ) from error
        if found != digest:
            raise StoreError(
                f"the store is damaged: the content of {file} has changed since it was built; "
                "`twingraph build` makes a new one"
            )


def check_presence(build: Path) -> None:
    """Check that a build that was opened is still there.

    Raises:
        StoreError: it was removed or moved.
    """
    if not (build / "manifest.json").is_file() or not (build / "db" / "CURRENT").is_file():
        raise StoreError(
            f"the store is gone: {build} was removed or moved after it was opened; "
            "open it again, or make a new one with `twingraph build`"
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_manifest(path: Path) -> Manifest:
    mangled = f"the store is damaged: {path} is no manifest; `twingraph build` makes a new store"
    try:
        data: Any = json.loads(path.read_bytes())
        number = data["format"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise StoreError(mangled) from error
    if number != FORMAT:
        raise StoreError(
            f"{path.parent} has the store format {number!r}, and this version reads {FORMAT}; "
            "use the version of twingraph that made it, or build again"
        )
    try:
        manifest = Manifest(**data)
        sizes = manifest.files.items()
        valid = (
            all(isinstance(name, str) and isinstance(size, int) for name, size in sizes)
            and not any(".." in name.split("/") or name.startswith("/") for name in manifest.files)
            and sorted(manifest.sentinel) == ["o", "p", "s"]
            and all(isinstance(iri, str) for iri in manifest.sentinel.values())
            and isinstance(manifest.triples, int)
            and all(_DIGEST.match(digest) for digest in manifest.sha256.values())
        )
    except (TypeError, AttributeError) as error:
        raise StoreError(mangled) from error
    if not valid:
        raise StoreError(mangled)
    return manifest


def _write_atomically(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
