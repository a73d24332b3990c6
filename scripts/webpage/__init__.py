"""The page: one HTML file in which a learner learns live, put together from the files of this package."""

from cookie_jar.scripts.webpage.notebook import PageInNotebook, show_page

__all__ = ["PageInNotebook", "show_page"]
