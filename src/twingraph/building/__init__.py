"""The build: from source data to a store and the release files."""

from twingraph.building.pipeline import BuildSummary, build, input_digest

__all__ = ["BuildSummary", "build", "input_digest"]
