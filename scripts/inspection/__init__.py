"""Ways to look into a memory, and to change it."""
