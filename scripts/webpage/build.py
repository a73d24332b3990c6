"""Putting the page together: template, style sheet, scripts and data become one HTML file."""

import json
import re
import zlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from cookie_jar.scripts.webpage.kitchens import PackedKitchen, labels, settings
from cookie_jar.scripts.webpage.markup import expand, fill, find
from cookie_jar.scripts.webpage.sprites import picture_data, rounded

HERE = Path(__file__).parent
TEMPLATE, STYLE = HERE / "page.html", HERE / "page.css"
MODULES = (  # in the order in which they are joined into one script
    *("texts.js", "random.js", "learner.js", "exact.js", "memory.js", "history.js"),
    *("floor.js", "panel.js", "controls.js", "cookies.js", "tour.js", "page.js"),
)
COOKIES = "cookies.js"
COOKIES_RULE = re.compile(r"^#cookies[^{}]*{[^{}]*}\n", re.MULTILINE)
MAIN = re.compile("<main>(.*)</main>", re.DOTALL)  # is packed, too: the script puts it back
COOKIES_SECTION = re.compile('<section id="cookies".*?</section>\n', re.DOTALL)
COMMENTS = {
    ".js": re.compile(r"(?m)(^|\s)// .*$"),  # the tests of JavaScript see that no text looks like one
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    ".html": re.compile(r"<!--.*?-->", re.DOTALL),
}
CHARSET = '<meta charset="utf-8">'
GENERATOR = '<meta name="generator" content="Cookie Jar">'  # tells our pages from other files
SAVED_WITH = "cookie-jar", "gymnasium", "numpy"  # the packages whose versions saved files name


class Content(NamedTuple):
    """What a page shows.

    Attributes:
        kitchens: The kitchens by name.
        start: The settings with which the page opens: kitchen, algorithm and seed.
        language: The code of the language of the texts.
        texts: The texts file.
        stations: The stations of the tour.
        quiz: The questions of the quiz.
        run: A finished run, or None.
        cookies: The pictures of cookies, or None to leave out their section.
    """

    kitchens: Mapping[str, PackedKitchen]
    start: Mapping[str, Any]
    language: str
    texts: Mapping[str, Any]
    stations: Sequence[Any] = ()
    quiz: Sequence[Any] = ()
    run: Mapping[str, Any] | None = None
    cookies: Mapping[str, Any] | None = None


def make_page(content: Content) -> str:
    """Return the page as one HTML document without references; it is the same for the same content."""
    template, style, modules = _template(content), _read(STYLE), list(MODULES)
    if content.cookies is None:
        style = COOKIES_RULE.sub("", style)
        modules.remove(COOKIES)
    parts = {
        "LANGUAGE": escape(content.language),
        "TITLE": escape(content.texts["page"]["title"]),
        "STYLE": style,
        "DATA": script_json(page_data(content)),
        "SCRIPT": "".join(['"use strict";\n', *(_read(HERE / name) for name in modules)]),
    }
    page = re.sub(f"@({'|'.join(parts)})@", lambda mark: parts[mark[1]], MAIN.sub("<main></main>", template))
    return page.replace(CHARSET, f"{CHARSET}\n{GENERATOR}\n{_policy(page)}", 1)


def page_data(content: Content) -> dict[str, Any]:
    """Return the data of the page; large texts are deflated together as "packed"."""
    rooms = {kitchen.room: name for name, kitchen in reversed(list(content.kitchens.items()))}
    packed = {
        **picture_data(),
        **labels(),
        **settings(),
        "kitchens": {
            name: {**kitchen.data, "name": name, "room": rooms[kitchen.room]}
            for name, kitchen in content.kitchens.items()
        },
        "rooms": rounded({name: room for room, name in rooms.items()}),
        "texts": {name: part for name, part in content.texts.items() if name != "cookies" or content.cookies},
        "main": MAIN.findall(_template(content))[0],  # beside the texts, many of which are in it
        "stations": content.stations,
        "quiz": content.quiz,
    }
    return {
        "version": version("cookie-jar"),
        "versions": {name: version(name) for name in SAVED_WITH},
        "language": content.language,
        "start": content.start,
        "run": content.run,
        "cookies": content.cookies,
        "packed": b64encode(zlib.compress(json_text(packed).encode(), 9)).decode(),
    }


def _template(content: Content) -> str:
    """Return the template with its texts, and with or without the section about pictures of cookies."""
    template = _read(TEMPLATE) if content.cookies else COOKIES_SECTION.sub("", _read(TEMPLATE))
    titles = {name: kitchen.data["title"] for name, kitchen in content.kitchens.items()}
    names = {name: find(content.texts, f"page.kitchens.{name}") or title for name, title in titles.items()}
    kitchens = "".join(f'<option value="{escape(name)}">{escape(names[name])}</option>' for name in names)
    return fill(expand(template), content.texts).replace("@KITCHENS@", kitchens)


def script_json(value: Any) -> str:
    """Return a value as JSON that cannot end the script element it is in."""
    return json_text(value).replace("<", "\\u003c")


def json_text(value: Any) -> str:
    """Return a value as JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _policy(page: str) -> str:
    """Return a Content-Security-Policy that allows nothing but the page's own script, and no request."""
    script = re.search("<script>(.*)</script>", page, re.DOTALL)
    digest = b64encode(sha256((script[1] if script else "").encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}">'


def _read(path: Path) -> str:
    """Return a file of this package without comments and most white space: a sixth of the page."""
    text = COMMENTS[path.suffix].sub("", path.read_text(encoding="utf-8"))
    text = re.sub(r"\s*\n\s*", "\n", text.strip()) + "\n"
    return re.sub(r"\s*([{};,])[ ]*|(:) ", r"\1\2", text) if path.suffix == ".css" else text
