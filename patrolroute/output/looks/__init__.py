"""What all outputs share: colours and teams, letters, place names, datum, words."""
