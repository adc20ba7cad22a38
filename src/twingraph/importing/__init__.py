"""Tables, graph files and wikitext of others as source folders of a data folder."""
