"""A contest: its cells, what came of them, and what that adds up to."""
