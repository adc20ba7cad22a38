"""Answers to queries, in every form that a user can ask for."""
