"""Widgets: functions that draw values in a part of a window."""
