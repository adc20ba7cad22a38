"""Every error twingraph raises on purpose, under one root.

A message says what is wrong, where, and what to do. The command line prints it as one paragraph.
"""

from __future__ import annotations

from pathlib import Path


class TwingraphError(Exception):
    """Root of all errors that twingraph raises on purpose."""


class DataError(TwingraphError):
    """A file under ``data/`` (or a file given by the user) can't be taken as it is.

    Attributes:
        file: the file, as a path.
        row: 1-based row in the file as an editor counts it (the header is row 1), or None.
        column: name of the column or key, or None.
    """

    def __init__(self, message: str, *, file: Path | str, row: int | None = None, column: str | None = None) -> None:
        self.file = Path(file)
        self.row = row
        self.column = column
        self.detail = message
        where = str(file)
        if row is not None:
            where += f", row {row}"
        if column is not None:
            where += f", column {column!r}"
        super().__init__(f"{where}: {message}")


class InvalidDataError(TwingraphError):
    """Several `DataError`s of one run, so that a person mends all of them at once."""

    #: How many are spelled out in the message; all stay in ``errors``.
    SHOWN = 20

    def __init__(self, errors: list[DataError]) -> None:
        self.errors = errors
        lines = [str(error) for error in errors[: self.SHOWN]]
        if len(errors) > self.SHOWN:
            lines.append(f"... and {len(errors) - self.SHOWN} more")
        noun = "error" if len(errors) == 1 else "errors"
        super().__init__(f"{len(errors)} {noun} in the data; nothing was built.\n" + "\n".join(lines))


class BuildError(TwingraphError):
    """A build could not be finished; the store that was there before is untouched."""


class StoreError(TwingraphError):
    """A store can't be opened, is damaged, or is in use by another process."""


class EndpointError(TwingraphError):
    """A remote SPARQL endpoint failed or answered with something that is no answer.

    Attributes:
        url: the endpoint.
        status: HTTP status, or None where no answer came.
        pause: seconds after which it wants to be asked again, or None where it names none.
    """

    def __init__(self, message: str, *, url: str, status: int | None = None, pause: float | None = None) -> None:
        self.url = url
        self.status = status
        self.pause = pause
        super().__init__(message)


class QueryError(TwingraphError):
    """A query can't be run: syntax, nesting, a forbidden feature, or the engine failed on it.

    Attributes:
        line, column: 1-based place in the query text, or None.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line = line
        self.column = column
        super().__init__(message)


class QueryNotFoundError(QueryError):
    """No query of the library has this name."""


class QueryParameterError(QueryError):
    """A parameter of a library query is unknown, missing, given twice or of the wrong type."""


class QueryTimeoutError(QueryError):
    """A query ran longer than its time limit and was stopped."""


class ResultFormatError(TwingraphError):
    """The result can't be written in the format that was asked for."""


class UnknownNameError(TwingraphError):
    """No municipality has this name. ``candidates`` holds near ones."""

    def __init__(self, message: str, *, candidates: list[str] | None = None) -> None:
        self.candidates = candidates or []
        super().__init__(message)


class AmbiguousNameError(TwingraphError):
    """Several municipalities have this name. ``candidates`` lists them."""

    def __init__(self, message: str, *, candidates: list[str]) -> None:
        self.candidates = candidates
        super().__init__(message)


class SelectionError(TwingraphError):
    """A selection names something that can't be chosen, or that the data says nothing about."""


class AnalysisError(TwingraphError):
    """An analysis has no answer: the graph lacks what it needs, or what was asked for does not exist."""


class ExportError(TwingraphError):
    """A figure or file can't be made as asked: no room, no such font, nothing to show."""
