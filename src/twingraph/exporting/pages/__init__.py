"""Pages that show a network or a map of it: one file, nothing loaded from elsewhere."""
