"""The rule for output files: a program replaces a file only if that is a file of the kind that it writes.

What the user names is checked before the work begins. The kind of a file is judged by its beginning, not by
its name, so that `--json FILE` with the wrong FILE destroys nothing.
"""

import re
from pathlib import Path

from cookie_jar.agents.files import is_regular

HEAD = 4_096  # bytes that are read of a file
WEB_PAGE = rb'<!DOCTYPE html>(?s:.*)<meta name="generator" content="Cookie Jar">'  # of `page`
BY_SUFFIX = {  # beginnings of pictures and pages
    ".html": WEB_PAGE,
    ".png": rb"\x89PNG\r\n",
    ".gif": rb"GIF8",
    ".webp": rb"RIFF....WEBP",
    ".mp4": rb"....ftyp",
}
MEMORY_JSON = rb'\{\s*"description":'  # of `memory show`
SCORES_JSON = rb'\{\s*"format_version":'  # of `cookies test`
SPEED_JSON = rb'\{\s*"machine":'  # of `benchmark`
NUMBERS_CSV = rb"state,meaning,|name,index,value\s"  # of `memory show`
MODEL_CARD = rb"---\r?\n(?s:.*)library_name: cookie-jar"  # of `card`


def obstacle(path: Path, beginning: bytes | None = None) -> str | None:
    """Return why a file cannot be written to a path, or None. An empty file may be replaced.

    Args:
        path: The path.
        beginning: A regular expression of the beginning of the files that may be replaced; None for that of
            pictures and pages, by the suffix of the path.
    """
    if path.is_dir():
        return f"expected a file to write, got the folder {str(path)!r}"
    if not path.exists():
        return None
    if not is_regular(path.resolve()):
        return f"expected a regular file, got a device, a pipe or a socket: {path}"
    pattern = BY_SUFFIX.get(path.suffix.lower(), rb"\Z") if beginning is None else beginning
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head or re.match(pattern, head, re.DOTALL):
        return None
    return f"{path} holds something else, and is kept: choose another name, or delete that file first"
