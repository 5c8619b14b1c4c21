"""Draws the bundled schematic map from its table: ``python -m patrolroute.data.draw``."""
