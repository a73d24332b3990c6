import os

import pytest
from needs import needs_devices, needs_links, needs_pipes
from trials import record

from cookie_jar.agents.errors import FileError
from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.store import RECORDS_FILE, Store, read_folder, trial_folder
from cookie_jar.scripts.comparison.trials import failed


def test_finished_trials_are_read_again(tmp_path):
    one, two = record([0, 1]), record([0, 2], seed=1)
    store = Store(tmp_path / "new")
    without = failed(one.trial._replace(seed=9), "why")
    store.add([one, without])
    store.add([two])
    assert Store(tmp_path / "new").read() == {one.trial.key: one, two.trial.key: two}
    assert store.select([two.trial, one.trial._replace(seed=5)]) == [two]
    assert [r.error for r in read_folder(tmp_path / "new")] == [None, "why", None]
    store.add([failed(one.trial, "again"), two._replace(trial=without.trial), two])
    assert len(store.read()) == 3
    assert [note for note in store.notes if "ppo in CookieJarCorner-v0, seed 1 has two records" in note]
    assert [r.error for r in read_folder(tmp_path / "new")] == [None, None, None]


def test_a_torn_line_is_skipped_and_the_next_record_gets_its_own_line(tmp_path):
    one, two, three = (record([0, 1], seed) for seed in range(3))
    store, file = Store(tmp_path), tmp_path / RECORDS_FILE
    store.add([one, two])
    file.write_bytes(file.read_bytes()[:-40])  # as a crash leaves it
    assert list(store.read().values()) == [one]
    store.add([three])
    assert list(store.read().values()) == [one, three]


@pytest.mark.parametrize(
    "torn", [b'{"cell": {"env_id": "Cookie\\"}]}', b'{"cell": {}, "checks": [[1, 2.', b"\0\0\0"]
)
def test_lines_that_a_crash_has_cut_off_are_skipped_with_a_note(tmp_path, torn):
    whole, file = record([0, 1]), tmp_path / RECORDS_FILE
    for ending in (b"", b"\n"):
        file.write_bytes(whole.to_json().encode() + b"\n" + torn + ending)
        store, notes = Store(tmp_path), []
        assert list(store.read().values()) == [whole]
        assert read_folder(tmp_path, notes.append) == [whole]
        assert store.notes == notes == [f"{file}, line 2: skipped, because a crash has cut it off"]


@pytest.mark.parametrize(
    "line",
    [
        b"x",
        b"\xff\xfe",
        b"3",
        b"{}",
        b"[" * 100_000,
        record([0, 1]).to_json().replace('"ppo"', '"nobody"').encode(),
    ],
)
def test_damaged_lines_are_refused_by_number(tmp_path, line):
    (tmp_path / RECORDS_FILE).write_bytes(record([0, 1]).to_json().encode() + b"\n" + line + b"\n")
    with pytest.raises(FileError, match=r"records\.jsonl, line 2: .*expected .*; delete the line"):
        Store(tmp_path).read()


@needs_links
@needs_pipes
@needs_devices
@pytest.mark.parametrize("target", ["/dev/zero", "/dev/null", "pipe", "folder", "pointer"])
def test_other_things_than_records_are_refused(tmp_path, target):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "pointer").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    (tmp_path / RECORDS_FILE).symlink_to(target if target.startswith("/") else tmp_path / target)
    with pytest.raises(FileError, match=r"records\.jsonl: expected (a|the) file, got a "):
        Store(tmp_path).read()


def test_a_folder_without_records_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"expected a folder with records\.jsonl"):
        read_folder(tmp_path)


def test_the_agent_of_a_trial_is_in_a_run_folder(tmp_path):
    trial = record([0, 1], seed=2, algorithm="sb3-ppo").trial
    assert trial_folder(tmp_path, trial) == tmp_path / "runs" / "cookie-jar-corner-sb3-ppo-2"
