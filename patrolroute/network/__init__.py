"""The road network: where it comes from, what it holds, how long it takes to drive."""
