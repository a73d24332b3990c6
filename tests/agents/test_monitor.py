import os

import numpy as np
import pytest
from needs import needs_links

from cookie_jar.agents import FileError, NotFiniteError, runs
from cookie_jar.agents.monitor import Episodes, Monitor, read_episodes

HEADER = '#{"t_start": 5.5, "env_id": "CookieJar-v0"}\nr,l,t,steps\n'
ROWS = "1.25,7,0.5,7\n-2.0,200,0.5,207\n1e-06,9,1.5,216\n"


@pytest.fixture
def path(tmp_path):
    return tmp_path / runs.MONITOR_FILE


def test_rows_are_read_as_written(path):
    monitor = Monitor(path)
    monitor.begin("CookieJar-v0", 5.5)
    monitor.write([1.25, -2.0], [7, 200], [7, 207], 0.5)
    monitor.write([0.00000123], [9], [216], 1.5)
    assert path.read_text() == HEADER + ROWS
    assert monitor.read() == (5.5, [(1.25, 7, 0.5, 7), (-2.0, 200, 0.5, 207), (1e-06, 9, 1.5, 216)])
    assert monitor.rows == 3
    assert monitor.extent.bytes == path.stat().st_size


@pytest.mark.parametrize(
    "change",
    [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n"), lambda text: text + "1.0,9"],
)
def test_the_numbers_count_not_the_bytes(path, change):
    path.write_text(HEADER + ROWS, newline="")
    good = read_episodes(path).rows
    path.write_text(change(HEADER + ROWS), newline="")
    assert read_episodes(path).rows == good


def test_more_rows_than_are_parsed_together_are_read(path):
    count = 200_000
    rows = [np.linspace(-1, 1, count), np.arange(1, count + 1), np.arange(count) / 8, np.full(count, 10**9)]
    path.write_bytes(Monitor(path).take(Episodes("x", 0.0, *rows)))
    assert path.stat().st_size > 5 << 20
    found = read_episodes(path)
    for mine, column in zip(found[2:], rows, strict=True):
        np.testing.assert_array_equal(mine, column)
    assert read_episodes(path, count - 1).rows == found.rows[:-1]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        *[
            (f"1.0,{length},0.5,300", 6)
            for length in ("0", "-1", "1e3", "2.0", "1_0", "٣", "", " 1", "+1", "9" * 19)
        ],
        *[(f"{value},1,2.5,300", 6) for value in ("nan", "inf", "1e400", "0x1", "", "--1", "True", "1_0.0")],
        *[(f"1.0,1,{seconds},300", 6) for seconds in ("1.0", "-1.0", "nan", "1e400", "")],
        *[(f"1.0,1,2.5,{end}", 6) for end in ("100", "", "-1", "2.5", "x", "٣00")],
        *[(row, 6) for row in ("1.0,1,2.5", "1.0,1,2.5,300,4", '"1.0",1,2.5,300', "1.0;1;2.5;300", "\x00")],
    ],
)
def test_an_impossible_row_is_refused(path, row, line):
    path.write_text(f"{HEADER}{ROWS}{row}\n2.0,1,9.5,400\n")
    with pytest.raises(FileError, match=rf"monitor\.csv, line {line}: expected .*, got ") as caught:
        read_episodes(path)
    assert "\n" not in str(caught.value)
    assert read_episodes(path, 3).rows[-1].end == 216  # a row that does not belong to the agent does no harm
    with pytest.raises(FileError, match=f"line {line}"):
        read_episodes(path, 4)


@pytest.mark.parametrize(
    "header",
    [
        *('{"t_start": 1.0}\nr,l,t\n', "#{}\nr,l,t\n", "#{\nr,l,t\n", "#[]\nr,l,t\n", "", "\n", "#" * 20_000),
        *(f'#{{"t_start": {start}}}\nr,l,t\n' for start in ("NaN", "true", '"1"', "-1", "1e999", "null")),
        *('#{"t_start": 1, "env_id": 7}\nr,l,t\n', '#{"t_start": 1, "t_start": 2}\nr,l,t\n'),
        *(
            f'#{{"t_start": 1.0}}\n{columns}\n'
            for columns in ("r,l", "r,l,t,x", "l,r,t", "r,l,t,steps,steps", "")
        ),
    ],
)
def test_an_impossible_header_is_refused(path, header):
    path.write_text(header)
    with pytest.raises(FileError, match=r"monitor\.csv, line [12]: expected"):
        read_episodes(path)


def test_a_row_that_belongs_to_the_agent_must_be_whole(path):
    path.write_text(HEADER + ROWS[:-1])
    assert len(read_episodes(path).rows) == 2
    with pytest.raises(FileError, match="expected 3 whole rows of episodes, got 2"):
        read_episodes(path, 3)


@needs_links
def test_nothing_is_written_through_a_link(path, tmp_path):
    monitor = Monitor(path)
    monitor.begin("CookieJar-v0", 0.0)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    before = path.read_bytes()
    with pytest.raises(OSError, match=r"monitor\.csv"):
        monitor.write([1.0], [7], [7], 0.5)
    assert path.read_bytes() == before
    monitor.begin("CookieJar-v0", 1.0)
    assert (tmp_path / "elsewhere").read_bytes() == before
    assert not path.is_symlink()


def test_a_lost_file_is_not_begun_in_the_middle(path):
    monitor = Monitor(path)
    monitor.begin("CookieJar-v0", 0.0)
    os.remove(path)
    with pytest.raises(FileNotFoundError, match=r"monitor\.csv"):
        monitor.write([1.0], [7], [7], 0.5)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_returns_that_are_not_finite_are_not_written(path, value):
    monitor = Monitor(path)
    monitor.begin("CookieJar-v0", 0.0)
    with pytest.raises(NotFiniteError, match="expected episodes with finite returns"):
        monitor.write([1.0, value], [7, 7], [7, 14], 0.5)
    assert monitor.read() == (0.0, [])
