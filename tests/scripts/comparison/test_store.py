import pytest
from trials import record

from cookie_jar.scripts.common.console import UsageError
from cookie_jar.scripts.comparison.store import RECORDS_FILE, Store, read_folder, trial_folder
from cookie_jar.scripts.comparison.trials import failed


def test_finished_trials_are_read_again(tmp_path):
    one, two = record([0, 1]), record([0, 2], seed=1)
    store = Store(tmp_path / "new")
    store.add([one, failed(one.trial._replace(seed=9), "why")])
    store.add([two])
    assert Store(tmp_path / "new").read() == {one.trial.key: one, two.trial.key: two}
    assert store.select([two.trial, one.trial._replace(seed=5)]) == [two]
    assert read_folder(tmp_path / "new") == [one, two]


def test_a_torn_line_is_skipped_and_the_next_record_gets_its_own_line(tmp_path):
    one, two, three = (record([0, 1], seed) for seed in range(3))
    store, file = Store(tmp_path), tmp_path / RECORDS_FILE
    store.add([one, two])
    file.write_bytes(file.read_bytes()[:-40])  # as a crash leaves it
    assert list(store.read().values()) == [one]
    store.add([three])
    assert list(store.read().values()) == [one, three]


def test_invalid_lines_are_skipped(tmp_path):
    whole = record([0, 1])
    lines = ["x", "[" * 100_000, whole.to_json().replace('"ppo"', '"nobody"'), whole.to_json()]
    (tmp_path / RECORDS_FILE).write_bytes("\n".join(lines).encode() + b"\n\xff\xfe\n")
    assert list(Store(tmp_path).read().values()) == [whole]


def test_a_folder_without_records_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"expected a folder with records\.jsonl"):
        read_folder(tmp_path)


def test_the_agent_of_a_trial_is_in_a_run_folder(tmp_path):
    trial = record([0, 1], seed=2, algorithm="sb3-ppo").trial
    assert trial_folder(tmp_path, trial) == tmp_path / "runs" / "cookie-jar-corner-sb3-ppo-2"
