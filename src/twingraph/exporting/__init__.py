"""Networks as files for other programs: each carries what was selected, the version of the data and the sources."""
