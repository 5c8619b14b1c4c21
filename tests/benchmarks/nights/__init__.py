"""Nights on city streets that the benchmarks share, tools run on them, and the best plans known."""
