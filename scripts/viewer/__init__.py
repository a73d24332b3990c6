"""Windows and files that show a run, a game and live training."""
