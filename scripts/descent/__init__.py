"""Learning as a way down a hill."""
