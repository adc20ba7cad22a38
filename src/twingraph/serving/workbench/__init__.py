"""The workbench: pages on which people search, read, look and take away what the graph holds, without SPARQL."""
