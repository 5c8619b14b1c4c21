"""Patrol areas (巡区): a town's streets in a given number of parts, connected, compact, evenly loaded."""
