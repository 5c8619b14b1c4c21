"""The rules of the audit, one small function each."""
