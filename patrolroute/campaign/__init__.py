"""Half months: from one night to the year's end, and draws that nobody can guess."""
