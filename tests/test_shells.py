"""Commands in the documentation and in messages can be pasted into cmd.exe, PowerShell and POSIX shells."""

import ast
import re
import shlex

import pytest
from pages import PAGES, ROOT, blocks

FROM_README = ("pip install -e . && python scripts/train.py", 'pip install -e ".[dev]" && pytest')
BASH, CELL = "bash", "{code-cell}"
PROGRAMS = r"(?:cookie-jar|pip|python|pytest) "
NOT_ALIKE = r"""[,'*?;&|<>$`~(){}!^%]|\\$|^[A-Z_]+=|^(export|set|for|source) """  # outside of double quotes
CODE = [path for name in ("agents", "envs", "scripts") for path in sorted((ROOT / name).rglob("*.py"))]


def shell_lines(page):
    """The command lines of a page: of its blocks, of its cells for a shell, and in its sentences."""
    for block in blocks(page):
        if block.language == BASH:
            yield from block.text.splitlines()
        if block.language == CELL and block.text.startswith("%%bash\n"):
            yield from block.text.splitlines()[1:]
    yield from re.findall(rf"`({PROGRAMS}[^`\n]+)`", PAGES[page].read_text(encoding="utf-8"))


def not_alike(line):
    """The first part of a command line that shells read in different ways, or None."""
    found = re.search(NOT_ALIKE, re.sub(r'"[^"$`\\!]*"', '""', line))
    return found and found[0]


@pytest.mark.parametrize(
    "line",
    [
        *("a && b", "a --seeds 0,1,2", "a 'b c'", "a runs/*", "a; b", "A=1 b", "a \\", "a $B", "a > b"),
        *('a "$B"', "source a", "a `b`", "a {b}", "for a in b", "a | b", "a (b)"),
    ],
)
def test_what_shells_read_in_different_ways_is_found(line):
    assert not_alike(line)


@pytest.mark.parametrize(
    "line", ["a --b c", 'a --vary "b=1,2"', "a runs/b@3 -o c-0.1", 'pip install -e ".[a,b]"']
)
def test_what_all_shells_read_alike_is_left(line):
    assert not not_alike(line)
    assert shlex.split(line)


@pytest.mark.parametrize("page", PAGES)
def test_commands_of_a_page_can_be_pasted_into_any_shell(page):
    text = PAGES[page].read_text(encoding="utf-8")
    for line in map(str.strip, shell_lines(page)):
        if line in FROM_README:
            after = text[text.index(line) :].splitlines()[:5]
            assert "PowerShell 5.1" in " ".join(after), f"{page}, after {line}: expected a note on PowerShell"
        elif line == "source .venv/bin/activate":
            assert "Windows" in text[text.index(line) :], f"{page}: expected the same for Windows"
        else:
            assert not not_alike(line), f"{page}: {not_alike(line)} in {line}"


def texts_of(path):
    """The texts in a file of the program."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_commands_in_messages_can_be_pasted_into_any_shell():
    """Names and paths in them go through `quoted`."""
    command = rf"`({PROGRAMS}[^`\n]+)`|(?:run|with|example): ({PROGRAMS}[^\n;(]*?)(?:, then |[;(\n]|$)"
    found = [match for path in CODE for text in texts_of(path) for match in re.findall(command, text)]
    assert len(found) > 10
    assert [line for line in map("".join, found) if not_alike(line.strip())] == []
