"""Figures for print: the network, its map, growth, country pairs, and the chain between two towns."""
