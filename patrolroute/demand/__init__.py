"""What is to be covered tonight: priority streets and hotspots."""
