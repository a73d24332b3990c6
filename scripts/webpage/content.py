"""What a page shows: its own kitchens, a kitchen or a run of the user's, the cookies, and the texts."""

import re
from pathlib import Path
from typing import Any

from cookie_jar.agents.env_spec import same_env
from cookie_jar.scripts.common.lessons import read_lessons, read_texts
from cookie_jar.scripts.webpage.build import Content
from cookie_jar.scripts.webpage.cookies import cookie_data
from cookie_jar.scripts.webpage.kitchens import PackedKitchen, own_kitchens
from cookie_jar.scripts.webpage.runs import Shown

FIRST = "home"  # the kitchen with which the page opens
ALGORITHM = "q-learning"
MOST_SEED = (1 << 32) - 1  # as in the field of the page
UNKNOWN = "und"  # the code of a language that is not known


def make_content(
    *,
    own: PackedKitchen | None = None,
    shown: Shown | None = None,
    cookies: bool = True,
    language: str | None = None,
    texts: Path | None = None,
    **start: Any,
) -> Content:
    """Return what a page shows.

    Args:
        own: A kitchen of the user's, with which the page opens.
        shown: A run, with whose kitchen the page opens.
        cookies: Whether the page has the section about pictures of cookies.
        language: The code of an installed language; by default English.
        texts: A file of texts instead.
        **start: The settings with which the page opens: "kitchen", "algorithm", "seed", "station".

    Raises:
        FileError: If the file of texts cannot be read.
        UsageError: If it does not have the texts of the page.
    """
    kitchens = own_kitchens()
    first, run = start.pop("kitchen", FIRST), None
    if shown is not None:
        own = shown.kitchen
    if own is not None:
        first = _name(own, kitchens)
        kitchens[first] = own
    if shown is not None:
        run = {**shown.data, "kitchen": first}
    known = {} if language is None else {"language": language}
    lessons = read_lessons()
    return Content(
        kitchens,
        {"kitchen": first, "algorithm": ALGORITHM, "seed": 0} | start,
        _code(texts) if texts is not None else language or "en",
        read_texts(texts, **known),
        lessons["stations"],
        lessons["quiz"],
        run,
        cookie_data() if cookies else None,
    )


def _name(kitchen: PackedKitchen, others: dict[str, PackedKitchen]) -> str:
    """Return the name of an equal kitchen, or else a new name for a kitchen."""
    for name, other in others.items():
        if same_env(kitchen.data["env"], other.data["env"]):
            kitchen.data["title"] = name
            return name
    title = str(kitchen.data["title"])
    return title if title not in others else f"{title} 2"


def _code(texts: Path) -> str:
    """Return the code of a language from the name of a file, such as de.json."""
    return texts.stem if re.fullmatch("[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", texts.stem) else UNKNOWN
