"""The ground in parts: cells of a grid, and how each is patrolled; what sees plans, not how they are found."""
