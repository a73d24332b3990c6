"""The process that runs a student's code: limits, errors in words, and no way to pretend."""

import os
import subprocess
from typing import ClassVar

import pytest
from needs import needs_limits, needs_signals

from cookie_jar.scripts.teaching import checking
from cookie_jar.scripts.teaching.checking import ask, read_source
from cookie_jar.scripts.teaching.faults import FaultError


def asked(code):
    return ask(code, "01_read_a_memory.py", {"X": None})


def test_values_come_as_they_are():
    reply = asked("X = {'a': [1, 2.5, True, None], 2: 'text'}")
    assert reply == ({"X": {"a": [1, 2.5, True, None], "2": "text"}}, "", None)


def test_numbers_of_numpy_are_numbers():
    assert asked("import numpy as np\nX = np.arange(4).reshape(2, 2) / 2").answers == {
        "X": [[0, 0.5], [1, 1.5]]
    }


def test_calls_of_a_function_give_their_results():
    reply = ask("def add(a, b):\n    return a + b", "x.py", {"add": [[1, 2], ["a", "b"]]})
    assert reply.answers == {"add": [3, "ab"]}


@needs_limits
@pytest.mark.parametrize("answers", ["{}", "null", '{"X": [1]}', '{"X": 5}', '{"X": {"missing": 1}}'])
def test_answers_in_place_of_the_process_are_not_judged(answers):
    reply = f'{{"answers": {answers}}}'.encode()
    code = "import os\nfor place in range(3, 30):\n    try:\n        os.write(place, REPLY)\n"
    code += "    except OSError:\n        pass\nos._exit(0)"
    reply = ask(code.replace("REPLY", repr(reply)), "x.py", {"X": [[1], [2]]})
    assert reply.answers == {}
    assert "ended Python" in reply.fault


@pytest.mark.parametrize("value", ["float('nan')", "10**400", "'x' * 10**6", "{1}", "object()"])
def test_other_values_are_described(value):
    [(kind, text)] = asked(f"X = {value}").answers["X"].items()
    assert kind == "odd"
    assert len(text) <= 100


def test_what_is_printed_is_kept_in_part_and_apart():
    reply = asked("for _ in range(10_000):\n    print('x' * 100)\nX = 1")
    assert reply.answers == {"X": 1}
    assert len(reply.printed) == checking.MAX_PRINTED


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("X = = 1", "line 1: X = = 1"),
        ("if True:\n    X = 1\n\tY = 2", "inconsistent use of tabs"),
        ("X = 1\0", "null bytes"),
        (f"X = {'(' * 3000}", "cannot read your file"),
        (f"X = {'1+' * 100_000}1", "too many parts"),
        ("X = Y", "name 'Y' is not defined"),
        ("def f():\n    return f()\nX = f()", "A function calls itself without an end"),
        ("X = []\nX.append(X)", "RecursionError"),
        ("class Odd(Exception):\n    def __str__(self):\n        raise ValueError\nraise Odd", "Odd"),
        ("X = input()", "Remove input()"),
        ("X = 'YOUR ANSWER'", "Line 1 still waits for your answer"),
        ("X = [10**9] * 400_000", "far too long"),
        ("import sys\nsys.exit(0)", "Remove exit()"),
        ("import os\nos._exit(0)", "Remove exit()"),
        ("raise KeyboardInterrupt", "Remove exit()"),
        ("import os\nos.closerange(0, 50)\nX = 1", "ended Python"),
    ],
)
def test_what_goes_wrong_is_said_in_words(code, words):
    fault = asked(code).fault
    assert words in fault
    assert len(fault) < 800


def test_a_traceback_shows_only_the_lines_of_the_student():
    fault = asked("import json\ndef f(a):\n    return json.loads(a)\nX = f('[')").fault
    assert [line.strip() for line in fault.splitlines()[1:3]] == [
        "line 4: X = f('[')",
        "line 3: return json.loads(a)",
    ]
    assert ".py" not in fault


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.write(3, b'{\"answers\": {\"X\": 1}}')\nos.write(4, b'x')\nX = 2",
        "import json\njson.dumps = lambda *a, **k: '1'\nX = 2",
        "import atexit\natexit.register(print, '{}')\nX = 2",
        "import sys\nsys.stdout = sys.stderr = None\nX = 2",
        'print(\'{"answers": {"X": 1}}\')\nX = 2',
        "import builtins\nbuiltins.isinstance = lambda *a: True\nX = 2",
    ],
)
def test_nothing_but_the_answer_counts(code):
    reply = asked(code)
    assert reply.answers == {"X": 2} or reply.fault
    assert "Traceback" not in reply.printed


@needs_signals
@pytest.mark.parametrize(
    "code",
    [
        "open('made', 'w')",
        "import pathlib\npathlib.Path('made').touch()",
        "import os\nos.mkdir('made')",
        "import os\nos.remove('kept')",
        "import os\nos.truncate('kept', 0)",
        "import os\nos.fork()",
        "import os\nos.system('touch made')",
        "import subprocess\nsubprocess.run(['touch', 'made'])",
        "import os\nos.kill(os.getppid(), 9)",
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
    ],
)
def test_files_programs_and_the_network_are_out_of_reach(inside, code):
    (inside / "kept").write_text("1")
    assert "may not write files, start programs or use the network" in asked(code).fault
    assert {path.name: path.read_text() for path in inside.iterdir()} == {"kept": "1"}


def test_solutions_are_not_read_by_the_code():
    path = checking.__file__
    assert "may not read the solutions" in asked(f"X = open({path!r}).read()").fault


@needs_limits
@pytest.mark.parametrize("code", ["X = bytearray(10**10)", "X = []\nwhile True:\n    X.append('x' * 10**6)"])
def test_memory_is_limited(code):
    assert "more than 1 GB" in asked(code).fault


@needs_limits
@pytest.mark.parametrize("code", ["while True:\n    pass", "while True:\n    print('x' * 1_000)"])
def test_computing_is_limited(monkeypatch, code):
    monkeypatch.setattr(checking, "LIMITS", checking.LIMITS | {"CPU": 1})
    monkeypatch.setattr(checking, "PATIENCE", 60)
    assert "seconds and was stopped" in asked(code).fault


def test_waiting_is_limited(monkeypatch):
    monkeypatch.setattr(checking, "PATIENCE", 1)
    assert "did not end within 1 seconds" in asked("import time\ntime.sleep(600)").fault


def test_a_process_that_never_reads_is_not_waited_for(monkeypatch, tmp_path):
    (tmp_path / "deaf.py").write_text("import time\nprint('x' * 10**7)\ntime.sleep(600)")
    monkeypatch.setattr(checking, "ANSWERING", tmp_path / "deaf.py")
    monkeypatch.setattr(checking, "PATIENCE", 1)
    assert "did not end within 1 seconds" in asked("#" * 10**6).fault  # more than a pipe holds


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_texts_are_utf_8_whatever_the_locale(monkeypatch, locale):
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    reply = ask("print('é 🍪')\nX = 'é 🍪'", "é 🍪.py", {"X": None})
    assert reply == ({"X": "é 🍪"}, "é 🍪\n", None)


class Interrupted(subprocess.Popen):
    """A process during which Ctrl-C is pressed."""

    made: ClassVar[list] = []

    def wait(self, timeout=None):
        self.made.append(self)
        if timeout is not None:
            raise KeyboardInterrupt
        return super().wait()


def test_control_c_ends_the_code_too(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        asked("import time\ntime.sleep(600)")
    assert Interrupted.made[-1].returncode not in (None, 0)


def written(path, data):
    path.write_bytes(data)
    return path


def test_a_file_may_have_a_byte_order_mark(tmp_path):
    source = read_source(written(tmp_path / "x.py", b"\xef\xbb\xbfX = 1\r\n"))
    assert asked(source).answers == {"X": 1}


def test_files_that_cannot_be_read_are_refused_in_words(tmp_path):
    (tmp_path / "folder.py").mkdir()
    cases = {
        tmp_path / "none.py": "There is no file",
        tmp_path / "folder.py": "got a folder",
        written(tmp_path / "latin.py", "X = 'Plätzchen'".encode("latin-1")): "choose the encoding UTF-8",
        written(tmp_path / "wide.py", "X = 1".encode("utf-16")): "choose the encoding UTF-8",
        written(tmp_path / "huge.py", b"#" * (checking.MAX_SOURCE + 1)): "expected a file of at most",
    }
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.py")
        cases[tmp_path / "pipe.py"] = "got a pipe"
    for path, words in cases.items():
        with pytest.raises(FaultError, match=words):
            read_source(path)
