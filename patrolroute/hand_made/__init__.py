"""Plans made by hand: which crew, which streets and stops in which order; the legs are filled in."""
