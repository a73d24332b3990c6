"""Comparisons and sweeps: their trials, the records of these, and what the records add up to."""
