"""``python -m twingraph`` is the same as ``twingraph``."""

from twingraph.cli import main

main()
