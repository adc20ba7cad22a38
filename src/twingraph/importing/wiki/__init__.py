"""Import lists of partners from pages of a wiki: getting a page, reading its lines, and what their words say."""
