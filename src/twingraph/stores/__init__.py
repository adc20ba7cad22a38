"""Stores: where the graph is kept and asked, in memory, on disk, or behind an address."""
