"""Cookies as pictures: the recipe of the three kinds, and numbered pictures of them."""
