"""Every command and example of the README and of the documentation works as written."""

import doctest
import importlib
import os
import re
import sys
import tomllib
from contextlib import ExitStack, contextmanager
from fnmatch import fnmatch
from pathlib import Path

import gymnasium as gym
import pytest
from needs import needs_links, skip_without
from pages import NOTEBOOK, PAGES, ROOT, blocks, commands, examples, images, is_installation, links
from screens import MISSING, virtual_screen, visible_windows
from waiting import end_of, running, wait_while_it_runs

TESTS = 'pip install -e ".[dev]" && pytest'
INSTALL = "pip install -e . && "
WITH_COMMANDS = [
    page for page in PAGES if any(not (c.slow or is_installation(c.words)) for c in commands(page))
]
LONG_PAGES = (
    "README.md",
    "docs/quickstart.md",
    *(f"docs/how-to/{name}.md" for name in ("compare", "page", "photographs", "sweep", "watch")),
)
SLOW_COMMANDS = [page for page in PAGES if any(c.slow for c in commands(page))]
WITH_EXAMPLES = [page for page in PAGES if examples(page, slow=False).examples]
SLOW_EXAMPLES = [page for page in PAGES if examples(page, slow=True).examples]
PACKAGES = {  # that the commands and examples of a page need, the fast and the slow ones
    ("docs/how-to/tensorboard.md", False): ["tensorboard"],
    ("docs/how-to/compare.md", True): ["stable_baselines3"],
    ("docs/how-to/exact.md", True): ["stable_baselines3"],
    ("docs/how-to/minari.md", True): ["minari", "h5py", "jax"],
    ("docs/how-to/rl-zoo.md", True): ["rl_zoo3"],
}


def opens_window(words):
    watches = "--watch" in words or re.search(r"\b(watch|play)\b", words)
    return bool(watches) and "--save" not in words


def run_page(page, folder, slow):
    """Run the commands of a page in their order, and compare what they print with what the page says."""
    skip_without(*PACKAGES.get((page, slow), ()))
    for name in ("envs", "agents", "scripts"):  # for `python scripts/...`
        (folder / name).symlink_to(ROOT / name)
    binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"COLUMNS": "100", "PATH": binaries, "BROWSER": "true"}  # which opens nothing
    todo = [c for c in commands(page) if slow or not c.slow]
    with ExitStack() as stack:
        screen = None
        for command in todo:
            words = command.words.removeprefix(INSTALL)
            if is_installation(words):
                continue
            if not opens_window(words):
                run_command(words, command.output, folder, environment)
            elif not MISSING:
                screen = screen or stack.enter_context(virtual_screen(folder / "screen"))
                stack.enter_context(open_window(words, folder, environment | screen))


def run_command(words, output, folder, environment):
    """Run a command, and compare what it prints with the lines of the page."""
    with running(words, shell=True, cwd=folder, env=environment, start_new_session=True) as process:
        code, out, err = end_of(process)
    assert code == 0, f"{words}: {err}"
    printed = iter([line.rstrip() for line in out.splitlines()])
    for line in output.splitlines():
        assert line.rstrip() in printed, f"{words} does not print, in this order: {line}"


def long_pages_are_slow(page):
    """Mark the pages whose commands take longest."""
    return pytest.param(page, marks=pytest.mark.slow) if page in LONG_PAGES else page


@contextmanager
def open_window(words, folder, environment):
    """Run a command that opens a window, until the commands that follow have been tried."""
    before = len(visible_windows(environment))
    with running(words, shell=True, cwd=folder, env=environment, start_new_session=True) as process:
        wait_while_it_runs(
            process, lambda: len(visible_windows(environment)) > before, f"the window of {words}"
        )
        yield
        assert process.poll() is None, f"{words} has closed its window: {process.communicate()}"


@needs_links
@pytest.mark.parametrize("page", [long_pages_are_slow(page) for page in WITH_COMMANDS])
def test_commands_run_and_print_what_the_page_says(page, tmp_path):
    run_page(page, tmp_path, slow=False)
    for name in re.findall(r"--save (\S+)", "\n".join(c.words for c in commands(page) if not c.slow)):
        assert (tmp_path / name).stat().st_size > 1_000
    written = {path for path in tmp_path.iterdir() if not path.is_symlink() and path.name != "screen"}
    named = {path for path in written if re.search(rf"(?<!/){path.name}\b", PAGES[page].read_text())}
    assert all(ignored(path) for path in written - named)


def ignored(path):
    """Return whether .gitignore leaves out a file or a folder of the folder of the project."""
    name = f"/{path.name}/" if path.is_dir() else f"/{path.name}"
    lines = (ROOT / ".gitignore").read_text().splitlines()
    return any(fnmatch(name, line) for line in lines if line.startswith("/"))


@needs_links
@pytest.mark.slow
@pytest.mark.parametrize("page", SLOW_COMMANDS)
def test_slow_commands_run(page, tmp_path):
    run_page(page, tmp_path, slow=True)


def run_examples(page, folder, monkeypatch, slow):
    skip_without(*PACKAGES.get((page, slow), ()))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(folder))
    test = examples(page, slow)
    report = []
    result = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST).run(test, out=report.append)
    assert result.failed == 0, "".join(report)
    assert result.attempted == len(test.examples)


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_examples_give_what_the_page_says(page, tmp_path, monkeypatch):
    run_examples(page, tmp_path, monkeypatch, slow=False)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the libraries that these examples use
@pytest.mark.parametrize("page", SLOW_EXAMPLES)
def test_slow_examples_give_what_the_page_says(page, tmp_path, monkeypatch):
    run_examples(page, tmp_path, monkeypatch, slow=True)


def test_the_pages_show_what_there_is_to_type():
    [train] = [c for c in commands("README.md") if c.words == INSTALL + "python scripts/train.py"]
    assert "learned (greedy)" in train.output
    assert len(examples("README.md", slow=False).examples) >= 8
    assert TESTS in [c.words for c in commands("README.md")]
    assert TESTS in map(str.strip, (ROOT / ".ci" / "run").read_text().splitlines())


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_a_sentence_exist(page):
    from cookie_jar.scripts.cli import PROGRAMS

    for program, rest in re.findall(r"`cookie-jar (?!PROGRAM)(\w+)([^`]*)`", PAGES[page].read_text()):
        assert program in PROGRAMS
        parser = importlib.import_module(f"cookie_jar.scripts.{program}").parser()
        for option in re.findall(r"--[\w-]+", rest):
            assert option in parser.format_help(), f"{program} {option}"


def test_all_files_that_state_the_version_state_the_same():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.findall(r"(?m)^version: (.+)$", (ROOT / "CITATION.cff").read_text()) == [version]
    assert re.findall(r"(?m)^## \[([\d.]+)\]", PAGES["CHANGELOG.md"].read_text())[0] == version


def test_the_readme_is_short():
    assert len(PAGES["README.md"].read_text().splitlines()) <= 120


def test_judging_takes_at_most_ten_lines():
    found = [block.text for block in blocks("docs/how-to/exact.md") if block.language == "python"]
    assert len(found) > 5
    assert all(len(re.findall(r"(?m)^(>>>|\.\.\.)", text)) <= 10 for text in found)


@pytest.mark.parametrize("page", PAGES)
def test_pictures_and_links_are_there(page):
    for path in [*images(page), *links(page)]:
        assert path.exists(), path
    assert all(0 < path.stat().st_size < 1_000_000 for path in images(page))


def test_every_picture_is_shown():
    shown = {path.resolve() for page in PAGES for path in images(page)}
    assert shown == set((ROOT / "docs" / "images").iterdir())


def test_tutorials_are_executed():
    for path in (ROOT / "docs" / "tutorials").glob("*.md"):
        assert NOTEBOOK in path.read_text()
        assert "{code-cell}" in [block.language for block in blocks(str(path.relative_to(ROOT)))]


def test_trees_name_folders_that_are_there():
    [tree] = [block.text for block in blocks("README.md") if block.text.startswith("envs/")]
    named = [line.split()[0] for line in tree.splitlines()]
    assert named == ["envs/", "agents/", "scripts/", "tests/", "docs/"]
    [tree] = [block.text for block in blocks("docs/develop.md") if block.text.startswith("envs/")]
    parents, named = [ROOT], set()
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        parents[depth + 1 :] = [parents[depth] / line.split()[0]]
        assert parents[-1].is_dir(), line
        named.add(parents[-1])
    there = {
        path.parent for name in ("envs", "agents", "scripts") for path in (ROOT / name).rglob("__init__.py")
    }
    assert there <= named


@pytest.mark.parametrize("page", PAGES)
def test_source_files_in_a_sentence_are_there(page):
    for path in re.findall(r"`((?:agents|envs|scripts|tests)/[\w/]+\.py)`", PAGES[page].read_text()):
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize("name", ["envs", "agents"])
def test_the_reference_has_every_public_name(name):
    text = (ROOT / "docs" / "reference" / f"{name}.md").read_text()
    for public in importlib.import_module(f"cookie_jar.{name}").__all__:
        assert re.search(rf"(auto\w+|data)::(?:\n? +[\w.]+)*\s+{public}\n", text), public


@pytest.mark.parametrize("name", ["envs", "agents"])
def test_the_members_that_the_reference_lists_are_there(name):
    text = (ROOT / "docs" / "reference" / f"{name}.md").read_text()
    listed = re.findall(r"autoclass:: ([\w.]+)\n(?: +:[\w-]+:.*\n)*? +:members: (.+)\n", text)
    assert listed
    for path, members in listed:
        module, _, attribute = path.rpartition(".")
        owner = getattr(importlib.import_module(module or f"cookie_jar.{name}"), attribute)
        documented = f"{owner.__doc__} {vars(owner)}"
        for member in members.split(", "):
            assert hasattr(owner, member) or f"{member}:" in documented, f"{path}.{member}"


def test_the_reference_has_every_program():
    from cookie_jar.scripts.cli import PROGRAMS

    text = (ROOT / "docs" / "reference" / "command-line.md").read_text()
    assert re.findall(r"{program-options} cookie-jar (\w+)", text) == re.findall(r"## cookie-jar (\w+)", text)
    assert set(re.findall(r"{program-options} cookie-jar (\w+)", text)) == set(PROGRAMS)


def rows(heading):
    """The rows of the tables below a heading of the environment's page, as lists of cells."""
    text = "\n" + PAGES["docs/environment.md"].read_text()
    text = text.split(f"\n{heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"(?m)^\|.*\|$", text)
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


def test_the_environment_page_names_what_there_is():
    from cookie_jar.envs import IDS, Event, Happiness, OptionError
    from cookie_jar.envs.config import make_config

    assert {row[0] for row in rows("# The environment") if row[0].endswith("-v0")} == set(IDS)
    options = {row[0]: row[1] for row in rows("## Arguments")}
    for name, default in make_config.__kwdefaults__.items():
        assert options[name] == repr(default).replace("'", '"')
    rewards = {row[3]: float(row[2]) for row in rows("## Rewards")[2:]}
    assert rewards == Happiness()._asdict()
    events = {word for row in rows("## Rewards")[2:] for word in row[1].split(", ")}
    assert events == {event.label for event in Event}
    names = ", ".join(row[0].strip('"') for row in rows("## Observation space")[2:])
    with pytest.raises(OptionError, match=f"expected one of {names}, got"):
        gym.make("CookieJar-v0", observation="none")
