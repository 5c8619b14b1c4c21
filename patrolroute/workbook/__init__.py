"""Workbooks that people fill in: what sheets and columns are, reading, writing, marking what is wrong."""
