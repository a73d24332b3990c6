"""The tour in the terminal, and the exercises."""
