"""Many bureaus in a night: their nights planned side by side, kept as they are done, and looked at together."""
