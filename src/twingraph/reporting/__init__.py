"""A report: findings with plots, as one page that a person reads from top to bottom."""
