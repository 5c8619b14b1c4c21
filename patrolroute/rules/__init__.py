"""The rules of the audit, one small function each; they know plans and networks, never a solver."""
