"""What several programs share: options, console output, tables and curves."""
