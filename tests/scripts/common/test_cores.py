import os

import pytest
from needs import needs

from cookie_jar.scripts.common import cores
from cookie_jar.scripts.common.cores import available_cores, container_limits


def limits(folder, membership, files):
    """Return the limits of made-up control groups."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "membership").write_text(membership)
    return list(container_limits(folder, folder / "membership"))


GROUPS = {
    "version 2": ("0::/a/b\n", {"a/b/cpu.max": "150000 100000\n"}, [1.5]),
    "version 2, no limit": ("0::/a\n", {"a/cpu.max": "max 100000\n"}, []),
    "version 2, a limit above": ("0::/a/b/c\n", {"a/b/c/cpu.max": "max 100000", "a/cpu.max": "2 1"}, [2]),
    "version 2, several": ("0::/a/b\n", {"a/b/cpu.max": "8 1", "a/cpu.max": "2 1"}, [8, 2]),
    "version 2 in a container": ("0::/docker/on the host\n", {"cpu.max": "3 2"}, [1.5]),
    "version 1": (
        "5:memory:/a\n4:cpu,cpuacct:/a\n",
        {"cpu,cpuacct/a/cpu.cfs_quota_us": "50000\n", "cpu,cpuacct/a/cpu.cfs_period_us": "100000\n"},
        [0.5],
    ),
    "version 1, linked": (
        "4:cpu,cpuacct:/a\n",
        {"cpu/cpu.cfs_quota_us": "400000\n", "cpu/cpu.cfs_period_us": "100000\n"},
        [4],
    ),
    "version 1, no limit": (
        "1:cpu:/\n0::/\n",
        {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"},
        [],
    ),
    "both": (
        "1:cpu:/\n0::/\n",
        {"cpu/cpu.cfs_quota_us": "3\n", "cpu/cpu.cfs_period_us": "1\n", "cpu.max": "2 1"},
        [3, 2],
    ),
    "nothing": ("", {}, []),
    "no groups": ("0::/a\n", {}, []),
    "out of the mount": ("0::/../../a\n", {"cpu.max": "1 1"}, []),
    "not the lines of a kernel": ("0\n::\n:cpu\n\x00\nx:y:z:/\n", {}, []),
}
DAMAGED = ("", "max", "1", "0 0", "5 0", "0 5", "a b", "-5 5", "1 2 3", "9" * 9_999 + " 1", "\xff\xfe")


@pytest.mark.parametrize(("membership", "files", "expected"), GROUPS.values(), ids=GROUPS)
def test_limits_are_those_of_the_group_and_of_those_above(tmp_path, membership, files, expected):
    assert limits(tmp_path, membership, files) == expected


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_file_that_holds_something_else_limits_nothing(tmp_path, text):
    assert limits(tmp_path, "0::/a\n", {"a/cpu.max": text}) == []


def test_a_folder_in_place_of_a_file_limits_nothing(tmp_path):
    (tmp_path / "cpu.max").mkdir()
    assert limits(tmp_path, "0::/\n", {}) == []
    assert list(container_limits(tmp_path, tmp_path)) == []


@pytest.mark.parametrize(("shares", "expected"), [([], 8), ([2.5], 3), ([0.1], 1), ([99.0], 8), ([4, 2], 2)])
def test_the_smallest_limit_counts_rounded_up(monkeypatch, shares, expected):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(8)), raising=False)
    monkeypatch.setattr(os, "process_cpu_count", lambda: 8, raising=False)
    monkeypatch.setattr(cores, "container_limits", lambda: iter(shares))
    assert available_cores() == expected


def test_the_affinity_mask_and_the_setting_of_python_count(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(cores, "container_limits", lambda: iter(()))
    monkeypatch.setattr(os, "process_cpu_count", lambda: 64, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {3, 5, 60}, raising=False)
    assert available_cores() == 3
    monkeypatch.setattr(os, "process_cpu_count", lambda: 2, raising=False)
    assert available_cores() == 2
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.delattr(os, "process_cpu_count")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert available_cores() == 1


@needs(hasattr(os, "sched_getaffinity"), "affinity masks")
def test_the_mask_of_this_process_counts():
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert available_cores() == 1
    finally:
        os.sched_setaffinity(0, before)
