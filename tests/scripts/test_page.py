"""The program `page`."""

import json
import re
import signal
import subprocess
import sys
import zlib
from base64 import b64decode
from pathlib import Path

import pytest
from needs import needs_signals

from cookie_jar.scripts import page, watch
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.common.lessons import OWN

NO = ["--no-open", "--no-cookies"]
KITCHEN = "#J##\n#SC#\n#..#\n####\n"


@pytest.fixture
def opened(monkeypatch):
    """The addresses that a browser was asked to open; it is there if the list `there` is not empty."""
    addresses = []

    def open_address(address):
        addresses.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", open_address)
    return addresses


def test_it_writes_the_page_and_opens_it(inside, opened, capsys):
    assert run(page.main, ["--no-cookies"]) == 0
    assert capsys.readouterr().out.startswith("wrote cookie-jar.html (")
    assert opened == [(inside / "cookie-jar.html").as_uri()]
    assert [path.name for path in inside.iterdir()] == ["cookie-jar.html"]


def test_without_a_browser_it_says_what_to_do(inside, monkeypatch, capsys):
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    assert run(page.main, ["--no-cookies", "--output", "new/a.html"]) == 0
    assert "No browser was found: open new/a.html in one yourself." in capsys.readouterr().out
    assert Path("new/a.html").stat().st_size > 10_000


def test_it_need_not_be_opened(inside, opened):
    assert run(page.main, NO) == 0
    assert opened == []


def test_the_same_options_write_the_same_bytes(inside):
    assert run(page.main, [*NO, "--seed", "3", "--agent", "sarsa", "--output", "a.html"]) == 0
    assert run(page.main, [*NO, "--seed", "3", "--agent", "sarsa", "--output", "b.html"]) == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()
    assert '"start":{"kitchen":"home","algorithm":"sarsa","seed":3}' in Path("a.html").read_text("utf-8")


def test_a_page_is_replaced_and_nothing_else(inside, refuse):
    assert run(page.main, NO) == 0
    assert run(page.main, NO) == 0
    Path("cookie-jar.html").write_text("<!DOCTYPE html>\nmine")
    assert "cookie-jar.html holds something else, and is kept" in refuse(page.main, NO)
    assert Path("cookie-jar.html").read_text() == "<!DOCTYPE html>\nmine"


def test_a_kitchen_of_ones_own(inside):
    Path("my.txt").write_text(KITCHEN)
    Path("home.txt").write_text(KITCHEN)
    for name, key in (("my.txt", "my"), ("home.txt", "home 2"), ("corner", "corner"), ("clumsy", "clumsy")):
        assert run(page.main, [*NO, "--kitchen", name]) == 0
        text = Path("cookie-jar.html").read_text("utf-8")
        assert f'"start":{{"kitchen":"{key}"' in text
        packed = zlib.decompress(b64decode(re.search('"packed":"([^"]*)"', text)[1]))
        assert list(json.loads(packed)["kitchens"]) == [*OWN, *([key] if name.endswith(".txt") else [])]


def test_a_run_by_page_and_by_watch(inside, corner_run, capsys):
    assert run(page.main, [str(corner_run), "--no-open", "--output", "a.html"]) == 0
    assert run(watch.main, [str(corner_run), "--save", "b.html"]) == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()
    assert capsys.readouterr().out.count("it works in any browser") == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "nowhere: expected the folder of a run with agent.safetensors"),
        ([""], "expected the folder of a run"),
        (["{run}", "--seed", "1"], "--seed: expected no RUN with it"),
        (["{run}", "--kitchen", "corner"], "--kitchen: expected no RUN with it"),
        (["{lake}"], "expected one kitchen of Cookie Jar with all ten actions, got FrozenLake-v1"),
        (["--kitchen", "house"], "the kitchen house has 118,575 states"),
        (["--kitchen", "nowhere.txt"], "--kitchen: expected one of home, corner, house, or a text file"),
        (["--kitchen", "odd.txt"], "expected"),
        (["--agent", "ppo"], "--agent: expected one of q-learning, sarsa, expected-sarsa, got 'ppo'"),
        (["--seed", "-1"], "--seed: expected at least 0"),
        (["--seed", "99999999999"], "--seed: expected at most"),
        (["--language", "xx"], "--language: expected one of"),
        (["--texts", "odd.txt"], "odd.txt: expected JSON"),
        (["--texts", "nowhere.json"], "nowhere.json"),
        (["--texts", "short.json"], "short.json: expected the keys of the English texts, nested as there"),
        (["--output", "page.txt"], "--output: expected a file name that ends in .html, got page.txt"),
        (["--output", "."], "expected a file to write, got the folder"),
    ],
)
def test_a_mistake_gives_one_clear_message(inside, corner_run, trained, refuse, words, message):
    Path("odd.txt").write_text("x")
    Path("short.json").write_text("{}")
    folders = {"run": corner_run, "lake": trained("lake")}
    error = refuse(page.main, [*NO, *(word.format(**folders) for word in words)])
    assert message in error
    assert error.count("\n") == 1 or "odd.txt" in words
    assert not Path("cookie-jar.html").exists()


@needs_signals
@pytest.mark.slow
def test_ctrl_c_leaves_the_old_page(inside):
    """Interrupted at moments spread over its work, the program leaves the old file or the whole new one."""
    assert run(page.main, NO) == 0
    old = Path("cookie-jar.html").read_bytes()
    assert run(page.main, [*NO, "--seed", "1", "--output", "whole.html"]) == 0
    whole = Path("whole.html").read_bytes()
    Path("whole.html").unlink()
    code = "import sys; from cookie_jar.scripts.cli import main; sys.exit(main())"
    for seconds in (0.5, 1.0, 1.5, 2.0, 2.5):
        process = subprocess.Popen(
            [sys.executable, "-c", code, "page", *NO, "--seed", "1"], stderr=subprocess.PIPE, text=True
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode in (0, 130, -signal.SIGINT)
        assert Path("cookie-jar.html").read_bytes() in (old, whole)
    assert [path.name for path in inside.iterdir()] == ["cookie-jar.html"]
