"""Places in words: crossings, sections of streets and areas, as people write them, found on a map."""
