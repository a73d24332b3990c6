"""Foreign text in Markdown."""

import re


def plain(text: str) -> str:
    """Return one line of foreign text for Markdown, without markup and HTML."""
    return re.sub(r"([\\`*_{}\[\]<>()#|~!&$])", r"\\\1", text)
