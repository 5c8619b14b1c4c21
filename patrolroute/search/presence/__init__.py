"""The rhythm of a night: time that points leave over goes to the streets that are least seen."""
