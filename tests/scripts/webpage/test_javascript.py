"""The JavaScript of the page: plain, short, and read by Node."""

import shutil
import subprocess

import pytest

from cookie_jar.scripts.webpage import build

BUDGET = 1_430  # lines in all, with comments and blank lines
CODE = 1_200  # lines without them
WIDTH = 110  # characters of a line
MODULES = sorted(build.HERE.glob("*.js"))


def test_every_module_is_in_the_page_once():
    assert sorted(build.MODULES) == [path.name for path in MODULES]


def test_the_modules_are_short():
    lines = {path.name: path.read_text(encoding="utf-8").splitlines() for path in MODULES}
    assert sum(map(len, lines.values())) <= BUDGET, {name: len(found) for name, found in lines.items()}
    code = [line for found in lines.values() for line in map(str.strip, found) if line]
    assert sum(not line.startswith("//") for line in code) <= CODE


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_says_what_it_is_about_in_lines_that_can_be_read(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("// ")
    assert [line for line in text.splitlines() if len(line) > WIDTH] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_is_a_plain_script_that_nothing_can_be_smuggled_into(path):
    text = path.read_text(encoding="utf-8")
    for word in (
        "</script",
        "<!--",
        "import ",
        "export ",
        "eval(",
        "new Function",
        "document.write",
        "fetch(",
    ):
        assert word not in text, word


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_indentation_and_comments_mean_nothing(path):
    """The page is built without them: no text goes over several lines, or looks like a comment."""
    for line in path.read_text(encoding="utf-8").splitlines():
        code = f" {line}".partition(" // ")[0]
        assert code.count("`") % 2 == 0, line


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js (node)")
@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_node_reads_a_module(path):
    done = subprocess.run(["node", "--check", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
