import io
import json
import sys

import pytest

from cookie_jar.scripts import tour
from cookie_jar.scripts.common import lessons
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.teaching import progress as kept
from cookie_jar.scripts.teaching.stations import play, right_choice

LETTERS = "abcd"


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """The folder that keeps the progress of the test."""
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "state"))
    monkeypatch.setattr(kept.Path, "home", lambda: tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def take(capsys, monkeypatch):
    """A function that takes the tour with these lines as input, and returns exit status and output."""

    def call(*words, lines=()):
        given = iter(lines)

        def answer(prompt=""):
            line = next(given, EOFError)
            if isinstance(line, str):
                return line
            raise line

        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr(sys, "stdin", Terminal())
        status = run(tour.main, ["--text", *words])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return call


class Terminal:
    def isatty(self):
        return True


def station_answers(first=1):
    """The input that answers the stations right from one of them on."""
    for station in lessons.stations()[first - 1 :]:
        yield from (LETTERS[right_choice(station, play(station))], "")


def quiz_answers(attempt=0, wrong=0):
    """The input that answers the quiz, the first questions wrong."""
    for number, question in enumerate(lessons.questions(), 1):
        right = right_choice(question, play(question, attempt))
        yield LETTERS[(right + (number <= wrong)) % len(question.choices)]


def test_the_whole_tour(take):
    lines = ["By magic", *station_answers(), *quiz_answers(wrong=1), "By changing numbers"]
    status, output = take(lines=lines)
    assert status == 0
    assert output.count("Right.") == 10 + 5
    assert "5 of 6 right: passed" in output
    assert "At the start you wrote: By magic" in output
    assert kept.read_progress().after == "By changing numbers"


def test_four_right_answers_do_not_pass(take):
    lines = [*station_answers(10), *quiz_answers(wrong=2), "", *quiz_answers(attempt=1), "words"]
    status, output = take("--station", "10", lines=lines)
    assert status == 0
    first, then = output.index("4 of 6 right"), output.index("Five right answers are needed")
    assert first < then < output.index("6 of 6 right: passed")


@pytest.mark.parametrize(("end", "status"), [(EOFError, 0), (KeyboardInterrupt, 130)])
def test_the_tour_goes_on_where_it_stopped(take, end, status):
    lines = ["first words", *list(station_answers())[:4], end]
    assert take(lines=lines)[0] == status
    _, output = take()
    assert "Station 3 of 10" in output
    assert "Station 2 of 10" not in output
    assert "Station 3 of 10" in take("--station", "3")[1]
    assert "Station 1 of 10" in take("--reset", lines=[""])[1]


def test_an_unknown_letter_is_asked_again(take):
    _, output = take(lines=["", "z", "ab", "a"])
    assert output.count("Type one of a, b, c.") == 2
    assert "Right." in output


def test_without_an_answer_the_right_one_is_shown(take):
    _, output = take(lines=["", ""])
    assert "The answer: The same action again and again" in output


def test_a_progress_file_of_something_else_is_refused_until_reset(take):
    path = kept.progress_file()
    path.parent.mkdir(parents=True)
    for content in ("[]", "{", json.dumps(kept.Progress()._asdict() | {"station": 0}), '{"station": 1}'):
        path.write_text(content)
        status, output = take()
        assert status == 2
        assert "--text --reset" in output
    assert take("--reset")[0] == 0


def test_what_reset_cannot_delete_is_to_be_moved(take):
    kept.progress_file().mkdir(parents=True)
    status, output = take("--reset")
    assert status == 2
    assert "got a folder; to begin again, move that elsewhere" in " ".join(output.split())


def test_progress_that_cannot_be_kept_is_said(take):
    path = kept.progress_file()
    path.parent.parent.mkdir(parents=True, exist_ok=True)
    path.parent.write_text("a file in the way")
    status, output = take("--station", "2", lines=["a", "", "a"])
    assert status == 0
    assert output.count("Your progress cannot be kept") == 1


def test_without_a_terminal_all_answers_are_printed(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert run(tour.main, ["--text"]) == 0
    output = capsys.readouterr().out
    assert output.count("The answer:") == 16
    assert not kept.progress_file().exists()


def test_own_texts_are_shown(take, tmp_path):
    texts = json.loads(json.dumps(lessons.read_texts()))
    texts["tour"]["welcome"]["title"] = "Rundgang\x1b[31m"
    path = tmp_path / "own.json"
    path.write_text(json.dumps(texts))
    assert "Rundgang\\x1b[31m" in take("--texts", str(path))[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--station", "11"], "at most 10"),
        (["--station", "0"], "at least 1"),
        (["--answers"], "--answers: expected --text"),
        (["--reset"], "--reset: expected --text"),
        (["--text", "--no-open"], "--text: expected no options"),
        (["--text", "--output", "x.html"], "--text: expected no options"),
        (["--text", "--texts", "missing.json"], "missing.json"),
        (["--language", "xx"], "expected one of"),
    ],
)
def test_mistakes_end_in_one_line(refuse, inside, words, message):
    assert message in refuse(tour.main, words)


@pytest.mark.parametrize(("words", "begins"), [([], '"kept"'), (["--station", "5"], "5")])
def test_the_page_is_written_with_the_tour_open_at_a_station(tmp_path, monkeypatch, words, begins):
    opened, file = [], tmp_path / "tour.html"
    monkeypatch.setattr(tour, "open_page", lambda path, console: opened.append(path))
    assert run(tour.main, [*words, "--no-cookies", "--output", str(file)]) == 0
    assert opened == [file]
    assert f'"station":{begins}' in file.read_text(encoding="utf-8")
    written = file.read_bytes()
    assert run(tour.main, [*words, "--no-cookies", "--no-open", "--output", str(file)]) == 0
    assert (opened, file.read_bytes()) == ([file], written)
