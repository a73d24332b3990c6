"""Widgets: parts of a window that draw values and know no run."""
