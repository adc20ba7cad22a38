"""From claims to conclusions: identity, partnerships, and everything else that sources speak of."""
