"""What the benchmark measures: each function is one row of its table."""
