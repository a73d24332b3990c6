"""Comparisons and sweeps: trials, their records, and the statistics and reports of the records."""
