"""Foreign text in all programs: no terminal and no rich console obeys it, and errors are one line."""

from importlib import import_module

import pytest
from before import BEFORE

from cookie_jar.scripts.common.console import run

TEXTS = {
    "title": "a\x1b]0;title\x07b",
    "C1": "a\x9b31mb",
    "direction": "a\u202etxt",
    "newline": "a\nerror: b",
    "carriage": "a\rb",
    "surrogate": "a\udcffb",
    "closing tag": "y[/b]",
    "tag": "[red]y[/red]",
    "link": "[link=x]y",
    "emoji": ":snake:",
    "format": "%s{0}",
    "long": "a" * 5_000,
}
CORNER = ["--env", "CookieJarCorner-v0"]
REFUSED = [  # the text takes the place of @
    ["train", "--env", "@"],
    ["train", "--kitchen", "@"],
    ["train", "--likes", "@"],
    ["train", "--resume", "@"],
    ["train", "--agent", "@"],
    ["train", "--happiness", "@=1"],
    ["train", "--learning-rate", "@"],
    ["train", "--@"],
    ["watch", "@"],
    ["watch", "@.json"],
    ["watch", "x", "--save", "@"],
    ["watch", "x", "--overlays", "@"],
    ["memory", "@"],
    ["memory", "show", "@"],
    ["compare", "--env", "@"],
    ["compare", "--agents", "@"],
    ["compare", "--from", "@"],
    ["sweep", "--vary", "@"],
    ["sweep", "--engine", "@"],
    ["play", "@"],
    ["hill", "@"],
    ["card", "@"],
    ["events", "@"],
    ["benchmark", "--json", "@/x"],
]
PRINTED = [
    ["train", *CORNER, "--timesteps", "200", "--run-dir", "@"],
    ["compare", "--from", str(BEFORE / "comparison"), "--out", "@", "--no-page"],
]
texts = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def call(words, text):
    program, *rest = (word.replace("@", text) for word in words)
    return run(import_module(f"cookie_jar.scripts.{program}").main, rest)


def assert_harmless(shown):
    assert {letter for letter in shown if not letter.isprintable()} <= {"\n"}
    assert all(len(line) <= 1_100 for line in shown.splitlines())


@texts
@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_an_error_is_one_harmless_line(words, text, inside, capsys):
    assert call(words, text) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("error: ")
    assert shown.err.count("\n") == 1
    assert_harmless(shown.out + shown.err)
    assert not list(inside.iterdir())


@texts
@pytest.mark.parametrize("words", PRINTED, ids=lambda words: words[0])
def test_what_is_printed_is_harmless(words, text, inside, capsys):
    code = call(words, text)
    shown = capsys.readouterr()
    assert_harmless(shown.out + shown.err)
    assert code == 0 or text in (TEXTS["long"], TEXTS["emoji"]) or not text.isprintable()  # refused folders
    if code == 0:
        assert (inside / text).is_dir()
        if "--no-page" not in words:
            assert (text if text.isprintable() else text.encode("unicode_escape").decode()) in shown.out
