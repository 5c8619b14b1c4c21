"""Complaints in Chinese about the half months: calendars, records, draws."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_CAMPAIGN: Mapping[str, str] = {}
"""Whole sentences by their English wording."""

PARTS_OF_CAMPAIGN: Mapping[str, str] = {}
"""What stands before them, each with a colon, and pieces of them."""
