"""Complaints in Chinese about the night under way: plans made anew, tracks."""

from __future__ import annotations

from collections.abc import Mapping

RULES_OF_LIVE: Mapping[str, str] = {}
"""Whole sentences by their English wording."""

PARTS_OF_LIVE: Mapping[str, str] = {}
"""What stands before them, each with a colon, and pieces of them."""
