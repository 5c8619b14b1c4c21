"""The planner's page: one night edited, planned and compared in a browser on the same computer."""
