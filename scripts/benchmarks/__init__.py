"""The measurements of the benchmark, and their peers in other libraries."""
