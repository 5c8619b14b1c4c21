"""The engine: from a problem to a good solution."""
