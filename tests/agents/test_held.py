"""Files that another program holds, simulated: the functions of `os` refuse, as those of Windows do."""

import errno
import io
import os
from itertools import count
from pathlib import Path

import pytest
from needs import needs_links

import cookie_jar.envs  # noqa: F401 - registers the environments
from cookie_jar.agents import QLearning, files, held, moving, runs
from cookie_jar.agents.errors import FileError
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.agents.training import TrainingRun

CHANGING = {"replace", "rename", "unlink", "mkdir", "rmdir"}
STEPS = 120


class Holder:
    """Refuses changes below a folder while another program would hold the file.

    Attributes:
        clock: Seconds that the caller has paused so far.
        calls: The changes so far, by function and name of the file.
        refuse: Takes the number of a change and its function; returns whether it is refused.
    """

    def __init__(self, folder, monkeypatch):
        self.folder, self.clock, self.calls, self.refused = folder, 0.0, [], 0
        self.refuse = lambda number, function: False
        monkeypatch.setattr(held.time, "sleep", self._pause)
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)
        for name in CHANGING:
            monkeypatch.setattr(os, name, self._checking(name, getattr(os, name)))
        monkeypatch.setattr(os, "open", self._checking("open", os.open))
        monkeypatch.setattr(io, "open", self._checking("fopen", io.open))

    def _pause(self, seconds):
        self.clock += seconds

    def _checking(self, name, function):
        def checked(path, *arguments, **options):
            if self._changes(name, path, arguments):
                number = len(self.calls)
                if self.refuse(number, name):
                    self.refused += 1
                    raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
                self.calls.append((name, Path(path).name))
            return function(path, *arguments, **options)

        return checked

    def _changes(self, name, path, arguments):
        """Return whether a call changes a file below the folder."""
        if isinstance(path, int) or not Path(path).is_relative_to(self.folder):
            return False
        if name == "open":
            return arguments and arguments[0] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        return name != "fopen" or set(arguments[0]) & set("wax+")


@pytest.fixture
def holder(tmp_path, monkeypatch):
    return Holder(tmp_path, monkeypatch)


def train(folder):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    run = TrainingRun(agent, Evaluator(agent.env), folder, STEPS)
    run.begin()
    run.learn(limit=lambda now: 40)
    run.finish(lambda *_: b"\x89PNG\r\n")
    return agent


def test_a_run_survives_each_of_its_files_being_held_for_a_second(tmp_path, holder):
    free_at = {}

    def refuse(number, function):
        return holder.clock < free_at.setdefault(number, holder.clock + 1)

    table = train(tmp_path / "run").q_table
    holder.refuse = refuse
    train(tmp_path / "held")
    assert holder.refused > 100
    assert (runs.load(tmp_path / "held").q_table == table).all()
    assert runs.read_record(tmp_path / "held")
    assert not list((tmp_path / "held").rglob("*.part"))


@pytest.mark.slow
def test_a_run_survives_a_file_held_for_a_second_at_any_of_its_writes(tmp_path, holder):
    table = train(tmp_path / "run").q_table
    writes = len(holder.calls)
    assert writes > 20
    assert {"open", "fopen", "replace"} <= {function for function, _ in holder.calls}
    for number in range(writes):
        folder = tmp_path / f"run{number}"
        holder.calls.clear()
        free_at = None

        def refuse(now, function, held_number=number):
            nonlocal free_at
            if now == held_number and free_at is None:
                free_at = holder.clock + 1
            return free_at is not None and now == held_number and holder.clock < free_at

        holder.refuse, holder.refused = refuse, 0
        train(folder)
        assert holder.refused > 2
        assert (runs.load(folder).q_table == table).all()
        assert runs.read_record(folder)
        assert not list(folder.rglob("*.part"))


def test_a_run_over_an_old_one_survives_too(tmp_path, holder):
    for _ in range(2):
        train(tmp_path / "run")
    before = len(holder.calls)
    holder.refuse = lambda number, function: number % 3 == 0 and next(tries) % 4 != 0
    tries = count(1)
    train(tmp_path / "run")
    assert holder.refused > 20
    assert len(holder.calls) > before
    assert runs.read_record(tmp_path / "run")


@pytest.mark.parametrize("function", ["open", "replace", "fopen"])
def test_a_file_that_stays_held_is_named_and_the_run_can_be_continued(tmp_path, holder, function):
    table = train(tmp_path / "whole").q_table
    last = len(holder.calls)
    holder.calls.clear()
    holder.refuse = lambda number, name: number > last // 2 and name == function
    with pytest.raises(FileError) as caught:
        train(tmp_path / "run")
    text = str(caught.value)
    assert str(tmp_path / "run") in text
    assert "spreadsheet" in text
    assert "cloud folder" in text
    assert "train --resume" in text
    assert 1.5 < holder.clock < 2.5
    holder.refuse = lambda number, name: False
    agent = runs.load(tmp_path / "run")
    run = TrainingRun(agent, Evaluator(agent.env), tmp_path / "run", STEPS)
    run.resume()
    run.learn(limit=lambda now: 40)
    run.finish()
    assert (runs.load(tmp_path / "run").q_table == table).all()


def some_folder(folder):
    (folder / "old").mkdir()
    (folder / "old" / "file").touch()
    (folder / "empty").mkdir()


ACTIONS = {
    "write": lambda folder: files.write_atomically(folder / "new", b"data"),
    "write below": lambda folder: files.write_atomically(folder / "a" / "new", b"data"),
    "append": lambda folder: files.append(folder / "old" / "file", b"data"),
    "delete": lambda folder: files.delete(folder / "old" / "file"),
    "create": lambda folder: moving.create(folder / "new", b"data"),
    "rename": lambda folder: moving.rename(folder / "old", folder / "new"),
    "make a folder": lambda folder: moving.make_folder(folder / "new"),
    "make a new folder": lambda folder: moving.make_new_folder(folder / "new"),
    "remove a folder": lambda folder: moving.remove_empty(folder / "empty"),
}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("times", [1, 4])
def test_each_action_is_repeated(action, times, tmp_path, holder):
    some_folder(tmp_path)
    holder.refuse = lambda number, function: holder.refused < times
    action(tmp_path)
    assert holder.refused == times


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_each_action_ends_with_the_name_of_the_file_and_what_to_close(action, tmp_path, holder):
    some_folder(tmp_path)
    holder.refuse = lambda number, function: True
    with pytest.raises(PermissionError, match="close the program") as caught:
        action(tmp_path)
    assert Path(caught.value.filename).is_relative_to(tmp_path)
    assert not caught.value.filename.endswith(".part")
    assert 1.5 < holder.clock < 4.5
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty", "file", "old"]


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_without_permission_no_action_is_repeated(action, tmp_path, holder, monkeypatch):
    some_folder(tmp_path)
    holder.refuse = lambda number, function: True
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match="Permission denied") as caught:
        action(tmp_path)
    assert caught.value.strerror == "Permission denied"
    assert holder.clock == 0


@pytest.mark.parametrize("action", [ACTIONS["write"], ACTIONS["create"], ACTIONS["append"]])
@pytest.mark.parametrize("function", ["unlink", "close"])
def test_cleaning_up_never_hides_the_first_error(action, function, tmp_path, holder, monkeypatch):
    some_folder(tmp_path)
    failed = []

    class Full(io.FileIO):
        def write(self, data):
            failed.append(self.name)
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            super().close()
            if function == "close":
                raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(io, "open", lambda path, mode, *_: Full(path, mode.replace("b", "")))
    holder.refuse = lambda number, name: bool(failed) and name == function
    with pytest.raises(OSError, match="No space left on device") as caught:
        action(tmp_path)
    assert Path(caught.value.filename).is_relative_to(tmp_path)


@needs_links
def test_nothing_is_renamed_onto_something_else(tmp_path):
    some_folder(tmp_path)
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("empty", "link"):
        with pytest.raises(FileExistsError):
            moving.rename(tmp_path / "old", tmp_path / name)
    assert moving.rename(tmp_path / "old", tmp_path / "new") == tmp_path / "new"


def test_what_exists_is_not_created(tmp_path):
    some_folder(tmp_path)
    with pytest.raises(FileExistsError):
        moving.create(tmp_path / "old" / "file", b"data")
    with pytest.raises(FileExistsError):
        moving.make_new_folder(tmp_path / "old")
    assert (tmp_path / "old" / "file").read_bytes() == b""


def test_a_file_that_is_read_may_be_held_for_a_moment(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"data")
    real, left = os.open, [3]

    def refusing(path, *arguments, **options):
        if left[0]:
            left[0] -= 1
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refusing)
    monkeypatch.setattr(held.time, "sleep", lambda seconds: None)
    assert files.read_bytes(tmp_path / "file") == b"data"
    left[0] = 1
    with pytest.raises(FileError, match="expected a file, got a folder"):
        files.read_bytes(tmp_path)  # Windows refuses to open a folder
