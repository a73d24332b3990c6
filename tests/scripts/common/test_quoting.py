import shlex
import subprocess
import sys

import pytest

from cookie_jar.scripts.common import quoting
from cookie_jar.scripts.common.quoting import quoted

WORDS = [
    *("plain", "runs/a-1@200", "--env=CookieJar-v0", "-n", "a b", "it's", "a,b", "*.csv", "", "~", "#1"),
    *("a;b", "a&b", "(x)", "@file", 'say "hi"', "$HOME", "`ls`", "100 %", "a\\b c", "Käse", "!!", "--"),
    *("{a}", "a\nb"),
]


@pytest.mark.parametrize("word", WORDS)
def test_a_posix_shell_reads_the_word(word):
    assert shlex.split(quoted(word)) == [word]


@pytest.mark.parametrize("word", ["a b", "it's", "a,b", "@file", "(x)", "a&b"])
def test_double_quotes_serve_all_shells(word):
    assert quoted(word) == f'"{word}"'


@pytest.mark.parametrize("word", ["plain", "runs/a-1@200", "--env=CookieJar-v0", "-n", "C:/runs/a"])
def test_plain_words_stay_as_they_are(word):
    assert quoted(word) == word


@pytest.mark.parametrize("word", [r"C:\my runs\a", "100 %", 'say "hi"'])
def test_windows_reads_its_own_paths(word, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert quoted(word) == subprocess.list2cmdline([word])
    assert quoting.quoted("a b") == '"a b"'
