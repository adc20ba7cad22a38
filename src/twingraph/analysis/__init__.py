"""Answers about a network: NetworkX graphs in, data frames and numbers out. No RDF and no store here."""
