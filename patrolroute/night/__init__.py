"""A night described in a file: its model, and the run from the file to the outputs."""
