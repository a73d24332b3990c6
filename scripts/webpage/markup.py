"""The template of the page with its repeated parts and its texts filled in."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any

LIMIT = "200"  # actions of an episode
EACH = re.compile(r'<each of="([^"]*)">(.*?)</each>\n', re.DOTALL)
# Of the section about cookies, the texts are filled in by its script.
TAG = re.compile(r'<\w[^<>]* data-(?:text|label|title)="(?!cookies|{)[^<>]*>')
GIVEN = re.compile(r' data-(text|label|title|words|name)="([^"{}]+)"')
TITLE = "_title"


def expand(template: str) -> str:
    """Return a template with the inside of <each of="a,b"> once for each name, which stands for @one@ in it.

    Its number stands for @number@.
    """

    def repeated(mark: re.Match[str]) -> str:
        names = mark[1].split(",")
        return "".join(
            mark[2].replace("@one@", name).replace("@number@", str(i)) for i, name in enumerate(names)
        )

    return EACH.sub(repeated, template)


def fill(template: str, texts: Mapping[str, Any]) -> str:
    """Return a template with its texts.

    An element with data-text="key" contains that text, and one with data-label="key" has it as its label; a
    text of the key with "_title", or that of data-title, is its title. {words} in it is the text of
    data-words, and {name} is data-name.
    """

    def filled(mark: re.Match[str]) -> str:
        given = dict(GIVEN.findall(mark[0]))
        values = {"words": find(texts, given.get("words", "")), "name": given.get("name"), "limit": LIMIT}

        def say(key: str) -> str:
            said = find(texts, key) or key
            for name, value in values.items():
                said = said.replace(f"{{{name}}}", value or f"{{{name}}}")
            return escape(said)

        key = given.get("text") or given.get("label") or ""
        title, tag = given.get("title", key + TITLE), mark[0].removesuffix(">")
        if find(texts, title) is not None:
            tag += f' title="{say(title)}"'
        if "label" in given:
            tag += f' aria-label="{say(key)}"'
        return f"{tag}>{say(key)}" if "text" in given else f"{tag}>"

    return TAG.sub(filled, template)


def find(texts: Mapping[str, Any], key: str) -> str | None:
    """Return the text of a key such as "page.speeds.0", or None."""
    found: Any = texts
    for name in key.split("."):
        if isinstance(found, list):
            found = found[int(name)] if name.isdecimal() and int(name) < len(found) else None
        else:
            found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else None
