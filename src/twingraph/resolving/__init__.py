"""From written names to municipalities, by evidence: scores with reasons, open cases, decisions that can be undone."""
