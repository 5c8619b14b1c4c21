"""The search: from a problem to a good solution."""
