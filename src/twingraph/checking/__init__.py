"""Checks of a built graph: gaps, contradictions and broken references."""
