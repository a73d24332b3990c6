import errno
import subprocess
import sys
import warnings
from io import StringIO

import gymnasium as gym
import pytest

from cookie_jar.agents import AgentError
from cookie_jar.envs import CookieJarError, KitchenError
from cookie_jar.scripts.common.console import (
    MOST,
    Console,
    UsageError,
    command,
    printable,
    progress_bar,
    run,
)
from cookie_jar.scripts.common.tables import new_table

HOSTILE = {  # texts that a terminal or a rich console would obey, and how they are printed
    "title": ("a\x1b]0;title\x07b", r"a\x1b]0;title\x07b"),
    "colour": ("\x1b[31mred", r"\x1b[31mred"),
    "C1": ("a\x9b31mb", r"a\x9b31mb"),
    "direction": ("a\u202etxt.exe\u2069", r"a\u202etxt.exe\u2069"),
    "invisible": ("a\u200b\ufeffb", r"a\u200b\ufeffb"),
    "separator": ("a\u2028b\x85c", r"a\u2028b\x85c"),
    "carriage": ("error\rfine", r"error\rfine"),
    "backspace": ("a\b\x7f", r"a\x08\x7f"),
    "nul": ("a\0b", r"a\x00b"),
    "surrogate": ("a\udcffb", r"a\udcffb"),
    "closing tag": ("y[/b]", "y[/b]"),
    "tag": ("[red]y", "[red]y"),
    "link": ("[link=https://example.org]y[/link]", "[link=https://example.org]y[/link]"),
    "emoji": ("runs/:snake:", "runs/:snake:"),
    "braces": ("{task.fields}", "{task.fields}"),
    "letters": ("Größe 漢字 🍪", "Größe 漢字 🍪"),
}
hostile = pytest.mark.parametrize(("text", "shown"), HOSTILE.values(), ids=HOSTILE)


def raising(error):
    def main(argv):
        raise error

    return main


@pytest.mark.parametrize("kind", [UsageError, AgentError, CookieJarError, gym.error.Error])
def test_a_mistake_ends_with_one_message(kind, capsys):
    assert run(raising(kind("what was wrong"))) == 2
    assert capsys.readouterr().err == "error: what was wrong\n"


def test_a_file_that_fails_is_named(capsys):
    assert run(raising(FileNotFoundError(2, "No such file", "a.txt"))) == 2
    assert capsys.readouterr().err == "error: a.txt: No such file\n"


def test_a_full_disk_is_named_with_advice(capsys):
    assert run(raising(OSError(errno.ENOSPC, "No space left on device", "a.txt"))) == 2
    assert (
        capsys.readouterr().err == "error: a.txt: No space left on device; free some space, then try again\n"
    )


def test_ctrl_c_ends_without_a_traceback(capsys):
    assert run(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "stopped\n"


def test_an_error_of_ours_keeps_its_traceback():
    with pytest.raises(ZeroDivisionError):
        run(raising(ZeroDivisionError()))


def test_a_program_gets_its_arguments():
    seen = []
    assert run(seen.append, ["--a", "b"]) == 0
    assert seen == [["--a", "b"]]


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        ("/usr/bin/cookie-jar", 'cookie-jar watch "runs/my run"'),
        ("scripts/train.py", 'python scripts/watch.py "runs/my run"'),
    ],
)
def test_the_next_command_is_called_as_this_one(monkeypatch, called, expected):
    monkeypatch.setattr(sys, "argv", [called])
    assert command("watch", "runs/my run") == expected


def test_a_progress_bar_shows_its_fields():
    console = Console(file=StringIO(), force_terminal=True, width=100)
    with progress_bar(console, "score {task.fields[score]}", transient=False) as bar:
        task = bar.add_task("training", total=4, score="+1.00")
        bar.update(task, completed=3, score="+1.45")
    shown = console.file.getvalue()
    assert "training" in shown
    assert "3/4" in shown
    assert "score +1.45" in shown


def test_in_a_notebook_nothing_moves_the_cursor_or_asks_for_widgets(monkeypatch, capsys, recwarn):
    monkeypatch.setenv("FORCE_COLOR", "1")  # as kernels do
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    console = Console()
    with console.status("wait"), progress_bar(console, "[bold]{task.fields[score]}", transient=False) as bar:
        bar.update(bar.add_task("work", total=2, score="9"), completed=1)
    console.print("done", style="bold")
    shown = capsys.readouterr()
    assert (shown.out, shown.err, list(recwarn)) == ("work  1/2  9\ndone\n", "", [])


@pytest.mark.parametrize(("width", "shown"), [(40, 0), (60, 1), (80, 2), (200, 2)])
def test_a_progress_bar_is_not_cut_in_a_narrow_terminal(width, shown):
    console = Console(file=StringIO(), force_terminal=True, width=width)
    bar = progress_bar(console, "greedy happiness {task.fields[score]}")
    bar.add_task("training", total=60_000_000, completed=5_011_872, score="+1.45")
    console.print(bar.get_renderable())
    text = console.file.getvalue()
    assert "5,011,872/60,000,000" in text
    assert "…" not in text
    assert ["greedy happiness +1.45" in text, "training" in text] == [shown > 0, shown > 1]


@hostile
def test_foreign_text_is_printed_and_not_obeyed(text, shown, capsys):
    assert printable(text) == shown
    assert run(raising(UsageError(text))) == 2
    assert run(raising(FileNotFoundError(2, "No such file", text))) == 2
    assert capsys.readouterr().err == f"error: {shown}\nerror: {shown}: No such file\n"


@hostile
def test_a_console_prints_foreign_text_as_it_is(text, shown):
    console = Console(file=StringIO(), width=100)
    table = new_table(text, title=text)
    table.add_row(text)
    for thing in (text, table):
        console.print(thing)
    console.out(text)
    assert [line.strip() for line in console.file.getvalue().splitlines()] == [shown] * 5


def shown_as(message):
    """The text that a program prints for a warning."""
    texts = []
    run(lambda argv: texts.append(warnings.formatwarning(message, UserWarning, "library.py", 1)))
    return texts[0]


@hostile
def test_a_warning_is_one_line(text, shown):
    before = warnings.formatwarning
    expected = "red" if text.endswith("[31mred") else shown
    assert shown_as(f"not believed: {text}") == f"warning: not believed: {expected}\n"
    assert warnings.formatwarning is before


def test_a_warning_of_gymnasium_has_no_colour_and_no_label():
    with pytest.warns(UserWarning, match="odd") as caught:
        gym.logger.warn("what is odd")
    assert shown_as(caught[0].message) == "warning: what is odd\n"


def test_warnings_go_to_the_error_stream():
    code = (
        "import warnings; from cookie_jar.scripts.common.console import run;"
        "run(lambda argv: warnings.warn('what is odd'))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (result.stdout, result.stderr) == ("", "warning: what is odd\n")


def test_newlines_do_not_begin_a_new_message(capsys):
    run(raising(UsageError("a\nerror: b")))
    Console().out("\na\nb")
    captured = capsys.readouterr()
    assert captured.err == "error: a\\nerror: b\n"
    assert captured.out == "\na\\nb\n"


@pytest.mark.parametrize("text", ["a" * 1_000_000, "\x1b" * MOST, "a" * MOST + "b"])
def test_a_long_text_is_cut_in_the_middle(text, capsys):
    line = printable(f"start {text} end")
    assert len(line) == MOST
    assert line.startswith("start ")
    assert " ... " in line
    assert line.endswith(" end")
    run(raising(UsageError(text)))
    assert len(capsys.readouterr().err) == len("error: \n") + MOST
    assert printable("a" * MOST) == "a" * MOST


def test_a_mistake_in_a_map_is_shown_in_the_map(capsys):
    def program(argv):
        raise KitchenError("expected a jar", ["#\x1b]0;x\x07#", "####"], 2, 1)

    assert run(program) == 2
    first, *shown = capsys.readouterr().err.splitlines()
    assert first == "error: kitchen, line 2, column 1: expected a jar"
    assert shown == ["    #?]0;x?#", "    ####", "    ^ here"]


def test_errors_go_to_the_error_stream_alone(capfd):
    def program(argv):
        raise UsageError("expected x")

    assert run(program) == 2
    assert capfd.readouterr() == ("", "error: expected x\n")
