import subprocess
import sys

import pytest

from cookie_jar.agents import AgentError
from cookie_jar.agents.locks import FolderLock

HOLD = """
import sys
from pathlib import Path
from cookie_jar.agents.locks import FolderLock
lock = FolderLock(Path(sys.argv[1]))
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_folder_is_locked_once(tmp_path):
    lock = FolderLock(tmp_path)
    with pytest.raises(AgentError, match="is being trained by another process"):
        FolderLock(tmp_path)
    lock.release()
    lock.release()  # does nothing
    again = FolderLock(tmp_path)
    del again
    FolderLock(tmp_path).release()
    assert not list(tmp_path.iterdir())


def test_a_killed_process_leaves_no_lock(tmp_path):
    words = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(AgentError, match="another process"):
            FolderLock(tmp_path)
        other.kill()
        other.wait()
    FolderLock(tmp_path).release()


def test_without_locks_in_the_file_system_training_is_possible(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl", reason="not on Windows")

    def no_locks(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.release()
    second.release()
