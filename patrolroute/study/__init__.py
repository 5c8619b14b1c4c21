"""Questions about a night and its plans: what may be wrong with it, how two plans differ, what else would do."""
