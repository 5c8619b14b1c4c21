"""The night under way: plans made anew during a shift, and what was really driven."""
