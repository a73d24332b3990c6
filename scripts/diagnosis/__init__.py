"""Checks of an installation, for `doctor`; they import libraries only in another process."""
