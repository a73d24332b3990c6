"""Views and edits of the numbers that an agent has learned, for `memory` and `hill`."""
