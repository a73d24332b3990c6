import shlex
import sys

import pytest

from cookie_jar.scripts.common.quoting import quoted

WORDS = [
    *("plain", "runs/a-1@200", "--env=CookieJar-v0", "-n", "a b", "it's", "a,b", "*.csv", "", "~", "#1"),
    *("a;b", "a&b", "(x)", "@file", 'say "hi"', "$HOME", "`ls`", "100 %", "a\\b c", "Käse", "!!", "--"),
    *("{a}", "a\nb"),
]


@pytest.mark.parametrize("word", WORDS)
def test_a_posix_shell_reads_the_word(word):
    assert shlex.split(quoted(word)) == [word]


@pytest.mark.parametrize("word", ["a b", "it's", "a,b", "@file", "(x)", "a&b", "a;b", "100 %"])
def test_double_quotes_serve_all_shells(word):
    assert quoted(word) == f'"{word}"'


@pytest.mark.parametrize("word", ["plain", "runs/a-1@200", "--env=CookieJar-v0", "-n", "C:/runs/a"])
def test_plain_words_stay_as_they_are(word):
    assert quoted(word) == word


@pytest.mark.parametrize("word", [r"C:\my runs\a", r"runs\a", "it's", "a&b", "100 %", "a,b"])
def test_both_shells_of_windows_read_its_own_paths(word, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert quoted(word) == (word if word == r"runs\a" else f'"{word}"')


def test_what_the_shells_of_windows_read_differently_is_written_for_the_one_that_runs(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("PROMPT", raising=False)
    assert quoted("it's $5") == "'it''s $5'"
    monkeypatch.setenv("PROMPT", "$P$G")
    assert quoted("it's $5") == '"it\'s $5"'
    assert quoted("$5") == "$5"


def test_cmd_replaces_no_variables(monkeypatch):
    """Between the signs there is a quotation mark, which no name of a variable has; cmd.exe removes the ^."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("PROMPT", "$P$G")
    assert quoted(r"my runs\%PATH%") == '"my runs/"^%"PATH"^%""'
    assert quoted("100 %") == '"100 %"'
    monkeypatch.delenv("PROMPT")
    assert quoted("runs/%PATH%") == '"runs/%PATH%"'
