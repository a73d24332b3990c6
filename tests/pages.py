"""The README and the pages of the documentation, as blocks that can be run."""

import doctest
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PAGES = {
    str(path.relative_to(ROOT)): path
    for path in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
}
NOTEBOOK = "file_format: mystnb"  # executed when the site is built
FENCE = re.compile(
    r"(?:^[ ]*<!-- (?P<mark>slow|not run): [^\n]+ -->\n)?^(?P<indent>[ ]*)```(?P<language>[\w{}-]*)[^\n]*\n"
    r"(?P<text>.*?)^(?P=indent)```$",
    re.S | re.M,
)
INSTALLS = ("pip install", "python3 -m venv", "source ", "sphinx-build")  # `.ci/run` does these


class Block(NamedTuple):
    """A fenced block.

    Attributes:
        language: the word after the fence.
        text: the lines between the fences, without their common indentation.
        mark: "slow", "not run", or "".
        line: lines of the page before the text.
    """

    language: str
    text: str
    mark: str
    line: int


class Command(NamedTuple):
    """A command of a page and the lines that the page says it prints."""

    words: str
    output: str
    slow: bool


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    text = PAGES[page].read_text(encoding="utf-8")
    return [
        Block(
            match["language"],
            re.sub(rf"(?m)^{match['indent']}", "", match["text"]),
            match["mark"] or "",
            text.count("\n", 0, match.start("text")),
        )
        for match in FENCE.finditer(text)
    ]


def commands(page: str) -> list[Command]:
    """The commands of a page that can be run, each with the block of output that follows it."""
    found: list[Command] = []
    above = False  # whether the last fence was a block of commands
    for block in blocks(page):
        if block.language == "text" and above:
            found[-1] = found[-1]._replace(output=block.text)
        above = block.language == "bash" and block.mark != "not run"
        if above:
            lines = block.text.replace("\\\n", " ").splitlines()
            found += [Command(line, "", block.mark == "slow") for line in lines]
    return found


def is_installation(words: str) -> bool:
    """Whether a command only installs or builds."""
    return words.startswith(INSTALLS) and "python scripts/" not in words


def examples(page: str, slow: bool) -> doctest.DocTest:
    """The Python examples of a page as one test, with the page's line numbers."""
    lines = [""] * (PAGES[page].read_text(encoding="utf-8").count("\n") + 1)
    for block in blocks(page):
        if block.language == "python" and block.text.startswith(">>> ") and (block.mark == "slow") == slow:
            text = block.text.splitlines()
            lines[block.line : block.line + len(text)] = text
    return doctest.DocTestParser().get_doctest("\n".join(lines), {}, page, str(PAGES[page]), 0)


def images(page: str) -> list[Path]:
    """The pictures that a page shows."""
    found = re.findall(r"!\[[^]]*\]\(([^)]+)\)", PAGES[page].read_text(encoding="utf-8"))
    return [PAGES[page].parent / name for name in found]


def links(page: str) -> list[Path]:
    """The files that a page links to."""
    found = re.findall(r"(?<!!)\[[^]]+\]\((?!https?:|#)([^)#]+)", PAGES[page].read_text(encoding="utf-8"))
    return [PAGES[page].parent / name for name in found]
