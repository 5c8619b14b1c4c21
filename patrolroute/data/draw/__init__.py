"""Draws the bundled schematic map from its table; stays beside it, and out of the wheel."""
