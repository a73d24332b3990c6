"""Views of what an agent has learned, and changes to it: `memory` and `hill` are made of these."""
