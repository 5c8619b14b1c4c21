"""Questions asked of a finished plan."""
