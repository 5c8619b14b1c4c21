"""The problem of a night: everything a solver may know, and how a solution is scored."""
