"""Questions about a network with their answers: a sentence, a table, and what it does not say."""
