"""What a planner could use instead of this library, each set up as well as its own documentation teaches."""
