"""The benchmark: measurements of speed, next to peers."""
