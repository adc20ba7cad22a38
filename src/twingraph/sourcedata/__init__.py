"""Source data: the tables under ``data/``, read and checked."""
