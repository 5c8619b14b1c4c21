"""What every room uses: errors, closed lists, translations, units, text, files, compiled code."""

__version__ = "0.2.0"
"""Of the library, in one place that every room may read."""
