"""Queries as text: the library, parameters, and what is refused before an engine sees it."""
