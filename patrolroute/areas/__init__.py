"""The ground in parts: patrol areas (巡区) drawn evenly, and cells of a grid, with how each is patrolled."""
