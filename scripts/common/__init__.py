"""Shared parts of the programs: options, console output, tables, figures and reports."""
